/* SPDX-License-Identifier: Apache-2.0 */
/* redis_target.h - which Redis to talk to, as a value. Pure. */
#ifndef ADAPTER_REDIS_TARGET_H
#define ADAPTER_REDIS_TARGET_H

#include "adapter/endpoint.h"

enum { REDIS_HOST_MAX = 256, REDIS_USER_MAX = 128 };

struct connector_voice;
struct tls;

struct redis_target {
    char path[ENDPOINT_PATH_MAX]; /* of a unix socket, or empty */
    char host[REDIS_HOST_MAX];
    int port;
    int db;
    char user[REDIS_USER_MAX]; /* empty: the default user */
    char text[ENDPOINT_TEXT_MAX];
    bool secure;           /* rediss: */
    const struct tls *tls; /* then what to call with, borrowed for as long as it is called */
    struct connector_voice *voice; /* of all who call it, borrowed; NULL: its own */
};

/* False for user:password@ and ?password=, which must not be shown, not even in a complaint. */
bool url_without_password(const char *text, struct fault *why);

/*
 * Reads `redis://[user@]host[:port][/db]`, the same with `rediss:`, `unix:PATH`, or
 * `unix://user@/PATH`.
 */
bool redis_target_parse(const char *text, const char *folder, struct redis_target *out,
                        struct fault *why);

#endif
