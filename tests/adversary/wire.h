/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - a plain client of breachd's door on the unix socket: one request at a time, kept alive.
 */
#ifndef ADVERSARY_WIRE_H
#define ADVERSARY_WIRE_H

#include <stddef.h>

enum { WIRE_PATIENCE_S = 10 };

struct wire {
    char at[96]; /* the socket's path */
    int fd;      /* below 0: not connected */
};

void wire_init(struct wire *wire, const char *path);
void wire_close(struct wire *wire); /* twice is fine */

/*
 * POSTs `n` bytes with a Bearer token ("": none). The answer's code; 0 when none came in
 * WIRE_PATIENCE_S, or the connection broke: the next call makes a new one.
 */
int wire_post(struct wire *wire, const char *token, const char *path, const char *body, size_t n);

/* These bytes as they are, on a connection of their own that is dropped at once. */
void wire_throw(const struct wire *wire, const void *bytes, size_t n);

#endif
