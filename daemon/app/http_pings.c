/* SPDX-License-Identifier: Apache-2.0 */
#include "app/http_pings.h"

#include "adapter/clock.h"
#include "adapter/json/answer.h"
#include "adapter/log.h"
#include "adapter/ping/ping_names.h"
#include "app/pipeline_batch.h"
#include "app/pipeline_state.h"
#include "app/stats.h"

#include <stdlib.h>
#include <string.h>

/* One body on its way: what to answer when its batch is on disk. */
struct body {
    struct http_pings *pings;
    struct batch *batch;
    struct answer answer;
    size_t messages; // pings, refused or not, and what is none
    bool unread;     // memory was out
    int wait_s;      // those held back are to wait so long
    http_pings_done *done;
    void *arg;
};

/* ---- one message ---- */

/* Logs of the reason only the member that it is about, as a position may follow. */
static void tell_refusal(struct http_pings *pings, const char *why)
{
    if (log_is_due(&pings->refused_logged, clock_tick()))
        log_warning("http: a ping is refused for its %.*s: its sender is told why; more of this is "
                    "only counted",
                    (int)strcspn(why, ":"), why);
}

/* Mostly a typing error in the phone or in the tokens file: somebody must be able to find it. */
static void forbid(struct body *body, size_t index, const char *device)
{
    answer_forbid(&body->answer, index);
    if (log_is_due(&body->pings->forbidden_logged, clock_tick()))
        log_warning(
            "http: a ping of %s is refused: its sender's token is not for that device; more "
            "of this is only counted",
            device);
}

static void reject(struct body *body, size_t index, const char *why)
{
    answer_reject(&body->answer, index, why);
    tell_refusal(body->pings, why);
}

static void give(struct body *body, const struct ping *ping, size_t index)
{
    enum arrival class;
    struct fault why;

    switch (batch_give(body->batch, ping, &class, &why)) {
    case BATCH_TAKEN:
        answer_accept(&body->answer, class);
        break;
    case BATCH_REFUSED:
        reject(body, index, why.text);
        break;
    case BATCH_FORBIDDEN:
        forbid(body, index, ping->device);
        break;
    case BATCH_THROTTLED:
        answer_throttled(&body->answer, index, why.text);
        break;
    }
}

static void take_message(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct body *body = arg;

    body->messages++;
    if (why != NULL) {
        body->pings->stats->pings[ARRIVED_REFUSED]++;
        if (ping != NULL)
            batch_refused(body->batch, ping->device, why);
        reject(body, index, why);
    } else if (ping != NULL) {
        give(body, ping, index);
    } else {
        body->pings->stats->ignored++;
    }
}

/* ---- one body ---- */

static void refuse(http_pings_done *done, const char *why, void *arg)
{
    char *json = answer_print_error(why);

    done(&(struct http_pings_answer){ 503, json ? json : "{}", why, 0 }, arg);
    free(json);
}

static void free_body(struct body *body)
{
    answer_fini(&body->answer);
    free(body);
}

static void on_done(bool kept, void *arg)
{
    struct body *body = arg;
    struct answer *answer = &body->answer;
    const char *json = kept && !body->unread ? answer_print(answer) : NULL;

    if (json != NULL)
        body->done(&(struct http_pings_answer){ answer_code(answer), json,
                                                answer_first_refusal(answer), body->wait_s },
                   body->arg);
    else
        refuse(body->done, body->unread ? FAULT_MEMORY : "the ledger cannot commit: send it again",
               body->arg);
    free_body(body);
}

/* What cannot be read at all tells whose it is where the request does: his pings are lost too. */
static void note_unread(struct body *body, const struct ping_body *asked)
{
    char device[NAME_MAX_CHARS + 1];
    struct ping_names names = ping_names_begin(asked, device);

    ping_names_try_door(&names);
    batch_refused(body->batch, device, "body: cannot be read");
}

static void read_body(struct body *body, ping_reader *reader, const struct ping_body *given)
{
    struct ping_body asked = *given;
    struct fault why;

    asked.known = batch_knows;
    asked.known_arg = body->batch;
    if (reader(&asked, take_message, body, &why))
        return;
    // Then nothing of it was taken, and it is not the sender's mistake.
    body->unread = fault_is_memory(&why);
    if (body->unread)
        return;
    body->pings->stats->pings[ARRIVED_REFUSED]++;
    note_unread(body, &asked);
    answer_error(&body->answer, why.text);
    tell_refusal(body->pings, why.text);
}

/* NULL: memory is out. */
static struct body *begin(struct http_pings *pings, const struct sender *sender)
{
    struct body *body = malloc(sizeof *body); // not calloc: its answer is large, and mostly unused

    if (body == NULL)
        return NULL;
    body->pings = pings;
    body->messages = 0;
    body->unread = false;
    body->wait_s = 0;
    answer_init(&body->answer, !sender->with_commit);
    body->batch = batch_begin(pings->pipeline, sender, on_done, body);
    if (body->batch != NULL)
        return body;
    free_body(body);
    return NULL;
}

struct http_pings_cost http_pings_take(struct http_pings *pings, const struct sender *sender,
                                       ping_reader *reader, const struct ping_body *given,
                                       http_pings_done *done, void *arg)
{
    const char *shut = pipeline_shut(pings->pipeline);
    struct body *body = shut ? NULL : begin(pings, sender);
    struct http_pings_cost cost = { 0 };

    if (body == NULL) {
        refuse(done, shut ? shut : FAULT_MEMORY, arg);
        return cost;
    }
    body->done = done;
    body->arg = arg;
    read_body(body, reader, given);
    body->wait_s = batch_retry_seconds(body->batch);
    cost = (struct http_pings_cost){ body->messages, batch_paced(body->batch) };
    batch_end(body->batch); // the body may be gone
    return cost;
}
