/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.h - where a pipeline begins and ends. What it does stands in a header for each of its
 * files, in the order in which a ping comes by: pipeline_batch.h, pipeline_pace.h,
 * pipeline_judge.h, pipeline_meet.h, pipeline_timeline.h, pipeline_ask.h, pipeline_put.h.
 */
#ifndef APP_PIPELINE_H
#define APP_PIPELINE_H

#include <stdbool.h>

struct pipeline;
struct stats;

/* `ledger` may come later, by pipeline_start; `rehearse`: the clock is that of the pings. */
struct pipeline *pipeline_create(struct stats *stats, bool rehearse);
void pipeline_destroy(struct pipeline *pipeline); /* NULL is fine */

#endif
