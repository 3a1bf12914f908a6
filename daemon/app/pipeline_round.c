/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_round.c - everybody is judged again, some at a time: what is withdrawn ends, then one
 * respondent comes after the other. Nothing but numbers is kept from one step to the next.
 */
#include "app/pipeline_parts.h"

#include "core/index.h"

#include <string.h>

/* A row for the ledger costs as much as so many looks. Rows that may gather, so that no ping's
 * commit waits for more. */
enum { ROW_UNITS = 8, STEP_ROWS = 2000 };

/* "ORDER/ZONE": neither breachd's own nor a device's. */
static bool is_of_zone(const char *subject)
{
    const char *slash = strchr(subject, '/');

    return slash != NULL && strchr(slash + 1, '/') == NULL;
}

/* Whether the zone still stands in an order, and for the person whom the incident is about. */
static bool stands(const struct rulebook *rules, const char *subject,
                   const struct incident *incident)
{
    size_t nth;

    return rulebook_find_exclusion(rules, subject, &nth) &&
           (incident->person == 0 ||
            incident->person == name_mark(rulebook_exclusion(rules, nth)->order->respondent));
}

/* False, as below, when that does not fit into memory. */
static bool end_gone(struct pipeline *pipeline, const char *subject, struct incident *incident)
{
    struct outcome outcome;
    struct stub stub;
    struct incident before = *incident;
    const struct exclusion *gone = pipeline_exclusion(pipeline->round.old, subject, &stub);
    struct utc now = pipeline_now(pipeline);

    outcome.n = 0;
    watch_withdraw(gone, incident, now, &outcome);
    if (outcome.incidents_changed == 0)
        return true;
    pipeline->open -= outcome.n;
    return ledger_put_incident(pipeline->ledger, subject, incident) &&
           (outcome.n == 0 || (journal_withdrawn(&pipeline->journal, gone, &before, now) &&
                               pipeline_tell(pipeline, &outcome.alerts[0])));
}

/* Ends what is open and stands in no order any more. */
static bool withdraw(struct pipeline *pipeline, const char *subject, struct incident *incident)
{
    return !is_of_zone(subject) || stands(pipeline->config->rules, subject, incident) ||
           end_gone(pipeline, subject, incident);
}

/* The same of his old zones, for who is judged before the round has come to all incidents. */
static bool withdraw_his(struct pipeline *pipeline, const struct respondent *who)
{
    const struct rulebook *old = pipeline->round.old;
    const struct respondent *was;
    struct incident *incident;
    bool ok = true;
    size_t nth;

    if (old == NULL || !rulebook_find_respondent(old, who->id, &nth))
        return true;
    was = rulebook_respondent(old, nth);
    for (size_t i = 0; ok && i < was->n_exclusions; i++) {
        incident = roster_incident(pipeline->roster, was->exclusions[i]->subject);
        ok = incident != NULL && withdraw(pipeline, was->exclusions[i]->subject, incident);
    }
    return ok;
}

/* From now on, if not before, who is not heard is silent. In a rehearsal its first ping begins it.
 */
static void listen_to(const struct respondent *who, struct track *track, struct utc at)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        if (track->devices[i]->listened.ms == 0)
            track->devices[i]->listened = at;
    }
}

static bool judge_again(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct track *track = roster_track(pipeline->roster, nth);
    struct utc at = pipeline->round.at;
    struct question question = { .cause = CAUSE_RULES, .at = at, .now = pipeline_now(pipeline) };
    struct outcome outcome;

    roster_set_judged(pipeline->roster, nth);
    if (!roster_seat(pipeline->roster, nth, who, ledger_gathering(pipeline->ledger)) ||
        !withdraw_his(pipeline, who) || !journal_put_news(&pipeline->journal, who, question.now))
        return false;
    listen_to(who, track, at);
    pipeline_ask(pipeline, nth, &question, &outcome);
    // Before an exercise knows its time nothing is due.
    roster_set_due(pipeline->roster, nth,
                   at.ms != 0 ? watch_due(&pipeline->watch, who, track, at) : UTC_NEVER);
    return true;
}

void pipeline_meet(struct pipeline *pipeline, size_t nth)
{
    if (!roster_judged(pipeline->roster, nth) && !judge_again(pipeline, nth))
        ledger_give_up(pipeline->ledger, "a change does not fit into memory");
}

void pipeline_begin_round(struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline);

    pipeline->round.going = true;
    pipeline->round.at = now;
    pipeline->round.incident = pipeline->round.respondent = 0;
    pipeline->listening = now.ms != 0;
    roster_begin_round(pipeline->roster);
    // Before the first judgement by them.
    if (!journal_put_revision(&pipeline->journal, now))
        ledger_give_up(pipeline->ledger, "a change does not fit into memory");
}

/* One incident or one respondent; what that cost. */
static size_t go_on(struct pipeline *pipeline)
{
    struct round *round = &pipeline->round;
    size_t rows = ledger_rows(pipeline->ledger), units = 1, nth = round->respondent;
    struct incident *incident;
    const char *subject;
    bool ok = true;

    if (roster_nth_incident(pipeline->roster, round->incident, &subject, &incident)) {
        round->incident++;
        ok = withdraw(pipeline, subject, incident);
    } else if (nth < rulebook_counts(pipeline->config->rules).respondents) {
        const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);

        round->respondent++;
        if (!roster_judged(pipeline->roster, nth)) {
            units += who->n_devices * who->n_exclusions;
            ok = judge_again(pipeline, nth);
        }
    } else {
        *round = (struct round){ 0 };
    }
    if (!ok)
        ledger_give_up(pipeline->ledger, "a change does not fit into memory");
    if (ledger_rows(pipeline->ledger) > rows)
        units += ROW_UNITS * (ledger_rows(pipeline->ledger) - rows);
    return units;
}

size_t pipeline_step(struct pipeline *pipeline)
{
    size_t units = 0;

    while (pipeline->round.going && pipeline->closed == NULL && units < PIPELINE_STEP_UNITS &&
           ledger_rows(pipeline->ledger) < STEP_ROWS)
        units += go_on(pipeline);
    ledger_flush(pipeline->ledger);
    return units;
}

void pipeline_end_round(struct pipeline *pipeline)
{
    while (pipeline->round.going && pipeline->closed == NULL)
        go_on(pipeline);
}

bool pipeline_judging(const struct pipeline *pipeline)
{
    return pipeline->round.going;
}
