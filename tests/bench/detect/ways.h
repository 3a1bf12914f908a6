/* SPDX-License-Identifier: Apache-2.0 */
/* ways.h - runs of one kind each, at a circle of 100 m, for the bars. */
#ifndef DETECT_WAYS_H
#define DETECT_WAYS_H

#include "detect/sim.h"

enum way_kind {
    WAY_STRAIGHT,   /* 30 mph through the middle, a ping a minute */
    WAY_BENT,       /* he turns by 40 to 110 degrees up to 60 m from the middle */
    WAY_PING_GONE,  /* straight through, a ping in three is lost */
    WAY_BESIDE_50,  /* straight on, 50 m beside the edge */
    WAY_BESIDE_100, /* 100 m */
    WAY_POOR,       /* on foot half an hour 10 m deep, accuracy 100, a ping a minute */
    WAY_POOR_40,    /* an hour 15 m deep, accuracy 40, a ping each 15 s */
    WAY_POOR_100,   /* an hour 30 m deep, accuracy 100, a ping a minute */
    WAY_DRIFTS,     /* 20 m beside for an hour, 2 Hz, no accuracy told, an error of half an hour */
    WAY_LEAPS,      /* rests 300 m off; once an hour one fix from the middle, accuracy 6 to 55 */
    WAY_WALKS_10,   /* up to 10 m before the edge, a ping each 15 s, and stops there for 10 min */
    WAY_WALKS_30,   /* 30 m */
    WAY_DRIVES_10,  /* at 8 m/s */
    WAY_DRIVES_30,  /* the same */
    WAY_DRIVES_30_60, /* the same, a ping a minute */
    WAYS
};

const char *ways_name(enum way_kind kind);

void ways_run(struct sim *sim, enum way_kind kind, size_t n, struct results *out);

#endif
