/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_rules.h"

#include "app/pipeline_acks.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_recall.h"
#include "app/pipeline_round.h"

#include <string.h>

static void put_in_force(struct pipeline *pipeline, struct prepared *fresh)
{
    const struct config *config = fresh->config;

    fresh->slots = roster_swap(pipeline->roster, fresh->slots);
    journal_adopt(&pipeline->journal, config, fresh->texts, pipeline->rehearse);
    fresh->texts = NULL;
    pipeline->listening = false;
    pipeline->config = config;
    pipeline_acks_adopt(&pipeline->acks, config->settings.remind_ms);
    pipeline->watch = (struct watch){ .civil = rulebook_civil(config->rules),
                                      .detect = &config->settings.detect,
                                      .kinds = &config->settings.kinds,
                                      .stepped = config->settings.stepped };
    pipeline->source = (struct event_source){ config->settings.site, pipeline->rehearse,
                                              config->settings.no_position };
}

/* Drops the oldest rules when there are PIPELINE_OLD_MAX. */
static void keep_old(struct pipeline *pipeline)
{
    if (pipeline->n_old == PIPELINE_OLD_MAX)
        memmove(pipeline->old, pipeline->old + 1, --pipeline->n_old * sizeof *pipeline->old);
    pipeline->old[pipeline->n_old++] = pipeline->config->rules;
}

bool pipeline_needs(const struct pipeline *pipeline, const struct rulebook *rules)
{
    for (size_t i = 0; i < pipeline->n_old; i++) {
        if (pipeline->old[i] == rules)
            return true;
    }
    return false;
}

void pipeline_adopt(struct pipeline *pipeline, struct prepared *fresh)
{
    // Of several while nobody can be judged, the first were those by which they were.
    if (!pipeline->round.fresh)
        keep_old(pipeline);
    put_in_force(pipeline, fresh);
    pipeline->save_next = 0;
    pipeline->round.going = pipeline->round.fresh = true;
    if (pipeline->closed == NULL) // else when it sees again
        pipeline_judge_all(pipeline);
}

bool pipeline_start(struct pipeline *pipeline, struct ledger *ledger, struct prepared *fresh,
                    struct fault *why)
{
    pipeline->ledger = pipeline->journal.ledger = ledger;
    put_in_force(pipeline, fresh);
    return pipeline_recall(pipeline, why);
}
