/* SPDX-License-Identifier: Apache-2.0 */
/*
 * civil.h - local time of the site as a table of offsets, so that core needs
 * no clock and no time zone files.
 */
#ifndef CORE_CIVIL_H
#define CORE_CIVIL_H

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

#endif
