/* SPDX-License-Identifier: Apache-2.0 */
#include "core/civil.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, MINUTE_MS = 60 * 1000 };

/* Index of the newest change at or before `at`. */
static size_t civil_find(const struct civil *civil, struct utc at)
{
    size_t low = 0, high = civil->n;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (civil->change[middle].at.ms <= at.ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t civil_offset(const struct civil *civil, struct utc at)
{
    return civil->change[civil_find(civil, at)].offset;
}

struct utc civil_next(const struct civil *civil, struct utc at)
{
    size_t next = civil_find(civil, at) + 1;

    return next < civil->n ? civil->change[next].at : UTC_NEVER;
}

/* The instant at which clocks with the offset of `near` show `wall`, if they have it then. */
static bool shown_at(const struct civil *civil, int64_t wall, int64_t near, struct utc *out)
{
    int32_t offset = civil_offset(civil, (struct utc){ near });
    struct utc at = { wall - offset * INT64_C(1000) };

    *out = at;
    return civil_offset(civil, at) == offset;
}

/* `2026-10-25T01:30:00+01:00`: the wall's time with the offset that holds at `at`. */
static void print_local(const struct civil *civil, struct utc at, char out[UTC_TEXT_MAX])
{
    int32_t minutes = civil_offset(civil, at) / 60;
    char wall[UTC_TEXT_MAX];

    utc_print((struct utc){ at.ms + minutes * (int64_t)MINUTE_MS }, wall);
    snprintf(out, UTC_TEXT_MAX, "%.19s%c%02d:%02d", wall, minutes < 0 ? '-' : '+',
             abs(minutes) / 60 % 100, abs(minutes) % 60);
}

static bool refuse_twice(const struct civil *civil, struct utc first, struct utc second,
                         struct fault *why)
{
    char one[UTC_TEXT_MAX], other[UTC_TEXT_MAX];

    print_local(civil, first, one);
    print_local(civil, second, other);
    return fault_set(why, "comes twice, as clocks go back then: %s or %s is wanted", one, other);
}

/* Clocks go forward somewhere in the day around. */
static bool refuse_skipped(const struct civil *civil, int64_t wall, struct fault *why)
{
    struct utc change = civil_next(civil, (struct utc){ wall - DAY_MS });
    char last[UTC_TEXT_MAX], next[UTC_TEXT_MAX];

    print_local(civil, utc_plus(change, -MINUTE_MS), last);
    print_local(civil, change, next);
    return fault_set(why, "is shown by no clock: clocks go forward from %.16s to %.16s", last,
                     next);
}

bool civil_parse(const struct civil *civil, const char *text, struct utc *out_utc,
                 struct fault *why)
{
    struct utc before, after;
    int64_t wall;
    bool old, fresh;

    if (utc_parse(text, out_utc))
        return true;
    if (!wall_parse(text, &wall))
        return fault_set(why, "%s", utc_flaw(text));
    old = shown_at(civil, wall, wall - DAY_MS, &before);
    fresh = shown_at(civil, wall, wall + DAY_MS, &after);
    if (!old && !fresh)
        return refuse_skipped(civil, wall, why);
    if (old && fresh && before.ms != after.ms)
        return refuse_twice(civil, before, after, why);
    *out_utc = old ? before : after;
    return true;
}
