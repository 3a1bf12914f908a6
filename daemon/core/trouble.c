/* SPDX-License-Identifier: Apache-2.0 */
#include "core/trouble.h"

#include <string.h>

/* As zones' incidents are (assessment.c): told again after a tenth of the age. */
enum { AGAIN_GROWS = 10, CLOCK_SLACK_MS = 60 * 1000 };

static const char *const names[] = {
    "silent",   "tamper",     "battery", "clock",    "doubt",
    "unjudged", "two-places", "swapped", "accuracy", "refused",
};
_Static_assert(sizeof names / sizeof *names == TROUBLES, "a name for each kind");

const char *trouble_name(enum trouble_kind trouble)
{
    return names[trouble];
}

bool trouble_of_name(const char *name, enum trouble_kind *out)
{
    for (int i = 0; i < TROUBLES; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum trouble_kind)i;
            return true;
        }
    }
    return false;
}

/* What is ahead of our clock was noted before that was set back: it must not wait until then. */
static int64_t elapsed(struct utc since, struct utc now)
{
    if (now.ms < since.ms)
        return since.ms - now.ms > CLOCK_SLACK_MS ? INT64_MAX : 0;
    return now.ms - since.ms;
}

static bool has_rested(const struct trouble_course *course, struct utc now, int64_t rest_ms)
{
    return course->well.ms != 0 && elapsed(course->well, now) >= rest_ms;
}

bool trouble_goes_on(const struct trouble_course *course, struct utc now, int64_t rest_ms)
{
    return course->number > 0 && !course->over && !has_rested(course, now, rest_ms);
}

static uint32_t highest(const struct trouble_course *course)
{
    return course->after > course->number ? course->after : course->number;
}

struct trouble_course trouble_over(const struct trouble_course *course)
{
    return (struct trouble_course){ .number = highest(course), .over = true };
}

void trouble_number_after(struct trouble_course *course, uint32_t after)
{
    if (after == 0 || highest(course) >= after)
        return;
    if (course->number > 0 && !course->over)
        course->after = after;
    else
        *course = (struct trouble_course){ .number = after, .over = true };
}

void trouble_happens(struct trouble_course *course, struct utc now, int64_t rest_ms)
{
    if (!trouble_goes_on(course, now, rest_ms))
        *course = (struct trouble_course){ .number = highest(course) + 1, .opened = now };
    course->count += course->count < UINT32_MAX;
    course->well.ms = 0;
}

void trouble_rests(struct trouble_course *course, struct utc now)
{
    if (course->well.ms == 0)
        course->well = now;
}

void trouble_ends(struct trouble_course *course)
{
    course->over = true;
}

bool trouble_due(const struct trouble_course *course, struct utc now, int64_t every_ms)
{
    int64_t since = elapsed(course->alerted, now);

    if (course->over || course->closed || course->count <= course->alerted_count)
        return false;
    return course->alerted_count == 0 ||
           (since >= every_ms && since >= elapsed(course->opened, now) / AGAIN_GROWS);
}

void trouble_worsens(struct trouble_course *course)
{
    course->alerted = (struct utc){ 0 };
    course->closed = false;
}

void trouble_tell(struct trouble_course *course, struct utc now)
{
    course->alerted = now;
    course->alerted_count = course->count;
}
