/* SPDX-License-Identifier: Apache-2.0 */
/* api_apps.c - doors of apps that send again whatever is not taken. */
#include "adapter/http/basic_auth.h"
#include "adapter/ping/overland.h"
#include "adapter/ping/owntracks.h"
#include "adapter/query.h"
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

/* The names that a phone's request has for it, the surest first. */
struct names {
    char user[NAME_MAX_CHARS + 1], of_query[2][NAME_MAX_CHARS + 1];
};

static void add_name(struct ping_body *body, const char *name)
{
    size_t n = 0;

    while (n < PING_NAMES_MAX && body->names[n] != NULL)
        n++;
    if (name != NULL && name[0] != '\0' && n < PING_NAMES_MAX)
        body->names[n] = name;
}

/* Of Basic, then the device and the user that stand in the address, or in the app's headers. */
static void name_sender(struct http_exchange *exchange, const char *device, const char *user,
                        struct names *names, struct ping_body *body)
{
    const char *query = http_query(exchange);

    if (!basic_auth_user(http_header(exchange, "Authorization"), names->user))
        names->user[0] = '\0';
    query_value(query, device, names->of_query[0], sizeof names->of_query[0]);
    query_value(query, user, names->of_query[1], sizeof names->of_query[1]);
    add_name(body, names->user);
    add_name(body, names->of_query[0]);
    add_name(body, http_header(exchange, "X-Limit-D"));
    add_name(body, names->of_query[1]);
    add_name(body, http_header(exchange, "X-Limit-U"));
}

void api_take_owntracks(const struct api_request *request)
{
    struct ping_body body = api_body(request);
    struct names names;

    name_sender(request->exchange, "d", "u", &names, &body);
    api_take(request, owntracks_read, &body, answer_owntracks);
}

void api_take_overland(const struct api_request *request)
{
    struct ping_body body = api_body(request);
    struct names names;

    name_sender(request->exchange, "device_id", "id", &names, &body);
    api_take(request, overland_read, &body, answer_overland);
}
