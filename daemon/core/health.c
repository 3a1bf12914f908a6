/* SPDX-License-Identifier: Apache-2.0 */
#include "core/health.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct alert health_alert(const struct respondent *who, struct known_device *device, size_t nth,
                          enum alert_type type, enum trouble_kind trouble, struct utc at,
                          struct utc now)
{
    const struct trouble_course *course = &device->troubles[trouble];

    return (struct alert){ .type = type,
                           .severity = SEVERITY_INFO,
                           .respondent = who->id,
                           .device = who->devices[nth],
                           .area = respondent_area(who, at),
                           .trouble = trouble,
                           .incident = course->number,
                           .count = course->count,
                           .nth = ++device->alerts,
                           .time = at,
                           .received = now,
                           .probability = NAN,
                           .depth = NAN,
                           .eta = NAN,
                           .has_ping = device->heard,
                           .ping = device->newest };
}

/* One thing that a device says of itself, and how it was and is now. */
struct saying {
    enum trouble_kind trouble;
    enum alert_type type;
    enum severity severity;
    bool was, is;
    char reason[224];
};

/* Whether there is something to tell, and the day's budget has room where it is told again. */
static bool is_due(const struct watch *watch, struct known_device *device,
                   const struct saying *saying, struct utc now)
{
    const struct trouble_course *course = &device->troubles[saying->trouble];
    const struct detect *detect = watch->detect;
    struct allowance_limit limit = { detect->device_day, detect->device_day };

    if (!trouble_due(course, now, detect->device_every_ms))
        return false;
    if (course->told_count == 0 || (detect->device_day <= 0 && !watch->frugal))
        return true;
    if (watch->frugal)
        return false;
    if (allowance_take(&device->updates, limit, 1, now))
        return true;
    device->held_back++;
    return false;
}

/* "…; 25560 times in 1 min 0 s, not just now" */
static void explain(const struct saying *saying, const struct trouble_course *course,
                    struct alert *alert)
{
    char lasts[DURATION_TEXT_MAX];
    int n = snprintf(alert->reason, sizeof alert->reason, "%s", saying->reason);

    if (course->count > 1)
        snprintf(alert->reason + n, sizeof alert->reason - (size_t)n, "; %u times in %s%s",
                 course->count, duration_print(alert->received.ms - course->opened.ms, lasts),
                 saying->is ? "" : ", not just now");
}

static void take(const struct watch *watch, const struct respondent *who,
                 struct known_device *device, size_t nth, const struct saying *saying,
                 const struct position *at, struct utc now, struct outcome *out)
{
    struct trouble_course *course = &device->troubles[saying->trouble];
    struct alert *alert = &out->alerts[out->n];

    if (saying->is && !saying->was)
        trouble_happens(course, now, watch->detect->device_every_ms);
    else if (saying->was && !saying->is)
        trouble_rests(course, now);
    device->unkept |= saying->is != saying->was;
    if (out->n == OUTCOME_ALERTS_MAX || !is_due(watch, device, saying, now))
        return;
    *alert = health_alert(who, device, nth, saying->type, saying->trouble, at->time, now);
    alert->severity = saying->severity;
    alert->has_ping = true;
    alert->ping = *at;
    explain(saying, course, alert);
    trouble_tell(course, now);
    out->n++;
    out->devices_changed |= 1U << nth;
}

/* A device that flips all day must not cost a row of evidence each time. */
static void keep(struct known_device *device, size_t nth, struct utc now, struct outcome *out)
{
    int64_t since = now.ms - device->health_kept.ms;

    if (!device->unkept || (since >= 0 && since < HEALTH_KEPT_MS))
        return;
    device->unkept = false;
    device->health_kept = now;
    out->devices_changed |= 1U << nth;
}

static void explain_clock(const struct known_device *device, const struct ping *ping,
                          struct utc now, struct saying *saying)
{
    char why[LAG_TEXT_MAX];

    lag_explain(&device->lag, ping->time, now, why);
    if (!saying->is)
        snprintf(saying->reason, sizeof saying->reason, "the device's clock could not be right");
    else
        snprintf(saying->reason, sizeof saying->reason,
                 "the device's clock cannot be right, %s: %s", why,
                 device->lag.fault == LAG_WEEKS ? "its times are mended by that"
                                                : "it is judged by the time of arrival");
}

void health_check(const struct watch *watch, const struct respondent *who,
                  struct known_device *device, size_t device_nth, const struct ping *ping,
                  struct utc when, struct utc now, struct outcome *out)
{
    struct position at = { when, ping->at, ping->accuracy };
    struct saying sayings[] = {
        { TROUBLE_TAMPER, ALERT_TAMPER, SEVERITY_HIGH, device->tampered, ping->tamper,
          "the device says that it was tampered with" },
        { TROUBLE_BATTERY, ALERT_BATTERY, SEVERITY_WARNING, device->battery_low,
          ping->battery < HEALTH_BATTERY_LOW ||
              (device->battery_low && !(ping->battery >= HEALTH_BATTERY_OK)),
          "battery low" },
        { TROUBLE_CLOCK, ALERT_CLOCK, SEVERITY_WARNING, device->clock_wrong,
          // While ours is in doubt, all of them would be told to be wrong.
          !ping->doubted && device->lag.fault != LAG_NONE, "" },
    };

    if (!isnan(ping->battery))
        snprintf(sayings[1].reason, sizeof sayings[1].reason, "battery at %.0f %%",
                 floor(ping->battery));
    explain_clock(device, ping, now, &sayings[2]);
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
        take(watch, who, device, device_nth, &sayings[i], &at, now, out);
    device->tampered = sayings[0].is;
    device->battery_low = sayings[1].is;
    device->clock_wrong = sayings[2].is;
    keep(device, device_nth, now, out);
}

void health_check_flood(const struct respondent *who, struct known_device *device,
                        size_t device_nth, struct utc now, struct outcome *out)
{
    struct trouble_course *course = &device->troubles[TROUBLE_DOUBT];
    struct alert *alert = &out->alerts[out->n];
    uint32_t held_back = device->held_back;

    if (held_back == 0 || out->n == OUTCOME_ALERTS_MAX)
        return;
    // Each sign stands for itself: it is over when none came for a day.
    trouble_happens(course, now, HEALTH_FLOOD_MS);
    trouble_rests(course, now);
    course->count += held_back - 1 < UINT32_MAX - course->count ? held_back - 1 : 0;
    device->held_back = 0;
    if (!trouble_due(course, now, HEALTH_FLOOD_MS))
        return;
    *alert = health_alert(who, device, device_nth, ALERT_DOUBT, TROUBLE_DOUBT, now, now);
    alert->severity = SEVERITY_WARNING;
    alert->cause = "flood";
    alert->has_ping = false;
    snprintf(alert->reason, sizeof alert->reason,
             "more comes of the device than its rate or its day's budgets hold: not all of it is "
             "taken, told again or kept; each ping that is taken is judged");
    trouble_tell(course, now);
    out->n++;
    out->devices_changed |= 1U << device_nth;
}
