/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_time.h - time passes: everybody is judged at each boundary, the earliest first, so much
 * in one turn of the loop and the rest in the next. A ping of his takes his own before it.
 */
#ifndef APP_PIPELINE_TIME_H
#define APP_PIPELINE_TIME_H

#include "core/instant.h"

#include <stdbool.h>

struct pipeline;

/*
 * Time has passed: judges those for whom it has come to a boundary, and escalates what nobody
 * has taken; the earliest first, no more than PIPELINE_TURN_UNITS and what one question
 * costs. What is left is for pipeline_go_on: `on_behind` is called when that should come as
 * soon as others have had their turn. With nothing due it costs the same for one respondent
 * as for a million. A tick is a second's, and begins to try again what could not be judged
 * and kept, of which each turn does a part.
 */
enum { PIPELINE_TURN_UNITS = 256 }; /* each question and each zone of its respondent: 5 ms */
void pipeline_tick(struct pipeline *pipeline);
void pipeline_go_on(struct pipeline *pipeline);
void pipeline_call_when_behind(struct pipeline *pipeline, void (*on_behind)(void *arg), void *arg);

/* Whether something is due that was not judged yet, and since when the oldest of it is. */
bool pipeline_is_behind(const struct pipeline *pipeline);
double pipeline_behind_seconds(const struct pipeline *pipeline);

/* In a rehearsal a newer ping moves the clock, and with it everybody's time. */
void pipeline_rehearse_until(struct pipeline *pipeline, struct utc when);

#endif
