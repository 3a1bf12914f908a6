/* SPDX-License-Identifier: Apache-2.0 */
/* http.h - the HTTP door: bytes of requests in, answers out. evhttp speaks; app says what to. */
#ifndef ADAPTER_HTTP_H
#define ADAPTER_HTTP_H

#include "adapter/endpoint.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_HEADERS_MAX = 16 * 1024, HTTP_CODES_MAX = 16 };

struct http_wish {
    const struct endpoint *listen;
    size_t n_listen;
    int64_t max_body, max_connections, idle_ms;
};

/* A request that waits for its answer; stays valid until http_answer, even when its sender is gone.
 */
struct http_exchange;

typedef void http_handler(struct http_exchange *exchange, void *arg);

struct http_door;

/* Binds every endpoint, or none and says why. A unix socket left by a dead process is replaced. */
bool http_open(struct event_base *base, const struct http_wish *wish, http_handler *handler,
               void *arg, struct http_door **out_door, struct fault *why);
void http_close(struct http_door *door); /* NULL is fine; open exchanges go unanswered */

/* Takes nobody new and lets nobody ask again; who waits is still answered. */
void http_stop_listening(struct http_door *door);
void http_set_limits(struct http_door *door, int64_t max_body, int64_t max_connections,
                     int64_t idle_ms);

const char *http_method(const struct http_exchange *exchange); /* "GET", "POST", … "?" */
const char *http_path(const struct http_exchange *exchange);   /* without the query */
const char *http_query(const struct http_exchange *exchange);  /* as it was sent; "": none */
const char *http_header(const struct http_exchange *exchange, const char *name); /* NULL: absent */

/* The body in one piece, for as long as the exchange. */
const char *http_body(struct http_exchange *exchange, size_t *out_length);

/* One header more for the answer. */
void http_add_header(struct http_exchange *exchange, const char *name, const char *value);

/* Sends and forgets the exchange. */
void http_answer(struct http_door *door, struct http_exchange *exchange, int code, const char *type,
                 const char *body, size_t length);

/* How often each code was answered; code 0 ends the list. */
struct http_count {
    int code;
    uint64_t n;
};
const struct http_count *http_counts(const struct http_door *door);
size_t http_connections(struct http_door *door); /* open now, as the kernel counts them */

#endif
