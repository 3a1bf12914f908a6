/* SPDX-License-Identifier: Apache-2.0 */
/* pending.h - requests of browsers that wait for a reply of Redis; each has an answer, or 503. */
#ifndef WEB_PENDING_H
#define WEB_PENDING_H

#include "adapter/http/http.h"
#include "adapter/redis/redis.h"

enum { PENDING_MAX = 512 /* that wait at once */ };

struct pending;

/* `on_down` is to answer those that wait when Redis goes. NULL when memory is out. */
struct pending *pending_create(struct redis *talk,
                               void (*on_down)(struct http_exchange *exchange, void *arg),
                               void *arg);
void pending_destroy(struct pending *pending); /* NULL is fine; nobody is answered */

/*
 * Sends the command; `on_reply` is called with the exchange once, and has to answer it. False: not
 * now, Redis is away or too many wait; the exchange is the caller's still.
 */
bool pending_send(struct pending *pending, struct http_exchange *exchange, size_t argc,
                  const char *const *argv,
                  void (*on_reply)(struct http_exchange *exchange, const struct redis_reply *reply,
                                   void *arg));

void pending_down(struct pending *pending); /* no reply to anything sent will come */

#endif
