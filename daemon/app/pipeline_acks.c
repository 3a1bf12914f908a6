/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_acks.h"

#include "app/pipeline_parts.h"

#include <stdio.h>
#include <string.h>

void pipeline_acks_init(struct pipeline_acks *acks, const struct corrections *corrections)
{
    *acks = (struct pipeline_acks){ .custodies.size = sizeof(struct custody),
                                    .corrections = corrections };
}

void pipeline_acks_fini(struct pipeline_acks *acks)
{
    table_fini(&acks->custodies);
    agenda_fini(&acks->due);
}

/* When it is escalated next, of custody number `nth`. */
struct utc pipeline_acks_due_of(size_t nth, const struct pipeline_acks *acks)
{
    const char *incident;

    return custody_due(table_nth(&acks->custodies, nth, &incident), acks->remind_ms);
}

void pipeline_acks_adopt(struct pipeline_acks *acks, int64_t remind_ms)
{
    if (acks->remind_ms == remind_ms)
        return;
    acks->remind_ms = remind_ms;
    pipeline_acks_scan_again(acks);
}

static void settle(struct pipeline_acks *acks, size_t nth)
{
    struct utc due = pipeline_acks_due_of(nth, acks);

    if (due.ms != agenda_due(&acks->due, nth).ms) // one for which memory was out is never due
        agenda_set(&acks->due, nth, due);
}

bool pipeline_acks_correct(struct pipeline_acks *acks, size_t nth)
{
    const char *incident;

    if (!corrections_custody(acks->corrections, table_nth(&acks->custodies, nth, &incident)))
        return false; // nothing is known of when
    settle(acks, nth);
    return true;
}

struct custody *pipeline_acks_known(struct pipeline_acks *acks, const char *incident)
{
    size_t nth;

    if (!table_number(&acks->custodies, incident, &nth))
        return NULL;
    pipeline_acks_correct(acks, nth);
    return table_nth(&acks->custodies, nth, &incident);
}

/*
 * The custody of `incident`, made if there is none, or NULL; to be given to `settle` when changed.
 */
struct custody *pipeline_acks_take(struct pipeline_acks *acks, const char *incident)
{
    if (table_take(&acks->custodies, incident) == NULL ||
        !agenda_reserve(&acks->due, acks->custodies.room))
        return NULL;
    return pipeline_acks_known(acks, incident);
}

bool pipeline_is_seen_to(const struct pipeline *pipeline, const char *incident)
{
    const struct custody *custody = table_find(&pipeline->acks.custodies, incident);

    return custody != NULL && (custody->taken || custody->closed);
}

bool pipeline_is_done(const struct pipeline *pipeline, const char *incident)
{
    const struct custody *custody = table_find(&pipeline->acks.custodies, incident);

    return custody != NULL && custody->closed;
}

void pipeline_acks_settle(struct pipeline_acks *acks, const char *incident)
{
    size_t nth;

    if (table_number(&acks->custodies, incident, &nth))
        settle(acks, nth);
}

void pipeline_acks_forget(struct pipeline_acks *acks)
{
    table_blank(&acks->custodies);
    agenda_fini(&acks->due);
    acks->last_ack_id[0] = acks->kept[0] = '\0';
    acks->last_ack_in = 0;
}

bool pipeline_acks_recall_row(struct pipeline_acks *acks, const struct row *row)
{
    struct custody *custody = row->kind == ROW_CUSTODY ? pipeline_acks_take(acks, row->name) : NULL;

    if (custody != NULL) {
        *custody = row->custody;
        pipeline_acks_settle(acks, row->name);
    }
    if (row->kind == ROW_LAST_ACK)
        snprintf(acks->last_ack_id, sizeof acks->last_ack_id, "%s", row->name);
    snprintf(acks->kept, sizeof acks->kept, "%s", acks->last_ack_id);
    return row->kind != ROW_CUSTODY || custody != NULL;
}

void pipeline_acks_end(struct pipeline_acks *acks, const struct row *row)
{
    struct custody *custody =
        row->kind == ROW_CUSTODY ? table_find(&acks->custodies, row->name) : NULL;

    if (custody == NULL)
        return;
    memset(custody->note, 0, sizeof custody->note);
    custody->forgotten = true;
}

static bool is_alarm(const struct alert *alert)
{
    return alert->severity == SEVERITY_CRITICAL && alert_is(alert->type, TRAIT_ALARM);
}

/* Nothing was ever told of its incident: an earlier try may have been undone. */
static bool is_blank(const struct custody *custody)
{
    return !custody->unseen && custody->since_entry[0] == '\0' && custody->since.ms == 0 &&
           custody->alerts == 0 && !custody->taken && !custody->closed;
}

static bool is_of_device(const struct alert *alert)
{
    return alert->exclusion == NULL && alert->device != NULL;
}

/*
 * Our blindness is over and stands in no list any more: nobody is called for it, each clean restart
 * would be such a call; nor for a device that is heard again. Who was in a zone is somebody's, also
 * when he has left.
 */
static bool calls_off(const struct custody *custody, const struct alert *alert)
{
    return (alert->type == ALERT_SIGHTED || alert->type == ALERT_HEARD) && custody->since.ms != 0;
}

/* Of a device, and as grave as a breach: nobody knows where he is, or what the tag is worth. */
static bool is_grave(const struct alert *alert)
{
    return alert_is(alert->type, TRAIT_GRAVE) && alert->severity >= SEVERITY_HIGH;
}

/*
 * Of a device's other troubles nothing is kept before their first ack: there are too many of them,
 * and their numbers never come again, so that an old ack can be about no new one.
 */
static bool is_kept(const struct alert *alert, const char *incident)
{
    return incident[0] != '\0' && (!is_of_device(alert) || is_grave(alert));
}

/* Whoever took it when it was less must look; but what a device tells again is the same. */
static bool calls(const struct custody *custody, const struct alert *alert)
{
    return is_alarm(alert) ||
           (is_of_device(alert) && is_grave(alert) && custody->since.ms == 0 && !custody->closed);
}

/* It is over: there is nothing to keep quiet, and that it has ended is news. */
static bool ends_shelf(const struct custody *custody, const struct alert *alert)
{
    return custody->shelved.ms != 0 && !alert_is(alert->type, TRAIT_CONTROL_ROOM) &&
           alert_todo(alert, true) == EFFECT_CLOSE;
}

/* What an alert means for who has the incident; false when that is nothing new. */
static bool raise_alarm(struct custody *custody, const struct alert *alert)
{
    bool blank = is_blank(custody), changed = false;

    if (blank && !is_of_device(alert))
        changed = custody->unseen = true;
    if (calls_off(custody, alert)) {
        custody->since.ms = 0;
        changed = true;
    }
    if (calls(custody, alert)) {
        custody_alarm(custody, alert->received);
        changed = true;
    }
    if (!alert_is(alert->type, TRAIT_CONTROL_ROOM))
        changed |= custody_grows(custody, alert->severity);
    if (ends_shelf(custody, alert)) {
        custody_unshelve(custody);
        changed = true;
    }
    return changed;
}

bool pipeline_acks_put_alarm(struct pipeline *pipeline, const struct alert *alert,
                             const char *incident, struct custody *out)
{
    bool kept = is_kept(alert, incident);
    const struct custody *custody = kept ? pipeline_acks_take(&pipeline->acks, incident)
                                         : pipeline_acks_known(&pipeline->acks, incident);

    *out = custody != NULL ? *custody : (struct custody){ 0 };
    if (custody == NULL)
        return !kept;
    return !raise_alarm(out, alert) || ledger_put_custody(pipeline->ledger, incident, out);
}

void pipeline_acks_alarm(struct pipeline *pipeline, const struct alert *alert)
{
    char incident[EVENT_ID_MAX];
    struct custody *custody;

    event_incident(alert, incident);
    custody = pipeline_acks_known(&pipeline->acks, incident); // pipeline_acks_put_alarm has made it
    if (custody != NULL && raise_alarm(custody, alert))
        pipeline_acks_settle(&pipeline->acks, incident);
}

void pipeline_acks_scan_again(struct pipeline_acks *acks)
{
    acks->scan_next = 0;
}

bool pipeline_acks_scan_next(struct pipeline *pipeline)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    struct pipeline_acks *acks = &pipeline->acks;
    const char *incident;
    const struct custody *custody = table_nth(&acks->custodies, acks->scan_next, &incident);

    if (custody == NULL)
        return false;
    // What does not fit is corrected again when it is recalled.
    if (pipeline_acks_correct(acks, acks->scan_next) &&
        !ledger_put_custody(pipeline->ledger, incident, custody))
        ledger_drop(pipeline->ledger, &begin);
    settle(acks, acks->scan_next++);
    return true;
}

void pipeline_acks_correct_recalled(struct pipeline_acks *acks, const struct correction *correction)
{
    const char *incident;

    for (size_t i = 0; i < acks->custodies.n; i++) { // as many as rows were just read
        pipeline_acks_correct(acks, i);
        if (correction_custody(correction, table_nth(&acks->custodies, i, &incident)))
            pipeline_acks_settle(acks, incident);
    }
    acks->scan_next = acks->custodies.n;
}
