/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timekeeper.h - watches the clock on the wall, tells when our time is in doubt or moves, and moves
 * what is known along.
 */
#ifndef APP_TIMEKEEPER_H
#define APP_TIMEKEEPER_H

#include "app/sync_watch.h"
#include "core/correction.h"
#include "core/fault.h"
#include "core/instant.h"
#include "core/skew.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

struct ledger;
struct pipeline;
struct stats;

struct timekeeper {
    struct pipeline *pipeline;
    struct ledger *ledger;
    struct stats *stats;
    /* Our time has moved by so many ms, or is in doubt, or is no more: for who shows that. */
    void (*on_change)(int64_t by, void *arg);
    void *arg;

    struct skew_news news;        /* still to be told */
    struct correction correction; /* what it does to what is known */
    uint64_t reported_in;         /* the commit that holds it; 0: none yet */
    struct utc since;             /* our time is counted by the same clock since then */
    int watch;                    /* readable when the wall is set, */
    struct event *on_set;         /* NULL: found out within a second */
    struct sync_watch sync;       /* what the kernel says, where it does not say it to us */
    struct tick sampled;          /* when last */
};

/*
 * Finds what time it is, the newest time in the ledger being `lived`: before anything is judged.
 * Where the kernel's word comes from elsewhere it is waited for, SYNC_WATCH_WAIT_MS at the most.
 */
void timekeeper_begin(struct timekeeper *timekeeper, struct utc lived);

/* From now on it also looks at once when the wall is set, and when the kernel's word comes. */
void timekeeper_listen(struct timekeeper *timekeeper, struct event_base *base);
void timekeeper_end(struct timekeeper *timekeeper);

/* Once a second. While breachd is blind the look waits: our own count goes on meanwhile. */
void timekeeper_tick(struct timekeeper *timekeeper);

/* "synchronised", "agreed", "counted", "unproven" or "in doubt: why", as status names it. */
void timekeeper_say(char out[FAULT_TEXT_MAX]);

#endif
