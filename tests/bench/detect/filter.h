/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.h - core/belief as a judge: what decides is its probability alone. A breach is told at
 * breach, `possible` at possible or, of the way since the fix before, at way; cleared at or below
 * cleared. Between them is hysteresis: a stage opens where p M > (1 - p) F, and closes where
 * p M < (1 - p) L, for the costs of a missed breach M, a false one F and an idle look L.
 */
#ifndef DETECT_FILTER_H
#define DETECT_FILTER_H

#include "core/belief.h"

struct filter {
    struct belief_model model;
    double before, possible, breach, way, cleared; /* probabilities */
};

/* As shipped, until filter_set changed it. */
extern struct filter filter;

/*
 * "KEY=VALUE" for one number of the model (see filter.c) or of those above; what is refused ends
 * the program.
 */
void filter_set(const char *text);

#endif
