/* SPDX-License-Identifier: Apache-2.0 */
/* api_parts.h - what api*.c share, and they alone. */
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

/* How a request for pings is answered, as its sender wants to hear it; by api_answer_pings. */
typedef void api_answerer(struct service *service, struct http_exchange *exchange,
                          const struct http_pings_answer *answer);

/* With 429 it is said when to come again. */
void api_answer_pings(struct service *service, struct http_exchange *exchange, int code,
                      const char *json, int wait_s);

/* Takes the body for whom the request may send, and answers it. */
void api_take(const struct api_request *request, ping_reader *reader, const struct ping_body *body,
              api_answerer *answerer);

/* The request's body, with nothing else known of its sender. */
struct ping_body api_body(const struct api_request *request);

bool api_is_of_type(const struct http_exchange *exchange, const char *wanted);

/* api_pings.c: routes. */
void api_take_pings(const struct api_request *request);
void api_take_osmand(const struct api_request *request);
void api_take_traccar(const struct api_request *request);

/* api_apps.c: routes. */
void api_take_owntracks(const struct api_request *request);
void api_take_overland(const struct api_request *request);

#endif
