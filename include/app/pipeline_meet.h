/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_meet.h - one respondent is judged by the rules in force: first what is withdrawn of him
 * ends, told by the words of the rules in which it stood.
 */
#ifndef APP_PIPELINE_MEET_H
#define APP_PIPELINE_MEET_H

#include <stdbool.h>
#include <stddef.h>

struct incident;
struct pipeline;

/*
 * Judges one respondent again, if the round has not come to him yet: before anything else is asked
 * of him. False when not even that can be asked just now, for want of memory, or when closed.
 */
bool pipeline_meet(struct pipeline *pipeline, size_t nth);

/*
 * Asks core about respondent number `nth` by the rules in force, and when time is next to be
 * asked; with the end of what was withdrawn of him. False when memory is out for even that, or when
 * closed.
 */
bool pipeline_ask_rules(struct pipeline *pipeline, size_t nth);

/* Ends what is open and stands in no order any more; what cannot be kept is tried each second. */
void pipeline_withdraw(struct pipeline *pipeline, const char *subject, struct incident *incident);

#endif
