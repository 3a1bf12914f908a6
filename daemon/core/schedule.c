/* SPDX-License-Identifier: Apache-2.0 */
#include "core/schedule.h"

#include <string.h>

enum { DAY_MINUTES = 1440, MINUTE_MS = 60000 };

static const int64_t day_ms = 24 * 60 * 60 * 1000LL;

static const char *const day_names[7] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static bool take_day(const char **at, unsigned *out_day)
{
    for (unsigned day = 0; day < 7; day++) {
        if (strncmp(*at, day_names[day], 3) == 0) {
            *at += 3;
            *out_day = day;
            return true;
        }
    }
    return false;
}

/* Mon | Mon-Fri | Mon,Wed,Fri-Sun */
static bool take_days(const char **at, uint8_t *out_days)
{
    uint8_t days = 0;

    do { // a piece of the text each turn
        unsigned first, last;

        if (!take_day(at, &first))
            return false;
        last = first;
        if (**at == '-' && (*at += 1, !take_day(at, &last)))
            return false;
        for (unsigned day = first;; day = (day + 1) % 7) { // seven days at the most
            days |= (uint8_t)(1U << day);
            if (day == last)
                break;
        }
    } while (**at == ',' && (*at += 1, true));
    *out_days = days;
    return true;
}

/* Two digits at *at, moved past. */
static bool take_two(const char **at, unsigned *out)
{
    if (strspn(*at, "0123456789") < 2)
        return false;
    *out = (unsigned)((*at)[0] - '0') * 10 + (unsigned)((*at)[1] - '0');
    *at += 2;
    return true;
}

/* 00:00 to 24:00, in minutes. */
static bool take_time(const char **at, uint16_t *out_minutes)
{
    unsigned hours, minutes;

    if (!take_two(at, &hours) || *(*at)++ != ':' || !take_two(at, &minutes) || minutes > 59 ||
        hours * 60 + minutes > DAY_MINUTES)
        return false;
    *out_minutes = (uint16_t)(hours * 60 + minutes);
    return true;
}

static void take_blanks(const char **at)
{
    *at += strspn(*at, " \t");
}

static bool take_window(const char **at, struct window *out)
{
    take_blanks(at);
    if (!take_days(at, &out->days))
        return false;
    take_blanks(at);
    if (!take_time(at, &out->from) || *(*at)++ != '-' || !take_time(at, &out->until))
        return false;
    take_blanks(at);
    if (out->until <= out->from)
        out->until = (uint16_t)(out->until + DAY_MINUTES);
    return out->from < DAY_MINUTES;
}

bool schedule_parse(const char *text, struct schedule *out_schedule, struct fault *why)
{
    struct schedule read = { 0 };
    const char *at = text;

    do { // a piece of the text each turn
        const char *entry = at;

        if (read.n == SCHEDULE_WINDOWS_MAX)
            return fault_set(why, "more than %d windows", SCHEDULE_WINDOWS_MAX);
        if (!take_window(&at, &read.windows[read.n++]) || (*at != '\0' && *at != ';'))
            return fault_set(why, "\"%.40s\" is not like `Mon-Fri 08:00-16:30; Sat 09:00-12:00`",
                             entry + strspn(entry, " \t"));
    } while (*at++ == ';');
    *out_schedule = read;
    return true;
}

bool schedule_has_day(const struct schedule *schedule)
{
    for (size_t i = 0; i < schedule->n; i++) {
        const struct window *window = &schedule->windows[i];

        if (window->from > 0 && window->until - window->from == DAY_MINUTES)
            return true;
    }
    return false;
}

/* Milliseconds of local time since 1970, a Thursday. */
static int64_t local_ms(const struct civil *civil, struct utc at)
{
    return at.ms + civil_offset(civil, at) * 1000LL;
}

static int64_t day_of(int64_t local)
{
    return local >= 0 ? local / day_ms : (local - day_ms + 1) / day_ms;
}

static bool begins_on(const struct window *window, int64_t day)
{
    return (window->days >> (unsigned)(((day + 3) % 7 + 7) % 7)) & 1; // day 0 was a Thursday: bit 3
}

bool schedule_open(const struct schedule *schedule, const struct civil *civil, struct utc at)
{
    int64_t local = local_ms(civil, at), day = day_of(local);

    for (size_t i = 0; i < schedule->n; i++) {
        const struct window *window = &schedule->windows[i];

        // Today's window, or the one that began yesterday and goes on past midnight.
        for (int64_t began = day - 1; began <= day; began++) {
            int64_t into = local - began * day_ms;

            if (begins_on(window, began) && into >= window->from * (int64_t)MINUTE_MS &&
                into < window->until * (int64_t)MINUTE_MS)
                return true;
        }
    }
    return false;
}

/*
 * The instants at which clocks on the wall may show `local`: `best` or an earlier one after `at`.
 */
static struct utc nearer(const struct civil *civil, int64_t local, struct utc at, struct utc best)
{
    int64_t before = local - civil_offset(civil, (struct utc){ local - day_ms }) * 1000LL;
    int64_t after = local - civil_offset(civil, (struct utc){ local + day_ms }) * 1000LL;

    if (before > at.ms)
        best = utc_earlier(best, (struct utc){ before });
    if (after > at.ms)
        best = utc_earlier(best, (struct utc){ after });
    return best;
}

struct utc schedule_next(const struct schedule *schedule, const struct civil *civil, struct utc at)
{
    struct utc best = civil_next(civil, at); // a change of clocks may open or shut by itself
    int64_t today = day_of(local_ms(civil, at));

    // Edges of windows that began yesterday to those of the same day next week; more never matters.
    for (size_t i = 0; i < schedule->n; i++) {
        const struct window *window = &schedule->windows[i];

        for (int64_t day = today - 1; day <= today + 7; day++) {
            if (!begins_on(window, day))
                continue;
            best = nearer(civil, day * day_ms + window->from * (int64_t)MINUTE_MS, at, best);
            best = nearer(civil, day * day_ms + window->until * (int64_t)MINUTE_MS, at, best);
        }
    }
    return best;
}
