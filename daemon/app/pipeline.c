/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.c - one ping's whole journey, from a body of bytes to the commit that its sender waits
 * for.
 */
#include "app/pipeline.h"

#include "adapter/clock.h"
#include "adapter/json/answer.h"
#include "adapter/log.h"
#include "app/pipeline_batch.h"
#include "app/pipeline_parts.h"

#include <stdlib.h>
#include <string.h>

/* One body on its way: what to answer when its batch is on disk. */
struct body {
    struct pipeline *pipeline;
    struct batch *batch;
    struct answer *answer;
    size_t messages; // pings, refused or not, and what is none
    bool unread;     // memory was out
    int hold_s;      // so long those held back are to wait
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

bool pipeline_judge(struct pipeline *pipeline, size_t respondent, size_t device,
                    const struct ping *ping, uint64_t *wait_for, enum arrival *out_class,
                    struct fault *why)
{
    uint64_t commit = 0;

    *out_class = ARRIVED_NEW; // when the ledger has given up nobody is answered by it
    pipeline_rehearse_until(pipeline, ping->time);
    if (pipeline->closed == NULL) {
        if (!judge(pipeline, respondent, device, ping, out_class)) {
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

/* ---- one body ---- */

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
    answer_forbid(body->answer, index);
    if (log_is_due(&body->pipeline->forbidden_told, clock_tick()))
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

static void give(struct body *body, const struct ping *ping, size_t index)
{
    enum arrival class;
    struct fault why;

    switch (batch_give(body->batch, ping, &class, &why)) {
    case BATCH_TAKEN:
        answer_accept(body->answer, class);
        break;
    case BATCH_REFUSED:
        reject(body, index, why.text);
        break;
    case BATCH_FORBIDDEN:
        forbid(body, index, ping->device);
        break;
    case BATCH_HELD:
        answer_hold(body->answer, index, why.text);
        break;
    }
}

static void take_message(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct body *body = arg;

    body->messages++;
    if (ping != NULL) {
        give(body, ping, index);
    } else if (why != NULL) {
        body->pipeline->stats->pings[ARRIVED_REFUSED]++;
        reject(body, index, why);
    } else {
        body->pipeline->stats->ignored++;
    }
}

static void refuse(pipeline_answer *reply, const char *why, void *arg)
{
    char *json = answer_print_error(why);

    reply(503, json ? json : "{}", why, 0, arg);
    free(json);
}

static void free_body(struct body *body)
{
    answer_destroy(body->answer);
    free(body);
}

static void finish(bool kept, void *arg)
{
    struct body *body = arg;
    char *json = kept && !body->unread ? answer_print(body->answer) : NULL;

    if (json != NULL)
        body->reply(answer_code(body->answer), json, answer_first_refusal(body->answer),
                    body->hold_s, body->arg);
    else
        refuse(body->reply, body->unread ? FAULT_MEMORY : "the ledger cannot commit: send it again",
               body->arg);
    free(json);
    free_body(body);
}

static bool is_known(const char *device, void *batch)
{
    return batch_knows(batch, device);
}

static void read_body(struct body *body, ping_reader *reader, const struct ping_body *given)
{
    struct ping_body asked = *given;
    struct fault why;

    asked.known = is_known;
    asked.known_arg = body->batch;
    if (reader(&asked, take_message, body, &why))
        return;
    body->unread =
        fault_is_memory(&why); // nothing of it was taken, and not by the sender's mistake
    if (body->unread)
        return;
    body->pipeline->stats->pings[ARRIVED_REFUSED]++;
    answer_error(body->answer, why.text);
    tell_refusal(body->pipeline, why.text);
}

/* NULL: memory is out. */
static struct body *begin(struct pipeline *pipeline, const struct sender *sender)
{
    struct body *body = calloc(1, sizeof *body);

    if (body == NULL)
        return NULL;
    body->pipeline = pipeline;
    body->answer = answer_create(!sender->with_commit);
    body->batch = body->answer ? batch_begin(pipeline, sender, finish, body) : NULL;
    if (body->batch != NULL)
        return body;
    free_body(body);
    return NULL;
}

struct pipeline_cost pipeline_take(struct pipeline *pipeline, const struct sender *sender,
                                   ping_reader *reader, const struct ping_body *given,
                                   pipeline_answer *reply, void *arg)
{
    const char *shut = pipeline_shut(pipeline);
    struct body *body = shut ? NULL : begin(pipeline, sender);
    struct pipeline_cost cost = { 0 };

    if (body == NULL) {
        refuse(reply, shut ? shut : FAULT_MEMORY, arg);
        return cost;
    }
    body->reply = reply;
    body->arg = arg;
    read_body(body, reader, given);
    body->hold_s = batch_hold_seconds(body->batch);
    cost = (struct pipeline_cost){ body->messages, batch_paced(body->batch) };
    batch_end(body->batch); // the body may be gone
    return cost;
}

/* ---- the pipeline ---- */

const char *pipeline_shut(const struct pipeline *pipeline)
{
    if (pipeline->closed != NULL)
        return pipeline->closed;
    return ledger_full(pipeline->ledger) ? "too much waits for the disk" : NULL;
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
