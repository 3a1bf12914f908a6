/* SPDX-License-Identifier: Apache-2.0 */
/* ping_stream_take.c - what becomes of the entries that were read. */
#include "adapter/log.h"
#include "adapter/ping/ping_entry.h"
#include "adapter/redis/ping_stream_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * As one, so that an entry is never in neither stream; and only if it is still to be acknowledged,
 * so that one that was read twice is moved once.
 */
static const char script_move[] =
    "if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1) == 0 then return 0 end\n"
    "redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'id', ARGV[2], 'why', ARGV[4],\n"
    "  unpack(ARGV, 5))\n"
    "return redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])\n";

static const char group[] = "breachd";

enum { MOVE_WORDS = 9 }; // before the entry's own fields

_Static_assert(MOVE_WORDS + PING_STREAM_MEMBERS_MAX <= REDIS_ARGS_MAX, "an entry can be moved");
_Static_assert(3 + PING_STREAM_COUNT <= REDIS_ARGS_MAX, "a batch can be acknowledged");

/* ---- acknowledged, or moved ---- */

static void on_acknowledged(const struct redis_reply *reply, void *arg)
{
    struct ping_stream *stream = arg;

    if (reply->kind == REDIS_ERROR && strncmp(reply->text, "NOGROUP", 7) != 0) {
        redis_reset(stream->writer, reply->text);
        return;
    }
    redis_healthy(stream->writer);
    ping_stream_read(stream);
}

static void acknowledge(struct ping_stream *stream, const struct ping_receipt *receipt)
{
    const char *words[3 + PING_STREAM_COUNT] = { "XACK", stream->key, group };

    for (size_t i = 0; i < receipt->n; i++)
        words[3 + i] = receipt->ids[i];
    if (receipt->n > 0 &&
        !redis_send(stream->writer, 3 + receipt->n, words, NULL, on_acknowledged, stream))
        stream->afresh = true;
}

/* What cannot be moved stays unacknowledged, and holds nobody up: the next sweep finds it. */
static void on_moved(const struct redis_reply *reply, void *arg)
{
    struct ping_stream *stream = arg;

    if (reply->kind == REDIS_ERROR && strcmp(stream->unmoved, reply->text) != 0) {
        snprintf(stream->unmoved, sizeof stream->unmoved, "%s", reply->text);
        log_error("redis: %s: cannot be moved to %s: %s", stream->key, stream->refused,
                  reply->text);
    }
    ping_stream_read(stream);
}

/* With those of its fields that have come whole. */
static void move(struct ping_stream *stream, const char *id, const struct entry_text *texts,
                 size_t n, const char *why)
{
    char keep[16];
    const char *words[MOVE_WORDS + PING_STREAM_MEMBERS_MAX] = {
        "EVAL", script_move, "2", stream->key, stream->refused, group, id, keep, why
    };
    size_t lengths[MOVE_WORDS + PING_STREAM_MEMBERS_MAX], used = MOVE_WORDS;

    snprintf(keep, sizeof keep, "%d", PING_STREAM_REFUSED_KEEP);
    for (size_t i = 0; i < used; i++)
        lengths[i] = strlen(words[i]);
    for (size_t i = 0; i + 1 < n; i += 2) {
        if (texts[i].text == NULL || texts[i + 1].text == NULL)
            continue;
        for (size_t k = 0; k < 2; k++, used++) {
            words[used] = texts[i + k].text;
            lengths[used] = texts[i + k].n;
        }
    }
    if (!redis_send(stream->writer, used, words, lengths, on_moved, stream))
        stream->afresh = true;
}

/* ---- taken ---- */

/* The reason why an entry cannot be read at all; `n` of its texts came, some perhaps not whole. */
static bool is_whole(const struct redis_reply *fields, const struct entry_text *texts, size_t n,
                     struct fault *why)
{
    if (fields->kind == REDIS_NIL)
        return fault_set(why, "taken away before it was read");
    if (n == 0)
        return fault_set(why, "more than %d fields", PING_STREAM_MEMBERS_MAX / 2);
    for (size_t i = 0; i < n; i++) {
        if (texts[i].text == NULL)
            return fault_set(why, "longer than %d bytes", PING_STREAM_TEXTS_MAX);
    }
    return true;
}

static size_t gather(const struct redis_reply *fields, struct entry_text *texts)
{
    size_t n = fields->kind == REDIS_LIST ? fields->n : 0;

    for (size_t i = 0; i < n && i < PING_STREAM_MEMBERS_MAX; i++) {
        struct redis_reply text = redis_item(fields, i);

        texts[i] = (struct entry_text){ text.kind == REDIS_TEXT ? text.text : NULL, text.n };
    }
    return n < PING_STREAM_MEMBERS_MAX ? n : PING_STREAM_MEMBERS_MAX;
}

/* Nothing is held when all that was taken is acknowledged, and Redis has said so. */
static void let_go(struct ping_stream *stream)
{
    if (!stream->holds || !ping_stream_idle(stream))
        return;
    memset(stream->held, 0, sizeof stream->held);
    stream->holds = false;
}

/*
 * False when it must wait: of a device only the last DEVICE_RECENT pings are known when they come
 * again, and if we die now, all that is not acknowledged will.
 */
static bool take_entry(struct ping_stream *stream, struct ping_receipt *receipt, const char *id,
                       const struct redis_reply *fields)
{
    struct entry_text texts[PING_STREAM_MEMBERS_MAX];
    size_t n = gather(fields, texts);
    struct fault why;
    struct ping ping = { 0 };
    bool read = is_whole(fields, texts, n, &why) && ping_entry_read(texts, n, &ping, &why);
    uint8_t *held = &stream->held[read ? name_hash(ping.device) % PING_STREAM_PLACES : 0];

    if (read && *held == DEVICE_RECENT)
        return false;
    if (!read && fault_is_memory(&why)) { // it is not the entry's mistake: a second later
        stream->later = true;
        return false;
    }
    if (!read)
        stream->callbacks.refuse(ping.device, why.text, stream->callbacks.arg);
    if (!read || !stream->callbacks.give(&ping, &why, stream->callbacks.arg)) {
        move(stream, id, texts, n, why.text);
        return true;
    }
    strcpy(receipt->ids[receipt->n++], id); // ping_stream_take has measured it
    (*held)++;
    stream->holds = true;
    return true;
}

static struct ping_receipt *begin(struct ping_stream *stream, size_t n)
{
    struct ping_receipt *receipt = malloc(sizeof *receipt + n * sizeof *receipt->ids);

    if (receipt == NULL)
        return NULL;
    receipt->stream = stream;
    receipt->n = 0;
    if (!stream->callbacks.begin(receipt, stream->callbacks.arg)) {
        free(receipt);
        return NULL;
    }
    LIST_INSERT_HEAD(&stream->receipts, receipt, next);
    return receipt;
}

/* The id of an entry [id, [name, value, …]]; false when that is no id. */
static bool id_of(const struct redis_reply *entry, char out[ENTRY_ID_MAX])
{
    struct redis_reply id = redis_item(entry, 0);

    if (entry->kind != REDIS_LIST || id.kind != REDIS_TEXT || id.n >= ENTRY_ID_MAX)
        return false;
    snprintf(out, ENTRY_ID_MAX, "%s", id.text);
    return true;
}

void ping_stream_take(struct ping_stream *stream, const struct redis_reply *entries,
                      char out_last[ENTRY_ID_MAX])
{
    bool sane = (entries->kind == REDIS_LIST && entries->n <= PING_STREAM_COUNT) || entries->n == 0;
    struct ping_receipt *receipt = sane && entries->n > 0 ? begin(stream, entries->n) : NULL;

    let_go(stream);
    if (receipt == NULL && sane && entries->n > 0)
        stream->afresh = stream->later = true;
    for (size_t i = 0; receipt != NULL && sane && !stream->afresh && i < entries->n; i++) {
        struct redis_reply entry = redis_item(entries, i), fields = redis_item(&entry, 1);

        // So Redis 6.2 says that a claimed one was taken away.
        if (entry.kind == REDIS_NIL && stream->step == STEP_CLAIM)
            continue;
        sane = id_of(&entry, out_last);
        if (sane && !take_entry(stream, receipt, out_last, &fields))
            stream->afresh = true; // from this one on
        else if (sane)
            ping_stream_note_newest(stream, out_last);
    }
    if (receipt != NULL) {
        stream->in_hand += receipt->n;
        stream->callbacks.end(stream->callbacks.arg);
    }
    if (!sane)
        redis_reset(stream->reader, "answers with what are no entries");
}

void ping_stream_take_gone(struct ping_stream *stream, const struct redis_reply *ids)
{
    if (ids->kind == REDIS_LIST && ids->n > 0)
        log_warning("redis: %s: taken away before they were read: %.40s and %zu more", stream->key,
                    redis_item(ids, 0).text, ids->n - 1);
}

void ping_stream_settle(struct ping_receipt *receipt, bool kept)
{
    struct ping_stream *stream = receipt->stream;

    if (stream != NULL) {
        LIST_REMOVE(receipt, next);
        stream->in_hand -= receipt->n;
        if (kept)
            acknowledge(stream, receipt);
        else
            stream->afresh = stream->later = true;
    }
    free(receipt);
    if (stream != NULL)
        ping_stream_read(stream);
}
