/* SPDX-License-Identifier: Apache-2.0 */
/* acks.c - which acks are read, and when. */
#include "adapter/redis/acks_parts.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_MS = 1000 };

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
    // ACKS_COUNT were asked for; the filter lets ACKS_MEMBERS_MAX through, whatever is sent.
    for (size_t i = 0; well && i < entries.n; i++) {
        struct redis_reply entry = redis_item(&entries, i);

        well = acks_take(acks, &entry);
    }
    if (well)
        acks_pump(acks);
}

void acks_pump(struct acks *acks)
{
    char block[16], count[16];

    if (acks->asking || !redis_is_up(acks->redis))
        return;
    if (acks_tend_due(acks)) {
        acks_tend(acks);
        return;
    }
    snprintf(block, sizeof block, "%d", BLOCK_MS);
    snprintf(count, sizeof count, "%d", ACKS_COUNT);
    acks->asking = redis_send(acks->redis, 8,
                              (const char *[]){ "XREAD", "BLOCK", block, "COUNT", count, "STREAMS",
                                                acks->stream, acks->after },
                              NULL, on_entries, acks);
}

void acks_rewind(struct acks *acks, const char *after)
{
    snprintf(acks->after, sizeof acks->after, "%s", after[0] != '\0' ? after : "0-0");
}

static void on_up(void *arg)
{
    struct acks *acks = arg;

    acks->tended = (struct tick){ 0 };
    acks_pump(acks);
}

static void on_down(const char *why, void *arg)
{
    struct acks *acks = arg;

    (void)why; // redis.c has logged it
    acks->asking = false;
}

struct acks *acks_create(struct event_base *base, struct evdns_base *dns,
                         const struct acks_options *options)
{
    const struct resp_filter_limits limits = { ACKS_TEXTS_MAX, ACKS_MEMBERS_MAX };
    struct acks *acks = calloc(1, sizeof *acks);
    struct redis_callbacks callbacks = { on_up, on_down, acks };

    if (acks == NULL)
        return NULL;
    acks->options = *options;
    snprintf(acks->stream, ACKS_KEY_MAX, "{%s}:acks", options->prefix);
    snprintf(acks->refused, ACKS_KEY_MAX, "{%s}:acks:refused", options->prefix);
    acks_rewind(acks, options->after);
    acks->redis = redis_create(base, dns, &options->target, options->password, &callbacks,
                               BLOCK_MS + REDIS_REPLY_MS);
    if (acks->redis == NULL) {
        acks_destroy(acks);
        return NULL;
    }
    redis_take_lists(acks->redis, &limits);
    return acks;
}

void acks_destroy(struct acks *acks)
{
    if (acks == NULL)
        return;
    redis_destroy(acks->redis);
    free(acks);
}

const char *acks_why_deaf(const struct acks *acks)
{
    return redis_why_down(acks->redis);
}

const char *acks_why_untrimmed(const struct acks *acks)
{
    return acks->untrimmed;
}
