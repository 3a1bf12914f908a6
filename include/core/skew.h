/* SPDX-License-Identifier: Apache-2.0 */
/*
 * skew.h - which time to believe: that of the clock on the wall, or our own count from when we last
 * believed it. Devices take their times from satellites, so pings settle a dispute.
 */
#ifndef CORE_SKEW_H
#define CORE_SKEW_H

#include "core/instant.h"

enum {
    SKEW_STEP_MS = 5000, /* a smaller step is followed: setting a clock right looks like that */
    SKEW_NEAR_MS = 60 * 1000, /* a ping farther than this from both clocks proves nothing */
    SKEW_VOTES = 8,           /* so many pings in a row for the wall, over so long a time: */
    SKEW_SPAN_MS = 60 * 1000  /* more than one device that sends all it has buffered */
};

/* Zeroed believes nothing yet: the first look believes the wall. */
struct skew {
    bool set;
    int64_t base;  /* ms: our time is the tick plus this */
    int64_t apart; /* ms: the wall is so far ahead of our time; 0: believed */
    unsigned votes;
    struct tick first_vote, last_vote;
};

enum skew_news {
    SKEW_QUIET,
    SKEW_JUMPED,    /* the wall has jumped, or jumped again: we count on by ourselves */
    SKEW_CAME_BACK, /* it is where our own count is */
    SKEW_WON        /* pings agree with it and not with us: we follow it */
};

struct utc skew_utc(const struct skew *skew, struct tick now);

/* Compares the wall with our count, once a second or so. `out_ms`: by how much they were apart. */
enum skew_news skew_look(struct skew *skew, struct utc wall, struct tick now, int64_t *out_ms);

/* A ping that has just come says that it is `said`: a vote, while the two are apart. */
void skew_hear(struct skew *skew, struct utc said, struct tick now);

#endif
