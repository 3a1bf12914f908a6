/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_rules.c - the rules are swapped, or what was known is recalled. */
#include "app/pipeline_parts.h"

#include <stdio.h>
#include <string.h>

const struct exclusion *pipeline_exclusion(const struct rulebook *old, const char *subject,
                                           struct stub *stub)
{
    const char *slash = strchr(subject, '/');
    size_t nth;

    if (old != NULL && rulebook_find_exclusion(old, subject, &nth))
        return rulebook_exclusion(old, nth);
    *stub = (struct stub){ .exclusion = { .subject = subject,
                                          .name = slash ? slash + 1 : subject,
                                          .order = &stub->order },
                           .order = { .id = stub->id } };
    snprintf(stub->id, sizeof stub->id, "%.*s", (int)strcspn(subject, "/"), subject);
    return &stub->exclusion;
}

static void put_in_force(struct pipeline *pipeline, struct prepared *fresh)
{
    const struct config *config = fresh->config;

    fresh->seats = roster_swap(pipeline->roster, fresh->seats);
    journal_adopt(&pipeline->journal, config, fresh->texts, pipeline->rehearse);
    fresh->texts = NULL;
    pipeline->listening = false;
    pipeline->config = config;
    pipeline->watch = (struct watch){ rulebook_civil(config->rules), &config->settings.detect };
    pipeline->source = (struct event_source){ config->settings.site, pipeline->rehearse,
                                              config->settings.no_position };
}

void pipeline_adopt(struct pipeline *pipeline, struct prepared *fresh)
{
    // Of several while nobody can be judged, the first were those by which they were.
    if (pipeline->round.old == NULL)
        pipeline->round.old = pipeline->config->rules;
    put_in_force(pipeline, fresh);
    pipeline->save_next = 0;
    pipeline->round.going = true;
    if (pipeline->closed == NULL) // else when it sees again
        pipeline_begin_round(pipeline);
}

void pipeline_judge_all(struct pipeline *pipeline)
{
    pipeline->open = roster_open(pipeline->roster);
    pipeline_begin_round(pipeline);
}

static void recall_row(const struct row *row, void *arg)
{
    struct pipeline *pipeline = arg;

    roster_recall_row(row, pipeline->roster);
    desk_recall_row(&pipeline->desk, row);
    // A rehearsal goes on from where it was.
    if (row->kind == ROW_DEVICE && row->device.newest.time.ms > pipeline->rehearsal.now.ms)
        pipeline->rehearsal.now = row->device.newest.time;
}

bool pipeline_recall(struct pipeline *pipeline, struct fault *why)
{
    roster_forget(pipeline->roster);
    pipeline->listening = false;
    journal_forget(&pipeline->journal);
    desk_forget(&pipeline->desk);
    return ledger_restore(pipeline->ledger, recall_row, pipeline, why);
}

bool pipeline_start(struct pipeline *pipeline, struct ledger *ledger, struct prepared *fresh,
                    struct fault *why)
{
    pipeline->ledger = pipeline->journal.ledger = ledger;
    put_in_force(pipeline, fresh);
    return pipeline_recall(pipeline, why);
}
