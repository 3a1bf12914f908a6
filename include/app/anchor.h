/* SPDX-License-Identifier: Apache-2.0 */
/*
 * anchor.h - once a day, when somebody asks, and when somebody was forgotten or an archive let go,
 * which it names, the newest link of the chain of evidence is told
 * as an alert, and in the log: whoever keeps one of them can prove later that nothing up to there
 * was made anew.
 */
#ifndef APP_ANCHOR_H
#define APP_ANCHOR_H

#include "core/instant.h"

#include <stdbool.h>
#include <stdint.h>

struct ledger;
struct pipeline;

struct anchor_teller {
    struct pipeline *pipeline;
    struct ledger *ledger;
    struct utc begun;     /* when a chain without any link was first seen; 0: not */
    uint64_t state_in;    /* the commit that holds what is known, as a link; 0: not asked for */
    uint64_t reported_in; /* the commit that holds the alert; 0: none */
    bool asked;           /* somebody wants it told now, due or not */
};

/* Once a second. While breachd is blind it waits. */
void anchor_tick(struct anchor_teller *teller);

#endif
