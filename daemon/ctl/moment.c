/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/moment.h"

#include "adapter/conf/units.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const double longest_ms = 10.0 * 366 * 24 * 3600 * 1000;

static bool read_duration(const char *text, int64_t *out_ms)
{
    struct fault unheard;
    double ms;

    if (!unit_parse(UNIT_DURATION, text, 0, longest_ms, &ms, &unheard))
        return false;
    *out_ms = (int64_t)ms;
    return true;
}

bool moment_is_duration(const char *text)
{
    int64_t unheard;

    return read_duration(text, &unheard);
}

/* An hour that clocks skip is what mktime makes of it. */
static struct utc of_local(struct tm *local)
{
    local->tm_isdst = -1;
    return (struct utc){ (int64_t)mktime(local) * 1000 };
}

/* Of the day that is so many days from that of `now`. */
static struct utc at_time(const struct tm *time, struct utc now, int days)
{
    time_t seconds = (time_t)(now.ms / 1000);
    struct tm day;

    localtime_r(&seconds, &day);
    day.tm_mday += days;
    day.tm_hour = time->tm_hour;
    day.tm_min = time->tm_min;
    day.tm_sec = time->tm_sec;
    return of_local(&day);
}

static bool read_time(const char *text, struct tm *out)
{
    const char *end;

    *out = (struct tm){ 0 };
    end = strptime(text, "%H:%M", out);
    if (end != NULL && *end == ':')
        end = strptime(end, ":%S", out);
    return end != NULL && *end == '\0';
}

static bool read_date(const char *text, struct tm *out)
{
    const char *end;

    *out = (struct tm){ 0 };
    end = strptime(text, "%Y-%m-%d %H:%M", out);
    if (end != NULL && *end == ':')
        end = strptime(end, ":%S", out);
    return end != NULL && *end == '\0';
}

bool moment_parse(const char *text, struct utc now, enum moment_side side, struct utc *out,
                  struct fault *why)
{
    struct utc at;
    struct tm local;
    int64_t ms;

    if (read_duration(text, &ms)) {
        *out = utc_plus(now, side == MOMENT_BEFORE ? -ms : ms);
        return true;
    }
    if (utc_parse(text, out))
        return true;
    if (read_date(text, &local)) {
        *out = of_local(&local);
        return true;
    }
    if (!read_time(text, &local))
        return fault_set(why,
                         "%.60s is neither a duration (2h) nor a time (06:00, 2020-06-23 20:14, "
                         "2020-06-23T20:14:00Z)",
                         text);
    at = at_time(&local, now, 0);
    if (side == MOMENT_BEFORE && at.ms > now.ms)
        at = at_time(&local, now, -1);
    if (side == MOMENT_AFTER && at.ms <= now.ms)
        at = at_time(&local, now, 1);
    *out = at;
    return true;
}
