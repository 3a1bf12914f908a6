/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_ask.c - the bulkhead: one question about one respondent, and everything that comes of it
 * as rows of the commit that gathers, or nothing of it.
 */
#include "app/pipeline_parts.h"
#include "app/told.h"

/* With whoever must take it. */
static bool put_alert(struct pipeline *pipeline, const struct alert *alert)
{
    struct told told;
    bool ok = told_make(alert, &pipeline->source, &told) &&
              ledger_put_alert(pipeline->ledger, &told.kept) &&
              desk_put_alarm(pipeline, alert, told.incident);

    told_fini(&told);
    return ok;
}

bool pipeline_tell(struct pipeline *pipeline, const struct alert *alert)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (put_alert(pipeline, alert)) {
        desk_alarm(pipeline, alert);
        return true;
    }
    ledger_drop(pipeline->ledger, &begin);
    return false;
}

/* Everything of one look that must survive, or false. */
static bool put_outcome(struct pipeline *pipeline, const struct respondent *who,
                        const struct track *track, const struct outcome *outcome)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        if ((outcome->devices_changed >> i & 1) != 0 &&
            !ledger_put_device(pipeline->ledger, who->devices[i], track->devices[i]))
            return false;
    }
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if ((outcome->incidents_changed >> i & 1) != 0 &&
            !ledger_put_incident(pipeline->ledger, who->exclusions[i]->subject,
                                 track->incidents[i]))
            return false;
    }
    for (size_t i = 0; i < outcome->n; i++) {
        if (!put_alert(pipeline, &outcome->alerts[i]))
            return false;
    }
    return true;
}

/* All of it is put: what it means beside what is known of the respondent. */
static void count_alerts(struct pipeline *pipeline, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        const struct alert *alert = &outcome->alerts[i];

        desk_alarm(pipeline, alert);
        if (alert_effect(alert->type) == EFFECT_OPEN && alert->nth == 1)
            pipeline->open++;
        else if (alert_effect(alert->type) == EFFECT_CLOSE)
            pipeline->open--;
    }
}

static enum trouble trouble_of(enum cause cause)
{
    return cause == CAUSE_PING ? TROUBLE_PING : cause == CAUSE_TIME ? TROUBLE_TIME : TROUBLE_RULES;
}

bool pipeline_ask(struct pipeline *pipeline, size_t nth, const struct question *question,
                  struct outcome *out)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct track *track = roster_track(pipeline->roster, nth);
    struct record *record = roster_record(pipeline->roster, nth);
    struct changes_place begin = ledger_begin(pipeline->ledger);
    struct journal *journal = &pipeline->journal;

    journal_before(journal, record, who, track, question->now);
    question_ask(&pipeline->watch, who, track, question, out);
    if (journal_after(journal, record, who, track, question, out) &&
        put_outcome(pipeline, who, track, out)) {
        count_alerts(pipeline, out);
        if (journal->kept)
            roster_set_unsaved(pipeline->roster, nth, ledger_gathering(pipeline->ledger));
        unjudged_over(pipeline, nth);
        return true;
    }
    if (pipeline->closed != NULL)
        return true;
    ledger_drop(pipeline->ledger, &begin);
    journal_undo(journal, record, who, track);
    unjudged_note(pipeline, nth, question->cause == CAUSE_PING ? question->device : 0,
                  trouble_of(question->cause));
    return false;
}
