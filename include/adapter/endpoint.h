/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint.h - where to listen, and how much to bear, as values. Pure. */
#ifndef ADAPTER_ENDPOINT_H
#define ADAPTER_ENDPOINT_H

#include "core/fault.h"

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { ENDPOINT_TEXT_MAX = 160, ENDPOINT_PATH_MAX = 108 };

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
    int64_t request_ms; /* from the first byte of a request, or of a TLS handshake, to its last */
};

/* PATH of `unix:PATH`, made whole by `folder`; false when it does not fit into a socket address. */
bool endpoint_socket_path(const char *path, const char *folder, char out[ENDPOINT_PATH_MAX],
                          struct fault *why);

#endif
