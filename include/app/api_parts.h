/* SPDX-License-Identifier: Apache-2.0 */
/* api_parts.h - what api*.c share, and they alone: bodies of pings, and how they are answered. */
#ifndef APP_API_PARTS_H
#define APP_API_PARTS_H

#include "app/service.h"

#define API_JSON "application/json"

/* A body of pings that waits for the disk: the `arg` of its answerer, who frees it. */
struct api_waiting {
    struct service *service;
    struct http_exchange *exchange;
};

/* Hands the body to the pipeline; `answerer` is called with a struct api_waiting. */
void api_take(struct service *service, struct http_exchange *exchange, ping_reader *reader,
              const struct ping_body *body, pipeline_answer *answerer);

/* The request's body, with nothing else known of its sender. */
struct ping_body api_body(struct http_exchange *exchange);

/* Before a 429 is answered: when to come again. Of every other code nothing. */
void api_say_when(struct api_waiting *waiting, int code);

/* api_apps.c: routes. */
void api_take_owntracks(struct service *service, struct http_exchange *exchange);
void api_take_overland(struct service *service, struct http_exchange *exchange);

#endif
