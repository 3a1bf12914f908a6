/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_acks_time.h - what nobody has acked in time is escalated, the longest waiting first; and
 * what was shelved is so no more.
 */
#ifndef APP_PIPELINE_ACKS_TIME_H
#define APP_PIPELINE_ACKS_TIME_H

#include "core/instant.h"

#include <stdbool.h>

struct pipeline;

/*
 * Time has passed: escalates what nobody has taken, the longest waiting first, at most
 * PIPELINE_ACKS_TURN in one call; whether there are more.
 */
enum { PIPELINE_ACKS_TURN = 64 };
void pipeline_acks_tick(struct pipeline *pipeline, struct utc now);
bool pipeline_acks_is_behind(const struct pipeline *pipeline, struct utc now);

#endif
