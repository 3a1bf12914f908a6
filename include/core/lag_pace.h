/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag_pace.h - whether old times go on at the pace at which they come, as those of a wrong clock
 * do, or catch up with ours, as those of an upload do; or in what order they come, who does
 * neither.
 */
#ifndef CORE_LAG_PACE_H
#define CORE_LAG_PACE_H

#include "core/instant.h"

enum {
    LAG_GROUPS = 3,                /* of pings in a row: so many settle what an old time means */
    LAG_PAUSE_MS = 500,            /* without a ping: the next one begins another group, */
    LAG_GROUP_MS = 10 * 1000,      /* as it does when the group has lasted so long */
    LAG_RUN = 5,                   /* and so many are counted */
    LAG_BACKS = 3,                 /* times that go back so often may be in no order, */
    LAG_ORDER_MS = 35 * 60 * 1000, /* until there was none for so long */
    LAG_SAME_MS = 1000, /* nobody keeps two pings so near each other: that is the same time, */
    LAG_SAMES = 2,      /* and so many groups in a row that say it again, */
    LAG_AGES = 4        /* or so many an age, are of no upload */
};

/* The newest time of a group of pings, and our clock when that one came; 0: none. */
struct lag_group {
    struct utc time, came;
};

/* Zeroed has heard of none. */
struct lag_pace {
    struct lag_group group, before; /* the newest group, the one before that, */
    struct lag_group first;         /* the first of those at one pace up to that, */
    unsigned run;                   /* and how many they are, up to LAG_RUN */
    struct utc opened;              /* our clock at the first ping of the newest group, */
    struct utc last;                /* and at the newest ping */
    bool disorder;                  /* the newest group holds what is older than `before` */
    unsigned backs;           /* how often one was older than the one before, up to LAG_BACKS */
    struct lag_group earlier; /* the group before `before` */
    unsigned sames, ages; /* groups up to `before` that said a time again, or an age, in a row */
    bool forth;           /* not each of those was the newest that was left: see lag_goes_back */
};

/*
 * Whether `to` is nearer to our time than `from` by more than a tenth of the time between them, and
 * by more than 300 ms, which is what a network and times in tenths of a second make: times 15 s
 * apart that come each 13 s do, each 14 s do not.
 */
bool lag_catches_up(const struct lag_group *from, const struct lag_group *to);

/*
 * Takes a ping, of any order, into its group. How many groups in a row keep one pace, this one as
 * it is now: 1 to LAG_RUN + 1. At one pace are those that do not catch up, nor fall behind by more
 * than a quarter, each with the one before and with the first. What is sent in no order does so by
 * chance: when times went back twice one of these does not count, when they did three times and
 * more two do not, until LAG_GROUPS are left, or there was none for LAG_ORDER_MS.
 */
unsigned lag_pace_of(struct lag_pace *pace, struct utc time, struct utc now);

/*
 * Whether the newest groups say again what groups said before them: the third of one time in a row;
 * or as a clock does that has two offsets, the fourth in a row of which each is at one pace with
 * one of the two before it. What was kept is sent once, in whatever order: its times do not come
 * again, and its ages no four times in a row, unless it comes as slowly as it was recorded.
 */
bool lag_says_again(const struct lag_pace *pace);

/*
 * Whether each group so far, two at least, was older than the one before, or made since that came:
 * the newest first, as several apps send what they kept. No clock runs back.
 */
bool lag_goes_back(const struct lag_pace *pace);

#endif
