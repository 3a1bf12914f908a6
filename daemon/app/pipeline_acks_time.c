/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_acks_time.h"

#include "app/pipeline_acks.h"
#include "app/pipeline_acks_find.h"
#include "app/pipeline_acks_note.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"

#include <stdio.h>
#include <string.h>

/* All of it, or nothing; it is `named` in the end. */
static bool escalate(struct pipeline *pipeline, const char *incident, struct custody *custody,
                     struct named *named, struct utc now)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    char age[DURATION_TEXT_MAX];
    struct custody before = *custody;
    struct alert alert;
    bool ok = true;

    if (pipeline_acks_find(pipeline, incident, named)) {
        pipeline_acks_number(pipeline, named, custody);
        custody->reminded++;
        custody->alerts++;
        alert = pipeline_acks_make_alert(ALERT_ESCALATED, named, custody, now);
        snprintf(alert.reason, sizeof alert.reason, "nobody has taken it for %s",
                 duration_print(now.ms - custody->since.ms, age));
        ok = ledger_put_custody(pipeline->ledger, incident, custody) &&
             pipeline_tell(pipeline, &alert);
    }
    if (ok)
        return true;
    ledger_drop(pipeline->ledger, &begin);
    *custody = before;
    return false;
}

static void explain_end(const struct custody *before, struct alert *alert)
{
    alert->cause = before->outgrown ? "outgrown" : "over";
    snprintf(alert->reason, sizeof alert->reason, "shelved no more: %s; %s had done so",
             before->outgrown ? "it has become graver" : "the time is over", before->shelved_by);
}

/* The same: what is over needs no alert, as nobody waits for more of it. */
static bool end_shelf(struct pipeline *pipeline, const char *incident, struct custody *custody,
                      struct named *named, struct utc now)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    struct custody before = *custody;
    bool tell = pipeline_acks_find(pipeline, incident, named) && named->open;
    struct alert alert;
    bool ok;

    custody_unshelve(custody);
    if (tell) {
        pipeline_acks_number(pipeline, named, custody);
        custody->alerts++;
        alert = pipeline_acks_make_alert(ALERT_SHELVED, named, custody, now);
        explain_end(&before, &alert);
    }
    ok = ledger_put_custody(pipeline->ledger, incident, custody) &&
         (!tell || pipeline_tell(pipeline, &alert));
    if (ok && !tell)
        pipeline_acks_noted(pipeline, incident);
    if (ok)
        return true;
    ledger_drop(pipeline->ledger, &begin);
    *custody = before;
    return false;
}

static void note_unescalated(struct pipeline *pipeline, const struct named *named)
{
    size_t nth;

    if (named->exclusion != NULL && named->exclusion->order->respondent != NULL &&
        rulebook_find_respondent(pipeline->config->rules, named->exclusion->order->respondent,
                                 &nth))
        unjudged_note(pipeline, nth, 0, UNJUDGED_ESCALATION);
}

static struct utc later(struct utc a, struct utc b)
{
    return a.ms > b.ms ? a : b;
}

static bool first_due(const struct pipeline_acks *acks, struct utc now, size_t *out_nth)
{
    struct utc due;

    return agenda_first(&acks->due, out_nth, &due) && due.ms <= now.ms;
}

bool pipeline_acks_is_behind(const struct pipeline *pipeline, struct utc now)
{
    size_t nth;

    return first_due(&pipeline->acks, now, &nth);
}

void pipeline_acks_tick(struct pipeline *pipeline, struct utc now)
{
    struct pipeline_acks *acks = &pipeline->acks;
    struct named named;
    size_t nth;

    for (int i = 0;
         i < PIPELINE_ACKS_TURN && !ledger_full(pipeline->ledger) && first_due(acks, now, &nth);
         i++) {
        const char *incident;
        struct custody *custody = table_nth(&acks->custodies, nth, &incident);
        uint32_t reminded = custody->reminded;
        bool kept, shelf;

        pipeline_acks_correct(acks, nth);
        if (pipeline_acks_due_of(nth, acks).ms > now.ms) { // somebody has taken it meanwhile
            agenda_set(&acks->due, nth, pipeline_acks_due_of(nth, acks));
            continue;
        }
        memset(&named, 0, sizeof named);
        shelf = custody_shelf_is_over(custody, now);
        kept = (shelf ? end_shelf : escalate)(pipeline, incident, custody, &named, now);
        if (pipeline->closed != NULL)
            return;
        if (!kept)
            note_unescalated(pipeline, &named);
        // Of what there never was nobody can be reminded; else of one incident once a second.
        if (kept && !shelf && custody->reminded == reminded)
            agenda_set(&acks->due, nth, UTC_NEVER);
        else
            agenda_set(&acks->due, nth,
                       later(pipeline_acks_due_of(nth, acks), utc_plus(now, 1000)));
    }
}
