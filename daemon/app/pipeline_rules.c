/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_rules.c - the rules are swapped, or what was known is recalled: everybody is judged
 * again.
 */
#include "app/pipeline_parts.h"

#include <stdio.h>
#include <string.h>

const struct exclusion *pipeline_exclusion(const struct rulebook *old, const char *subject,
                                           struct stub *stub)
{
    const char *slash = strchr(subject, '/');
    size_t nth;

    if (old != NULL && rulebook_find_exclusion(old, subject, &nth))
        return rulebook_exclusion(old, nth);
    *stub = (struct stub){ .exclusion = { .subject = subject,
                                          .name = slash ? slash + 1 : subject,
                                          .order = &stub->order },
                           .order = { .id = stub->id } };
    snprintf(stub->id, sizeof stub->id, "%.*s", (int)strcspn(subject, "/"), subject);
    return &stub->exclusion;
}

/* Ends what is open and stands in no order any more; `old` may be NULL: it was so when we started.
 */
static void withdraw(struct pipeline *pipeline, const struct rulebook *old)
{
    struct outcome outcome;
    struct stub stub;
    struct incident *incident, before;
    const struct exclusion *gone;
    struct utc now = pipeline_now(pipeline);
    const char *subject;
    size_t found;

    for (size_t i = 0; roster_nth_incident(pipeline->roster, i, &subject, &incident); i++) {
        if (incident == pipeline_site_incident(pipeline) ||
            rulebook_find_exclusion(pipeline->config->rules, subject, &found))
            continue;
        gone = pipeline_exclusion(old, subject, &stub);
        before = *incident;
        outcome.n = 0;
        watch_withdraw(gone, incident, now, &outcome);
        if (outcome.incidents_changed == 0)
            continue;
        if (!ledger_put_incident(pipeline->ledger, subject, incident) ||
            (outcome.n > 0 && (!journal_withdrawn(&pipeline->journal, gone, &before, now) ||
                               !pipeline_tell(pipeline, &outcome.alerts[0])))) {
            ledger_give_up(pipeline->ledger, "a change does not fit into memory");
            return;
        }
    }
}

void pipeline_listen(struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline);
    size_t n = rulebook_counts(pipeline->config->rules).respondents;

    if (pipeline->listening || now.ms == 0)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct respondent *who = rulebook_respondent(pipeline->config->rules, i);
        struct track *track = roster_track(pipeline->roster, i);

        for (size_t k = 0; k < who->n_devices; k++) {
            if (track->devices[k]->listened.ms == 0)
                track->devices[k]->listened = now;
        }
        roster_set_due(pipeline->roster, i, watch_due(&pipeline->watch, who, track, now));
    }
    pipeline->listening = true;
}

static void judge_all(struct pipeline *pipeline, const struct rulebook *old)
{
    struct utc now = pipeline_now(pipeline);
    struct outcome outcome;

    if (!journal_put_revision(&pipeline->journal, old, now)) {
        ledger_give_up(pipeline->ledger, "a change does not fit into memory");
        return;
    }
    pipeline_listen(pipeline);
    withdraw(pipeline, old);
    pipeline->open = roster_open(pipeline->roster);
    for (size_t i = 0; i < rulebook_counts(pipeline->config->rules).respondents; i++) {
        const struct respondent *who = rulebook_respondent(pipeline->config->rules, i);
        struct track *track = roster_track(pipeline->roster, i);
        struct question question = { .cause = CAUSE_RULES, .at = now, .now = now };

        pipeline_ask(pipeline, i, &question, &outcome);
        roster_set_due(pipeline->roster, i, watch_due(&pipeline->watch, who, track, now));
    }
    ledger_flush(pipeline->ledger);
}

void pipeline_judge_all(struct pipeline *pipeline)
{
    judge_all(pipeline, NULL);
}

static bool put_in_force(struct pipeline *pipeline, const struct config *config)
{
    if (!roster_fit(pipeline->roster, config->rules, ledger_gathering(pipeline->ledger)))
        return false;
    journal_adopt(&pipeline->journal, config, pipeline->rehearse);
    pipeline->listening = false;
    pipeline->config = config;
    pipeline->watch = (struct watch){ .civil = rulebook_civil(config->rules),
                                      .detect = &config->settings.detect };
    pipeline->source = (struct event_source){ config->settings.site, pipeline->rehearse,
                                              config->settings.no_position };
    return true;
}

bool pipeline_adopt(struct pipeline *pipeline, const struct config *config)
{
    const struct config *old = pipeline->config;

    if (!journal_revise(&pipeline->journal, old->rules, config->rules) ||
        !put_in_force(pipeline, config))
        return false;
    if (pipeline->closed != NULL)
        return true; // judged when it sees again
    judge_all(pipeline, old->rules);
    return true;
}

static void recall_row(const struct row *row, void *arg)
{
    struct pipeline *pipeline = arg;

    roster_recall_row(row, pipeline->roster);
    desk_recall_row(&pipeline->desk, row);
    // A rehearsal goes on from where it was.
    if (row->kind == ROW_DEVICE && row->device.newest.time.ms > pipeline->rehearsal.now.ms)
        pipeline->rehearsal.now = row->device.newest.time;
}

bool pipeline_recall(struct pipeline *pipeline, struct fault *why)
{
    roster_forget(pipeline->roster);
    pipeline->listening = false;
    journal_forget(&pipeline->journal);
    desk_forget(&pipeline->desk);
    return ledger_restore(pipeline->ledger, recall_row, pipeline, why);
}

bool pipeline_start(struct pipeline *pipeline, struct ledger *ledger, const struct config *config,
                    struct fault *why)
{
    pipeline->ledger = pipeline->journal.ledger = ledger;
    return ((journal_revise(&pipeline->journal, NULL, config->rules) &&
             put_in_force(pipeline, config)) ||
            fault_set(why, "out of memory")) &&
           pipeline_recall(pipeline, why);
}
