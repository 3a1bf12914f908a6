/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk.h"

#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/json/input.h"
#include "adapter/log.h"
#include "adapter/text.h"
#include "app/desk_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void desk_init(struct desk *desk, const struct rightings *rightings)
{
    *desk = (struct desk){ .custodies.size = sizeof(struct custody), .rightings = rightings };
}

void desk_fini(struct desk *desk)
{
    book_fini(&desk->custodies);
    agenda_fini(&desk->due);
}

/* When it is escalated next, of custody number `nth`. */
struct utc desk_due_of(size_t nth, const struct desk *desk)
{
    const char *incident;

    return custody_due(book_nth(&desk->custodies, nth, &incident), desk->remind_ms);
}

void desk_adopt(struct desk *desk, int64_t remind_ms)
{
    if (desk->remind_ms == remind_ms)
        return;
    desk->remind_ms = remind_ms;
    desk_look_again(desk);
}

static void settle(struct desk *desk, size_t nth)
{
    struct utc due = desk_due_of(nth, desk);

    if (due.ms != agenda_due(&desk->due, nth).ms) // one for which memory was out is never due
        agenda_set(&desk->due, nth, due);
}

bool desk_right(struct desk *desk, size_t nth)
{
    const char *incident;

    if (!rightings_custody(desk->rightings, book_nth(&desk->custodies, nth, &incident)))
        return false; // nothing is known of when
    settle(desk, nth);
    return true;
}

struct custody *desk_known(struct desk *desk, const char *incident)
{
    size_t nth;

    if (!book_number(&desk->custodies, incident, &nth))
        return NULL;
    desk_right(desk, nth);
    return book_nth(&desk->custodies, nth, &incident);
}

/* The custody of `incident`, made if there is none, or NULL; to be given to `settle` when changed.
 */
struct custody *desk_take(struct desk *desk, const char *incident)
{
    if (book_take(&desk->custodies, incident) == NULL ||
        !agenda_reserve(&desk->due, desk->custodies.room))
        return NULL;
    return desk_known(desk, incident);
}

void desk_settle(struct desk *desk, const char *incident)
{
    size_t nth;

    if (book_number(&desk->custodies, incident, &nth))
        settle(desk, nth);
}

void desk_forget(struct desk *desk)
{
    book_blank(&desk->custodies);
    agenda_fini(&desk->due);
    desk->heard[0] = desk->kept[0] = '\0';
    desk->heard_in = 0;
}

void desk_recall_row(struct desk *desk, const struct row *row)
{
    struct custody *custody = row->kind == ROW_CUSTODY ? desk_take(desk, row->name) : NULL;

    if (custody != NULL) {
        *custody = row->custody;
        desk_settle(desk, row->name);
    }
    if (row->kind == ROW_HEARD)
        snprintf(desk->heard, sizeof desk->heard, "%s", row->name);
    snprintf(desk->kept, sizeof desk->kept, "%s", desk->heard);
}

static bool is_alarm(const struct alert *alert)
{
    return alert->severity == SEVERITY_CRITICAL &&
           (alert->type == ALERT_BREACH || alert->type == ALERT_BLIND);
}

/* Nothing was ever told of its incident: an earlier try may have been undone. */
static bool is_blank(const struct custody *custody)
{
    return !custody->unseen && custody->since_entry[0] == '\0' && custody->since.ms == 0 &&
           custody->told == 0 && !custody->taken && !custody->closed;
}

/*
 * Of a device's trouble nothing is kept before somebody says a word: there are too many of them,
 * and their numbers never come again, so that an old word can be about no new one.
 */
static bool is_of_device(const struct alert *alert)
{
    return alert->exclusion == NULL && alert->device != NULL;
}

/* What an alert means for who has the incident; false when that is nothing new. */
static bool raise_alarm(struct custody *custody, const struct alert *alert)
{
    bool blank = is_blank(custody);

    if (!blank && !is_alarm(alert))
        return false;
    custody->unseen = custody->unseen || blank;
    if (is_alarm(alert))
        custody_alarm(custody, alert->received);
    return true;
}

bool desk_put_alarm(struct pipeline *pipeline, const struct alert *alert, const char *incident,
                    struct custody *out)
{
    bool kept = incident[0] != '\0' && !is_of_device(alert);
    const struct custody *custody =
        kept ? desk_take(&pipeline->desk, incident) : desk_known(&pipeline->desk, incident);

    *out = custody != NULL ? *custody : (struct custody){ 0 };
    if (custody == NULL || !kept)
        return !kept;
    return !raise_alarm(out, alert) || ledger_put_custody(pipeline->ledger, incident, out);
}

void desk_alarm(struct pipeline *pipeline, const struct alert *alert)
{
    char incident[EVENT_ID_MAX];
    struct custody *custody;

    event_incident(alert, incident);
    custody = desk_known(&pipeline->desk, incident); // desk_put_alarm has made it
    if (custody != NULL && !is_of_device(alert) && raise_alarm(custody, alert))
        desk_settle(&pipeline->desk, incident);
}

void desk_look_again(struct desk *desk)
{
    desk->look_next = 0;
}

bool desk_look_next(struct pipeline *pipeline)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    struct desk *desk = &pipeline->desk;
    const char *incident;
    const struct custody *custody = book_nth(&desk->custodies, desk->look_next, &incident);

    if (custody == NULL)
        return false;
    // What does not fit is righted again when it is recalled.
    if (desk_right(desk, desk->look_next) &&
        !ledger_put_custody(pipeline->ledger, incident, custody))
        ledger_drop(pipeline->ledger, &begin);
    settle(desk, desk->look_next++);
    return true;
}

void desk_right_recalled(struct desk *desk, const struct righting *righting)
{
    const char *incident;

    for (size_t i = 0; i < desk->custodies.n; i++) { // as many as rows were just read
        desk_right(desk, i);
        if (righting_custody(righting, book_nth(&desk->custodies, i, &incident)))
            desk_settle(desk, incident);
    }
    desk->look_next = desk->custodies.n;
}

/* An id that Redis cannot have given would shut out every word. */
static bool is_given(const char *since)
{
    struct entry_id id;

    return entry_id_read(since, &id) && id.ms <= (uint64_t)clock_utc().ms + ACKS_AHEAD_MS;
}

void pipeline_stands(struct pipeline *pipeline, const char *incident, const char *since)
{
    struct custody *custody = book_find(&pipeline->desk.custodies, incident);
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
