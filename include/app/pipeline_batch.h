/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_batch.h - the one way in: pings that a door hands over one by one for a sender, and that
 * are on disk as one.
 */
#ifndef APP_PIPELINE_BATCH_H
#define APP_PIPELINE_BATCH_H

#include "app/pipeline_batch.h"
#include "app/sender.h"
#include "core/ping.h"
#include "core/watch.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;
struct pipeline;

struct batch;

enum batch_gave {
    BATCH_TAKEN,     /* judged; it is on disk when the batch is */
    BATCH_REFUSED,   /* under no order here; or it could not be kept: then nothing of it stands */
    BATCH_FORBIDDEN, /* not the sender's to speak for: nothing else was looked at */
    BATCH_THROTTLED  /* one too many of its device: whoever can be told may send it later */
};

/*
 * Copies *sender. NULL when nothing may be taken now: see pipeline_shut; or memory is out. `done`
 * is called once, by batch_end or after it.
 */
struct batch *batch_begin(struct pipeline *pipeline, const struct sender *sender,
                          void (*done)(bool kept, void *arg), void *arg);

/*
 * Whether the device is under an order: where a sender has several names, the first such is meant.
 * To a sender that may not speak for it, it is like any other name.
 */
bool batch_knows(const char *device, void *batch); /* a struct batch: see ping_body.known */

/*
 * A ping in its turn. Unless TAKEN, with *out_class, it is counted, with the reason: that is no
 * matter of the rest of the batch.
 */
enum batch_gave batch_give(struct batch *batch, const struct ping *ping, enum arrival *out_class,
                           struct fault *why);

/*
 * A message of the device, as far as that was read ("": it was not), is no ping, and why: of one
 * under an order for which the sender may speak that is told as a doubt, and in its silence.
 */
void batch_refused(struct batch *batch, const char *device, const char *why);

/*
 * Pings until now that their own devices pay for; and for how many seconds those HELD are to wait.
 */
size_t batch_paced(const struct batch *batch);
int batch_retry_seconds(const struct batch *batch);

/*
 * That was all, and the batch is gone. `done` is called now, or when all that its pings changed is
 * on disk; not `kept`: nothing of it is, and all must be given again.
 */
void batch_end(struct batch *batch);

#endif
