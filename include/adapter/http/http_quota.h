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
uint64_t http_quota_key(const struct sockaddr *address);

struct http_quota;

struct http_quota *http_quota_create(void);        /* NULL when memory is out */
void http_quota_destroy(struct http_quota *quota); /* NULL is fine */

/* Counts one more of `key`, unless `limit` of them are there already or memory is out. */
bool http_quota_enter(struct http_quota *quota, uint64_t key, size_t limit);
void http_quota_leave(struct http_quota *quota, uint64_t key); /* one that has entered */

enum {
    AUTH_FAILURES_ROWS =
        1024,               /* addresses that are remembered; the one with the fewest is replaced */
    AUTH_FAILURES_MAX = 10, /* failures that are nobody's fault */
    AUTH_FAILURE_FORGIVEN_MS = 6000 /* one is forgotten in so long */
};

/* Zeroed remembers nobody. */
struct auth_failures {
    struct auth_failure {
        uint64_t key;
        double n; /* at `since` */
        struct tick since;
    } rows[AUTH_FAILURES_ROWS];
};

/* How many are not forgotten yet; and with one more, which is counted. 0 for key 0. */
int auth_failures_now(const struct auth_failures *failures, uint64_t key, struct tick now);
int auth_failures_add(struct auth_failures *failures, uint64_t key, struct tick now);

#endif
