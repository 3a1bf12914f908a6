/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stanford.h - what breachd claims of a ping beside the truth: the true signed distance to the edge
 * against the claimed odds of being inside, as the diagrams of Stanford have it (T. Walter,
 * P. Enge, ION GPS 1995). Misled is who is truly 10 m inside or deeper while outside is claimed at
 * 99.9 % or surer.
 */
#ifndef DETECT_STANFORD_H
#define DETECT_STANFORD_H

#include "detect/chart.h"
#include "detect/judge.h"
#include "detect/score.h"

enum { STANFORD_FAR = 20, STANFORD_ODDS = 56 };

/* What is asked of one kind of receiver. */
struct integrity {
    size_t deep, misled;           /* pings 10 m inside or deeper; of these, outside claimed */
    size_t passed;                 /* of the misled: too far off to be looked at */
    size_t outside, accused;       /* pings 10 m outside or farther; of these, inside claimed */
    size_t deep_runs, misled_runs; /* runs with such a ping at all */
};

void integrity_add(struct integrity *sum, const struct integrity *one);

struct stanford {
    size_t cells[STANFORD_FAR][STANFORD_ODDS]; /* pings, accuracy told right */
    struct integrity of[CLAIMS][SKIES];
};

/*
 * Adds a run of the simulated behaviours; those far away, or held up, are left out: nobody claims
 * anything of the present there.
 */
void stanford_add(struct stanford *stanford, const struct setting *setting, const struct run *run,
                  const struct sayings *sayings);

/* The claimed odds, by true distance: the quantiles of each column. */
void stanford_chart(const struct stanford *stanford, struct chart *out);

/* The shares with their bounds, and how many pings each cell has. */
void stanford_tables(const struct stanford *stanford, FILE *out);

#endif
