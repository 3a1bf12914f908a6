/* SPDX-License-Identifier: Apache-2.0 */
/* In batches, as many under way as the window allows; the script decides what stands in the stream.
 */
#include "adapter/publisher_parts.h"
#include "adapter/publisher_script.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_ARGS = 10 }; // EVALSHA, digest, 3, three keys, site, epoch, before, keep

/* One EVALSHA as it grows. */
struct batch {
    const char *argv[HEAD_ARGS + PUBLISHER_BATCH * SCRIPT_ALERT_ARGS];
    size_t argc, n;
    char before[PUBLISHER_NUMBER_MAX];
    char sequences[PUBLISHER_BATCH][PUBLISHER_NUMBER_MAX];
    char *events[PUBLISHER_BATCH];
    uint64_t last;
};

_Static_assert(HEAD_ARGS + PUBLISHER_BATCH * SCRIPT_ALERT_ARGS <= REDIS_ARGS_MAX,
               "a batch fits into a command");

static bool begins_with(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static void take_refusal(struct publisher *publisher, const char *why)
{
    bool forgot = begins_with(why, "GAP ") || begins_with(why, "NOSCRIPT");

    if (!forgot)
        redis_reset(publisher->redis, why);
    else if (publisher->stage == STAGE_SENDING)
        publisher_resume_after(publisher, why);
    // Else it was asked already, after what this answers: nothing of that was done either.
}

static void on_sent(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;
    uint64_t number = (uint64_t)reply->number;

    if (reply->kind == REDIS_ERROR) {
        take_refusal(publisher, reply->text);
        return;
    }
    if (reply->kind != REDIS_NUMBER || number < publisher->confirmed || number > publisher->sent) {
        redis_reset(publisher->redis, reply->kind != REDIS_NUMBER ? "no number from the function"
                                                                  : "a number never sent");
        return;
    }
    if (publisher->stage != STAGE_SENDING)
        return; // it was asked where it is since: that counts this one too
    publisher->proven = true;
    // A look without alerts proves little while there are some to send.
    if (number > publisher->confirmed || publisher_caught_up(publisher))
        redis_healthy(publisher->redis);
    if (number == publisher->confirmed)
        return;
    publisher->confirmed = number;
    if (number > publisher->marked)
        publisher->marked = number;
    publisher->calls.confirmed(number, publisher->calls.arg);
    publisher_pump(publisher);
}

static void batch_begin(struct batch *batch, struct publisher *publisher)
{
    const char *head[HEAD_ARGS] = { "EVALSHA",         publisher->sha,   "3",
                                    publisher->stream, publisher->open,  publisher->last,
                                    publisher->site,   publisher->epoch, batch->before,
                                    publisher->keep };

    memcpy(batch->argv, head, sizeof head);
    batch->argc = HEAD_ARGS;
    batch->n = 0;
    batch->last = publisher->sent;
    publisher_text(batch->before, (int64_t)publisher->sent);
}

/* False when memory is out. */
static bool batch_add(struct batch *batch, const struct publisher *publisher,
                      const struct kept_alert *alert, struct utc now)
{
    char *event = event_number(alert->event, alert->sequence, now);
    char *sequence = batch->sequences[batch->n];
    bool told = alert->sequence <= publisher->opened; // `open` is past it
    const char *effect = told || alert->effect == EFFECT_NONE ? "0"
                         : alert->effect == EFFECT_OPEN       ? "1"
                                                              : "2";
    const char *args[SCRIPT_ALERT_ARGS] = { sequence,        effect,      alert->id,
                                            alert->type,     alert->area, alert->severity,
                                            alert->incident, event };

    if (event == NULL)
        return false;
    publisher_text(sequence, (int64_t)alert->sequence);
    memcpy(batch->argv + batch->argc, args, sizeof args);
    batch->argc += SCRIPT_ALERT_ARGS;
    batch->events[batch->n++] = event;
    batch->last = alert->sequence;
    return true;
}

static bool batch_send(struct batch *batch, struct publisher *publisher)
{
    bool ok = redis_send(publisher->redis, batch->argc, batch->argv, NULL, on_sent, publisher);

    for (size_t i = 0; i < batch->n; i++)
        free(batch->events[i]);
    if (ok)
        publisher->sent = batch->last;
    return ok;
}

static bool ready(const struct publisher *publisher)
{
    return publisher->stage == STAGE_SENDING && redis_is_up(publisher->redis);
}

static unsigned room(const struct publisher *publisher)
{
    uint64_t in_flight = publisher->sent - publisher->confirmed;

    return in_flight < PUBLISHER_WINDOW ? (unsigned)(PUBLISHER_WINDOW - in_flight) : 0;
}

/* Where the ledger is read on. */
static uint64_t position(const struct publisher *publisher)
{
    return publisher->sent > publisher->skipped ? publisher->sent : publisher->skipped;
}

/* Sends the first of `rows` that there is room for; those that are left. */
static const struct row *send_some(struct publisher *publisher, const struct row *rows,
                                   struct utc now)
{
    unsigned most = room(publisher) < PUBLISHER_BATCH ? room(publisher) : PUBLISHER_BATCH;
    struct batch batch;

    batch_begin(&batch, publisher);
    for (; rows != NULL && batch.n < most; rows = rows->next) {
        if (rows->alert.sequence > position(publisher) &&
            !batch_add(&batch, publisher, &rows->alert, now))
            break;
    }
    return batch.n > 0 && batch_send(&batch, publisher) ? rows : NULL;
}

/*
 * `rows` are all that the ledger has after `after`, up to the last of them. Its numbers may have
 * holes, where it was renumbered.
 */
static void send_rows(struct publisher *publisher, uint64_t after, const struct row *rows)
{
    struct utc now = publisher_now(publisher);

    if (after > position(publisher))
        return; // something comes before these
    while (rows != NULL && ready(publisher) && room(publisher) > 0)
        rows = send_some(publisher, rows, now);
}

void publisher_offer(struct publisher *publisher, const struct row *alerts)
{
    if (alerts != NULL && ready(publisher))
        send_rows(publisher, alerts->alert.sequence - 1, alerts);
    publisher_pump(publisher);
}

void publisher_send_fetched(struct publisher *publisher, bool ok, const struct row *alerts)
{
    uint64_t after = publisher->asked.after;

    // What cannot be read just now is asked for again now and then, and not at once for ever.
    if (!ok)
        return;
    // What is not there any more is not waited for.
    if (alerts == NULL && after <= position(publisher))
        publisher->skipped = publisher->calls.newest(publisher->calls.arg);
    send_rows(publisher, after, alerts);
    publisher_pump(publisher);
}

void publisher_pump(struct publisher *publisher)
{
    // Half a window at a time, so that a fetch is worth its turn of the ledger.
    if (ready(publisher) && publisher->asked.limit == 0 &&
        room(publisher) >= PUBLISHER_WINDOW / 2 &&
        position(publisher) < publisher->calls.newest(publisher->calls.arg))
        publisher_ask(publisher, FETCH_ALERTS, position(publisher), room(publisher));
}

void publisher_check(struct publisher *publisher)
{
    struct batch batch;

    if (!ready(publisher))
        return;
    batch_begin(&batch, publisher);
    batch_send(&batch, publisher);
}
