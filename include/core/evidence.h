/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.h - how sure we are that somebody is inside. */
#ifndef CORE_EVIDENCE_H
#define CORE_EVIDENCE_H

/*
 * Probability of being inside, 0..1, of one ping `distance` metres from a straight edge (negative
 * inside), with a round Gaussian error of which `accuracy` metres is the 68 % radius. NaN distance
 * gives 0.5: no knowledge either way.
 */
double evidence_inside(double distance, double accuracy);

#endif
