/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_clock.h - what our clock does to what is known: it may be in doubt, and set right. */
#ifndef APP_PIPELINE_CLOCK_H
#define APP_PIPELINE_CLOCK_H

#include "core/correction.h"

#include <stdbool.h>
#include <stddef.h>

struct incident;
struct ping;
struct pipeline;
struct respondent;

/*
 * Our clock has been set right: what is known moves with it, and that it did is put with the
 * changes that gather. It moves in the steps of the round that pipeline_judge_all begins, to be
 * called next, after whatever is to be told before; of who is looked at earlier, before that. False
 * when memory is out.
 */
bool pipeline_correct_clock(struct pipeline *pipeline, struct correction correction);

/*
 * Right what is known of one who is loaded, of an incident, by the moves of our clock that it has
 * not gone through, and put what has moved. To be called before any time of it is looked at or
 * changed; it costs nothing when there is none.
 */
void pipeline_correct_respondent(struct pipeline *pipeline, size_t nth);
void pipeline_correct_incident(struct pipeline *pipeline, const char *subject,
                               struct incident *incident);

/*
 * What was recalled goes through the moves of our clock too; and what then lies ahead of us was
 * given by a clock that was ahead: see correction.h.
 */
void pipeline_correct_recalled(struct pipeline *pipeline);

/*
 * Lets the ping vote on what time it is; whether our clock is in doubt, so that the ping is not
 * late by it. Not in a rehearsal, whose clock is the pings'.
 */
bool pipeline_doubts(const struct pipeline *pipeline, const struct respondent *who,
                     const struct ping *ping);

#endif
