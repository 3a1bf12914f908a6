/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/redis.h"

#include "adapter/backoff.h"
#include "adapter/log.h"
#include "adapter/password.h"
#include "adapter/redis/resp_filter.h"
#include "adapter/redis/resp_reader.h"
#include "adapter/tls.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum phase_of_link { LINK_DOWN, LINK_CONNECTING, LINK_GREETING, LINK_UP };

struct pending {
    redis_handler *handler;
    void *arg;
};

struct redis {
    struct event_base *base;
    struct evdns_base *dns;
    struct redis_target target;
    char password[PASSWORD_MAX];
    struct redis_calls calls;
    struct timeval reply_time;

    enum phase_of_link link;
    struct bufferevent *bev;
    redisReader *reader;
    struct event *retry;    // while down
    struct event *deadline; // of connecting, of the oldest reply
    int backoff_ms;
    int greetings;            // replies still wanted before it is up
    bool lists;               // are taken
    struct arena replies;     // those of a connection that takes lists
    struct resp_filter sieve; // no limits: all goes through
    char why[REDIS_WHY_MAX];

    struct pending pending[REDIS_PENDING_MAX]; // a ring
    size_t first, n;
};

/* Whatever happened: closes, tells, and waits for a while that grows. */
static void go_down(struct redis *redis, const char *why)
{
    bool was_up = redis->link == LINK_UP;
    struct timeval later = backoff_next(&redis->backoff_ms, REDIS_BACKOFF_MAX_MS);

    if (redis->bev != NULL)
        bufferevent_free(redis->bev);
    redis->bev = NULL;
    redisReaderFree(redis->reader);
    redis->reader = NULL;
    redis->link = LINK_DOWN;
    redis->n = 0;
    event_del(redis->deadline);
    if (strcmp(redis->why, why) != 0)
        log_error("redis: %s: %s", redis->target.text, why);
    snprintf(redis->why, sizeof redis->why, "%s", why);
    event_add(redis->retry, &later);
    if (was_up)
        redis->calls.on_down(redis->why, redis->calls.arg);
}

static void go_up(struct redis *redis)
{
    redis->link = LINK_UP;
    log_info("redis: %s: connected", redis->target.text);
    redis->why[0] = '\0';
    redis->calls.on_up(redis->calls.arg);
}

static void watch_deadline(struct redis *redis)
{
    if (redis->n == 0)
        event_del(redis->deadline);
    else
        event_add(redis->deadline, &redis->reply_time);
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
    int length;

    if (redis->n == REDIS_PENDING_MAX || argc > REDIS_ARGS_MAX)
        return false;
    memcpy(borrowed, argv, argc * sizeof *argv);
    length = redisFormatCommandArgv(&command, (int)argc, borrowed, lengths);
    // Handed over, not copied: a batch of alerts is long.
    if (length < 0 || evbuffer_add_reference(bufferevent_get_output(redis->bev), command,
                                             (size_t)length, free_command, command) != 0) {
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

    redis->link = LINK_GREETING;
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
    // Else nothing would ever answer, or too little, and no time runs.
    if (!ok || !append(redis, 1, (const char *[]){ "PING" }, NULL, on_greeting, redis))
        go_down(redis, "out of memory");
}

void redis_take_lists(struct redis *redis, const struct resp_filter_limits *limits)
{
    redis->lists = true;
    redis->sieve.limits = limits ? *limits : (struct resp_filter_limits){ 0 };
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

    while (redis->bev == bev) {
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
        return take_replies(redis, redis->bev);
    redis_reset(redis, "is no Redis: a reply without end");
    return false;
}

static bool sift_bytes(struct redis *redis, const char *bytes, size_t n)
{
    char sifted[16 * 1024];
    size_t done, left;

    for (size_t at = 0; at < n; at += done) {
        if (!resp_filter_feed(&redis->sieve, bytes + at, n - at, &done, sifted, sizeof sifted,
                              &left)) {
            redis_reset(redis, "is no Redis: it does not speak RESP");
            return false;
        }
        if (left > 0 && !take_bytes(redis, sifted, left))
            return false;
    }
    // Of a reply that is long on the way the time counts anew: each try would take as long.
    watch_deadline(redis);
    return true;
}

static void on_readable(struct bufferevent *bev, void *arg)
{
    struct redis *redis = arg;
    char piece[16 * 1024]; // once: libevent reads no more; and at most REDIS_PENDING_MAX replies
    bool well = true;
    size_t n;

    while (well && (n = bufferevent_read(bev, piece, sizeof piece)) > 0)
        well = redis->sieve.limits.members > 0 ? sift_bytes(redis, piece, n)
                                               : take_bytes(redis, piece, n);
}

/* TLS's reason, or else the socket's. */
static void fail(struct redis *redis)
{
    const char *socket_says = evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR());
    char why[REDIS_WHY_MAX] = "";

    if (redis->target.secure)
        tls_why(redis->bev, why, sizeof why);
    go_down(redis, why[0] != '\0' ? why : socket_says);
}

static void on_link(struct bufferevent *bev, short what, void *arg)
{
    struct redis *redis = arg;
    int fd = bufferevent_getfd(bev), one = 1;

    if (what & BEV_EVENT_CONNECTED) {
        event_del(redis->deadline);
        if (redis->target.path[0] == '\0')
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        greet(redis);
    } else if (what & BEV_EVENT_EOF) {
        go_down(redis, "closed the connection");
    } else if (bufferevent_socket_get_dns_error(bev) != 0) {
        go_down(redis, evutil_gai_strerror(bufferevent_socket_get_dns_error(bev)));
    } else {
        fail(redis);
    }
}

static int start_connect(struct redis *redis)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };

    if (redis->target.path[0] == '\0')
        return bufferevent_socket_connect_hostname(redis->bev, redis->dns, AF_UNSPEC,
                                                   redis->target.host, redis->target.port);
    memcpy(un.sun_path, redis->target.path, sizeof un.sun_path);
    return bufferevent_socket_connect(redis->bev, (struct sockaddr *)&un, sizeof un);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
    struct redis *redis = arg;
    struct timeval limit = milliseconds(REDIS_CONNECT_MS);
    int options = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;

    (void)fd;
    (void)what;
    redis->link = LINK_CONNECTING;
    arena_fini(&redis->replies); // what an earlier connection began
    redis->reader = resp_reader_create(redis->lists ? &redis->replies : NULL);
    redis->sieve = (struct resp_filter){ .limits = redis->sieve.limits };
    redis->bev = redis->target.secure
                     ? tls_call(redis->target.tls, redis->base, redis->target.host, options)
                     : bufferevent_socket_new(redis->base, -1, options);
    if (redis->bev == NULL || redis->reader == NULL) {
        go_down(redis, "out of memory");
        return;
    }
    bufferevent_set_max_single_write(redis->bev, REDIS_WRITE_MAX);
    bufferevent_setcb(redis->bev, on_readable, NULL, on_link, redis);
    bufferevent_enable(redis->bev, EV_READ | EV_WRITE);
    event_add(redis->deadline, &limit);
    // A failure at once is told twice, here and by the callback: whoever is first has the word.
    if (start_connect(redis) != 0 && redis->link == LINK_CONNECTING)
        go_down(redis, evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct redis *redis = arg;

    (void)fd;
    (void)what;
    go_down(redis, redis->link == LINK_CONNECTING ? "no connection in time" : "no reply in time");
}

struct redis *redis_create(struct event_base *base, struct evdns_base *dns,
                           const struct redis_target *target, const char *password,
                           const struct redis_calls *calls, int reply_ms)
{
    struct redis *redis = calloc(1, sizeof *redis);
    struct timeval at_once = { 0, 0 };

    if (redis == NULL)
        return NULL;
    redis->base = base;
    redis->dns = dns;
    redis->target = *target;
    redis->calls = *calls;
    redis->reply_time = milliseconds(reply_ms > 0 ? reply_ms : REDIS_REPLY_MS);
    redis->backoff_ms = REDIS_BACKOFF_MIN_MS;
    snprintf(redis->password, sizeof redis->password, "%s", password);
    redis->retry = event_new(base, -1, 0, on_retry, redis);
    redis->deadline = event_new(base, -1, 0, on_deadline, redis);
    if (redis->retry == NULL || redis->deadline == NULL || event_add(redis->retry, &at_once) != 0) {
        redis_destroy(redis);
        return NULL;
    }
    return redis;
}

void redis_destroy(struct redis *redis)
{
    if (redis == NULL)
        return;
    if (redis->bev != NULL)
        bufferevent_free(redis->bev);
    redisReaderFree(redis->reader);
    arena_fini(&redis->replies);
    if (redis->retry != NULL)
        event_free(redis->retry);
    if (redis->deadline != NULL)
        event_free(redis->deadline);
    explicit_bzero(redis->password, sizeof redis->password);
    free(redis);
}

bool redis_send(struct redis *redis, size_t argc, const char *const *argv, const size_t *lengths,
                redis_handler *handler, void *arg)
{
    return redis->link == LINK_UP && append(redis, argc, argv, lengths, handler, arg);
}

void redis_reset(struct redis *redis, const char *why)
{
    char kept[REDIS_WHY_MAX]; // the reply that it stands in may go

    snprintf(kept, sizeof kept, "%s", why);
    go_down(redis, kept);
}

void redis_healthy(struct redis *redis)
{
    redis->backoff_ms = REDIS_BACKOFF_MIN_MS;
}

bool redis_is_up(const struct redis *redis)
{
    return redis->link == LINK_UP;
}

const char *redis_why_down(const struct redis *redis)
{
    return redis->link == LINK_UP ? "" : redis->why;
}

size_t redis_pending(const struct redis *redis)
{
    return redis->n;
}
