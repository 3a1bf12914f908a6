/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/publisher_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void publisher_text(char text[PUBLISHER_NUMBER_MAX], int64_t number)
{
    snprintf(text, PUBLISHER_NUMBER_MAX, "%" PRId64, number);
}

struct utc publisher_now(const struct publisher *publisher)
{
    return publisher->exercise ? UTC_ALWAYS : publisher->callbacks.now(publisher->callbacks.arg);
}

void publisher_ask(struct publisher *publisher, enum fetch_of of, uint64_t after, unsigned limit)
{
    publisher->asked = (struct fetch){ of, after, limit };
    publisher->callbacks.fetch(&publisher->asked, publisher->callbacks.arg);
}

void publisher_fetched(struct publisher *publisher, const struct fetch *asked, bool ok,
                       const struct row *alerts)
{
    const struct fetch *wanted = &publisher->asked;

    if (asked->of != wanted->of || asked->after != wanted->after || asked->limit != wanted->limit)
        return; // an older question's, or another publisher's
    publisher->asked.limit = 0;
    if (publisher->stage == STAGE_SENDING)
        publisher_send_fetched(publisher, ok, alerts);
    else if (publisher->stage != STAGE_ASKING)
        publisher_resume_fetched(publisher, ok, alerts);
}

/* What Redis says to a heartbeat between two is for the next regular one to find out. */
static void on_heartbeat_between(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    (void)reply;
    publisher->heartbeats--;
}

void publisher_heartbeat(struct publisher *publisher)
{
    char text[PUBLISHER_HEARTBEAT_MAX] = "";
    const char *set[] = { "SET", publisher->heartbeat, text, "PX", publisher->heartbeat_ttl };
    const char *publish[] = { "PUBLISH", publisher->heartbeat, text };

    if (!redis_is_up(publisher->redis))
        return;
    publisher->callbacks.heartbeat(text, publisher->callbacks.arg);
    publisher->heartbeats +=
        redis_send(publisher->redis, 5, set, NULL, on_heartbeat_between, publisher) ? 1 : 0;
    publisher->heartbeats +=
        redis_send(publisher->redis, 3, publish, NULL, on_heartbeat_between, publisher) ? 1 : 0;
}

bool publisher_heartbeat_answered(const struct publisher *publisher)
{
    return publisher->heartbeats == 0;
}

static void on_up(void *arg)
{
    publisher_resume(arg);
    publisher_ask_memory(arg);
    publisher_heartbeat(arg); // who watches hears of it now, not an interval later
}

static void on_down(const char *why, void *arg)
{
    struct publisher *publisher = arg;

    (void)why; // redis.c has logged it
    publisher->stage = STAGE_ASKING;
    publisher->asked.limit = 0;
    publisher->heartbeats = 0;
    publisher->sent = publisher->confirmed;
}

static void on_heartbeat_kept(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind == REDIS_ERROR)
        redis_reset(publisher->redis, reply->text);
    else
        redis_healthy(publisher->redis);
}

static void on_heartbeat(evutil_socket_t fd, short what, void *arg)
{
    struct publisher *publisher = arg;
    char text[PUBLISHER_HEARTBEAT_MAX] = "";
    const char *set[] = { "SET", publisher->heartbeat, text, "PX", publisher->heartbeat_ttl };
    const char *publish[] = { "PUBLISH", publisher->heartbeat, text };

    (void)fd;
    (void)what;
    if (!redis_is_up(publisher->redis))
        return;
    publisher->callbacks.heartbeat(text, publisher->callbacks.arg);
    redis_send(publisher->redis, 5, set, NULL, on_heartbeat_kept, publisher);
    redis_send(publisher->redis, 3, publish, NULL, NULL, NULL);
    publisher_ask_memory(publisher);
    publisher_check(publisher);
    publisher_pump(publisher);
}

static void name_keys(struct publisher *publisher, const char *prefix)
{
    snprintf(publisher->stream, PUBLISHER_KEY_MAX, "{%s}:alerts", prefix);
    snprintf(publisher->open.key, PUBLISHER_KEY_MAX, "{%s}:open", prefix);
    snprintf(publisher->open.fresh, PUBLISHER_KEY_MAX, "{%s}:open:new", prefix);
    snprintf(publisher->todo.key, PUBLISHER_KEY_MAX, "{%s}:todo", prefix);
    snprintf(publisher->todo.fresh, PUBLISHER_KEY_MAX, "{%s}:todo:new", prefix);
    snprintf(publisher->acks, PUBLISHER_KEY_MAX, "{%s}:acks", prefix);
    snprintf(publisher->last, PUBLISHER_KEY_MAX, "{%s}:last", prefix);
    snprintf(publisher->heartbeat, PUBLISHER_KEY_MAX, "{%s}:heartbeat", prefix);
}

struct publisher *publisher_create(struct event_base *base, struct evdns_base *dns,
                                   const struct publisher_options *options,
                                   const struct publisher_callbacks *callbacks, uint64_t confirmed)
{
    struct publisher *publisher = calloc(1, sizeof *publisher);
    struct redis_callbacks link = { .on_up = on_up, .on_down = on_down, .arg = publisher };
    struct timeval interval = { options->heartbeat_ms / 1000, options->heartbeat_ms % 1000 * 1000 };

    if (publisher == NULL)
        return NULL;
    publisher->callbacks = *callbacks;
    publisher->confirmed = publisher->sent = publisher->marked = confirmed;
    publisher->exercise = options->exercise;
    publisher->alerts_keep = options->alerts_keep;
    snprintf(publisher->site, sizeof publisher->site, "%s", options->site);
    name_keys(publisher, options->prefix);
    snprintf(publisher->entry, sizeof publisher->entry, "-");
    snprintf(publisher->added, sizeof publisher->added, "-");
    snprintf(publisher->epoch, sizeof publisher->epoch, "0");
    publisher_text(publisher->keep, options->alerts_keep);
    publisher_text(publisher->heartbeat_ttl, 3 * options->heartbeat_ms);
    publisher->redis = redis_create(base, dns, &options->target, options->password, &link, 0);
    publisher->heartbeat_timer = event_new(base, -1, EV_PERSIST, on_heartbeat, publisher);
    if (publisher->redis == NULL || publisher->heartbeat_timer == NULL ||
        event_add(publisher->heartbeat_timer, &interval) != 0) {
        publisher_destroy(publisher);
        return NULL;
    }
    return publisher;
}

void publisher_destroy(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    if (publisher->heartbeat_timer != NULL)
        event_free(publisher->heartbeat_timer);
    redis_destroy(publisher->redis);
    free(publisher);
}

bool publisher_connected(const struct publisher *publisher)
{
    return redis_is_up(publisher->redis);
}

const char *publisher_why_away(const struct publisher *publisher)
{
    return redis_why_down(publisher->redis);
}

uint64_t publisher_confirmed(const struct publisher *publisher)
{
    return publisher->confirmed > publisher->skipped ? publisher->confirmed : publisher->skipped;
}

bool publisher_has_compared(const struct publisher *publisher)
{
    return publisher->stage >= STAGE_OPENING;
}

bool publisher_caught_up(const struct publisher *publisher)
{
    return publisher->confirmed == publisher->sent &&
           publisher_confirmed(publisher) >= publisher->callbacks.newest(publisher->callbacks.arg);
}
