/* SPDX-License-Identifier: Apache-2.0 */
/* api_pings.c - doors of pings: what a request holds, and when it is answered. */
#include "adapter/lead.h"
#include "adapter/ping/osmand.h"
#include "adapter/ping/osmand_query.h"
#include "adapter/ping/ping_json.h"
#include "adapter/ping/traccar.h"
#include "app/api_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A request whose body waits for the disk. */
struct waiting {
    struct service *service;
    struct http_exchange *exchange;
    api_answerer *answerer;
};

void api_answer_pings(struct service *service, struct http_exchange *exchange, int code,
                      const char *json, int wait_s)
{
    if (code == 429) { // slowly, as all of it was read for nothing
        http_retry_after(exchange, wait_s);
        http_slow_down(exchange);
    }
    http_answer(service->door, exchange, code, API_JSON, json, strlen(json));
}

static void on_done(const struct http_pings_answer *answer, void *arg)
{
    struct waiting *waiting = arg;

    waiting->answerer(waiting->service, waiting->exchange, answer);
    free(waiting);
}

void api_take(const struct api_request *request, ping_reader *reader, const struct ping_body *body,
              api_answerer *answerer)
{
    static const struct http_pings_answer out_of_memory = { 503, "{\"error\":\"" FAULT_MEMORY "\"}",
                                                            FAULT_MEMORY, 0 };
    struct service *service = request->service;
    struct sender sender = access_sender(service, request->grant);
    struct waiting *waiting = body->bytes ? malloc(sizeof *waiting) : NULL;

    if (waiting == NULL) {
        answerer(service, request->exchange, &out_of_memory);
        return;
    }
    *waiting = (struct waiting){ service, request->exchange, answerer };
    request->grant->cost =
        http_pings_take(&service->http_pings, &sender, reader, body, on_done, waiting);
}

struct ping_body api_body(const struct api_request *request)
{
    struct ping_body body = { 0 };

    body.bytes = http_body(request->exchange, &body.n);
    return body;
}

bool api_is_of_type(const struct http_exchange *exchange, const char *wanted)
{
    const char *type = http_header(exchange, "Content-Type");

    return type != NULL && strncasecmp(type, wanted, strlen(wanted)) == 0;
}

static void answer(struct service *service, struct http_exchange *exchange,
                   const struct http_pings_answer *answer)
{
    api_answer_pings(service, exchange, answer->code, answer->json, answer->wait_s);
}

void api_take_pings(const struct api_request *request)
{
    const struct http_exchange *exchange = request->exchange;
    bool lines = api_is_of_type(exchange, "application/x-ndjson") ||
                 api_is_of_type(exchange, "application/ndjson") ||
                 api_is_of_type(exchange, "application/jsonl");
    struct ping_body body = api_body(request);

    api_take(request, lines ? ping_json_read_lines : ping_json_read, &body, answer);
}

/* The address of a form holds a token or the id at most: one query of both, in `room`. */
static void join_form(const char *query, char room[OSMAND_QUERY_MAX + 1], struct ping_body *body)
{
    size_t n = strlen(query);

    if (n == 0 || n + 1 + body->n > OSMAND_QUERY_MAX) // too long by itself, or soon
        return;
    memcpy(room, query, n);
    room[n] = '&';
    memcpy(room + n + 1, body->bytes, body->n);
    *body = (struct ping_body){ .bytes = room, .n = n + 1 + body->n };
}

/* Declared, or as it looks, for curl -d calls all a form; of what is no text its reader says so. */
static bool take_json(const struct http_exchange *exchange, struct ping_body *body)
{
    struct fault why;
    size_t blank = 0;

    if (body->n == 0)
        return false;
    if (api_is_of_type(exchange, API_JSON) || !lead_skip(&body->bytes, &body->n, &why))
        return true;
    while (blank < body->n && memchr(" \t\r\n", body->bytes[blank], 4) != NULL)
        blank++;
    return blank < body->n && (body->bytes[blank] == '{' || body->bytes[blank] == '[');
}

/* In the query, in the body as JSON, or in the body as another query. */
void api_take_osmand(const struct api_request *request)
{
    struct http_exchange *exchange = request->exchange;
    const char *query = http_query(exchange);
    char room[OSMAND_QUERY_MAX + 1];
    struct ping_body body = api_body(request);
    struct api_names names;
    bool is_json = take_json(exchange, &body);

    if (body.n == 0)
        body = (struct ping_body){ .bytes = query, .n = strlen(query) };
    else if (!is_json)
        join_form(query, room, &body);
    body.agent = http_header(exchange, "User-Agent");
    api_name_sender(exchange, "device_id", "id", &names, &body);
    api_take(request, is_json ? osmand_read : osmand_query_read, &body, answer);
}

void api_take_traccar(const struct api_request *request)
{
    struct ping_body body = api_body(request);

    api_take(request, traccar_read, &body, answer);
}
