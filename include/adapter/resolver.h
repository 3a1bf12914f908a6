/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolver.h - hosts are looked up without waiting, by resolv.conf and hosts as they are now: who
 * mends them need not start anything again.
 */
#ifndef ADAPTER_RESOLVER_H
#define ADAPTER_RESOLVER_H

#include <event2/dns.h>
#include <event2/util.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

/* A larger resolv.conf or hosts is read at the start alone: every line is read in the loop. */
enum { RESOLVER_FILE_MAX = 256 * 1024 };

/* A file as it was when it was read; zeroed is none. */
struct resolver_file {
    ino_t inode;
    off_t size;
    struct timespec changed;
};

struct resolver_files {
    struct resolver_file conf, hosts;
};

/*
 * A name server that is silent for a second is passed over, so that the next one is asked within
 * any time to connect. NULL when memory is out; the caller's, to be freed by resolver_destroy.
 */
struct evdns_base *resolver_create(struct event_base *base);

/* Frees both, with the loop last: what a bufferevent put off still holds it. NULL is fine. */
void resolver_destroy(struct evdns_base *dns, struct event_base *base);

/* Notes how both files are, as whoever was made just now has read them. */
void resolver_note(struct resolver_files *known);

/* Reads them again if one is another than is known; nothing but a regular file is read. */
void resolver_refresh(struct evdns_base *dns, struct resolver_files *known);

/*
 * Of what was found, the address to try: the first when `last` has no length; `last` itself, when
 * it is there, if it is to be tried again; else the one behind it, in an order that is the same
 * however a server turns its answers, and after the last one the first of that order.
 */
struct resolver_address {
    struct sockaddr_storage at;
    socklen_t length;
};
const struct evutil_addrinfo *resolver_pick(const struct evutil_addrinfo *found,
                                            const struct resolver_address *last, bool again);

#endif
