/* SPDX-License-Identifier: Apache-2.0 */
/*
 * going.h - receivers that err more in motion than at rest, as collars do (4.6 m at rest, 10.8 m in
 * motion): the same visits with the error at rest, and with 2.3 times it while he goes.
 */
#ifndef DETECT_GOING_H
#define DETECT_GOING_H

#include "detect/sim.h"
#include "detect/tally.h"

#define GOING_TIMES 2.3

/* What the receiver does while its carrier goes. */
enum going {
    GOING_AS_AT_REST,
    GOING_REPORTED, /* it errs more, and tells so */
    GOING_UNTOLD,   /* and tells the accuracy that it has at rest */
    GOINGS
};
const char *going_name(enum going going);

struct goings {
    size_t runs; /* of each */
    struct tally tallies[GOINGS][JUDGES];
    struct integrity integrity[GOINGS]; /* accuracy told right but for that */
};

/* A quarter of a full run's visits, ways through on foot, and passers-by, three times. */
void going_run(struct sim *sim, bool rivals, struct goings *out);

void going_report(FILE *out, const struct goings *goings);

#endif
