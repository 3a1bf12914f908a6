/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.h - certificates and keys as a thing that connections are made from. One that is in use can
 * be given others' contents: connections that are open keep what they began with.
 */
#ifndef ADAPTER_TLS_H
#define ADAPTER_TLS_H

#include "core/fault.h"

#include <event2/bufferevent.h>
#include <stddef.h>
#include <stdint.h>

struct tls; /* empty: no TLS */

struct tls *tls_create(void);      /* empty; NULL when memory is out */
void tls_destroy(struct tls *tls); /* NULL is fine; connections live on */

/*
 * Fills an empty one with what a server shows: the certificate with its chain, and the key of it.
 * With `client_ca` (else "") a client may show a certificate, which must then be of these.
 */
bool tls_load_server(struct tls *tls, const char *certificate, const char *key,
                     const char *client_ca, struct fault *why);

/*
 * What a client needs: the server's certificate must be good by `ca` ("": by the system's) for the
 * host that is called. `certificate` and `key` are shown to it, "" is none.
 */
bool tls_load_client(struct tls *tls, const char *ca, const char *certificate, const char *key,
                     struct fault *why);

/* From now on `tls` is what `fresh` was, and the other way round; for a reload. */
void tls_swap(struct tls *tls, struct tls *fresh);

bool tls_is_empty(const struct tls *tls); /* NULL is empty */

/* A connection not made yet: to be accepted, or to call `host`. NULL when memory is out. */
struct bufferevent *tls_accept(const struct tls *tls, struct event_base *base, int fd);
struct bufferevent *tls_call(const struct tls *tls, struct event_base *base, const char *host,
                             int options);

/* Why it failed, in words; "" when TLS has nothing to say. */
void tls_why(struct bufferevent *bev, char *text, size_t room);

/* Sends close_notify (RFC 8446, 6.1), as far as that can be sent at once. */
void tls_close_notify(struct bufferevent *bev);

/*
 * Whether the other side has shown a certificate, known to be good, that is for `name`: its CN, or
 * one of its DNS or URI names, to the letter. False for what is no TLS.
 */
bool tls_peer_is(struct bufferevent *bev, const char *name);
bool tls_peer_known(struct bufferevent *bev); /* it has shown one */

/* By which one peer's certificate is told from another's: of its SHA-256; 0: it has shown none. */
uint64_t tls_peer_key(struct bufferevent *bev);

#endif
