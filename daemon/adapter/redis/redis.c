/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/redis.h"

#include "adapter/connector.h"
#include "adapter/password.h"
#include "adapter/redis/resp_filter.h"
#include "adapter/redis/resp_reader.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pending {
    redis_handler *handler;
    void *arg;
};

struct redis {
    struct redis_target target;
    char password[PASSWORD_MAX];
    struct redis_callbacks callbacks;
    int reply_ms;

    struct connector *connector; // its deadline: of the oldest reply
    redisReader *reader;
    int greetings;             // replies still wanted before it is up
    bool lists;                // are taken
    struct arena replies;      // those of a connection that takes lists
    struct resp_filter filter; // no limits: all goes through

    struct pending pending[REDIS_PENDING_MAX]; // a ring
    size_t first, n;
};

static void on_down(bool was_up, void *arg)
{
    struct redis *redis = arg;

    redisReaderFree(redis->reader);
    redis->reader = NULL;
    redis->n = 0;
    if (was_up)
        redis->callbacks.on_down(connector_why_down(redis->connector), redis->callbacks.arg);
}

static void go_up(struct redis *redis)
{
    connector_up(redis->connector, "connected");
    redis->callbacks.on_up(redis->callbacks.arg);
}

static void watch_deadline(struct redis *redis)
{
    connector_deadline(redis->connector, redis->n == 0 ? 0 : redis->reply_ms);
}

static void free_command(const void *bytes, size_t length, void *command)
{
    (void)bytes;
    (void)length;
    redisFreeCommand(command);
}

static bool append(struct redis *redis, size_t argc, const char *const *argv, const size_t *lengths,
                   redis_handler *handler, void *arg)
{
    const char *borrowed[REDIS_ARGS_MAX];
    char *command = NULL;
    struct evbuffer *output;
    int length;

    if (redis->n == REDIS_PENDING_MAX || argc > REDIS_ARGS_MAX)
        return false;
    output = bufferevent_get_output(connector_bev(redis->connector));
    memcpy(borrowed, argv, argc * sizeof *argv);
    length = redisFormatCommandArgv(&command, (int)argc, borrowed, lengths);
    // Handed over, not copied: a batch of alerts is long.
    if (length < 0 ||
        evbuffer_add_reference(output, command, (size_t)length, free_command, command) != 0) {
        redisFreeCommand(command);
        return false;
    }
    redis->pending[(redis->first + redis->n) % REDIS_PENDING_MAX] =
        (struct pending){ handler, arg };
    if (redis->n++ == 0)
        watch_deadline(redis);
    return true;
}

static void on_greeting(const struct redis_reply *reply, void *arg)
{
    struct redis *redis = arg;

    if (reply->kind == REDIS_ERROR) {
        redis_reset(redis, reply->text);
        return;
    }
    if (--redis->greetings == 0)
        go_up(redis);
}

/* AUTH and SELECT as far as they are needed, then a PING, which only a Redis answers. */
static void greet(struct redis *redis)
{
    const char *user = redis->target.user[0] ? redis->target.user : "default";
    char db[16];
    bool ok = true;

    redis->greetings = 1;
    if (redis->password[0] != '\0') {
        redis->greetings++;
        ok = append(redis, 3, (const char *[]){ "AUTH", user, redis->password }, NULL, on_greeting,
                    redis);
    }
    if (redis->target.db != 0) {
        redis->greetings++;
        snprintf(db, sizeof db, "%d", redis->target.db);
        ok = ok && append(redis, 2, (const char *[]){ "SELECT", db }, NULL, on_greeting, redis);
    }
    // Else nothing would ever answer, or too little, and no deadline is set.
    if (!ok || !append(redis, 1, (const char *[]){ "PING" }, NULL, on_greeting, redis))
        redis_reset(redis, "out of memory");
}

void redis_take_lists(struct redis *redis, const struct resp_filter_limits *limits)
{
    redis->lists = true;
    redis->filter.limits = limits ? *limits : (struct resp_filter_limits){ 0 };
}

/* One whole reply to the oldest command. After it the connection may be gone. */
static void take_reply(struct redis *redis, const redisReply *reply)
{
    struct redis_reply value = resp_reader_value(reply);
    struct pending oldest = redis->pending[redis->first];

    if (redis->n == 0) {
        redis_reset(redis, value.kind == REDIS_ERROR ? value.text : "said something unasked");
        return;
    }
    redis->first = (redis->first + 1) % REDIS_PENDING_MAX;
    redis->n--;
    watch_deadline(redis);
    if (oldest.handler != NULL)
        oldest.handler(&value, oldest.arg);
    else if (value.kind == REDIS_ERROR)
        redis_reset(redis, value.text);
}

/* The whole replies among what has come; false when the connection they came by is gone. */
static bool take_replies(struct redis *redis, const struct bufferevent *bev)
{
    void *reply = NULL;

    while (connector_bev(redis->connector) == bev) { // the replies in what was read at once
        if (!redis->lists && resp_reader_begins_a_list(redis->reader)) {
            redis_reset(redis, "sent a list that nobody asked for");
            return false;
        }
        if (redisReaderGetReply(redis->reader, &reply) != REDIS_OK) {
            redis_reset(redis, "is no Redis: it does not speak RESP");
            return false;
        }
        if (reply == NULL)
            return true;
        take_reply(redis, reply);
        if (redis->lists)
            arena_fini(&redis->replies);
        else
            freeReplyObject(reply);
    }
    return false;
}

static bool take_bytes(struct redis *redis, const char *bytes, size_t n)
{
    if (redisReaderFeed(redis->reader, bytes, n) == REDIS_OK &&
        redis->reader->len - redis->reader->pos <= REDIS_REPLY_LIMIT &&
        !resp_reader_lacks_an_end(redis->reader))
        return take_replies(redis, connector_bev(redis->connector));
    redis_reset(redis, "is no Redis: a reply without end");
    return false;
}

static bool filter_bytes(struct redis *redis, const char *bytes, size_t n)
{
    char filtered[16 * 1024];
    size_t done, left;

    for (size_t at = 0; at < n; at += done) {
        if (!resp_filter_feed(&redis->filter, bytes + at, n - at, &done, filtered, sizeof filtered,
                              &left)) {
            redis_reset(redis, "is no Redis: it does not speak RESP");
            return false;
        }
        if (left > 0 && !take_bytes(redis, filtered, left))
            return false;
    }
    // Of a reply that is long on the way the time counts anew: each try would take as long.
    watch_deadline(redis);
    return true;
}

static void on_readable(void *arg)
{
    struct redis *redis = arg;
    struct bufferevent *bev = connector_bev(redis->connector);
    char piece[16 * 1024]; // once: libevent reads no more; and at most REDIS_PENDING_MAX replies
    bool well = true;
    size_t n;

    while (well && (n = bufferevent_read(bev, piece, sizeof piece)) > 0) // once, as said at `piece`
        well = redis->filter.limits.members > 0 ? filter_bytes(redis, piece, n)
                                                : take_bytes(redis, piece, n);
}

static bool on_try(void *arg)
{
    struct redis *redis = arg;

    arena_fini(&redis->replies); // what an earlier connection began
    return true;
}

static void on_connected(void *arg)
{
    struct redis *redis = arg;

    connector_deadline(redis->connector, 0);
    bufferevent_set_max_single_write(connector_bev(redis->connector), REDIS_WRITE_MAX);
    redis->reader = resp_reader_create(redis->lists ? &redis->replies : NULL);
    redis->filter = (struct resp_filter){ .limits = redis->filter.limits };
    if (redis->reader == NULL)
        redis_reset(redis, "out of memory");
    else
        greet(redis);
}

static void on_deadline(void *arg)
{
    redis_reset(arg, "no reply in time");
}

static struct connector_options options_of(const struct redis_target *target)
{
    return (struct connector_options){ .name = "redis",
                                       .text = target->text,
                                       .path = target->path,
                                       .host = target->host,
                                       .port = target->port,
                                       .secure = target->secure,
                                       .tls = target->tls,
                                       .connect_ms = REDIS_CONNECT_MS,
                                       .voice = target->voice };
}

struct redis *redis_create(struct event_base *base, struct evdns_base *dns,
                           const struct redis_target *target, const char *password,
                           const struct redis_callbacks *callbacks, int reply_ms)
{
    struct redis *redis = calloc(1, sizeof *redis);
    struct connector_callbacks of_connector = { .on_try = on_try,
                                                .on_connected = on_connected,
                                                .on_readable = on_readable,
                                                .on_deadline = on_deadline,
                                                .on_down = on_down,
                                                .arg = redis };
    struct connector_options options;

    if (redis == NULL)
        return NULL;
    redis->target = *target;
    redis->callbacks = *callbacks;
    redis->reply_ms = reply_ms > 0 ? reply_ms : REDIS_REPLY_MS;
    snprintf(redis->password, sizeof redis->password, "%s", password);
    options = options_of(&redis->target);
    redis->connector = connector_create(base, dns, &options, &of_connector);
    if (redis->connector == NULL) {
        redis_destroy(redis);
        return NULL;
    }
    return redis;
}

void redis_destroy(struct redis *redis)
{
    if (redis == NULL)
        return;
    connector_destroy(redis->connector);
    redisReaderFree(redis->reader);
    arena_fini(&redis->replies);
    explicit_bzero(redis->password, sizeof redis->password);
    free(redis);
}

bool redis_send(struct redis *redis, size_t argc, const char *const *argv, const size_t *lengths,
                redis_handler *handler, void *arg)
{
    return redis_is_up(redis) && append(redis, argc, argv, lengths, handler, arg);
}

bool redis_insist(struct redis *redis, size_t argc, const char *const *argv, redis_handler *handler,
                  void *arg)
{
    if (redis_send(redis, argc, argv, NULL, handler, arg))
        return true;
    if (redis_is_up(redis))
        redis_reset(redis, "out of memory");
    return false;
}

void redis_reset(struct redis *redis, const char *why)
{
    connector_reset(redis->connector, why);
}

void redis_healthy(struct redis *redis)
{
    connector_healthy(redis->connector);
}

bool redis_is_up(const struct redis *redis)
{
    return connector_is_up(redis->connector);
}

const char *redis_why_down(const struct redis *redis)
{
    return connector_why_down(redis->connector);
}

size_t redis_pending(const struct redis *redis)
{
    return redis->n;
}
