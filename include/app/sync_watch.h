/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sync_watch.h - what the kernel says of its clock where this process may not ask it itself: asks
 * systemd-timedated(8), and tells adapter/clock.h. Whatever is wrong with the bus stays there: it
 * is logged once, and the clock counts meanwhile as one of which the kernel says nothing.
 */
#ifndef APP_SYNC_WATCH_H
#define APP_SYNC_WATCH_H

#include "app/timedate.h"

enum {
    SYNC_WATCH_WAIT_MS = 2000,  /* so long may a start, and a look at a wall that was set, wait */
    SYNC_WATCH_LIMIT_MS = 10000 /* for an answer: timedated may have to be started for it */
};

/* Zeroed asks nobody. */
struct sync_watch {
    bool refused;                 /* by the kernel; else all the rest is idle */
    struct event_base *base;      /* NULL: not yet */
    struct sync_poll poll;        /* when to ask, */
    struct timedate *question;    /* the one under way, NULL: none, */
    unsigned sets;                /* and of which setting of the wall the newest one is */
    bool complained;              /* that there is no answer, since the last one */
    void (*on_status)(void *arg); /* the clock was told something; NULL: nobody wants to know */
    void *arg;
};

/* Decides whether somebody must be asked, and does so; waits SYNC_WATCH_WAIT_MS at the most. */
void sync_watch_begin(struct sync_watch *sync);

/* From now on it asks from that loop. */
void sync_watch_listen(struct sync_watch *sync, struct event_base *base, void (*on_status)(void *),
                       void *arg);
void sync_watch_end(struct sync_watch *sync);

/* Asks when it is time to: to be called once a second, and when the wall was set. */
void sync_watch_tick(struct sync_watch *sync);

/*
 * Whether a look at the wall should be put off: it was set, and a word about it is still to come.
 * Never for longer than SYNC_WATCH_WAIT_MS from the last look.
 */
bool sync_watch_waits(const struct sync_watch *sync, struct tick sampled);

#endif
