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

/* {"error":"…"} */
void api_answer_why(const struct api_request *request, int code, const char *why);

/*
 * What stands in the exchange's path where `route` has ID ("/v1/devices/ID"), decoded, which may
 * hold slashes. False: it does not lead there; *id is "" then.
 */
enum { API_ID_MAX = 320 };
bool api_id(const struct http_exchange *exchange, const char *route, char id[API_ID_MAX]);

bool api_is_of_type(const struct http_exchange *exchange, const char *wanted);

/* api_names.c: the names that a phone's request has for it, as long as it is read. */
struct api_names {
    char user[NAME_MAX_CHARS + 1], of_query[2][NAME_MAX_CHARS + 1];
};

/* Gives them to the body, the surest first; the address has them as `device` and `user`. */
void api_name_sender(struct http_exchange *exchange, const char *device, const char *user,
                     struct api_names *names, struct ping_body *body);

/* api_pings.c: routes. */
void api_take_pings(const struct api_request *request);
void api_take_osmand(const struct api_request *request);
void api_take_traccar(const struct api_request *request);

/*
 * 200 with `body` and an ETag of `tagged`, what of it does not change by itself; 304 to whoever has
 * it. The exchange may be gone.
 */
void api_answer_tagged(struct service *service, struct http_exchange *exchange, const char *body,
                       const char *tagged);

/* To whom it cannot be had just now, as too many wait for the same. */
#define API_BUSY "too many ask for lists just now"

/* api_devices.c: routes. */
void api_say_devices(const struct api_request *request);
void api_say_device(const struct api_request *request);

/* api_incidents.c: routes. */
void api_say_incidents(const struct api_request *request);
void api_say_incident(const struct api_request *request);

/* api_map.c: a route. */
void api_say_map(const struct api_request *request);

/* api_apps.c: routes. */
void api_take_owntracks(const struct api_request *request);
void api_take_overland(const struct api_request *request);

#endif
