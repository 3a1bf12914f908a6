/* SPDX-License-Identifier: Apache-2.0 */
/* api_parts.h - what api*.c share, and they alone: bodies of pings, and how they are answered. */
#ifndef APP_API_PARTS_H
#define APP_API_PARTS_H

#include "app/access.h"

#define API_JSON "application/json"

/* One request, while it is handled. */
struct api_request {
    struct service *service;
    struct http_exchange *exchange;
    struct grant *grant;
};

/* A body of pings that waits for the disk: the `arg` of its answerer, who frees it. */
struct api_waiting {
    struct service *service;
    struct http_exchange *exchange;
};

/* Hands the body to the pipeline; `answerer` is called with a struct api_waiting. */
void api_take(const struct api_request *request, ping_reader *reader, const struct ping_body *body,
              pipeline_answer *answerer);

/* The request's body, with nothing else known of its sender. */
struct ping_body api_body(const struct api_request *request);

/* Before a 429 is answered: when to come again. Of every other code nothing. */
void api_say_when(struct api_waiting *waiting, int code, int wait_s);

/* api_apps.c: routes. */
void api_take_owntracks(const struct api_request *request);
void api_take_overland(const struct api_request *request);

#endif
