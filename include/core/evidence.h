/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence.h - how sure one ping alone makes it that somebody is inside, and late ones in a row: of
 * those no belief is kept. Of the present belief.h decides.
 *
 * One ping gives log odds, ln(P / (1 - P)), of being inside. Over pings they are added up as in a
 * sequential test (A. Wald, Sequential Analysis, 1947), between two walls as in a cumulative sum
 * (E. S. Page, Continuous inspection schemes, Biometrika 41, 1954): at 0 nothing speaks for being
 * inside, at EVIDENCE_SURE nothing more is needed. What a ping adds is discounted for its error
 * being nearly that of the ping before. A receiver's error is taken as a first-order Gauss-Markov
 * process; of its mean a sample t after another tells (1 - r) / (1 + r) of what an independent one
 * would, with r = exp(-t / tau), and that is tanh(t / 2 tau). (The information that an AR(1) sample
 * has about the mean: Box & Jenkins, Time Series Analysis, ch. 3 and 7.)
 */
#ifndef CORE_EVIDENCE_H
#define CORE_EVIDENCE_H

#include <stdint.h>

/* Log odds: 1 in 1100. No ping proves more, and no number of them. */
#define EVIDENCE_SURE 7.0

/* 0..1: one ping alone says that he was inside, where nothing else is asked. */
#define EVIDENCE_LIKELY 0.6

/* Metres that a device must have moved for its error to be another one, whatever the time. */
#define EVIDENCE_APART_M 50.0

/*
 * Probability of being inside, 0..1, of one ping `distance` metres from a straight edge (negative
 * inside), of which `accuracy` metres is the 68 % radius. The error is a round Gaussian, but one in
 * twenty is of a Gaussian four times as wide: multipath is real, and accuracies are optimistic. NaN
 * distance gives 0.5: no knowledge either way.
 */
double evidence_inside(double distance, double accuracy);

/* A probability as log odds, within +-EVIDENCE_SURE; 0, no knowledge, of NaN. */
double evidence_log_odds(double probability);

/* The same of one ping. */
double evidence_odds(double distance, double accuracy);

/* 0..1: how much of a ping is news, `ms` and `moved` metres after the one before. */
double evidence_weight(int64_t ms, double moved, int64_t tau_ms);

/*
 * The score, floor..EVIDENCE_SURE, after a ping of these odds and this weight. One ping alone may
 * raise it to its own odds, or lower it to as far over the floor as they are over -EVIDENCE_SURE;
 * more takes company.
 */
double evidence_add(double score, double odds, double weight, double floor);

double evidence_probability(double score); /* of log odds: 0 is 0.5 */
double evidence_score(double probability); /* and back; 0 < probability < 1 */

#endif
