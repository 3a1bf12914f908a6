/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.c - one ping's whole journey, from a body of bytes to the commit that its sender waits
 * for.
 */
#include "app/pipeline.h"

#include "adapter/answer_json.h"
#include "adapter/clock.h"
#include "app/pipeline_parts.h"
#include "app/told.h"

#include <stdlib.h>

/* One body on its way: what to answer, and whether that must wait for the disk. */
struct body {
    struct pipeline *pipeline;
    struct answer *answer;
    uint64_t wait_for; // a commit; 0: none
    pipeline_answer *reply;
    void *arg;
};

struct utc pipeline_now(const struct pipeline *pipeline)
{
    return pipeline->rehearse ? pipeline->rehearsal.now : clock_utc();
}

/* ---- from alerts to rows ---- */

bool pipeline_tell(struct pipeline *pipeline, const struct alert *alert)
{
    struct told told;
    bool ok = told_make(alert, &pipeline->source, &told) &&
              ledger_put_alert(pipeline->ledger, &told.kept) &&
              desk_alert(pipeline, alert, told.incident);

    told_fini(&told);
    return ok;
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
        if (!pipeline_tell(pipeline, &outcome->alerts[i]))
            return false;
    }
    return true;
}

static void count_open(struct pipeline *pipeline, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        const struct alert *alert = &outcome->alerts[i];

        if (alert_effect(alert->type) == EFFECT_OPEN && alert->nth == 1)
            pipeline->open++;
        else if (alert_effect(alert->type) == EFFECT_CLOSE)
            pipeline->open--;
    }
}

void pipeline_ask(struct pipeline *pipeline, size_t nth, const struct question *question,
                  struct outcome *out)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct track *track = roster_track(pipeline->roster, nth);
    struct record *record = roster_record(pipeline->roster, nth);
    struct journal *journal = &pipeline->journal;

    journal_before(journal, record, who, track, question->now);
    question_ask(&pipeline->watch, who, track, question, out);
    if (!journal_after(journal, record, who, track, question, out) ||
        !put_outcome(pipeline, who, track, out)) {
        if (pipeline->closed == NULL)
            ledger_give_up(pipeline->ledger, "a change does not fit into memory");
        return;
    }
    count_open(pipeline, out);
    if (journal->kept)
        roster_set_unsaved(pipeline->roster, nth, ledger_gathering(pipeline->ledger));
}

/* ---- time ---- */

/* Judges one respondent at each boundary up to `now`, in order. */
static void catch_up(struct pipeline *pipeline, size_t nth, struct utc now)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct track *track = roster_track(pipeline->roster, nth);
    struct utc due;
    struct outcome outcome;

    if (roster_due(pipeline->roster, nth).ms <= now.ms)
        pipeline_meet(pipeline, nth); // by what was known before blindness it may be due
    while ((due = roster_due(pipeline->roster, nth)).ms <= now.ms) {
        struct question question = { .cause = CAUSE_TIME, .at = due, .now = now };

        pipeline_ask(pipeline, nth, &question, &outcome);
        roster_set_due(pipeline->roster, nth, watch_due(&pipeline->watch, who, track, due));
    }
}

void pipeline_tick(struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline);
    size_t n = rulebook_counts(pipeline->config->rules).respondents;

    if (pipeline->closed != NULL)
        return;
    // An exercise knows only now when it was started; else there is nothing left to put.
    if (!journal_put_revision(&pipeline->journal, now)) {
        ledger_give_up(pipeline->ledger, "a change does not fit into memory");
        return;
    }
    if (roster_first_due(pipeline->roster).ms > now.ms)
        n = 0;
    for (size_t i = 0; i < n && pipeline->closed == NULL; i++)
        catch_up(pipeline, i, now);
    if (pipeline->closed == NULL)
        desk_tick(pipeline, now);
    ledger_flush(pipeline->ledger);
}

/* In a rehearsal a newer ping moves the clock, and with it everybody's time. */
static void rehearse_until(struct pipeline *pipeline, struct utc when)
{
    if (!pipeline->rehearse || !rehearsal_hear(&pipeline->rehearsal, when))
        return;
    if (!pipeline->listening)
        pipeline_begin_round(pipeline);
    pipeline_end_round(pipeline);
    pipeline_tick(pipeline);
}

/* ---- one ping ---- */

/* Also what an earlier ping changed must be on disk before this one is acknowledged. */
static uint64_t judge(struct pipeline *pipeline, size_t nth, size_t device, const struct ping *ping)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct track *track = roster_track(pipeline->roster, nth);
    struct utc now = pipeline_now(pipeline);
    struct question question = { .cause = CAUSE_PING, .device = device, .ping = *ping, .now = now };
    struct outcome outcome;

    pipeline_meet(pipeline, nth);
    if (pipeline->closed != NULL)
        return 0; // nothing of it is acknowledged
    // A boundary before this ping's own time comes first, as it did in the world.
    catch_up(pipeline, nth, utc_earlier(now, ping->time));
    pipeline_ask(pipeline, nth, &question, &outcome);
    pipeline->stats->pings[outcome.arrival]++;
    if (outcome.arrival == ARRIVED_NEW || outcome.arrival == ARRIVED_FUTURE) {
        roster_set_due(
            pipeline->roster, nth,
            watch_due(&pipeline->watch, who, track, track->devices[device]->newest.time));
        clock_hear(ping->time);
    }
    catch_up(pipeline, nth, now);
    return roster_unsaved(pipeline->roster, nth);
}

bool pipeline_judge(struct pipeline *pipeline, const struct ping *ping, uint64_t *wait_for,
                    struct fault *why)
{
    size_t respondent, device;
    uint64_t commit = 0;

    if (!rulebook_find_device(pipeline->config->rules, ping->device, &respondent, &device)) {
        pipeline->stats->pings[ARRIVED_REFUSED]++;
        return fault_set(why, "device: %s: under no order here", ping->device);
    }
    rehearse_until(pipeline, ping->time);
    if (pipeline->closed == NULL)
        commit = judge(pipeline, respondent, device, ping);
    if (commit > *wait_for)
        *wait_for = commit;
    return true;
}

static void take_ping(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct body *body = arg;
    struct pipeline *pipeline = body->pipeline;
    struct fault refused;

    pipeline->messages++;
    if (ping == NULL && why == NULL) {
        pipeline->stats->ignored++;
        return;
    }
    if (ping != NULL && pipeline->covers != NULL &&
        !pipeline->covers(ping->device, pipeline->covers_arg)) {
        pipeline->stats->pings[ARRIVED_REFUSED]++;
        answer_forbid(body->answer, index);
        return;
    }
    if (ping == NULL) {
        pipeline->stats->pings[ARRIVED_REFUSED]++;
        answer_reject(body->answer, index, why);
    } else if (pipeline_judge(pipeline, ping, &body->wait_for, &refused)) {
        answer_accept(body->answer);
    } else {
        answer_reject(body->answer, index, refused.text);
    }
}

/* ---- one body ---- */

static void refuse(pipeline_answer *reply, const char *why, void *arg)
{
    char *json = answer_print_error(why);

    reply(503, json ? json : "{}", why, arg);
    free(json);
}

static void finish(bool ok, void *arg)
{
    struct body *body = arg;
    char *json = ok ? answer_print(body->answer) : NULL;

    if (json != NULL)
        body->reply(answer_code(body->answer), json, answer_first_refusal(body->answer), body->arg);
    else
        refuse(body->reply, "the ledger cannot commit: send it again", body->arg);
    free(json);
    answer_destroy(body->answer);
    free(body);
}

void pipeline_settle(struct pipeline *pipeline, uint64_t wait_for, void (*done)(bool ok, void *arg),
                     void *arg)
{
    if (pipeline->closed != NULL) { // the ledger gave up meanwhile
        done(false, arg);
        return;
    }
    if (wait_for <= ledger_committed(pipeline->ledger))
        done(true, arg);
    else if (!ledger_wait(pipeline->ledger, done, arg))
        done(false, arg);
    ledger_flush(pipeline->ledger);
}

const char *pipeline_shut(const struct pipeline *pipeline)
{
    if (pipeline->closed != NULL)
        return pipeline->closed;
    return ledger_full(pipeline->ledger) ? "too much waits for the disk" : NULL;
}

/* To a sender that may not speak for it, a device under an order is like any other name. */
static bool is_known(const char *device, void *arg)
{
    const struct pipeline *pipeline = arg;
    size_t respondent, nth;

    return (pipeline->covers == NULL || pipeline->covers(device, pipeline->covers_arg)) &&
           rulebook_find_device(pipeline->config->rules, device, &respondent, &nth);
}

void pipeline_take(struct pipeline *pipeline, ping_reader *reader, const struct ping_body *given,
                   pipeline_answer *reply, void *arg)
{
    const char *shut = pipeline_shut(pipeline);
    struct body *body = shut ? NULL : calloc(1, sizeof *body);
    struct ping_body asked = *given;
    struct fault why;

    if (body == NULL) {
        refuse(reply, shut ? shut : "out of memory", arg);
        return;
    }
    *body = (struct body){ .pipeline = pipeline, .reply = reply, .arg = arg };
    body->answer = answer_create();
    if (body->answer == NULL) {
        finish(false, body);
        return;
    }
    asked.known = is_known;
    asked.known_arg = pipeline;
    if (!reader(&asked, take_ping, body, &why)) {
        pipeline->stats->pings[ARRIVED_REFUSED]++;
        answer_error(body->answer, why.text);
    }
    pipeline_settle(pipeline, body->wait_for, finish, body);
}

void pipeline_take_only(struct pipeline *pipeline, bool (*covers)(const char *device, void *arg),
                        void *arg)
{
    pipeline->covers = covers;
    pipeline->covers_arg = arg;
}

size_t pipeline_messages(const struct pipeline *pipeline)
{
    return pipeline->messages;
}

void pipeline_close(struct pipeline *pipeline, const char *why)
{
    pipeline->closed = why;
}

const char *pipeline_closed(const struct pipeline *pipeline)
{
    return pipeline->closed;
}

struct pipeline *pipeline_create(struct stats *stats, bool rehearse)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);

    if (pipeline == NULL)
        return NULL;
    pipeline->stats = stats;
    pipeline->rehearse = rehearse;
    desk_init(&pipeline->desk);
    pipeline->roster = roster_create();
    if (pipeline->roster == NULL) {
        free(pipeline);
        return NULL;
    }
    return pipeline;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    roster_destroy(pipeline->roster);
    desk_fini(&pipeline->desk);
    journal_fini(&pipeline->journal);
    free(pipeline);
}

size_t pipeline_open_incidents(const struct pipeline *pipeline)
{
    return pipeline->open;
}

const char *pipeline_heard(const struct pipeline *pipeline)
{
    return pipeline->desk.heard;
}

struct incident *pipeline_site_incident(struct pipeline *pipeline)
{
    return roster_incident(pipeline->roster, "blind");
}

struct incident *pipeline_clock_incident(struct pipeline *pipeline)
{
    return roster_incident(pipeline->roster, "clock");
}

const struct event_source *pipeline_source(const struct pipeline *pipeline)
{
    return &pipeline->source;
}
