/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_client.h - a plain client of breachd's door, a request at a time on a connection that is
 * kept. It fails no test, so that threads may use it: what cannot be done is the caller's to judge.
 */
#ifndef SUPPORT_HTTP_CLIENT_H
#define SUPPORT_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { HTTP_CLIENT_ANSWER_MAX = 8192 };

/* Connected, or -1; a call that takes longer than `patience_ms` fails, 0: is waited for. */
int http_client_connect(const struct sockaddr *at, socklen_t size, int patience_ms);
int http_client_connect_to(const char *path, int patience_ms); /* a unix socket */

bool http_client_say(int fd, const void *bytes, size_t n);

/*
 * Reads one whole answer: its code, with the body in `body`. 0 when none came whole; it must have a
 * Content-Length.
 */
int http_client_hear(int fd, char body[HTTP_CLIENT_ANSWER_MAX]);

#endif
