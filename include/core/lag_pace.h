/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag_pace.h - whether old times go on at the pace at which they come, as those of a wrong clock
 * do, or catch up with ours, as those of an upload do.
 */
#ifndef CORE_LAG_PACE_H
#define CORE_LAG_PACE_H

#include "core/instant.h"

enum {
    LAG_GROUPS = 3,          /* of pings in a row: so many settle what an old time means */
    LAG_PAUSE_MS = 500,      /* without a ping: the next one begins another group, */
    LAG_GROUP_MS = 10 * 1000 /* as it does when the group has lasted so long */
};

/* The newest time of a group of pings, and our clock when that one came; 0: none. */
struct lag_group {
    struct utc time, came;
};

/* Zeroed has heard of none. */
struct lag_pace {
    struct lag_group group, before; /* the newest group, the one before that, */
    struct lag_group first;         /* the first of those at one pace up to that, */
    unsigned run;                   /* and how many they are, up to LAG_GROUPS */
    struct utc opened;              /* our clock at the first ping of the newest group, */
    struct utc last;                /* and at the newest ping */
    bool disorder;                  /* the newest group holds what is older than `before` */
};

/*
 * Whether `to` is nearer to our time than `from` by more than a tenth of the time between them, and
 * by more than 300 ms, which is what a network and times in tenths of a second make: times 15 s
 * apart that come each 13 s do, each 14 s do not.
 */
bool lag_catches_up(const struct lag_group *from, const struct lag_group *to);

/*
 * Takes a ping, of any order, into its group. How many groups in a row keep one pace, this one as
 * it is now: 1 to LAG_GROUPS + 1. At one pace are those that do not catch up, nor fall behind by
 * more than a quarter, each with the one before and with the first.
 */
unsigned lag_pace_of(struct lag_pace *pace, struct utc time, struct utc now);

#endif
