/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login_guard.h - who has failed to log in of late, by address, network and name, and so what is
 * spent on the next try; and how often somebody comes in by the proxy. Pure.
 */
#ifndef WEB_LOGIN_GUARD_H
#define WEB_LOGIN_GUARD_H

#include "adapter/http/http_quota.h"

enum {
    LOGIN_NETWORK_FAILURES_MAX = 2 * AUTH_FAILURES_MAX - 1, /* of an IPv4 /24, an IPv6 /48 */
    LOGIN_BEGUN_MAX = 16 /* sessions by the proxy, of which one is forgotten as a failure is */
};

/* Who has one address of it may have many: of IPv4 a /24, of IPv6 a /48; 0 of a unix socket. */
uint64_t login_guard_network(uint64_t address);

/* Zeroed remembers nobody. */
struct login_guard {
    struct auth_failures addresses, networks, names, begun;
};

enum login_chance {
    LOGIN_FAIR,
    LOGIN_LATE, /* too many failed from there: after everybody else */
    LOGIN_NONE  /* and with that name: it is not tried */
};

/* `address` as of http_quota.h; 0, that of all who come by a unix socket, never fails. */
enum login_chance login_guard_chance(const struct login_guard *guard, uint64_t address,
                                     const char *name, struct tick now);

/* Counts a failure. True: too many have failed from that address. */
bool login_guard_failed(struct login_guard *guard, uint64_t address, const char *name,
                        struct tick now);

/* The proxy names somebody who has no session; false: too often, and it is not counted. */
bool login_guard_may_begin(struct login_guard *guard, const char *name, struct tick now);

#endif
