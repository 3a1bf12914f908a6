/* SPDX-License-Identifier: Apache-2.0 */
/* desk_time.c - nobody has said a word in time: that is told, the longest waiting first. */
#include "app/desk_parts.h"

#include <stdio.h>
#include <string.h>

/* All of it, or nothing; it is `named` in the end. */
static bool escalate(struct pipeline *pipeline, const char *incident, struct custody *custody,
                     struct named *named, struct utc now)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    char age[DURATION_TEXT_MAX], since[UTC_TEXT_MAX];
    struct custody before = *custody;
    struct alert alert;
    bool ok = true;

    if (desk_find(pipeline, incident, named)) {
        custody->reminded++;
        custody->told++;
        alert = desk_make_alert(ALERT_ESCALATED, named, custody, now);
        snprintf(alert.reason, sizeof alert.reason,
                 "nobody has taken it for %s, since the alert of %s",
                 duration_print(now.ms - custody->since.ms, age), utc_print(custody->since, since));
        ok = ledger_put_custody(pipeline->ledger, incident, custody) &&
             pipeline_tell(pipeline, &alert);
    }
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

static bool first_due(const struct desk *desk, struct utc now, size_t *out_nth)
{
    struct utc due;

    return agenda_first(&desk->due, out_nth, &due) && due.ms <= now.ms;
}

bool desk_is_behind(const struct pipeline *pipeline, struct utc now)
{
    size_t nth;

    return first_due(&pipeline->desk, now, &nth);
}

void desk_tick(struct pipeline *pipeline, struct utc now)
{
    struct desk *desk = &pipeline->desk;
    struct named named;
    size_t nth;

    for (int i = 0; i < DESK_TURN && !ledger_full(pipeline->ledger) && first_due(desk, now, &nth);
         i++) {
        const char *incident;
        struct custody *custody = book_nth(&desk->custodies, nth, &incident);
        uint32_t reminded = custody->reminded;
        bool kept;

        desk_right(desk, nth);
        if (desk_due_of(nth, desk).ms > now.ms) { // somebody has taken it meanwhile
            agenda_set(&desk->due, nth, desk_due_of(nth, desk));
            continue;
        }
        memset(&named, 0, sizeof named);
        kept = escalate(pipeline, incident, custody, &named, now);
        if (pipeline->closed != NULL)
            return;
        if (!kept)
            note_unescalated(pipeline, &named);
        // Of what there never was nobody can be reminded; else of one incident once a second.
        if (kept && custody->reminded == reminded)
            agenda_set(&desk->due, nth, UTC_NEVER);
        else
            agenda_set(&desk->due, nth, later(desk_due_of(nth, desk), utc_plus(now, 1000)));
    }
}
