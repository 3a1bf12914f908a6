/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher_memory.c - Redis is asked for its memory when it comes up and
 * at each heartbeat, to warn before it is full.
 */
#include "adapter/log.h"
#include "adapter/redis/publisher_parts.h"

#include <inttypes.h>

static void tell(const struct publisher *publisher, const struct redis_memory *before)
{
    const struct redis_memory *now = &publisher->memory;

    if (now->short_of && !before->short_of)
        log_error("redis: its memory is %.0f %% full (%" PRIu64 " of %" PRIu64
                  " bytes): when it is full, no alert can be published",
                  redis_memory_share(now), now->used, now->most);
    if (!now->short_of && before->short_of)
        log_info("redis: its memory is %.0f %% full: there is room again", redis_memory_share(now));
    if (redis_memory_evicts(now) && !redis_memory_evicts(before))
        log_warning("redis: maxmemory-policy is %s: when its memory is full it may throw alerts "
                    "away: set it to noeviction",
                    now->policy);
    if (!redis_memory_evicts(now) && redis_memory_evicts(before))
        log_info("redis: maxmemory-policy is %s again", now->policy);
}

static void on_info(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;
    struct redis_memory before = publisher->memory;

    if (reply->kind == REDIS_TEXT && redis_memory_read(reply->text, &publisher->memory)) {
        publisher->unasked = false;
        tell(publisher, &before);
        return;
    }
    // Not allowed, or no Redis of ours: that must not end a connection that works.
    if (!publisher->unasked)
        log_warning("redis: whether its memory fills cannot be watched: %s: give this user +info",
                    reply->kind == REDIS_ERROR ? reply->text : "INFO says nothing of it");
    publisher->unasked = true;
}

void publisher_ask_memory(struct publisher *publisher)
{
    const char *info[] = { "INFO", "memory" };

    redis_send(publisher->redis, 2, info, NULL, on_info, publisher);
}

const struct redis_memory *publisher_memory(const struct publisher *publisher)
{
    return &publisher->memory;
}

bool publisher_lacks_rights(const struct publisher *publisher)
{
    return publisher->xinfo_denied || publisher->unasked;
}
