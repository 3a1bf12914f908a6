/* SPDX-License-Identifier: Apache-2.0 */
/* http_quota.h - how many connections each address has, and which addresses keep failing. Pure. */
#ifndef ADAPTER_HTTP_HTTP_QUOTA_H
#define ADAPTER_HTTP_HTTP_QUOTA_H

#include "core/instant.h"

#include <stddef.h>
#include <sys/socket.h>

/*
 * What stands for an address: IPv4 as a whole; of IPv6 the first 64 bits, as who has one has all of
 * those. 0: a unix socket, which has none and is never limited.
 */
uint64_t address_key(const struct sockaddr *address);

struct crowd;

struct crowd *crowd_create(void);        /* NULL when memory is out */
void crowd_destroy(struct crowd *crowd); /* NULL is fine */

/* Counts one more of `key`, unless `limit` of them are there already or memory is out. */
bool crowd_enter(struct crowd *crowd, uint64_t key, size_t limit);
void crowd_leave(struct crowd *crowd, uint64_t key); /* one that has entered */

enum {
    STRIKES_ROWS = 1024,      /* addresses that are remembered; the least guilty make room */
    STRIKES_MAX = 10,         /* failures that are nobody's fault */
    STRIKE_FORGIVEN_MS = 6000 /* one is forgotten in so long */
};

/* Zeroed remembers nobody. */
struct strikes {
    struct strike {
        uint64_t key;
        double n; /* at `since` */
        struct tick since;
    } rows[STRIKES_ROWS];
};

/* Counts a failure; how many are not forgotten yet, this one with them; 0 for key 0. */
int strikes_add(struct strikes *strikes, uint64_t key, struct tick now);

#endif
