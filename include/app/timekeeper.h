/* SPDX-License-Identifier: Apache-2.0 */
/* timekeeper.h - watches the clock on the wall, and tells when it jumps and when it is believed. */
#ifndef APP_TIMEKEEPER_H
#define APP_TIMEKEEPER_H

#include "app/pipeline.h"
#include "core/skew.h"

struct timekeeper {
    struct pipeline *pipeline;
    struct ledger *ledger;
    struct stats *stats;
    enum skew_news news; /* still to be told */
    int64_t apart;       /* ms, for its words */
    uint64_t told_in;    /* the commit that holds it; 0: none yet */
};

/* Once a second. While breachd is blind the look waits: our own count goes on meanwhile. */
void timekeeper_tick(struct timekeeper *timekeeper);

#endif
