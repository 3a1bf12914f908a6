/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_batch.h"

#include "app/pipeline_judge.h"
#include "app/pipeline_pace.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_state.h"
#include "core/health.h"

#include <stdlib.h>

struct batch {
    struct pipeline *pipeline;
    struct sender sender;
    struct pacing pacing;
    uint64_t wait_for; // a commit; 0: none
    bool judged;       // some of it was
    void (*done)(bool kept, void *arg);
    void *arg;
};

struct batch *batch_begin(struct pipeline *pipeline, const struct sender *sender,
                          void (*done)(bool kept, void *arg), void *arg)
{
    struct batch *batch = pipeline_shut(pipeline) == NULL ? malloc(sizeof *batch) : NULL;

    if (batch != NULL)
        *batch = (struct batch){ .pipeline = pipeline,
                                 .sender = *sender,
                                 .pacing.turn = ++pipeline->turns,
                                 .done = done,
                                 .arg = arg };
    return batch;
}

bool batch_knows(const char *device, void *arg)
{
    const struct batch *batch = arg;
    size_t respondent, nth;

    return sender_covers(&batch->sender, device) &&
           rulebook_find_device(batch->pipeline->config->rules, device, &respondent, &nth);
}

static enum batch_gave forbid(struct batch *batch, const char *device, struct fault *why)
{
    batch->pipeline->stats->pings[ARRIVED_REFUSED]++;
    fault_set(why, "device: %s: not for this sender to speak for", device);
    return BATCH_FORBIDDEN;
}

static enum batch_gave refuse_stranger(struct batch *batch, const char *device, struct fault *why)
{
    batch->pipeline->stats->pings[ARRIVED_REFUSED]++;
    strangers_note(batch->pipeline, device);
    fault_set(why, "device: %s: under no order here", device);
    return BATCH_REFUSED;
}

enum batch_gave batch_give(struct batch *batch, const struct ping *ping, enum arrival *out_class,
                           struct fault *why)
{
    struct pipeline *pipeline = batch->pipeline;
    size_t respondent, device;

    // First: who may not speak for a device learns not even by the time that it takes whether it
    // is under an order.
    if (!sender_covers(&batch->sender, ping->device))
        return forbid(batch, ping->device, why);
    if (!rulebook_find_device(pipeline->config->rules, ping->device, &respondent, &device))
        return refuse_stranger(batch, ping->device, why);
    if (batch->sender.ping_by_ping)
        batch->pacing.turn = ++pipeline->turns;
    if (pipeline_throttle(pipeline, &batch->sender, &batch->pacing, respondent, device, why))
        return BATCH_THROTTLED;
    if (!pipeline_judge(pipeline, respondent, device, ping, &batch->wait_for, out_class, why))
        return BATCH_REFUSED;
    batch->judged = true;
    return BATCH_TAKEN;
}

void batch_refused(struct batch *batch, const char *device, const char *why)
{
    struct pipeline *pipeline = batch->pipeline;
    size_t respondent, nth;
    struct known_device *known;
    struct utc now = pipeline_now(pipeline);

    if (!sender_covers(&batch->sender, device) || pipeline->closed != NULL ||
        !rulebook_find_device(pipeline->config->rules, device, &respondent, &nth) ||
        !roster_judged(pipeline->roster, respondent))
        return;
    known = roster_track(pipeline->roster, respondent)->devices[nth];
    if (!health_note_refused(known, why, now))
        return;
    // Core was asked nothing: judging again must begin with what is known now; and it is at once.
    roster_record(pipeline->roster, respondent)->current = false;
    roster_set_due(pipeline->roster, respondent,
                   utc_earlier(roster_due(pipeline->roster, respondent), now));
}

size_t batch_paced(const struct batch *batch)
{
    return batch->pacing.paced;
}

int batch_retry_seconds(const struct batch *batch)
{
    return batch->pacing.retry_s;
}

/* Says whether all of the pings judged is on disk: at once, or when that commit is. */
static void settle(struct pipeline *pipeline, uint64_t wait_for, void (*done)(bool kept, void *arg),
                   void *arg)
{
    if (pipeline->closed != NULL) { // the ledger gave up meanwhile
        done(false, arg);
        return;
    }
    if (wait_for <= ledger_committed(pipeline->ledger))
        done(true, arg);
    else if (!ledger_wait(pipeline->ledger, done, arg))
        done(false, arg);
    ledger_flush(pipeline->ledger);
}

void batch_end(struct batch *batch)
{
    struct batch ended = *batch;
    struct ledger *ledger = ended.pipeline->ledger;

    free(batch);
    if (ended.sender.with_commit && ended.judged) { // what was held back tells nothing of a place
        ledger_sync(ledger);
        ended.wait_for = ledger_gathering(ledger);
    }
    settle(ended.pipeline, ended.wait_for, ended.done, ended.arg);
}
