/* SPDX-License-Identifier: Apache-2.0 */
/* moment.h - an instant as people type it: of a clock on the wall, or so long from now. */
#ifndef CTL_MOMENT_H
#define CTL_MOMENT_H

#include "core/fault.h"
#include "core/instant.h"

enum moment_side { MOMENT_BEFORE, MOMENT_AFTER };

/*
 * `2h` before or after `now`; `06:00` or `06:00:30` of local time, the last one before or the next
 * one after `now`; `2020-06-23 20:14` of local time; or RFC 3339. Where local clocks are set back
 * the first of two is meant. False with *why, and *out untouched, for anything else.
 */
bool moment_parse(const char *text, struct utc now, enum moment_side side, struct utc *out,
                  struct fault *why);

/* Whether it is so long from now, and no instant. */
bool moment_is_duration(const char *text);

#endif
