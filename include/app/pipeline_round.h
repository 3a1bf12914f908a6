/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_round.h - everybody is judged again, some at a time: what is withdrawn ends, then one
 * respondent comes after the other. Nothing but numbers is kept from one step to the next.
 */
#ifndef APP_PIPELINE_ROUND_H
#define APP_PIPELINE_ROUND_H

#include <stdbool.h>
#include <stddef.h>

struct pipeline;

/*
 * Begins a round in which everybody is judged by the rules in force and the last positions: what
 * was recalled may be of other rules.
 */
void pipeline_judge_all(struct pipeline *pipeline);

/*
 * Goes on with the round: so much that nobody else waits for long, and not farther than the ledger
 * can follow. Who sends a ping before it was his turn is judged again before his ping is. How many
 * units of work that was, as a zone looked at by a device's position is one; 0: nothing is left, or
 * a commit must be done first.
 */
enum { PIPELINE_STEP_UNITS = 400 };
size_t pipeline_step(struct pipeline *pipeline);

/* A round is going on, or waits until we see again. */
bool pipeline_judging(const struct pipeline *pipeline);

/* An exercise knows its time by the first ping, and goes on in time with nobody left behind. */
void pipeline_end_round(struct pipeline *pipeline);

/* Begins to look through all incidents again, if the end of one could not be kept. */
void pipeline_withdraw_again(struct pipeline *pipeline);

#endif
