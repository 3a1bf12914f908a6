/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline.c - one ping's whole journey, from its sender to the commit that waits for it. */
#include "app/pipeline.h"

#include "app/pipeline_parts.h"

#include <stdlib.h>
#include <string.h>

static bool judge(struct pipeline *pipeline, size_t nth, size_t device, const struct ping *ping,
                  enum arrival *class)
{
    struct asked asked = { pipeline, nth };
    struct timeline timeline;
    struct ping seen = *ping;
    struct utc due;
    bool kept;

    if (!pipeline_meet(pipeline, nth))
        return pipeline->closed != NULL; // then nothing of it is acknowledged
    timeline = pipeline_timeline(&asked);
    seen.doubted = pipeline_doubts(pipeline, timeline.who, ping);
    due = roster_due(pipeline->roster, nth);
    kept = timeline_ping(&timeline, device, &seen, pipeline_now(pipeline), &due, class);
    roster_set_due(pipeline->roster, nth, due);
    if (kept)
        pipeline->stats->pings[*class]++;
    return kept;
}

bool pipeline_judge(struct pipeline *pipeline, size_t respondent, size_t device,
                    const struct ping *ping, uint64_t *wait_for, enum arrival *out_class,
                    struct fault *why)
{
    uint64_t commit = 0;

    *out_class = ARRIVED_NEW; // when the ledger has given up nobody is answered by it
    pipeline_rehearse_until(pipeline, ping->time);
    if (pipeline->closed == NULL) {
        if (!judge(pipeline, respondent, device, ping, out_class)) {
            pipeline->stats->pings[ARRIVED_REFUSED]++;
            return fault_set(why, "unjudged: it could not be kept, and that is told");
        }
        // Also what an earlier ping changed must be on disk before this one is acknowledged.
        commit = roster_unsaved(pipeline->roster, respondent);
    }
    if (commit > *wait_for)
        *wait_for = commit;
    return true;
}

const char *pipeline_shut(const struct pipeline *pipeline)
{
    if (pipeline->closed != NULL)
        return pipeline->closed;
    return ledger_full(pipeline->ledger) ? "too much waits for the disk" : NULL;
}

struct pipeline *pipeline_create(struct stats *stats, bool rehearse)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);

    if (pipeline == NULL)
        return NULL;
    pipeline->stats = stats;
    pipeline->rehearse = rehearse;
    pipeline->roster = roster_create();
    if (pipeline->roster == NULL) {
        free(pipeline);
        return NULL;
    }
    pipeline_acks_init(&pipeline->acks, roster_corrections(pipeline->roster));
    return pipeline;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    roster_destroy(pipeline->roster);
    pipeline_acks_fini(&pipeline->acks);
    journal_fini(&pipeline->journal);
    free(pipeline);
}

void pipeline_keep_read(struct pipeline *pipeline, const char *entry)
{
    if (pipeline->closed != NULL || strcmp(pipeline->read, entry) == 0 ||
        !ledger_put_read(pipeline->ledger, entry))
        return;
    snprintf(pipeline->read, sizeof pipeline->read, "%s", entry);
}

const char *pipeline_read(const struct pipeline *pipeline)
{
    return pipeline->read;
}
