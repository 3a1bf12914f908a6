/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_rules.c - the rules are swapped, or what was known is recalled: everybody is judged
 * again.
 */
#include "app/pipeline_parts.h"
#include "app/supervise.h"

#include "adapter/log.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { RECALLED_ALIVE = 10000 };

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

/* One zone is in no order any more: all that this changes, or nothing. */
static bool withdraw_one(struct pipeline *pipeline, const struct exclusion *gone,
                         struct incident *incident, struct utc now)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    bool settings_kept = pipeline->journal.settings_kept;
    struct incident before = *incident;
    struct outcome outcome = { .n = 0 };

    watch_withdraw(gone, incident, now, &outcome);
    if (outcome.incidents_changed == 0 ||
        (ledger_put_incident(pipeline->ledger, gone->subject, incident) &&
         (outcome.n == 0 || (journal_withdrawn(&pipeline->journal, gone, &before, now) &&
                             pipeline_tell(pipeline, &outcome.alerts[0])))))
        return true;
    ledger_drop(pipeline->ledger, &begin);
    pipeline->journal.settings_kept = settings_kept;
    *incident = before;
    return false;
}

void pipeline_withdraw(struct pipeline *pipeline, const struct rulebook *old)
{
    struct stub stub;
    struct incident *incident;
    const struct exclusion *gone;
    struct utc now = pipeline_now(pipeline);
    bool told = pipeline->gone_stays;
    const char *subject;
    size_t found;

    pipeline->gone_stays = false;

    for (size_t i = 0; roster_nth_incident(pipeline->roster, i, &subject, &incident); i++) {
        if (incident == pipeline_site_incident(pipeline) ||
            rulebook_find_exclusion(pipeline->config->rules, subject, &found))
            continue;
        gone = pipeline_exclusion(old, subject, &stub);
        if (withdraw_one(pipeline, gone, incident, now) || pipeline->closed != NULL)
            continue;
        if (!told)
            log_error("%s: its end could not be kept: it is tried each second", subject);
        pipeline->stats->unjudged++;
        pipeline->gone_stays = told = true;
    }
    pipeline->open = roster_open(pipeline->roster);
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

void pipeline_ask_rules(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct utc now = pipeline_now(pipeline);
    struct question question = { .cause = CAUSE_RULES, .at = now, .now = now };
    struct outcome outcome;

    pipeline_ask(pipeline, nth, &question, &outcome);
    roster_set_due(
        pipeline->roster, nth,
        watch_due_after(&pipeline->watch, who, roster_track(pipeline->roster, nth), now));
}

static void judge_all(struct pipeline *pipeline, const struct rulebook *old)
{
    struct utc now = pipeline_now(pipeline);

    journal_put_revision(&pipeline->journal, old, now); // what did not fit is put a second later
    pipeline_listen(pipeline);
    pipeline_withdraw(pipeline, old);
    for (size_t i = 0; i < rulebook_counts(pipeline->config->rules).respondents; i++)
        pipeline_ask_rules(pipeline, i);
    unjudged_tick(pipeline);
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
    desk_adopt(&pipeline->desk, config->settings.remind_ms);
    pipeline->watch = (struct watch){ .civil = rulebook_civil(config->rules),
                                      .detect = &config->settings.detect,
                                      .stepped = config->settings.stepped };
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

/*
 * Whose trouble it is, as far as the rules know; it is told when the ledger takes something again.
 * Where an incident was forgotten in part, judging by the rules makes it anew.
 */
static void note_spoilt(struct pipeline *pipeline, const struct row *row)
{
    const struct rulebook *rules = pipeline->config->rules;
    char subject[2 * NAME_MAX_CHARS + 2];
    const char *end = row->kind == ROW_CUSTODY ? strrchr(row->name, '/') : NULL;
    size_t exclusion, nth, device = 0;

    log_error("%.200s: what was known cannot be read: it is forgotten in part", row->name);
    snprintf(subject, sizeof subject, "%.*s",
             (int)(end ? end - row->name : (ptrdiff_t)strlen(row->name)), row->name);
    if (row->kind == ROW_DEVICE
            ? rulebook_find_device(rules, row->name, &nth, &device)
            : rulebook_find_exclusion(rules, subject, &exclusion) &&
                  rulebook_find_respondent(
                      rules, rulebook_exclusion(rules, exclusion)->order->respondent, &nth))
        unjudged_note(pipeline, nth, device, UNJUDGED_RECALLED);
}

/* As it is gone on with, so that the next start finds nothing spoilt. */
static void keep_spoilt(struct pipeline *pipeline, const struct row *row)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (row->kind == ROW_DEVICE ? !ledger_put_device(pipeline->ledger, row->name, &row->device)
        : row->kind == ROW_INCIDENT
            ? !ledger_put_incident(pipeline->ledger, row->name, &row->incident)
            : !ledger_put_custody(pipeline->ledger, row->name, &row->custody))
        ledger_drop(pipeline->ledger, &begin); // then that start says so again
}

static void recall_row(const struct row *row, void *arg)
{
    struct pipeline *pipeline = arg;

    // All rows that the ledger has, 30 us each, and the doors are shut until then.
    if (++pipeline->recalled % RECALLED_ALIVE == 0)
        supervise_alive();
    roster_recall_row(row, pipeline->roster);
    desk_recall_row(&pipeline->desk, row);
    if (row->spoilt) {
        keep_spoilt(pipeline, row);
        note_spoilt(pipeline, row);
    }
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
    if (!ledger_restore(pipeline->ledger, recall_row, pipeline, why))
        return false;
    pipeline_right_recalled(pipeline);
    // What is not in the ledger yet begins after its birth too.
    if (roster_is_born(pipeline->roster))
        roster_be_born(pipeline->roster, roster_birth(pipeline->roster));
    return true;
}

bool pipeline_is_newborn(const struct pipeline *pipeline)
{
    return !roster_is_born(pipeline->roster) && ledger_sequence(pipeline->ledger) == 0;
}

bool pipeline_be_born(struct pipeline *pipeline, uint32_t birth)
{
    struct incident born = { .numbers = birth };

    roster_be_born(pipeline->roster, birth);
    return ledger_put_incident(pipeline->ledger, "birth", &born);
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
