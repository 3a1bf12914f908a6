/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ping.h"

#include <math.h>

/* What lies in the range, -0 as 0; else NaN, unknown. */
static double within(double value, double low, double high)
{
    return value >= low && value <= high ? value + 0.0 : NAN;
}

static bool settle_degrees(const char *name, double *degrees, double limit, struct fault *why)
{
    if (!isfinite(*degrees))
        return fault_set(why, "%s: not a finite number", name);
    if (fabs(*degrees) > limit)
        return fault_set(why, "%s: %.10g is outside -%.0f..%.0f", name, *degrees, limit, limit);
    *degrees += 0.0;
    return true;
}

bool ping_settle(struct ping *ping, struct fault *why)
{
    if (ping->time.ms < 0 || ping->time.ms >= UTC_END.ms)
        return fault_set(why, "time: outside 1970 to 2200");
    if (!settle_degrees("lat", &ping->at.lat, 90, why) ||
        !settle_degrees("lon", &ping->at.lon, 180, why))
        return false;
    ping->untrusted |= ping->accuracy > PING_ACCURACY_MAX;
    ping->accuracy = ping->accuracy > 0 ? within(ping->accuracy, 0, PING_ACCURACY_MAX) : NAN;
    ping->speed = within(ping->speed, 0, PING_SPEED_MAX);
    ping->course = within(ping->course, 0, 360);
    ping->battery = within(ping->battery, 0, 100);
    return true;
}
