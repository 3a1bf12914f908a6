/* SPDX-License-Identifier: Apache-2.0 */
/* ping_stream.c - what is read, and when. */
#include "adapter/redis/ping_stream_parts.h"

#include <event2/event.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Commands of the writing connection without a reply; the moves of one batch must still fit. */
enum { WRITER_BUSY = REDIS_PENDING_MAX - PING_STREAM_COUNT - 8 };

static const char group[] = "breachd", from_the_beginning[] = "0-0";

static bool begins(const struct redis_reply *reply, const char *word)
{
    return strncmp(reply->text, word, strlen(word)) == 0;
}

static void set_step(struct ping_stream *stream, enum ping_step step)
{
    stream->step = step;
    snprintf(stream->after, sizeof stream->after, "%s", from_the_beginning);
}

/* ---- what is answered ---- */

/* A page of our pending entries; an empty one is the last. */
static void take_own(struct ping_stream *stream, const struct redis_reply *entries)
{
    if (entries->n == 0)
        set_step(stream, STEP_CLAIM);
    else
        ping_stream_take(stream, entries, stream->after);
}

/* [where to go on, [entry, …], [id, …]] */
static void take_claimed(struct ping_stream *stream, const struct redis_reply *reply)
{
    struct redis_reply next = redis_item(reply, 0), entries = redis_item(reply, 1);
    struct redis_reply gone = redis_item(reply, 2); // from Redis 7 on
    char last[ENTRY_ID_MAX];

    if (next.kind != REDIS_TEXT || next.n >= ENTRY_ID_MAX || entries.kind != REDIS_LIST) {
        redis_reset(stream->reader, "answers XAUTOCLAIM with something else");
        return;
    }
    snprintf(stream->after, sizeof stream->after, "%s", next.text);
    ping_stream_take(stream, &entries, last);
    ping_stream_take_gone(stream, &gone);
    if (strcmp(stream->after, from_the_beginning) == 0)
        set_step(stream, STEP_NEW);
}

static void take_group(struct ping_stream *stream, const struct redis_reply *reply)
{
    bool is_error = reply->kind == REDIS_ERROR;

    if (is_error && !begins(reply, "BUSYGROUP")) {
        redis_reset(stream->reader, reply->text);
        return;
    }
    ping_stream_check_loss(stream, !is_error);
    set_step(stream, STEP_OWN);
}

/* The group is gone, or the stream with it, as by FLUSHALL. */
static bool lost_its_group(const struct redis_reply *reply)
{
    return begins(reply, "NOGROUP") || begins(reply, "UNBLOCKED");
}

static void take_answer(struct ping_stream *stream, const struct redis_reply *reply)
{
    struct redis_reply found = redis_item(reply, 0), entries = redis_item(&found, 1);
    char last[ENTRY_ID_MAX];

    switch (stream->step) {
    case STEP_INFO:
        ping_stream_take_info(stream, reply);
        set_step(stream, STEP_GROUP);
        break;
    case STEP_GROUP:
        take_group(stream, reply);
        break;
    case STEP_OWN:
        take_own(stream, &entries);
        break;
    case STEP_CLAIM:
        take_claimed(stream, reply);
        break;
    case STEP_NEW: // nil when none came in time
        redis_healthy(stream->reader);
        stream->backlog = entries.kind == REDIS_LIST && entries.n == PING_STREAM_COUNT;
        ping_stream_take(stream, &entries, last);
    }
}

static void on_answer(const struct redis_reply *reply, void *arg)
{
    struct ping_stream *stream = arg;
    bool is_error = reply->kind == REDIS_ERROR && stream->step > STEP_GROUP;

    stream->asked--;
    if (is_error && lost_its_group(reply)) {
        stream->afresh = true;
    } else if (is_error) {
        redis_reset(stream->reader, reply->text);
        return;
    } else if (!stream->afresh && !stream->stopped) {
        // Else the claimed entries are pending for us, and are read again in their order.
        stream->taking = true;
        take_answer(stream, reply);
        stream->taking = false;
    }
    ping_stream_read(stream);
}

/* ---- what is asked ---- */

static bool ask(struct ping_stream *stream)
{
    const char *key = stream->key, *name = stream->consumer, *after = stream->after;
    char block[16], count[16], dead[16];
    const char *xinfo[] = { "XINFO", "STREAM", key };
    const char *create[] = { "XGROUP", "CREATE", key, group, "0", "MKSTREAM" };
    const char *own[] = {
        "XREADGROUP", "GROUP", group, name, "COUNT", count, "STREAMS", key, after
    };
    const char *claim[] = { "XAUTOCLAIM", key, group, name, dead, after, "COUNT", count };
    const char *fresh[] = { "XREADGROUP", "GROUP", group,     name, "COUNT", count,
                            "BLOCK",      block,   "STREAMS", key,  ">" };
    const struct {
        const char *const *words;
        size_t n;
    } of[] = {
        [STEP_INFO] = { xinfo, sizeof xinfo / sizeof *xinfo },
        [STEP_GROUP] = { create, sizeof create / sizeof *create },
        [STEP_OWN] = { own, sizeof own / sizeof *own },
        [STEP_CLAIM] = { claim, sizeof claim / sizeof *claim },
        [STEP_NEW] = { fresh, sizeof fresh / sizeof *fresh },
    };

    snprintf(block, sizeof block, "%d", PING_STREAM_BLOCK_MS);
    snprintf(count, sizeof count, "%d", PING_STREAM_COUNT);
    snprintf(dead, sizeof dead, "%d", PING_STREAM_DEAD_MS);
    if (!redis_send(stream->reader, of[stream->step].n, of[stream->step].words, NULL, on_answer,
                    stream))
        return false;
    stream->asked++;
    return true;
}

/* What is asked for comes to us, so there must be room for all of it. */
static bool has_room(const struct ping_stream *stream)
{
    return stream->in_hand + (stream->asked + 1) * (size_t)PING_STREAM_COUNT <=
               PING_STREAM_HAND_MAX &&
           redis_pending(stream->writer) + stream->asked * (size_t)PING_STREAM_COUNT < WRITER_BUSY;
}

/* False while something is still on its way that it would cross. */
static bool turn_to_next_step(struct ping_stream *stream)
{
    if (stream->afresh) {
        if (stream->asked > 0 || !ping_stream_idle(stream))
            return false;
        stream->afresh = false;
        set_step(stream, STEP_INFO);
    }
    if (stream->claim && stream->step == STEP_NEW) {
        // What is in hand is not acknowledged either, and could be claimed.
        if (stream->asked > 0 || !ping_stream_idle(stream))
            return false;
        set_step(stream, STEP_CLAIM);
    }
    stream->claim = stream->claim && stream->step != STEP_CLAIM;
    return true;
}

void ping_stream_read(struct ping_stream *stream)
{
    unsigned most;

    if (stream->stopped || stream->taking || stream->later || !ping_stream_is_up(stream) ||
        !turn_to_next_step(stream) || !stream->callbacks.ready(stream->callbacks.arg))
        return;
    // Without a backlog a second question would block behind the first, and hold up `afresh`.
    most = stream->step == STEP_NEW && stream->backlog ? PING_STREAM_ASKED_MAX : 1;
    while (stream->asked < most && has_room(stream)) {
        if (!ask(stream))
            return;
    }
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
    struct ping_stream *stream = arg;

    (void)fd;
    (void)what;
    stream->claim = true;
    ping_stream_read(stream);
}

/* ---- how much there is ---- */

/* Of XINFO GROUPS' names and values by turns; NaN when it is not told. */
static double figure(const struct redis_reply *of_group, const char *name)
{
    for (size_t i = 0; i + 1 < of_group->n; i += 2) {
        struct redis_reply value = redis_item(of_group, i + 1);

        if (strcmp(redis_item(of_group, i).text, name) == 0)
            return value.kind == REDIS_NUMBER ? (double)value.number : NAN;
    }
    return NAN;
}

/*
 * [[name, "breachd", pending, 3, lag, 12, …], …]; an error is none of ours: it may not be allowed.
 */
static void on_info(const struct redis_reply *reply, void *arg)
{
    struct ping_stream *stream = arg;

    stream->looking = false;
    stream->lag = stream->pending = NAN;
    for (size_t i = 0; i < reply->n && reply->kind == REDIS_LIST; i++) {
        struct redis_reply one = redis_item(reply, i);

        if (strcmp(redis_item(&one, 1).text, group) != 0)
            continue;
        stream->pending = figure(&one, "pending");
        stream->lag = figure(&one, "lag");
    }
    ping_stream_read(stream);
}

void ping_stream_pump(struct ping_stream *stream)
{
    if (!stream->looking && !stream->stopped && redis_is_up(stream->writer))
        stream->looking =
            redis_send(stream->writer, 3, (const char *[]){ "XINFO", "GROUPS", stream->key }, NULL,
                       on_info, stream);
    stream->later = false;
    ping_stream_read(stream);
}

/* ---- made, stopped, gone ---- */

static void on_up(void *arg)
{
    ping_stream_read(arg);
}

/* Whichever connection was lost: what was not acknowledged is pending, and is read again. */
static void on_reader_down(const char *why, void *arg)
{
    struct ping_stream *stream = arg;

    (void)why; // redis.c has logged it
    stream->asked = 0;
    stream->afresh = true;
}

static void on_writer_down(const char *why, void *arg)
{
    struct ping_stream *stream = arg;

    (void)why;
    stream->looking = false;
    stream->lag = stream->pending = NAN;
    stream->afresh = true;
}

static bool start(struct ping_stream *stream, struct event_base *base, struct evdns_base *dns,
                  const struct ping_stream_options *options)
{
    const struct resp_filter_limits limits = { PING_STREAM_TEXTS_MAX, PING_STREAM_MEMBERS_MAX };
    const struct timeval often = { PING_STREAM_DEAD_MS / 1000, 0 };
    struct redis_callbacks of_reader = { on_up, on_reader_down, stream };
    struct redis_callbacks of_writer = { on_up, on_writer_down, stream };

    stream->reader = redis_create(base, dns, &options->target, options->password, &of_reader,
                                  PING_STREAM_BLOCK_MS + REDIS_REPLY_MS);
    stream->writer = redis_create(base, dns, &options->target, options->password, &of_writer, 0);
    stream->sweep = event_new(base, -1, EV_PERSIST, on_sweep, stream);
    if (stream->reader == NULL || stream->writer == NULL || stream->sweep == NULL)
        return false;
    redis_take_lists(stream->reader, &limits);
    redis_take_lists(stream->writer, NULL);
    return event_add(stream->sweep, &often) == 0;
}

struct ping_stream *ping_stream_create(struct event_base *base, struct evdns_base *dns,
                                       const struct ping_stream_options *options,
                                       const struct ping_stream_callbacks *callbacks)
{
    struct ping_stream *stream = calloc(1, sizeof *stream);

    if (stream == NULL)
        return NULL;
    stream->callbacks = *callbacks;
    stream->lag = stream->pending = NAN;
    LIST_INIT(&stream->receipts);
    snprintf(stream->key, sizeof stream->key, "%s:pings", options->prefix);
    snprintf(stream->refused, sizeof stream->refused, "%s:pings:refused", options->prefix);
    snprintf(stream->consumer, sizeof stream->consumer, "%s", options->site);
    ping_stream_remember(stream, options->place);
    set_step(stream, STEP_INFO);
    if (!start(stream, base, dns, options)) {
        ping_stream_destroy(stream);
        return NULL;
    }
    return stream;
}

void ping_stream_destroy(struct ping_stream *stream)
{
    struct ping_receipt *receipt;

    if (stream == NULL)
        return;
    // PING_STREAM_ASKED_MAX batches, and what waits for the disk.
    LIST_FOREACH(receipt, &stream->receipts, next)
    {
        receipt->stream = NULL;
    }
    redis_destroy(stream->reader);
    redis_destroy(stream->writer);
    if (stream->sweep != NULL)
        event_free(stream->sweep);
    free(stream);
}

void ping_stream_stop(struct ping_stream *stream)
{
    stream->stopped = true;
}

bool ping_stream_idle(const struct ping_stream *stream)
{
    return stream->in_hand == 0 && redis_pending(stream->writer) == 0;
}

bool ping_stream_is_up(const struct ping_stream *stream)
{
    return redis_is_up(stream->reader) && redis_is_up(stream->writer);
}

const char *ping_stream_why_down(const struct ping_stream *stream)
{
    const char *why = redis_why_down(stream->reader);

    return why[0] != '\0' ? why : redis_why_down(stream->writer);
}

double ping_stream_lag(const struct ping_stream *stream)
{
    return stream->lag;
}

double ping_stream_pending(const struct ping_stream *stream)
{
    return stream->pending;
}
