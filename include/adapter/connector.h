/* SPDX-License-Identifier: Apache-2.0 */
/*
 * connector.h - one outgoing connection that is wanted for ever: looks the host up, connects to
 * its addresses in turn, one a try, by TLS where that is asked for, and whenever the connection is
 * lost says why, waits for a while that grows, and connects again. What is said over the
 * connection is its owner's.
 */
#ifndef ADAPTER_CONNECTOR_H
#define ADAPTER_CONNECTOR_H

#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <stdbool.h>

enum { CONNECTOR_BACKOFF_MIN_MS = 100, CONNECTOR_BACKOFF_MAX_MS = 10000, CONNECTOR_WHY_MAX = 256 };

struct tls;

/*
 * What was last said of one place, for connections to it that tell the same: what one of them has
 * said the others need not. Zeroed is one that has said nothing.
 */
struct connector_voice {
    char said[2 * CONNECTOR_WHY_MAX];
};

/* Texts and `tls` are borrowed for as long as the connector is. */
struct connector_options {
    const char *name, *text; /* for the log, whom it calls and where: "redis", "127.0.0.1:6379" */
    const char *path;        /* of a unix socket; NULL or "": host and port tell where */
    const char *host;
    int port;
    const struct tls *tls; /* for `secure`: what to call with */
    bool secure;
    int connect_ms;                /* so long may connecting take */
    struct connector_voice *voice; /* of all connections to that place; NULL: its own alone */
};

/* Each may call connector_reset; none may destroy the connector. */
struct connector_callbacks {
    bool (*on_try)(void *arg); /* before each one; false: not now, but after the next back-off */
    void (*on_connected)(void *arg);
    void (*on_readable)(void *arg);
    void (*on_deadline)(void *arg);          /* of the owner's own; see connector_deadline */
    void (*on_down)(bool was_up, void *arg); /* the bufferevent is gone */
    void *arg;
};

struct connector;

/* Starts to connect. NULL when memory is out. `dns` may be NULL: then looking up a host blocks. */
struct connector *connector_create(struct event_base *base, struct evdns_base *dns,
                                   const struct connector_options *options,
                                   const struct connector_callbacks *callbacks);
void connector_destroy(struct connector *connector); /* NULL is fine; calls nobody */

/* NULL while it is down: so who has called out sees whether the connection has gone meanwhile. */
struct bufferevent *connector_bev(const struct connector *connector);

/*
 * on_deadline is called in so long, and not at the time that was set before; 0: not at all. A
 * connection begins with the one of `connect_ms`, which runs on until its owner sets another: one
 * that passes before it is connected is a reason of its own.
 */
void connector_deadline(struct connector *connector, int ms);

/* The peer has said what it should: it is up, and `word` ("connected") goes to the log. */
void connector_up(struct connector *connector, const char *word);

/* The connection does what it is there for: the back-off starts from the bottom again. */
void connector_healthy(struct connector *connector);

/*
 * Closes, and connects again after the back-off. `why` is logged, unless it is the reason of the
 * time before, too; it may stand in what goes with the connection.
 */
void connector_reset(struct connector *connector, const char *why);

/* Connects no more; the connection that there is goes on. */
void connector_stop(struct connector *connector);

bool connector_is_up(const struct connector *connector);
const char *connector_why_down(const struct connector *connector); /* "" while up */

#endif
