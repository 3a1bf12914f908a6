/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_rules.c - the rules are swapped, or what was known is recalled: everybody is judged
 * again.
 */
#include "app/pipeline_parts.h"

#include <stdio.h>
#include <string.h>

/* An exclusion of which only the name is known: it was withdrawn before we started. */
struct stub {
    struct exclusion exclusion;
    struct order order;
    char id[NAME_MAX_CHARS + 1];
};

static const struct exclusion *find_gone(const struct rulebook *old, const char *subject,
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
    struct incident *incident;
    const char *subject;
    size_t found;

    for (size_t i = 0; roster_nth_incident(pipeline->roster, i, &subject, &incident); i++) {
        if (incident == pipeline_site_incident(pipeline) ||
            rulebook_find_exclusion(pipeline->config->rules, subject, &found))
            continue;
        outcome.n = 0;
        watch_withdraw(find_gone(old, subject, &stub), incident, pipeline_now(pipeline), &outcome);
        if (outcome.incidents_changed == 0)
            continue;
        if (!ledger_put_incident(pipeline->ledger, subject, incident) ||
            (outcome.n > 0 && !pipeline_tell(pipeline, &outcome.alerts[0]))) {
            ledger_give_up(pipeline->ledger, "a change does not fit into memory");
            return;
        }
    }
}

static void judge_all(struct pipeline *pipeline, const struct rulebook *old)
{
    struct utc now = pipeline_now(pipeline);
    struct outcome outcome;

    withdraw(pipeline, old);
    pipeline->open = roster_open(pipeline->roster);
    for (size_t i = 0; i < rulebook_counts(pipeline->config->rules).respondents; i++) {
        const struct respondent *who = rulebook_respondent(pipeline->config->rules, i);
        struct track *track = roster_track(pipeline->roster, i);

        watch_again(&pipeline->watch, who, track, CAUSE_RULES, now, now, &outcome);
        roster_set_due(pipeline->roster, i, watch_due(&pipeline->watch, who, track, now));
        pipeline_keep(pipeline, i, who, &outcome);
    }
    ledger_flush(pipeline->ledger);
}

void pipeline_listen(struct pipeline *pipeline)
{
    if (pipeline->since.ms == 0)
        pipeline->since = pipeline_now(pipeline);
    pipeline->watch.since = pipeline->since;
}

void pipeline_judge_all(struct pipeline *pipeline)
{
    judge_all(pipeline, NULL);
}

static void put_in_force(struct pipeline *pipeline, const struct config *config)
{
    pipeline->config = config;
    pipeline->watch =
        (struct watch){ rulebook_civil(config->rules), &config->settings.detect, pipeline->since };
    pipeline->source = (struct event_source){ config->settings.site, pipeline->rehearse };
}

bool pipeline_adopt(struct pipeline *pipeline, const struct config *config)
{
    const struct config *old = pipeline->config;

    if (!roster_fit(pipeline->roster, config->rules))
        return false;
    put_in_force(pipeline, config);
    if (pipeline->closed != NULL)
        return true; // judged when it sees again
    judge_all(pipeline, old->rules);
    return true;
}

static void recall_row(const struct row *row, void *arg)
{
    struct pipeline *pipeline = arg;

    roster_recall_row(row, pipeline->roster);
    // A rehearsal goes on from where it was.
    if (row->kind == ROW_DEVICE && row->device.newest.time.ms > pipeline->rehearsed.ms)
        pipeline->rehearsed = row->device.newest.time;
}

bool pipeline_recall(struct pipeline *pipeline, struct fault *why)
{
    roster_forget(pipeline->roster);
    return ledger_restore(pipeline->ledger, recall_row, pipeline, why);
}

bool pipeline_start(struct pipeline *pipeline, struct ledger *ledger, const struct config *config,
                    struct fault *why)
{
    pipeline->ledger = ledger;
    put_in_force(pipeline, config);
    pipeline_listen(pipeline);
    return (roster_fit(pipeline->roster, config->rules) || fault_set(why, "out of memory")) &&
           pipeline_recall(pipeline, why);
}
