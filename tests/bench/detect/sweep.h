/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep.h - one threshold of [detect] through many values: what is
 * missed against what is cried in vain.
 */
#ifndef DETECT_SWEEP_H
#define DETECT_SWEEP_H

#include "detect/chart.h"
#include "detect/sim.h"

enum { SWEEP_CHARTS = 2, SWEEP_ASSIGNMENT_MAX = 256 };

struct sweep {
    struct chart charts[SWEEP_CHARTS]; /* detection, and delay, against false alarms */
    char assignment[SWEEP_ASSIGNMENT_MAX], files[SWEEP_CHARTS][64], titles[SWEEP_CHARTS][96];
    char marks[CHART_POINTS_MAX][32]; /* the values; who is as shipped is marked as taken */
};

/*
 * `assignment` is "key=value,value,…"; `lines` is what else stands in [detect]. The charts have a
 * series for `possible` and one for `breach`, and a point for each rival. Runs a quarter of the
 * stays and half of those who stand beside for each value.
 */
void sweep_run(struct sim *sim, const char *assignment, const char *lines, struct sweep *out);

#endif
