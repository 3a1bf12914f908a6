/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meter.h - the progress meter of long work: how much is done and how long the rest takes, on one
 * line of stderr that is rewritten. Where stderr is no terminal nothing is written.
 */
#ifndef CTL_METER_H
#define CTL_METER_H

#include "core/instant.h"

#include <stdbool.h>
#include <stdint.h>

enum { METER_TEXT_MAX = 96, METER_STEP_MS = 100 };

struct meter {
    const char *what; /* borrowed */
    uint64_t total;
    struct tick began, shown;
    bool on;
};

void meter_begin(struct meter *meter, const char *what, uint64_t total);
void meter_at(struct meter *meter, uint64_t done); /* zeroed is fine: shows nothing */
void meter_wipe(struct meter *meter); /* the line, for another one; it goes on; NULL is fine */
void meter_end(struct meter *meter);  /* wipes the line */

/*
 * "verify: 45 %, 12 s left": by the pace so far, and without the rest while that is not known, as
 * nothing is done or a second has not passed. Returns `text`.
 */
char *meter_print(const char *what, uint64_t done, uint64_t total, int64_t ms,
                  char text[METER_TEXT_MAX]);

#endif
