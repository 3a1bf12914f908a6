/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/acks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = NAME_MAX_CHARS + 32, BLOCK_MS = 1000 };

struct acks {
    struct redis *redis;
    char stream[KEY_MAX], refused[KEY_MAX];
    char after[ACKS_ID_MAX];
    bool asking; // a read is under way
    enum acks_answer (*on_ack)(const struct ack *ack, struct fault *why, void *arg);
    void *arg;
};

static const char *field(const struct redis_reply *fields, const char *name)
{
    for (size_t i = 0; i + 1 < fields->n; i += 2) {
        if (strcmp(redis_item(fields, i).text, name) == 0)
            return redis_item(fields, i + 1).text;
    }
    return "";
}

static void answer_refused(struct acks *acks, const struct ack *ack, const char *why)
{
    char keep[16];

    snprintf(keep, sizeof keep, "%d", ACKS_REFUSED_KEEP);
    redis_send(acks->redis, 14,
               (const char *[]){ "XADD", acks->refused, "MAXLEN", "~", keep, "*", "ack", ack->id,
                                 "incident", ack->incident, "by", ack->by, "why", why },
               NULL, NULL, NULL);
}

/* [id, [field, value, …]]; false: not now. */
static bool take_entry(struct acks *acks, const struct redis_reply *entry)
{
    struct redis_reply id = redis_item(entry, 0), fields = redis_item(entry, 1);
    struct ack ack = { .id = id.text,
                       .incident = field(&fields, "incident"),
                       .action = field(&fields, "action"),
                       .by = field(&fields, "by"),
                       .reason = field(&fields, "reason"),
                       .note = field(&fields, "note") };
    struct fault why;
    enum acks_answer answer = acks->on_ack(&ack, &why, acks->arg);

    if (answer == ACKS_LATER)
        return false;
    if (answer == ACKS_REFUSED)
        answer_refused(acks, &ack, why.text);
    snprintf(acks->after, sizeof acks->after, "%s", ack.id);
    return true;
}

/* [[stream, [entry, …]]], nil when none came in time. */
static void on_entries(const struct redis_reply *reply, void *arg)
{
    struct acks *acks = arg;
    struct redis_reply stream = redis_item(reply, 0), entries = redis_item(&stream, 1);
    bool well = true;

    acks->asking = false;
    if (reply->kind == REDIS_ERROR) {
        redis_reset(acks->redis, reply->text);
        return;
    }
    redis_healthy(acks->redis);
    for (size_t i = 0; well && i < entries.n; i++) {
        struct redis_reply entry = redis_item(&entries, i);

        well = take_entry(acks, &entry);
    }
    if (well)
        acks_pump(acks);
}

void acks_pump(struct acks *acks)
{
    char block[16];

    if (acks->asking || !redis_is_up(acks->redis))
        return;
    snprintf(block, sizeof block, "%d", BLOCK_MS);
    acks->asking = redis_send(acks->redis, 8,
                              (const char *[]){ "XREAD", "BLOCK", block, "COUNT", "100", "STREAMS",
                                                acks->stream, acks->after },
                              NULL, on_entries, acks);
}

void acks_rewind(struct acks *acks, const char *after)
{
    snprintf(acks->after, sizeof acks->after, "%s", after[0] != '\0' ? after : "0");
}

static void on_up(void *arg)
{
    acks_pump(arg);
}

static void on_down(const char *why, void *arg)
{
    struct acks *acks = arg;

    (void)why; // redis.c has logged it
    acks->asking = false;
}

struct acks *acks_create(struct event_base *base, struct evdns_base *dns,
                         const struct acks_wish *wish)
{
    struct acks *acks = calloc(1, sizeof *acks);
    struct redis_calls calls = { on_up, on_down, acks };

    if (acks == NULL)
        return NULL;
    acks->on_ack = wish->on_ack;
    acks->arg = wish->arg;
    snprintf(acks->stream, KEY_MAX, "{%s}:acks", wish->prefix);
    snprintf(acks->refused, KEY_MAX, "{%s}:acks:refused", wish->prefix);
    acks_rewind(acks, wish->after);
    acks->redis =
        redis_create(base, dns, &wish->target, wish->password, &calls, BLOCK_MS + REDIS_REPLY_MS);
    if (acks->redis == NULL) {
        acks_destroy(acks);
        return NULL;
    }
    redis_take_lists(acks->redis, NULL);
    return acks;
}

void acks_destroy(struct acks *acks)
{
    if (acks == NULL)
        return;
    redis_destroy(acks->redis);
    free(acks);
}
