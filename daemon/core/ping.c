/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ping.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char mock[] = "mock";

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

bool ping_has_place(const struct ping *ping)
{
    return !isnan(ping->at.lat);
}

static bool settle_place(struct ping *ping, struct fault *why)
{
    if (ping->no_fix && isnan(ping->at.lat) && isnan(ping->at.lon))
        return true;
    return settle_degrees("lat", &ping->at.lat, 90, why) &&
           settle_degrees("lon", &ping->at.lon, 180, why);
}

bool ping_settle(struct ping *ping, struct fault *why)
{
    if (!ping->untimed && (ping->time.ms < 0 || ping->time.ms >= UTC_END.ms))
        return fault_set(why, "time: outside 1970 to 2200");
    if (!settle_place(ping, why))
        return false;
    ping->no_fix |= ping->accuracy > PING_ACCURACY_MAX;
    ping->accuracy = ping->accuracy > 0 ? within(ping->accuracy, 0, PING_ACCURACY_MAX) : NAN;
    ping->speed = within(ping->speed, 0, PING_SPEED_MAX);
    ping->course = within(ping->course, 0, 360);
    ping->battery = within(ping->battery, 0, 100);
    ping->percentile = 0;
    return true;
}

struct position ping_position(const struct ping *ping, struct utc when)
{
    return (struct position){ when, ping->at, ping->accuracy, ping->percentile };
}

/* Blanks around a name are none of it: operators compute such alarms (traccar/traccar#3374). */
static bool is_among(const char *const *names, size_t n_names, const char *name, size_t n)
{
    for (; n > 0 && name[0] == ' '; n--)
        name++;
    while (n > 0 && name[n - 1] == ' ') // blanks of one name
        n--;
    for (size_t i = 0; i < n_names; i++) {
        if (strlen(names[i]) == n && memcmp(names[i], name, n) == 0)
            return true;
    }
    return false;
}

/* What the names say is added to `tamper` and `battery_low`. */
static void hear(const char *names, size_t n, bool *tamper, bool *battery_low)
{
    static const char *const tampers[] = { "tampering", "jamming",       "spoofing",
                                           "powerCut",  "gpsAntennaCut", "removing" };
    static const char *const batteries[] = { "lowBattery", "lowPower" };

    for (size_t at = 0, length; at < n; at += length + 1) {
        const char *comma = memchr(names + at, ',', n - at);

        length = comma != NULL ? (size_t)(comma - names) - at : n - at;
        *tamper |= is_among(tampers, sizeof tampers / sizeof *tampers, names + at, length);
        *battery_low |=
            is_among(batteries, sizeof batteries / sizeof *batteries, names + at, length);
    }
}

void ping_alarm(struct ping *ping, const char *names, size_t n)
{
    size_t kept = n < PING_ALARM_MAX ? n : PING_ALARM_MAX;

    hear(names, n, &ping->tamper, &ping->battery_low);
    for (size_t i = 0; i < kept; i++)
        ping->alarm[i] = names[i] >= ' ' && names[i] <= '~' ? names[i] : '?';
    ping->alarm[kept] = '\0';
}

void ping_mock(struct ping *ping)
{
    char names[PING_ALARM_MAX + 1];

    strcpy(names, ping->alarm);
    snprintf(ping->alarm, sizeof ping->alarm, "%s%s%.*s", mock, names[0] != '\0' ? "," : "",
             (int)(PING_ALARM_MAX - sizeof mock), names);
    ping->no_fix = ping->tamper = true;
}

bool ping_is_mock(const struct ping *ping)
{
    size_t n = sizeof mock - 1;

    return ping->tamper && strncmp(ping->alarm, mock, n) == 0 &&
           (ping->alarm[n] == '\0' || ping->alarm[n] == ',');
}

bool ping_tells_besides(const struct ping *ping)
{
    bool tamper = false, battery_low = false;

    if (ping_is_mock(ping))
        hear(ping->alarm, strlen(ping->alarm), &tamper, &battery_low);
    return tamper;
}
