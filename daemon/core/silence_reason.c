/* SPDX-License-Identifier: Apache-2.0 */
#include "core/silence_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Adds to the reason as much as there is room for. */
static void say(struct alert *alert, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct alert *alert, const char *format, ...)
{
    size_t length = strlen(alert->reason);
    va_list args;

    va_start(args, format);
    vsnprintf(alert->reason + length, sizeof alert->reason - length, format, args);
    va_end(args);
}

/* "no ping for 5 min 0 s": by whose clock it began is for who reads it to say. */
static void say_since(struct alert *alert, const char *what, struct utc since, struct utc at)
{
    char lasts[DURATION_TEXT_MAX];

    say(alert, "%s for %s", what, duration_print(at.ms - since.ms, lasts));
}

static const char *nowhere(const struct known_device *device, const struct silence *silence,
                           bool permitted)
{
    if (!device->heard)
        return "; nobody knows where";
    if (permitted)
        return "; in reach under a permit alone";
    return silence->gait == REACH_AS_SEEN && reach_rests(device) ? "; no zone in reach on foot yet"
                                                                 : "; no zone in reach yet";
}

/* "; in reach since then: home, school and 3 more" */
static void say_reach(const struct watch *watch, const struct respondent *who,
                      const struct known_device *device, const struct silence *silence,
                      struct utc at, struct alert *alert)
{
    size_t named = 0, more = 0;
    bool permitted = false;

    for (size_t i = 0; i < who->n_exclusions; i++) {
        const char *name = who->exclusions[i]->name;

        permitted |= exclusion_standing(who->exclusions[i], watch->civil, at) == IN_FORCE &&
                     reach_from(watch, who->exclusions[i], device, silence->gait).ms <= at.ms;
        if (!reach_counts(watch, who->exclusions[i], device, silence->gait, at))
            continue;
        if (strlen(alert->reason) + strlen(name) + 40 > sizeof alert->reason)
            more++;
        else
            say(alert, "%s%s", named++ == 0 ? "; in reach since then: " : ", ", name);
    }
    if (more > 0)
        say(alert, " and %zu more", more);
    if (named + more == 0)
        say(alert, "%s", nowhere(device, silence, permitted));
}

static const char *cause_name(enum silence_cause cause)
{
    switch (cause) {
    case SILENCE_NO_PING:
        return "no-ping";
    case SILENCE_NO_FIX:
    case SILENCE_TALKS_AGAIN:
        return "no-fix";
    }
    return NULL;
}

/* Milliseconds for which the device may be as it is. */
static int64_t waited_for(const struct watch *watch, const struct known_device *device,
                          enum silence_cause cause)
{
    return cause == SILENCE_NO_PING ? silence_patience(watch, device)
                                    : silence_fix_patience(watch, device);
}

void silence_explain(const struct watch *watch, const struct respondent *who,
                     const struct known_device *device, const struct silence *silence,
                     struct utc at, struct alert *alert)
{
    char usual[DURATION_TEXT_MAX];

    alert->cause = cause_name(silence->cause);
    say_since(alert, silence->cause == SILENCE_NO_PING ? "no ping" : "no believable position",
              silence->since, at);
    if (device->interval_ms > 0)
        say(alert, ", usually every %s", duration_print((int64_t)device->interval_ms, usual));
    if (silence_has_lulls(device))
        say(alert, ", and silent again and again: up to %s is waited for by now",
            duration_print(waited_for(watch, device, silence->cause), usual));
    if (silence->cause != SILENCE_NO_PING)
        say(alert, "; the device talks");
    else if (device->arrived.ms != 0 && device->talked.ms > device->arrived.ms)
        say_since(alert, "; no believable position", device->arrived, at);
    if (device->refused.ms > silence->since.ms)
        say(alert, "; its pings are refused for their %s", device->refused_for);
    if (silence->beside != NULL)
        say(alert, "; %.64s is heard, so it is the device's matter", silence->beside);
    say_reach(watch, who, device, silence, at, alert);
}
