/* SPDX-License-Identifier: Apache-2.0 */
/* routes.h - the paths of the page's server. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

struct http_exchange;

/* Answers a request, now or later; `web` is the struct web. */
void routes_handle(struct http_exchange *exchange, void *web);

/* Ends streams whose session has ended. */
struct web;
void routes_end_streams(struct web *web);

/* A request that waited for Redis, which has gone. */
void routes_redis_gone(struct http_exchange *exchange, void *web);

/* Answers those that wait for breachd's door; for a stop. */
void routes_drop_requests(struct web *web);

#endif
