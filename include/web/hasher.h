/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hasher.h - passwords are tried on threads of their own, so few and from so few that a flood of
 * log-ins takes neither the loop's time, nor all memory, nor everybody else's turn.
 */
#ifndef WEB_HASHER_H
#define WEB_HASHER_H

#include "adapter/http/scrypt.h"

#include <event2/event.h>
#include <stdint.h>

enum {
    HASHER_THREADS = 2,        /* each with 32 MiB while it works */
    HASHER_WAITING_MAX = 16,   /* that are tried, or wait for it: 0.8 s of two cores */
    HASHER_OF_ADDRESS_MAX = 2, /* of them from one address, */
    HASHER_OF_UNKNOWN_MAX = 8  /* and from who has none: a unix socket, a proxy before it */
};

struct hasher;

/* Starts the threads; NULL with the reason. */
struct hasher *hasher_create(struct event_base *base, struct fault *why);

/* Waits for threads that work; whoever was not called yet is called with false. */
void hasher_destroy(struct hasher *hasher); /* NULL is fine */

/*
 * Whether the password is the one that was kept; on_done is called once, in the loop, later. `arg`
 * is handed on. `address` as of http_quota.h. False: too many, of all or from there; try later.
 */
bool hasher_ask(struct hasher *hasher, const struct scrypt *kept, const char *password,
                uint64_t address, void (*on_done)(bool matches, void *arg), void *arg);

#endif
