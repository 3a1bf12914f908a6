/* SPDX-License-Identifier: Apache-2.0 */
/*
 * civil.h - local time of the site as a table of offsets, so that core needs
 * no clock and no time zone files.
 */
#ifndef CORE_CIVIL_H
#define CORE_CIVIL_H

#include "core/fault.h"
#include "core/instant.h"

#include <stddef.h>

enum { CIVIL_CHANGES_MAX = 512 };

/* From `at` on, local time is UTC + offset seconds. */
struct civil_change {
    struct utc at;
    int32_t offset;
};

/* In order of time; change[0].at is UTC_ALWAYS; n is at least 1. */
struct civil {
    size_t n;
    struct civil_change change[CIVIL_CHANGES_MAX];
};

/* Seconds east of UTC at `at`. */
int32_t civil_offset(const struct civil *civil, struct utc at);

/* The first change after `at`; UTC_NEVER when there is none. */
struct utc civil_next(const struct civil *civil, struct utc at);

/*
 * Reads an instant as people write it: what utc_parse takes, or local time, `2026-11-20 12:00` or
 * `2026-11-20 12:00:30`, with a blank between: a `T` is a program's, which has forgotten its
 * offset. On the night on which clocks go back a time that they show twice is refused, with both
 * instants, and one that they skip when they go forward too: nobody guesses when an order ends.
 * *why goes on behind the text; *out_utc is untouched then.
 */
bool civil_parse(const struct civil *civil, const char *text, struct utc *out_utc,
                 struct fault *why);

#endif
