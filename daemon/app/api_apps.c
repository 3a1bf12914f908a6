/* SPDX-License-Identifier: Apache-2.0 */
/* api_apps.c - doors of apps that send again whatever is not taken. */
#include "adapter/ping/overland.h"
#include "adapter/ping/owntracks.h"
#include "app/api_parts.h"

#include <string.h>

/* For a person: an app reads no more than that it was taken. */
static void add_why(struct http_exchange *exchange, const char *why)
{
    struct fault shown;

    if (why == NULL)
        return;
    fault_set(&shown, "%s", why);
    for (char *at = shown.text; *at != '\0'; at++)
        *at = *at < ' ' || *at > '~' ? '?' : *at;
    http_add_header(exchange, "X-Breachd-Why", shown.text);
}

/*
 * Of an app that sends again, for ever, what was answered with 400, and nothing that came after it:
 * what can never become a ping, or could not be kept and is told as `unjudged`, is taken, counted,
 * and told by the header and by `todo`. Who may not speak, or not now, is told so.
 */
static void answer_app(struct service *service, struct http_exchange *exchange,
                       const struct http_pings_answer *answer, const char *refused,
                       const char *taken)
{
    int shown = answer->code == 400 ? 200 : answer->code;

    add_why(exchange, answer->why);
    api_answer_pings(service, exchange, shown, shown == 200 ? taken : refused, answer->wait_s);
}

/* The apps read a list of messages, here never one. */
static void answer_owntracks(struct service *service, struct http_exchange *exchange,
                             const struct http_pings_answer *answer)
{
    answer_app(service, exchange, answer, "[]", "[]");
}

static void answer_overland(struct service *service, struct http_exchange *exchange,
                            const struct http_pings_answer *answer)
{
    answer_app(service, exchange, answer, answer->json, "{\"result\":\"ok\"}");
}

void api_take_owntracks(const struct api_request *request)
{
    struct ping_body body = api_body(request);
    struct api_names names;

    api_name_sender(request->exchange, "d", "u", &names, &body);
    api_take(request, owntracks_read, &body, answer_owntracks);
}

void api_take_overland(const struct api_request *request)
{
    struct ping_body body = api_body(request);
    struct api_names names;

    api_name_sender(request->exchange, "device_id", "id", &names, &body);
    api_take(request, overland_read, &body, answer_overland);
}
