/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_acks_note.h"

#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/log.h"
#include "app/pipeline_acks_find.h"
#include "app/pipeline_parts.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what changes without an alert is said once it is on disk ---- */

struct noted {
    struct pipeline *pipeline;
    char incident[EVENT_ID_MAX];
};

static void on_kept(bool kept, void *arg)
{
    struct noted *noted = arg;
    struct pipeline *pipeline = noted->pipeline;

    if (kept && pipeline->on_noted != NULL)
        pipeline->on_noted(noted->incident, pipeline->on_noted_arg);
    free(noted);
}

void pipeline_acks_noted(struct pipeline *pipeline, const char *incident)
{
    struct noted *noted = calloc(1, sizeof *noted);

    // It is kept all the same, and told with the next alert, or when Redis comes up again.
    if (noted == NULL)
        return;
    noted->pipeline = pipeline;
    snprintf(noted->incident, sizeof noted->incident, "%s", incident);
    if (!ledger_wait(pipeline->ledger, on_kept, noted))
        free(noted);
}

void pipeline_call_when_noted(struct pipeline *pipeline,
                              void (*on_noted)(const char *incident, void *arg), void *arg)
{
    pipeline->on_noted = on_noted;
    pipeline->on_noted_arg = arg;
}

/* ---- how an incident stands ---- */

void pipeline_holder(const struct pipeline *pipeline, const char *incident,
                     struct event_holder *out)
{
    const struct custody *custody = table_find(&pipeline->acks.custodies, incident);

    if (custody == NULL)
        return;
    *out = (struct event_holder){ .by = custody->taken ? custody->by : "",
                                  .note = custody->note,
                                  .shelved = custody->shelved,
                                  .shelved_by = custody->shelved_by };
}

const char *pipeline_incident_state(struct pipeline *pipeline, const char *incident)
{
    const struct custody *custody = table_find(&pipeline->acks.custodies, incident);
    struct named named = { .number = 0 };

    if (custody != NULL && custody->closed)
        return "closed";
    return pipeline_acks_find(pipeline, incident, &named) && named.open ? "open" : "ended";
}

bool pipeline_has_incident(struct pipeline *pipeline, const char *incident)
{
    struct named named = { .number = 0 };

    return pipeline_acks_find(pipeline, incident, &named);
}

/* ---- the first alert in the stream ---- */

/* An id that Redis cannot have given would shut out every ack. */
static bool is_given(const char *since)
{
    struct entry_id id;

    return entry_id_read(since, &id) && id.ms <= (uint64_t)clock_utc().ms + ACKS_AHEAD_MS;
}

void pipeline_note_first_entry(struct pipeline *pipeline, const char *incident, const char *since)
{
    struct custody *custody = table_find(&pipeline->acks.custodies, incident);
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (custody == NULL || !custody->unseen || pipeline->closed != NULL)
        return;
    custody->unseen = false;
    snprintf(custody->since_entry, sizeof custody->since_entry, "%s", is_given(since) ? since : "");
    // With the mark of what is published, which nobody waits for.
    if (ledger_put_custody(pipeline->ledger, incident, custody))
        return;
    ledger_drop(pipeline->ledger, &begin);
    log_error("%s: where its first alert stands could not be kept", incident);
}
