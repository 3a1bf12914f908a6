/* SPDX-License-Identifier: Apache-2.0 */
/* web_redis.h - which Redis the page's parts talk to, and what its keys are called. */
#ifndef WEB_WEB_REDIS_H
#define WEB_WEB_REDIS_H

#include "adapter/entry_id.h"
#include "adapter/redis/redis.h"
#include "core/index.h"

enum {
    WEB_KEY_MAX = NAME_MAX_CHARS + 24,
    WEB_PAGE = 50,              /* entries of a stream that are asked for at once, */
    WEB_STEP = 25,              /* and about so many fields of a hash */
    WEB_ALERT_MAX = 64 * 1024,  /* bytes of all texts of an entry; a longer one is left out */
    WEB_SCAN_MAX = 1024 * 1024, /* and of the fields of one step, in which some come together */
    WEB_MEMBERS_MAX = 4096,
    WEB_REPLY_MS = 2000 /* then Redis counts as lost */
};

/* Borrowed for as long as anything that was made of it. */
struct web_redis {
    struct event_base *base;
    struct evdns_base *dns;
    const struct redis_target *target;
    const char *password, *prefix;
};

/* "{PREFIX}:NAME". Returns `out`. */
const char *web_redis_key(const struct web_redis *redis, const char *name, char out[WEB_KEY_MAX]);

/* A copy of the id of an entry [id, fields], or of "0-0" of what is none. Returns `out`. */
const char *web_redis_id(const struct redis_reply *entry, char out[ENTRY_ID_MAX]);

/*
 * The alert of an entry, one line of JSON that tells no place: those are asked of breachd, which
 * writes down who looked. The caller frees. NULL: it has none that a browser could read, or memory
 * is out.
 */
char *web_redis_event(const struct redis_reply *entry);

#endif
