/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.h - weekly windows in local time: `Mon-Fri 08:00-16:30; Sat 09:00-12:00`. */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include "core/civil.h"
#include "core/fault.h"

#include <stddef.h>

enum { SCHEDULE_WINDOWS_MAX = 32 };

/* Minutes of the local day: open from the first, shut from the last on. */
struct window {
    uint8_t days;         /* bit 0 is Monday: the day on which the window begins */
    uint16_t from, until; /* 0..1440 and 1..2880: past 1440 is the next morning */
};

struct schedule {
    size_t n;
    struct window windows[SCHEDULE_WINDOWS_MAX];
};

/*
 * Reads days (`Mon`, `Mon-Fri`, `Fri-Mon`, `Mon,Wed`) and times (`08:00-16:30`,
 * `22:00-06:00` into the next morning, `00:00-24:00`), several parted by `;`. On
 * failure leaves *out_schedule untouched.
 */
bool schedule_parse(const char *text, struct schedule *out_schedule, struct fault *why);

/*
 * Whether a window shuts a day after it has opened, at the same time, as `Tue 10:00-10:00`: it may
 * be meant as none. `00:00-24:00` is a day, and meant as one.
 */
bool schedule_has_day(const struct schedule *schedule);

/*
 * By the clock on the wall: when clocks go forward, 01:30-02:30 opens at 02:00 as there is no
 * 01:30; when they go back, 01:15-01:45 is open twice.
 */
bool schedule_open(const struct schedule *schedule, const struct civil *civil, struct utc at);

/* An instant after `at` before which schedule_open does not change. */
struct utc schedule_next(const struct schedule *schedule, const struct civil *civil, struct utc at);

#endif
