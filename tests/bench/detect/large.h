/* SPDX-License-Identifier: Apache-2.0 */
/*
 * large.h - what is seldom, by so many runs that it is seen: missed stays and false alerts of
 * breachd alone, over several seeds, with the bounds of each share. before.sh builds it in an older
 * tree too, so that the engine of then is counted on the same visits.
 */
#ifndef DETECT_LARGE_H
#define DETECT_LARGE_H

#include "detect/query.h"
#include "detect/sim.h"
#include "detect/ways.h"

enum large_stay {
    LARGE_RIGHT, /* accuracy told right, all skies */
    LARGE_FINE,  /* 15 m or better */
    LARGE_ABSENT_5,
    LARGE_ABSENT_15,
    LARGE_ABSENT_60,
    LARGE_STAYS
};

/* Counted over all seeds; stays are those that a ping saw 10 m deep. */
struct large {
    struct large_stays {
        size_t n, no_possible, no_breach;
        size_t past; /* of no_breach: told as `retrospective` of severity high */
    } stays[LARGE_STAYS];
    struct large_beside {
        size_t runs, with_possible, with_breach;
        double days, possibles, breaches;
    } beside[BESIDE]; /* of who stands so far outside, accuracy told right */
    struct large_comers {
        size_t runs, with_possible, with_breach;
    } comers[WAYS - WAY_WALKS_10]; /* of who comes up to an edge and stops before it */
};

/* Adds the visits, all that a run has, and `hours` of standing beside, over all distances. */
void large_add(struct sim *sim, size_t hours, struct large *out);

/* A table, Clopper and Pearson's 95 % bounds in brackets. */
void large_report(FILE *out, const char *who, const struct large *large);

#endif
