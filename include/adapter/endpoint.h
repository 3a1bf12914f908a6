/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint.h - where to listen, how much to bear, which Redis to talk to, as values. Pure. */
#ifndef ADAPTER_ENDPOINT_H
#define ADAPTER_ENDPOINT_H

#include "core/fault.h"

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
    ENDPOINT_TEXT_MAX = 160,
    ENDPOINT_PATH_MAX = 108,
    REDIS_HOST_MAX = 256,
    REDIS_USER_MAX = 128
};

struct endpoint {
    struct sockaddr_storage address;
    socklen_t length;
    bool local;                   /* a unix socket, or loopback: nobody else can come in */
    char text[ENDPOINT_TEXT_MAX]; /* for people */
};

/* Reads `192.0.2.1:8750`, `[::1]:8750`, `localhost:8750` or `unix:PATH` (relative to `folder`). */
bool endpoint_parse(const char *text, const char *folder, struct endpoint *out, struct fault *why);

/* How much a door bears. */
struct http_limits {
    int64_t max_body;        /* bytes */
    int64_t max_connections; /* in all */
    int64_t max_per_address; /* of them from one address; unix sockets have none */
    int64_t idle_ms;         /* nothing said for so long: closed */
    int64_t request_ms; /* from the first byte of a request, or the knock on TLS, to its last */
};

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
};

/* False for user:password@ and ?password=, which must not be shown, not even in a complaint. */
bool url_without_password(const char *text, struct fault *why);

/* Reads `redis://[user@]host[:port][/db]`, the same with `rediss:`, or `unix:PATH`. */
bool redis_target_parse(const char *text, const char *folder, struct redis_target *out,
                        struct fault *why);

#endif
