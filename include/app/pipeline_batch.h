/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_batch.h - pings that a door hands over one by one, and that are on disk as one. */
#ifndef APP_PIPELINE_BATCH_H
#define APP_PIPELINE_BATCH_H

#include "app/pipeline.h"

struct batch;

/* NULL when nothing may be taken now: see pipeline_shut; or memory is out. */
struct batch *batch_begin(struct pipeline *pipeline, void (*done)(bool kept, void *arg), void *arg);

/* A ping in its turn. False, counted as refused, with the reason: it is no matter of the batch. */
bool batch_give(struct batch *batch, const struct ping *ping, struct fault *why);

/*
 * That was all, and the batch is gone. `done` is called once, now or when all that its pings
 * changed is on disk; not `kept`: nothing of it is, and all must be given again.
 */
void batch_end(struct batch *batch);

#endif
