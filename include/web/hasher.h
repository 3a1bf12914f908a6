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
    HASHER_OF_NETWORK_MAX = 8, /* and from one network, or who has none: a unix socket */
    HASHER_LATE_MAX = 4        /* and of all who are late, one from an address */
};

struct hasher_job {
    const struct scrypt *kept; /* copied, as the password is */
    const char *password;
    uint64_t address; /* as of http_quota.h */
    uint64_t network; /* as of login_guard.h */
    bool late;        /* it is tried when nobody else waits */

    /* Called once, in the loop, later or within hasher_ask of another. */
    void (*on_done)(bool matches, void *arg);

    /* Who asked has gone: what is not tried yet need not be. Called in the loop. */
    bool (*has_left)(void *arg);
    void *arg; /* of both */
};

struct hasher;

/* Starts the threads; NULL with the reason. */
struct hasher *hasher_create(struct event_base *base, struct fault *why);

/* Waits for threads that work; whoever was not called yet is called with false. */
void hasher_destroy(struct hasher *hasher); /* NULL is fine */

/*
 * Whether the password is the one that was kept. False: too many, of all, or from there, or of who
 * is late; try later. Nobody is called then.
 */
bool hasher_ask(struct hasher *hasher, const struct hasher_job *asked);

#endif
