/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_round.c - everybody is judged again, some at a time: what is withdrawn ends, then one
 * respondent comes after the other. Nothing but numbers is kept from one step to the next.
 */
#include "app/pipeline_parts.h"

#include "adapter/log.h"
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

/* In the newest rules in which it stood for that person, else by its name. */
static const struct exclusion *find_gone(const struct pipeline *pipeline, const char *subject,
                                         const struct incident *incident, struct stub *stub)
{
    for (size_t i = pipeline->n_old; i > 0; i--) { // PIPELINE_OLD_MAX
        if (stands(pipeline->old[i - 1], subject, incident))
            return pipeline_exclusion(pipeline->old[i - 1], subject, stub);
    }
    return pipeline_exclusion(NULL, subject, stub);
}

/* All that this changes, or nothing; false when it does not fit into memory. */
static bool end_gone(struct pipeline *pipeline, const char *subject, struct incident *incident)
{
    struct stub stub;
    struct incident before = *incident;
    const struct exclusion *gone = find_gone(pipeline, subject, incident, &stub);
    struct changes_place begin = ledger_begin(pipeline->ledger);
    bool settings_kept = pipeline->journal.settings_kept;
    struct utc now = pipeline_now(pipeline);
    struct outcome outcome = { .n = 0 };

    watch_withdraw(gone, incident, now, &outcome);
    if (outcome.incidents_changed == 0)
        return true;
    if (ledger_put_incident(pipeline->ledger, subject, incident) &&
        (outcome.n == 0 || (journal_withdrawn(&pipeline->journal, gone, &before, now) &&
                            pipeline_tell(pipeline, &outcome.alerts[0])))) {
        pipeline->open -= outcome.n;
        return true;
    }
    ledger_drop(pipeline->ledger, &begin);
    pipeline->journal.settings_kept = settings_kept;
    *incident = before;
    return pipeline->closed != NULL;
}

/* Ends what is open and stands in no order any more; what cannot be kept is tried each second. */
static void withdraw(struct pipeline *pipeline, const char *subject, struct incident *incident)
{
    pipeline_right_incident(pipeline, subject, incident);
    if (!is_of_zone(subject) || stands(pipeline->config->rules, subject, incident) ||
        end_gone(pipeline, subject, incident))
        return;
    if (!pipeline->gone_stays)
        log_error("%s: its end could not be kept: it is tried each second", subject);
    pipeline->stats->unjudged++;
    pipeline->gone_stays = true;
}

static void withdraw_zones(struct pipeline *pipeline, const struct respondent *of)
{
    for (size_t i = 0; i < of->n_exclusions; i++) {
        struct incident *incident = roster_incident(pipeline->roster, of->exclusions[i]->subject);

        if (incident != NULL)
            withdraw(pipeline, of->exclusions[i]->subject, incident);
    }
}

/*
 * The same for who is judged before the round has come to all incidents: of the zones of before,
 * and of those of now, which another may have been bound by.
 */
static void withdraw_his(struct pipeline *pipeline, const struct respondent *who)
{
    size_t nth;

    for (size_t i = 0; i < pipeline->n_old; i++) { // PIPELINE_OLD_MAX
        if (rulebook_find_respondent(pipeline->old[i], who->id, &nth))
            withdraw_zones(pipeline, rulebook_respondent(pipeline->old[i], nth));
    }
    if (pipeline->n_old > 0)
        withdraw_zones(pipeline, who);
}

/* New texts that do not fit are put when something is first judged by them. */
static void put_news(struct pipeline *pipeline, const struct respondent *who, struct utc now)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (!journal_put_news(&pipeline->journal, who, now))
        ledger_drop(pipeline->ledger, &begin);
}

bool pipeline_ask_rules(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct utc now = pipeline_now(pipeline);
    struct utc at = pipeline->round.going ? pipeline->round.at : now;
    struct asked asked = { pipeline, nth };
    struct timeline timeline;

    if (!roster_seat(pipeline->roster, nth, who, ledger_gathering(pipeline->ledger)))
        return false;
    pipeline_right_his(pipeline, nth);
    roster_set_judged(pipeline->roster, nth);
    withdraw_his(pipeline, who);
    put_news(pipeline, who, now);
    // Before an exercise knows its time nothing is asked, nothing is due, nobody is listened to.
    if (at.ms != 0) {
        timeline = pipeline_timeline(&asked);
        roster_set_due(pipeline->roster, nth, timeline_rules(&timeline, at, now));
    }
    return pipeline->closed == NULL;
}

bool pipeline_meet(struct pipeline *pipeline, size_t nth)
{
    return roster_judged(pipeline->roster, nth) || pipeline_ask_rules(pipeline, nth);
}

/* All incidents once more, for those whose end could not be kept. */
void pipeline_withdraw_again(struct pipeline *pipeline)
{
    if (!pipeline->gone_stays || pipeline->round.going)
        return;
    pipeline->gone_stays = false;
    pipeline->round =
        (struct round){ .going = true,
                        .at = pipeline_now(pipeline),
                        .respondent = rulebook_counts(pipeline->config->rules).respondents };
}

void pipeline_begin_round(struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline);

    pipeline->round.going = true;
    pipeline->round.at = now;
    pipeline->round.incident = pipeline->round.respondent = 0;
    pipeline->listening = now.ms != 0;
    roster_begin_round(pipeline->roster);
    // Before the first judgement by them; what does not fit is put a second later.
    journal_put_revision(&pipeline->journal, now);
}

/* Of one respondent; whose memory is out now is judged when he pings, or a second later. */
static size_t judge_next(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);

    if (roster_judged(pipeline->roster, nth))
        return 1;
    if (!pipeline_meet(pipeline, nth))
        unjudged_owe_rules(pipeline, nth);
    return 1 + who->n_devices * who->n_exclusions;
}

/* One incident or one respondent; what that cost. */
static size_t go_on(struct pipeline *pipeline)
{
    struct round *round = &pipeline->round;
    size_t rows = ledger_rows(pipeline->ledger), units = 1;
    struct incident *incident;
    const char *subject;

    if (roster_nth_incident(pipeline->roster, round->incident, &subject, &incident)) {
        round->incident++;
        withdraw(pipeline, subject, incident);
    } else if (round->respondent < rulebook_counts(pipeline->config->rules).respondents) {
        units = judge_next(pipeline, round->respondent++);
    } else if (pipeline_acks_look_next(pipeline)) {
        units = 1;
    } else {
        *round = (struct round){ 0 };
        if (!pipeline->gone_stays)
            pipeline->n_old = 0;
        unjudged_begin(pipeline); // what is owed of the round is told with it
        units += unjudged_go_on(pipeline);
    }
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
