/* SPDX-License-Identifier: Apache-2.0 */
#include "web/feed.h"

#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/log.h"
#include "web/json_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MS = 1000 };

struct feed {
    struct feed_callbacks callbacks;
    struct redis *redis;
    char alerts[WEB_KEY_MAX], refused[WEB_KEY_MAX];
    char last[ENTRY_ID_MAX];         // of alerts; "" at first
    char last_refused[ENTRY_ID_MAX]; // the same of refusals
    struct tick logged;              // when an alert that is none was last logged
};

/* ---- entries ---- */

static void take_alert(struct feed *feed, const char *id, const struct redis_reply *entry)
{
    char *line = web_redis_event(entry);

    if (line != NULL)
        feed->callbacks.on_alert(id, line, feed->callbacks.arg);
    else if (log_is_due(&feed->logged, clock_tick()))
        log_warning("alerts: %s: no alert that a browser could read: it is left out", id);
    free(line);
}

static void take_refusal(struct feed *feed, const struct redis_reply *fields)
{
    static const char *const names[] = { "ack", "incident", "why" };
    json_t *json = json_object();
    char *line;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct redis_reply value = redis_field(fields, names[i]);

        json_object_set_new(json, names[i], json_stringn(value.text, value.n));
    }
    line = json_line_print(json);
    if (line != NULL)
        feed->callbacks.on_refusal(line, feed->callbacks.arg);
    free(line);
}

/* [[id, fields], …] */
static void take_entries(struct feed *feed, const struct redis_reply *entries, bool refusals)
{
    char id[ENTRY_ID_MAX];

    for (size_t i = 0; i < entries->n; i++) {
        struct redis_reply entry = redis_item(entries, i), fields = redis_item(&entry, 1);
        char *last = refusals ? feed->last_refused : feed->last;

        web_redis_id(&entry, id);
        if (!entry_id_after(id, last))
            continue;
        strcpy(last, id);
        if (refusals)
            take_refusal(feed, &fields);
        else
            take_alert(feed, id, &entry);
    }
}

static void read_on(struct feed *feed);
static void check_for_loss(struct feed *feed);

/* [[stream, [entry, …]], …], nil when none came in time. */
static void on_entries(const struct redis_reply *reply, void *arg)
{
    struct feed *feed = arg;

    if (reply->kind == REDIS_ERROR) {
        redis_reset(feed->redis, reply->text);
        return;
    }
    redis_healthy(feed->redis);
    if (reply->kind == REDIS_NIL)
        check_for_loss(feed);
    for (size_t i = 0; i < reply->n; i++) {
        struct redis_reply stream = redis_item(reply, i), name = redis_item(&stream, 0);
        struct redis_reply entries = redis_item(&stream, 1);

        take_entries(feed, &entries, strcmp(name.text, feed->refused) == 0);
    }
    read_on(feed);
}

static void read_on(struct feed *feed)
{
    char block[16], count[16];

    snprintf(block, sizeof block, "%d", BLOCK_MS);
    snprintf(count, sizeof count, "%d", WEB_PAGE);
    redis_insist(feed->redis, 10,
                 (const char *[]){ "XREAD", "BLOCK", block, "COUNT", count, "STREAMS", feed->alerts,
                                   feed->refused, feed->last, feed->last_refused },
                 on_entries, feed);
}

/* ---- where it goes on ---- */

static bool is_error(struct feed *feed, const struct redis_reply *reply)
{
    if (reply->kind == REDIS_ERROR)
        redis_reset(feed->redis, reply->text);
    return reply->kind == REDIS_ERROR;
}

/* The newest refusal, [entry]: those of before are of words that nobody waits for. */
static void on_newest_refusal(const struct redis_reply *reply, void *arg)
{
    struct feed *feed = arg;
    struct redis_reply entry = redis_item(reply, 0);
    char id[ENTRY_ID_MAX];

    if (is_error(feed, reply))
        return;
    web_redis_id(&entry, id);
    if (feed->last_refused[0] == '\0' || entry_id_after(feed->last_refused, id))
        strcpy(feed->last_refused, id);
    feed->callbacks.on_state(true, feed->callbacks.arg);
    read_on(feed);
}

/* The oldest alert: when it is newer than what we know, there were others between. */
static void on_oldest(const struct redis_reply *reply, void *arg)
{
    struct feed *feed = arg;
    struct redis_reply entry = redis_item(reply, 0);
    char id[ENTRY_ID_MAX];

    if (is_error(feed, reply))
        return;
    if (strcmp(feed->last, "0-0") != 0 && entry_id_after(web_redis_id(&entry, id), feed->last))
        feed->callbacks.on_gap(feed->last, feed->callbacks.arg);
}

/* The newest alert: when it is older than what we know, the stream is another. */
static void on_newest(const struct redis_reply *reply, void *arg)
{
    struct feed *feed = arg;
    struct redis_reply entry = redis_item(reply, 0);
    char id[ENTRY_ID_MAX], before[ENTRY_ID_MAX];

    if (is_error(feed, reply))
        return;
    web_redis_id(&entry, id);
    strcpy(before, feed->last);
    if (before[0] == '\0' || entry_id_after(before, id))
        strcpy(feed->last, id);
    if (before[0] != '\0' && entry_id_after(before, id))
        feed->callbacks.on_gap(before, feed->callbacks.arg);
}

static bool ask(struct feed *feed, const char *how, const char *key, redis_handler *handler)
{
    bool newest = strcmp(how, "XREVRANGE") == 0;

    return redis_insist(
        feed->redis, 6,
        (const char *[]){ how, key, newest ? "+" : "-", newest ? "-" : "+", "COUNT", "1" }, handler,
        feed);
}

/*
 * Nothing came for a while: so it is, too, when the stream was emptied, and ids begin anew below
 * the one that is waited for.
 */
static void check_for_loss(struct feed *feed)
{
    ask(feed, "XREVRANGE", feed->alerts, on_newest);
}

static void on_up(void *arg)
{
    struct feed *feed = arg;

    if (ask(feed, "XREVRANGE", feed->alerts, on_newest) &&
        ask(feed, "XRANGE", feed->alerts, on_oldest))
        ask(feed, "XREVRANGE", feed->refused, on_newest_refusal);
}

static void on_down(const char *why, void *arg)
{
    struct feed *feed = arg;

    (void)why; // redis.c has logged it
    feed->callbacks.on_state(false, feed->callbacks.arg);
}

struct feed *feed_create(const struct web_redis *redis, const struct feed_callbacks *callbacks)
{
    const struct resp_filter_limits limits = { WEB_ALERT_MAX, WEB_MEMBERS_MAX };
    struct feed *feed = calloc(1, sizeof *feed);
    const struct redis_callbacks of_redis = { on_up, on_down, feed };

    if (feed == NULL)
        return NULL;
    feed->callbacks = *callbacks;
    web_redis_key(redis, "alerts", feed->alerts);
    web_redis_key(redis, "acks:refused", feed->refused);
    feed->redis = redis_create(redis->base, redis->dns, redis->target, redis->password, &of_redis,
                               BLOCK_MS + WEB_REPLY_MS);
    if (feed->redis == NULL) {
        free(feed);
        return NULL;
    }
    redis_take_lists(feed->redis, &limits);
    return feed;
}

void feed_destroy(struct feed *feed)
{
    if (feed == NULL)
        return;
    redis_destroy(feed->redis);
    free(feed);
}

const char *feed_last(const struct feed *feed)
{
    return feed->last;
}
