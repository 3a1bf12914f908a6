/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_ask.h"

#include "app/pipeline_acks.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"

/* Everything of one look that must survive, or false. What is of a zone is always evidence. */
static bool put_outcome(struct pipeline *pipeline, const struct respondent *who,
                        const struct track *track, const struct outcome *outcome, bool evidence)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        if ((outcome->devices_changed >> i & 1) != 0 &&
            !ledger_put_device(pipeline->ledger, who->devices[i], track->devices[i]))
            return false;
    }
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (zone_set_has(&outcome->incidents_changed, i) &&
            !ledger_put_incident(pipeline->ledger, who->exclusions[i]->subject,
                                 track->incidents[i]))
            return false;
    }
    for (size_t i = 0; i < outcome->n; i++) {
        if (!pipeline_put_alert(pipeline, &outcome->alerts[i], evidence))
            return false;
    }
    return true;
}

/* All of it is put: what it means beside what is known of the respondent. */
static void count_alerts(struct pipeline *pipeline, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        const struct alert *alert = &outcome->alerts[i];

        pipeline_acks_alarm(pipeline, alert);
        if (alert_effect(alert->type) == EFFECT_OPEN && alert->nth == 1)
            pipeline->open++;
        else if (alert_effect(alert->type) == EFFECT_CLOSE)
            pipeline->open--;
    }
}

static enum unjudged_cause unjudged_by(enum cause cause)
{
    static const enum unjudged_cause troubles[] = { UNJUDGED_PING, UNJUDGED_TIME, UNJUDGED_RULES };
    _Static_assert(sizeof troubles / sizeof *troubles == CAUSES, "a trouble for each cause");

    return troubles[cause];
}

/* False when memory is out for what is now known, or where the device is believed to be. */
static bool ask(struct pipeline *pipeline, const struct respondent *who, struct track *track,
                const struct question *question, struct outcome *out)
{
    struct known_device *device =
        question->cause == CAUSE_PING ? track->devices[question->device] : NULL;

    if (device != NULL)
        roster_lend(pipeline->roster, device);
    question_ask(&pipeline->watch, who, track, question, out);
    return roster_keep(pipeline->roster) &&
           (device == NULL || roster_keep_lent(pipeline->roster, device));
}

/* It stands as it was, and that is told; false. */
static bool not_asked(struct pipeline *pipeline, size_t nth, const struct question *question)
{
    unjudged_note(pipeline, nth, question->cause == CAUSE_PING ? question->device : 0,
                  unjudged_by(question->cause));
    return false;
}

bool pipeline_ask(struct pipeline *pipeline, size_t nth, const struct question *question,
                  struct outcome *out)
{
    const struct respondent *who = &pipeline->view.who;
    struct track *track = &pipeline->view.track;
    struct record *record = roster_record(pipeline->roster, nth);
    struct changes_place begin = ledger_begin(pipeline->ledger);
    struct journal *journal = &pipeline->journal;
    struct question asked = *question;
    bool kept;

    asked.frugal = ledger_room(pipeline->ledger) != ROOM_AMPLE;
    if (!roster_choose(pipeline->roster, nth, &pipeline->watch,
                       rulebook_respondent(pipeline->config->rules, nth), &asked, &pipeline->view))
        return not_asked(pipeline, nth, question);
    journal_before(journal, record, &pipeline->view, asked.now);
    kept = ask(pipeline, who, track, &asked, out) &&
           journal_after(journal, record, who, track, &asked, out) &&
           put_outcome(pipeline, who, track, out, asked.now.ms <= record->until.ms);
    if (!kept && pipeline->closed == NULL) {
        ledger_drop(pipeline->ledger, &begin);
        journal_undo(journal, record, who, track);
    }
    roster_take_back(pipeline->roster, who, track);
    roster_note(pipeline->roster, nth, &pipeline->view, asked.now);
    if (kept) {
        count_alerts(pipeline, out);
        if (journal->kept || out->devices_changed != 0 || zone_set_any(&out->incidents_changed))
            roster_set_unsaved(pipeline->roster, nth, ledger_gathering(pipeline->ledger));
        unjudged_over(pipeline, nth);
        return true;
    }
    if (pipeline->closed != NULL)
        return true;
    return not_asked(pipeline, nth, question);
}
