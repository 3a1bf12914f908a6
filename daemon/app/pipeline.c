/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.c - one ping's whole journey, from a body of bytes to the commit that its sender waits
 * for.
 */
#include "app/pipeline.h"

#include "adapter/clock.h"
#include "adapter/json/answer.h"
#include "adapter/log.h"
#include "app/pipeline_parts.h"

#include <stdlib.h>
#include <string.h>

/* One body on its way: what to answer, and whether that must wait for the disk. */
struct body {
    struct pipeline *pipeline;
    struct answer *answer;
    uint64_t wait_for; // a commit; 0: none
    bool judged;       // some of it was
    int hold_s;        // and for so long the rest is to wait
    pipeline_answer *reply;
    void *arg;
};

/* ---- one ping ---- */

static bool judge(struct pipeline *pipeline, size_t nth, size_t device, const struct ping *ping,
                  enum arrival *class)
{
    struct asked asked = { pipeline, nth };
    struct timeline timeline;
    struct ping seen = *ping;
    struct utc due;
    bool kept;

    if (!pipeline_meet(pipeline, nth))
        return pipeline->closed != NULL; // then nothing of it is acknowledged
    timeline = pipeline_timeline(&asked);
    seen.doubted = pipeline_doubts(pipeline, timeline.who, ping);
    due = roster_due(pipeline->roster, nth);
    kept = timeline_ping(&timeline, device, &seen, pipeline_now(pipeline), &due, class);
    roster_set_due(pipeline->roster, nth, due);
    if (kept)
        pipeline->stats->pings[*class]++;
    return kept;
}

bool pipeline_judge(struct pipeline *pipeline, const struct ping *ping, uint64_t *wait_for,
                    bool *held, enum arrival *class, struct fault *why)
{
    size_t respondent, device;
    uint64_t commit = 0;

    *held = false;
    *class = ARRIVED_NEW; // when the ledger has given up nobody is answered by it
    if (!rulebook_find_device(pipeline->config->rules, ping->device, &respondent, &device)) {
        pipeline->stats->pings[ARRIVED_REFUSED]++;
        strangers_note(pipeline, ping->device);
        return fault_set(why, "device: %s: under no order here", ping->device);
    }
    *held = pipeline_hold(pipeline, respondent, device, why);
    if (*held)
        return false;
    pipeline_rehearse_until(pipeline, ping->time);
    if (pipeline->closed == NULL) {
        if (!judge(pipeline, respondent, device, ping, class)) {
            pipeline->stats->pings[ARRIVED_REFUSED]++;
            return fault_set(why, "unjudged: it could not be kept, and that is told");
        }
        // Also what an earlier ping changed must be on disk before this one is acknowledged.
        commit = roster_unsaved(pipeline->roster, respondent);
    }
    if (commit > *wait_for)
        *wait_for = commit;
    return true;
}

/* Of the reason only what it is about, for behind that may stand a position. */
static void tell_refusal(struct pipeline *pipeline, const char *why)
{
    if (log_is_due(&pipeline->refused_told, clock_tick()))
        log_warning("http: a ping is refused for its %.*s: its sender is told why; more of this is "
                    "only counted",
                    (int)strcspn(why, ":"), why);
}

/* Mostly a slip of a letter, in the phone or in the tokens file: somebody must be able to see it.
 */
static void forbid(struct body *body, size_t index, const char *device)
{
    struct pipeline *pipeline = body->pipeline;

    pipeline->stats->pings[ARRIVED_REFUSED]++;
    answer_forbid(body->answer, index);
    if (log_is_due(&pipeline->forbidden_told, clock_tick()))
        log_warning(
            "http: a ping of %s is refused: its sender's token is not for that device; more "
            "of this is only counted",
            device);
}

static void reject(struct body *body, size_t index, const char *why)
{
    answer_reject(body->answer, index, why);
    tell_refusal(body->pipeline, why);
}

static void take_ping(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct body *body = arg;
    struct pipeline *pipeline = body->pipeline;
    struct fault refused;
    enum arrival class;
    bool held;

    pipeline->messages++;
    if (ping == NULL && why == NULL) {
        pipeline->stats->ignored++;
        return;
    }
    if (ping != NULL && pipeline->covers != NULL &&
        !pipeline->covers(ping->device, pipeline->covers_arg)) {
        forbid(body, index, ping->device);
        return;
    }
    if (ping == NULL) {
        pipeline->stats->pings[ARRIVED_REFUSED]++;
        reject(body, index, why);
    } else if (pipeline_judge(pipeline, ping, &body->wait_for, &held, &class, &refused)) {
        body->judged = true;
        answer_accept(body->answer, class);
    } else if (held) {
        answer_hold(body->answer, index, refused.text);
    } else {
        reject(body, index, refused.text);
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

    body->pipeline->hold_s = body->hold_s; // for whoever answers
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
    body->answer = answer_create(!given->with_commit);
    if (body->answer == NULL) {
        finish(false, body);
        return;
    }
    asked.known = is_known;
    asked.known_arg = pipeline;
    if (!reader(&asked, take_ping, body, &why)) {
        if (fault_is_memory(&why)) { // nothing of it was taken, and it is not the sender's mistake
            refuse(reply, why.text, arg);
            answer_destroy(body->answer);
            free(body);
            return;
        }
        pipeline->stats->pings[ARRIVED_REFUSED]++;
        answer_error(body->answer, why.text);
        tell_refusal(pipeline, why.text);
    }
    body->hold_s = pipeline_hold_seconds(pipeline);
    if (given->with_commit && body->judged) { // what was held back tells nothing of a place
        ledger_sync(pipeline->ledger);
        body->wait_for = ledger_gathering(pipeline->ledger);
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

struct pipeline *pipeline_create(struct stats *stats, bool rehearse)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);

    if (pipeline == NULL)
        return NULL;
    pipeline->stats = stats;
    pipeline->rehearse = rehearse;
    pipeline->roster = roster_create();
    if (pipeline->roster == NULL) {
        free(pipeline);
        return NULL;
    }
    pipeline_acks_init(&pipeline->acks, roster_rightings(pipeline->roster));
    return pipeline;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    roster_destroy(pipeline->roster);
    pipeline_acks_fini(&pipeline->acks);
    journal_fini(&pipeline->journal);
    free(pipeline);
}

const char *pipeline_heard(const struct pipeline *pipeline)
{
    return pipeline->acks.heard;
}

void pipeline_keep_read(struct pipeline *pipeline, const char *entry)
{
    if (pipeline->closed != NULL || strcmp(pipeline->read, entry) == 0 ||
        !ledger_put_read(pipeline->ledger, entry))
        return;
    snprintf(pipeline->read, sizeof pipeline->read, "%s", entry);
}

const char *pipeline_read(const struct pipeline *pipeline)
{
    return pipeline->read;
}
