/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.h - one threshold of [detect] through many values: what is missed against what is cried
 * in vain. */
#ifndef DETECT_SWEEP_H
#define DETECT_SWEEP_H

#include "detect/chart.h"
#include "detect/sim.h"

/*
 * `wish` is "key=value,value,…"; `lines` is what else stands in [detect]. The chart has a series
 * for `possible` and one for `breach`, and a point for each rival. Runs a quarter of the stays and
 * of those who stand beside for each value.
 */
void sweep_run(struct sim *sim, const char *wish, const char *lines, struct chart *out);

#endif
