/* SPDX-License-Identifier: Apache-2.0 */
#include "core/health.h"

#include <math.h>
#include <stdio.h>

void health_check(const struct respondent *who, struct known_device *device, size_t device_nth,
                  const struct ping *ping, struct utc when, struct utc now, struct outcome *out)
{
    // While ours is in doubt, all of them would be told to be wrong.
    bool clock_wrong = !ping->doubted && arrival_clock_wrong(ping, now),
         low = ping->battery < HEALTH_BATTERY_LOW;
    char battery[ALERT_REASON_MAX] = "";
    struct {
        bool new;
        enum alert_type type;
        enum severity severity;
        const char *reason;
    } rows[] = {
        { ping->tamper && !device->tampered, ALERT_TAMPER, SEVERITY_HIGH,
          "the device says that it was tampered with" },
        { low && !device->battery_low, ALERT_BATTERY, SEVERITY_WARNING, battery },
        { clock_wrong && !device->clock_told, ALERT_CLOCK, SEVERITY_WARNING,
          "the device's clock cannot be right: it is judged by the time of arrival" },
    };

    if (low && !device->battery_low)
        snprintf(battery, sizeof battery, "battery at %.0f %%", floor(ping->battery));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct alert *alert = &out->alerts[out->n];

        if (!rows[i].new)
            continue;
        *alert = (struct alert){ .type = rows[i].type,
                                 .severity = rows[i].severity,
                                 .respondent = who->id,
                                 .device = who->devices[device_nth],
                                 .area = respondent_area(who, when),
                                 .nth = ++device->alerts,
                                 .time = when,
                                 .received = now,
                                 .probability = NAN,
                                 .depth = NAN,
                                 .eta = NAN,
                                 .has_ping = true,
                                 .ping = { when, ping->at, ping->accuracy } };
        snprintf(alert->reason, sizeof alert->reason, "%s", rows[i].reason);
        out->n++;
        out->devices_changed |= 1U << device_nth;
    }
    low |= device->battery_low && !(ping->battery >= HEALTH_BATTERY_OK);
    if (ping->tamper != device->tampered || low != device->battery_low)
        out->devices_changed |= 1U << device_nth;
    device->tampered = ping->tamper;
    device->clock_told |= clock_wrong;
    device->battery_low = low;
}
