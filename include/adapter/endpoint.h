/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint.h - where to listen, and which Redis to talk to, as values. Pure. */
#ifndef ADAPTER_ENDPOINT_H
#define ADAPTER_ENDPOINT_H

#include "core/fault.h"

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
    char text[ENDPOINT_TEXT_MAX]; /* for people */
};

/*
 * Reads `127.0.0.1:8750`, `[::1]:8750`, `localhost:8750` or `unix:PATH` (relative to `folder`). Any
 * address but loopback is refused: without tokens nobody else may come in.
 */
bool endpoint_parse(const char *text, const char *folder, struct endpoint *out, struct fault *why);

struct redis_target {
    char path[ENDPOINT_PATH_MAX]; /* of a unix socket, or empty */
    char host[REDIS_HOST_MAX];
    int port;
    int db;
    char user[REDIS_USER_MAX]; /* empty: the default user */
    char text[ENDPOINT_TEXT_MAX];
};

/* Reads `redis://[user@]host[:port][/db]` or `unix:PATH`. */
bool redis_target_parse(const char *text, const char *folder, struct redis_target *out,
                        struct fault *why);

#endif
