/* SPDX-License-Identifier: Apache-2.0 */
/*
 * score.h - a judge's sayings beside the truth. What each word means is told to the reader in
 * report.c; this is the same in code.
 */
#ifndef DETECT_SCORE_H
#define DETECT_SCORE_H

#include "detect/judge.h"
#include "detect/world.h"

enum { INTERVALS = 4, SHAPES = 5, RADII = 4 };

/* What was set up; two runs of equal setting differ by chance alone. */
struct setting {
    enum behaviour behaviour;
    uint8_t interval; /* nth of 1, 5, 15, 60 s */
    uint8_t shape;    /* nth of 50, 100, 200, 500 m and polygons */
    enum sky sky;
    enum claim claim;
    uint8_t beside; /* STAND_BESIDE: nth of the distances */
};

/* One judge, one run. */
struct result {
    struct setting setting;
    enum judge judge;
    unsigned stays;  /* true ones that count */
    unsigned alerts; /* of any type */
    unsigned approaches, possibles, breaches, pasts;
    unsigned false_approaches, false_possibles, false_breaches, false_pasts;
    double outside;      /* seconds truly outside */
    double open_outside; /* of these with an incident at least `possible` */
};

/* What arrived of a stay: no ping taken inside, none 10 m deep, or one. */
enum coverage { UNSEEN, SEEN_SHALLOW, SEEN_DEEP };

/* One judge, one true stay that counts. Delays are NaN when it was never told. */
struct sample {
    struct setting setting;
    enum judge judge;
    enum coverage coverage;
    double accuracy; /* the worst reported of the first four of these; NaN: absent */
    double depth;    /* metres, the greatest */
    struct alerted {
        double s;             /* from the true crossing until it was told */
        double pings;         /* after the first one truly inside; NaN: there was none */
        double deep_pings;    /* after the first one 10 m deep; NaN: there was none */
    } possible, breach, past; /* past: `retrospective`, high */
    double cleared_s;         /* from truly leaving until it was told */
    double warned_s; /* from the told approach to the crossing; NaN: none, or over 10 min */
};

struct results {
    struct result *list;
    size_t n, room;
    struct sample *samples;
    size_t n_samples, sample_room;
};

void score_run(const struct setting *setting, enum judge judge, const struct run *run,
               const struct sayings *sayings, struct results *out);
void results_fini(struct results *results);

/* Whether a stay of that behaviour counts: 30 s at least 10 m deep; of a way through, 10 m. */
bool stay_counts(enum behaviour behaviour, const struct stay *stay);

#endif
