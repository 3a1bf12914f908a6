/* SPDX-License-Identifier: Apache-2.0 */
/* routes_map.c - the map of an incident: asked of breachd's door, for somebody and a reason. */
#include "adapter/clock.h"
#include "adapter/http/http_call.h"
#include "adapter/query.h"
#include "adapter/text.h"
#include "web/json_line.h"
#include "web/room_word.h"
#include "web/routes_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_MAX = 511, HEADERS_MAX = PASSWORD_MAX + NAME_MAX_CHARS + REASON_MAX + 128 };

struct web_look {
    TAILQ_ENTRY(web_look) all;
    struct web *web;
    struct http_exchange *exchange;
    struct http_call *call;
};

/* ---- what comes back ---- */

static struct http_exchange *take(struct web_look *look)
{
    struct http_exchange *exchange = look->exchange;

    TAILQ_REMOVE(&look->web->looks, look, all);
    look->web->n_looks--;
    free(look);
    return exchange;
}

/* Well-formed, whoever answered; of any type of JSON. */
static bool is_json(const struct http_call_answer *answer)
{
    json_t *json = strstr(answer->type, "json") != NULL
                       ? json_loadb(answer->body, answer->n, JSON_DECODE_ANY, NULL)
                       : NULL;

    json_decref(json);
    return json != NULL;
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
    struct http_exchange *exchange = take(arg);
    int code = code_of(answer);

    if (answer->code == 0)
        answer_why(exchange, code, answer->late ? "breachd does not answer" : "breachd is away");
    else if (code != answer->code)
        answer_why(exchange, code, "breachd refuses this page's token, or has its own trouble");
    else if (!is_json(answer))
        answer_why(exchange, 502, "breachd answers what is no map");
    else {
        http_add_header(exchange, "Cache-Control", "no-store");
        http_answer(NULL, exchange, code,
                    strstr(answer->type, "geo+json") != NULL ? "application/geo+json"
                                                             : "application/json",
                    answer->body, answer->n);
    }
}

/* ---- what is asked ---- */

/* "/incidents/ID/map" with the id decoded, which may be written with %2F. */
static bool read_incident(const char *path, char out[ROOM_WORD_INCIDENT_MAX + 1])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./%";
    char query[3 * ROOM_WORD_INCIDENT_MAX + 8];
    size_t n = strlen(path) - strlen("/incidents/") - strlen("/map");

    path += strlen("/incidents/");
    if (n + 3 > sizeof query || strspn(path, letters) < n)
        return false;
    snprintf(query, sizeof query, "i=%.*s", (int)n, path);
    return query_value(query, "i", out, ROOM_WORD_INCIDENT_MAX + 1) &&
           room_word_incident_valid(out);
}

/* It stands in the chain of evidence: a text, in UTF-8, that is not blank. */
static bool reason_is_given(const char *reason, struct fault *why)
{
    struct fault cause;

    if (reason == NULL || reason[strspn(reason, " \t")] == '\0' || strlen(reason) > REASON_MAX)
        return fault_set(why, "X-Reason: must be given, in 1..%d bytes", REASON_MAX);
    return text_is_clean(reason, &cause) || fault_set(why, "X-Reason: %s", cause.text);
}

static bool call(const struct asked *asked, const char *incident, const char *reason)
{
    struct web *web = asked->web;
    struct web_look *look = calloc(1, sizeof *look);
    char path[ROOM_WORD_INCIDENT_MAX + 32], headers[HEADERS_MAX];
    const struct http_call_options options = { .target = &web->settings.door,
                                               .tls = web->door_tls,
                                               .voice = &web->door_voice,
                                               .path = path,
                                               .headers = headers,
                                               .on_done = on_done,
                                               .arg = look };

    if (look == NULL)
        return false;
    snprintf(path, sizeof path, "/v1/incidents/%s/map", incident);
    snprintf(
        headers, sizeof headers,
        "Authorization: Bearer %s\r\nX-By: %s\r\nX-Reason: %s\r\nAccept: application/geo+json\r\n",
        web->settings.token, asked->session->user.name, reason);
    *look = (struct web_look){ .web = web, .exchange = asked->exchange };
    look->call = http_call_get(web->base, web->dns, &options);
    explicit_bzero(headers, sizeof headers);
    if (look->call == NULL) {
        free(look);
        return false;
    }
    TAILQ_INSERT_TAIL(&web->looks, look, all);
    web->n_looks++;
    return true;
}

void route_map(const struct asked *asked)
{
    struct web *web = asked->web;
    const char *reason = http_header(asked->exchange, "X-Reason");
    char incident[ROOM_WORD_INCIDENT_MAX + 1];
    struct fault why;

    if (!read_incident(http_path(asked->exchange), incident)) {
        answer_why(asked->exchange, 404, "no such incident");
    } else if (!reason_is_given(reason, &why)) {
        answer_why(asked->exchange, 400, why.text);
    } else if (web->settings.token[0] == '\0') {
        answer_why(asked->exchange, 502, "no token for breachd's door: token-file of web.conf");
    } else {
        record_audit(web->record, "look", asked->session->user.name, http_address(asked->exchange),
                     incident, clock_utc());
        if (web->n_looks >= WEB_LOOKS_MAX || !call(asked, incident, reason))
            answer_why(asked->exchange, 503, "too many maps are asked for at once");
    }
}

void routes_drop_looks(struct web *web)
{
    struct web_look *look;

    while ((look = TAILQ_FIRST(&web->looks)) != NULL) {
        http_call_cancel(look->call);
        answer_why(take(look), 503, "stopping");
    }
}
