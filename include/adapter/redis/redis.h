/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redis.h - one connection to a Redis, by a connector: greets it, and gives each
 * command its reply. hiredis encodes and decodes, libevent carries. A peer that is no
 * Redis is a complaint, never an abort.
 */
#ifndef ADAPTER_REDIS_REDIS_H
#define ADAPTER_REDIS_REDIS_H

#include "adapter/connector.h"
#include "adapter/redis/resp_filter.h"
#include "adapter/redis_target.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REDIS_PENDING_MAX = 1024,            /* commands without a reply */
    REDIS_LINE_LIMIT = 64 * 1024,        /* bytes of a line that has not ended */
    REDIS_REPLY_LIMIT = 4 * 1024 * 1024, /* bytes of replies not yet understood */
    REDIS_ARGS_MAX = 704,
    REDIS_WRITE_MAX = 256 * 1024, /* bytes given to the socket at once */
    REDIS_LIST_MAX = 10000,       /* members of a list, when lists are taken at all */
    REDIS_CONNECT_MS = 3000,
    REDIS_REPLY_MS = 5000,
    REDIS_WHY_MAX = CONNECTOR_WHY_MAX
};

enum redis_kind { REDIS_NIL, REDIS_NUMBER, REDIS_TEXT, REDIS_ERROR, REDIS_LIST };

struct redis_reply {
    enum redis_kind kind;
    int64_t number;
    const char *text; /* of a text or an error; else "" */
    size_t n;         /* bytes of a text, members of a list */
    const void *list; /* for redis_item */
};

/*
 * Member `nth` of a list, borrowed for as long as the list is; REDIS_NIL past the last, and of what
 * is no list.
 */
struct redis_reply redis_item(const struct redis_reply *list, size_t nth);

/* The value of a field in the flat list of an entry's or a hash's; REDIS_NIL: it is not there. */
struct redis_reply redis_field(const struct redis_reply *fields, const char *name);

/* Its text; "" where it is none. */
const char *redis_field_text(const struct redis_reply *fields, const char *name);

struct redis_callbacks {
    void (*on_up)(void *arg);                    /* greeted: commands may be sent */
    void (*on_down)(const char *why, void *arg); /* no reply to anything sent will come */
    void *arg;
};

struct redis;

/*
 * Starts to connect. `password` is copied and may be empty; time-outs as above unless `reply_ms`
 * is over 0.
 */
struct redis *redis_create(struct event_base *base, struct evdns_base *dns,
                           const struct redis_target *target, const char *password,
                           const struct redis_callbacks *callbacks, int reply_ms);
void redis_destroy(struct redis *redis); /* NULL is fine; calls nobody */

/*
 * From its next connection on it takes lists too. Without this a list ends the connection, as a
 * hostile peer may claim any length. With `limits` (NULL: none but REDIS_LIST_MAX) a text that is
 * too large comes as REDIS_NIL, a list with too many members as one without any; what is left out
 * has still to be read, so that a reply may take any time while its bytes come.
 */
void redis_take_lists(struct redis *redis, const struct resp_filter_limits *limits);

typedef void redis_handler(const struct redis_reply *reply, void *arg);

/* False when not up, or too much is pending. `handler` may be NULL: then an error reply closes. */
bool redis_send(struct redis *redis, size_t argc, const char *const *argv, const size_t *lengths,
                redis_handler *handler, void *arg);

/* So; and what is up and takes it not is given up, so that nobody waits for a reply for ever. */
bool redis_insist(struct redis *redis, size_t argc, const char *const *argv, redis_handler *handler,
                  void *arg);

/* The peer answers but not as it should: closes, and comes back after the back-off. */
void redis_reset(struct redis *redis, const char *why);

/* It does what it is there for: the back-off starts from the bottom again. */
void redis_healthy(struct redis *redis);

bool redis_is_up(const struct redis *redis);
const char *redis_why_down(const struct redis *redis); /* "" while up */
size_t redis_pending(const struct redis *redis);

#endif
