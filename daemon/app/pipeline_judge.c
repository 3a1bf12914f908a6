/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_judge.h"

#include "app/pipeline_clock.h"
#include "app/pipeline_meet.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_state.h"
#include "app/pipeline_time.h"
#include "app/pipeline_timeline.h"

static bool judge(struct pipeline *pipeline, size_t nth, size_t device, const struct ping *ping,
                  enum arrival *class)
{
    struct asked asked = { pipeline, nth };
    struct timeline timeline;
    struct ping seen = *ping;
    struct utc now, due;
    bool kept;

    if (!pipeline_meet(pipeline, nth))
        return pipeline->closed != NULL; // then nothing of it is acknowledged
    timeline = pipeline_timeline(&asked);
    now = pipeline_now(pipeline);
    if (ping->untimed)
        seen.time = now;
    seen.doubted = pipeline_doubts(pipeline, timeline.who, &seen);
    due = roster_due(pipeline->roster, nth);
    kept = timeline_ping(&timeline, device, &seen, now, &due, class);
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
    if (!ping->untimed)
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
