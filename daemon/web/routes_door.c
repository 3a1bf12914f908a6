/* SPDX-License-Identifier: Apache-2.0 */
/* routes_door.c - what the page asks of breachd's door, in the page's own name. */
#include "adapter/http/http_call.h"
#include "web/json_line.h"
#include "web/routes_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = PASSWORD_MAX + DOOR_HEADERS_MAX + 64 };

struct door_request {
    TAILQ_ENTRY(door_request) all;
    struct web *web;
    struct http_exchange *exchange;
    struct http_call *call;
    char name[NAME_MAX_CHARS + 1]; // who asks
    bool map;
};

/* ---- what comes back ---- */

static struct http_exchange *take(struct door_request *request)
{
    struct http_exchange *exchange = request->exchange;

    TAILQ_REMOVE(&request->web->requests, request, all);
    request->web->n_requests--;
    request->web->n_requests_past -= !request->map;
    free(request);
    return exchange;
}

/* An object, whoever answered; and of a map what a map is. */
static bool is_what_was_asked(const struct http_call_answer *answer, bool map)
{
    json_t *json =
        strstr(answer->type, "json") != NULL ? json_loadb(answer->body, answer->n, 0, NULL) : NULL;
    const char *type = json_string_value(json_object_get(json, "type"));
    bool is = json_is_object(json) && (!map || answer->code != 200 ||
                                       (type != NULL && strcmp(type, "FeatureCollection") == 0));

    json_decref(json);
    return is;
}

/* That our token is refused is no fault of who asked, nor does it end his session. */
static int code_of(const struct http_call_answer *answer)
{
    if (answer->code == 0)
        return answer->late ? 504 : 502;
    if (answer->code == 401 || answer->code == 403 || answer->code == 405 || answer->code >= 500)
        return answer->code == 503 ? 503 : 502;
    return answer->code;
}

static void on_done(const struct http_call_answer *answer, void *arg)
{
    bool map = ((const struct door_request *)arg)->map;
    struct http_exchange *exchange = take(arg);
    int code = code_of(answer);

    if (answer->code == 0)
        answer_why(exchange, code, answer->late ? "breachd does not answer" : "breachd is away");
    else if (code != answer->code)
        answer_why(exchange, code, "breachd refuses this page's token, or has its own trouble");
    else if (!is_what_was_asked(answer, map))
        answer_why(exchange, 502, "breachd answers what cannot be read");
    else {
        http_add_header(exchange, "Cache-Control", "no-store");
        http_answer(NULL, exchange, code,
                    strstr(answer->type, "geo+json") != NULL ? "application/geo+json"
                                                             : "application/json",
                    answer->body, answer->n);
    }
}

/* ---- what is asked ---- */

static bool call(const struct asked *asked, const char *path, const char *more, bool map)
{
    struct web *web = asked->web;
    struct door_request *request = calloc(1, sizeof *request);
    char headers[HEADERS_MAX];
    const struct http_call_options options = { .target = &web->settings.door,
                                               .tls = web->door_tls,
                                               .voice = &web->door_voice,
                                               .path = path,
                                               .headers = headers,
                                               .on_done = on_done,
                                               .arg = request };

    if (request == NULL)
        return false;
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n%s", web->settings.token, more);
    *request = (struct door_request){ .web = web, .exchange = asked->exchange, .map = map };
    strcpy(request->name, asked->session->user.name);
    request->call = http_call_get(web->base, web->dns, &options);
    explicit_bzero(headers, sizeof headers);
    if (request->call == NULL) {
        free(request);
        return false;
    }
    TAILQ_INSERT_TAIL(&web->requests, request, all);
    web->n_requests++;
    web->n_requests_past += !map;
    return true;
}

bool door_has_token(const struct asked *asked)
{
    if (asked->web->settings.token[0] != '\0')
        return true;
    answer_why(asked->exchange, 502, "no token for breachd's door: token-file of web.conf");
    return false;
}

static size_t requests_of(const struct web *web, const char *name)
{
    const struct door_request *request;
    size_t n = 0;

    TAILQ_FOREACH(request, &web->requests, all)
    {
        n += strcmp(request->name, name) == 0;
    }
    return n;
}

void door_ask(const struct asked *asked, const char *path, const char *headers, bool map)
{
    struct web *web = asked->web;

    if (requests_of(web, asked->session->user.name) >= WEB_DOOR_REQUESTS_OF_ONE_MAX) {
        http_retry_after(asked->exchange, 1);
        answer_why(asked->exchange, 429, "this person asks breachd for too much at once");
    } else if (web->n_requests >= WEB_DOOR_REQUESTS_MAX ||
               (!map &&
                web->n_requests_past >= WEB_DOOR_REQUESTS_MAX - WEB_DOOR_REQUESTS_OF_MAPS) ||
               !call(asked, path, headers, map)) {
        answer_why(asked->exchange, 503, "breachd is asked for too much at once");
    }
}

void routes_drop_requests(struct web *web)
{
    struct door_request *request;

    while ((request = TAILQ_FIRST(&web->requests)) != NULL) {
        http_call_cancel(request->call);
        answer_why(take(request), 503, "stopping");
    }
}
