/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_meet.h"

#include "adapter/log.h"
#include "app/pipeline_clock.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"
#include "app/pipeline_timeline.h"
#include "core/index.h"

#include <string.h>

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
    struct outcome outcome;

    outcome.n = 0;
    outcome.incidents_changed = (struct zone_set){ { 0 } };
    watch_withdraw(gone, incident, now, &outcome);
    if (!zone_set_any(&outcome.incidents_changed))
        return true;
    if (roster_keep(pipeline->roster) && ledger_put_incident(pipeline->ledger, subject, incident) &&
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

/*
 * Ends what is open and stands in no order any more, and not only because the rules of a start are
 * not the newest; what cannot be kept is tried each second.
 */
void pipeline_withdraw(struct pipeline *pipeline, const char *subject, struct incident *incident)
{
    pipeline_correct_incident(pipeline, subject, incident);
    if (!is_of_zone(subject) || stands(pipeline->config->rules, subject, incident) ||
        behind_has(&pipeline->config->behind, subject) || end_gone(pipeline, subject, incident))
        return;
    if (!pipeline->gone_stays)
        log_error("%s: its end could not be kept: it is tried each second", subject);
    pipeline->stats->unjudged++;
    pipeline->gone_stays = true;
}

static void withdraw_zones(struct pipeline *pipeline, const struct respondent *of)
{
    for (size_t i = 0; i < of->n_exclusions; i++) {
        struct incident *incident =
            roster_find_incident(pipeline->roster, of->exclusions[i]->subject);

        if (incident != NULL)
            pipeline_withdraw(pipeline, of->exclusions[i]->subject, incident);
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

    if (!roster_load(pipeline->roster, nth, who, ledger_gathering(pipeline->ledger)))
        return false;
    pipeline_correct_respondent(pipeline, nth);
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
