/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.h - breachctl's connection to Redis, the only thing that the control room's commands need.
 * Where it is: --redis URL or $BREACHCTL_REDIS, --password-file FILE or $BREACHCTL_PASSWORD_FILE,
 * --prefix PREFIX or $BREACHCTL_PREFIX, or else the [redis] of breachd.conf. Of rediss:// whom to
 * trust is --tls-ca FILE or $BREACHCTL_TLS_CA, else the system's; --tls-certificate and --tls-key,
 * likewise, are shown to it.
 */
#ifndef CTL_LINK_H
#define CTL_LINK_H

#include "adapter/redis/redis.h"
#include "adapter/tls.h"
#include "ctl/command.h"

#include <jansson.h>

enum { LINK_KEY_MAX = NAME_MAX_CHARS + 32, LINK_PATIENCE_MS = 5000 };

struct link {
    struct event_base *base;
    struct evdns_base *dns;
    struct event *impatience;
    struct redis_target target;
    struct tls *tls; /* to call it with, when it is rediss:// */
    char password[PASSWORD_MAX];
    char prefix[NAME_MAX_CHARS + 1];
    struct redis *redis;
    char why[REDIS_WHY_MAX];
};

/* Finds out where Redis is; does not connect yet. */
bool link_init(struct link *link, const struct ctl_options *options, struct fault *why);
void link_fini(struct link *link); /* zeroed is fine */

/* One more connection to it, which takes lists; the caller destroys it. NULL: no memory. */
struct redis *link_redis(struct link *link, const struct redis_callbacks *callbacks, int reply_ms);

/* "{PREFIX}:NAME". Returns `key`. */
char *link_key(const struct link *link, const char *name, char key[LINK_KEY_MAX]);

/*
 * One command, and its reply handed to `on_reply` (which may be NULL); connects first where that
 * has not been done. False when there is none within LINK_PATIENCE_MS, or it is an error.
 */
bool link_ask(struct link *link, size_t argc, const char *const *argv, redis_handler *on_reply,
              void *arg, struct fault *why);

/* Ends the connection that link_ask made; the next one makes another. */
void link_hang_up(struct link *link);

/* The alert of a stream's entry [id, [field, value, …]]: the last value. NULL: it is none. */
json_t *link_event(const struct redis_reply *entry);

#endif
