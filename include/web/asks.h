/* SPDX-License-Identifier: Apache-2.0 */
/* asks.h - requests of browsers that wait for a reply of Redis; each is answered, or told 503. */
#ifndef WEB_ASKS_H
#define WEB_ASKS_H

#include "adapter/http/http.h"
#include "adapter/redis/redis.h"

enum { ASKS_MAX = 512 /* that wait at once */ };

struct asks;

/* `on_down` is to answer those that wait when Redis goes. NULL when memory is out. */
struct asks *asks_create(struct redis *talk,
                         void (*on_down)(struct http_exchange *exchange, void *arg), void *arg);
void asks_destroy(struct asks *asks); /* NULL is fine; nobody is answered */

/*
 * Sends the command; `on_reply` is called with the exchange once, and has to answer it. False: not
 * now, Redis is away or too many wait; the exchange is the caller's still.
 */
bool asks_send(struct asks *asks, struct http_exchange *exchange, size_t argc,
               const char *const *argv,
               void (*on_reply)(struct http_exchange *exchange, const struct redis_reply *reply,
                                void *arg));

void asks_down(struct asks *asks); /* no reply to anything sent will come */

#endif
