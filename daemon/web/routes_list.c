/* SPDX-License-Identifier: Apache-2.0 */
/* routes_list.c - what goes on: events, the list, alerts of before. */
#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/query.h"
#include "web/routes_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALERTS_COUNT = WEB_PAGE };

/* ---- events ---- */

/* What was heard last, by the browser's own word or by the page's; false: it is none. */
static bool read_after(const struct http_exchange *exchange, char out[ENTRY_ID_MAX])
{
    const char *header = http_header(exchange, "Last-Event-ID");
    struct entry_id id;

    out[0] = '\0';
    if (header != NULL && header[0] != '\0')
        return strlen(header) < ENTRY_ID_MAX && entry_id_read(strcpy(out, header), &id);
    if (http_query(exchange)[0] == '\0')
        return true;
    return query_value(http_query(exchange), "after", out, ENTRY_ID_MAX) && entry_id_read(out, &id);
}

static void refuse_more(struct http_exchange *exchange, const char *why)
{
    http_retry_after(exchange, 10);
    answer_why(exchange, 429, why);
}

/* Whether there is a place; answers else. The last ones are for who has few or none. */
static bool has_place(const struct asked *asked)
{
    const struct web *web = asked->web;
    size_t most = (size_t)web->settings.max_events, n = listeners_count(web->listeners);
    unsigned of_one = sessions_streams_of(web->sessions, asked->session->user.name);

    if (n >= most || (of_one >= WEB_EVENTS_FEW && n >= most - most / WEB_EVENTS_KEPT))
        answer_why(asked->exchange, 503, "too many listen: see max-events of web.conf");
    else if (asked->session->streams >= WEB_EVENTS_OF_SESSION_MAX)
        refuse_more(asked->exchange, "too many listen by this log-in");
    else if (of_one >= WEB_EVENTS_OF_ONE_MAX)
        refuse_more(asked->exchange, "too many listen in this name");
    else
        return true;
    return false;
}

void route_events(const struct asked *asked)
{
    struct web *web = asked->web;
    struct session *session = asked->session;
    char after[ENTRY_ID_MAX];

    if (!read_after(asked->exchange, after)) {
        answer_why(asked->exchange, 400,
                   "Last-Event-ID, or ?after=ID: the id of an alert, and nothing else");
    } else if (has_place(asked)) {
        char *status = board_status(web->board);

        session->streams++; // before on_left could be called
        http_add_header(asked->exchange, "Cache-Control", "no-store");
        http_add_header(asked->exchange, "X-Accel-Buffering", "no"); // a proxy's own
        if (!listeners_add(web->listeners, asked->exchange, session->number, after,
                           status != NULL ? status : ""))
            session->streams--;
        free(status);
    }
}

static bool lives(uint64_t session, void *web)
{
    return session_numbered(((struct web *)web)->sessions, session) != NULL;
}

void routes_end_streams(struct web *web)
{
    listeners_end(web->listeners, lives, web, "event: out\ndata: {}\n\n");
}

/* ---- the list ---- */

void route_todo(const struct asked *asked)
{
    size_t n = 0;
    char *text = board_print(asked->web->board, &n);

    if (text != NULL)
        answer_json(asked->exchange, 200, text, n);
    else
        answer_why(asked->exchange, 503, "Redis is away, or was not read yet");
}

/* ---- alerts of before ---- */

static void print_alert(FILE *out, const struct redis_reply *entry, bool *more)
{
    char id[ENTRY_ID_MAX], *line = web_redis_event(entry);

    if (line == NULL)
        return;
    fprintf(out, "%s{\"id\":\"%s\",\"event\":%s}", *more ? "," : "", web_redis_id(entry, id), line);
    *more = true;
    free(line);
}

/* In the stream's order, whichever way they were asked for. */
static void answer_alerts(struct http_exchange *exchange, const struct redis_reply *reply,
                          bool newest_first)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    bool more = false;

    if (out == NULL || reply->kind == REDIS_ERROR) {
        if (out != NULL)
            fclose(out);
        free(text);
        answer_why(exchange, 503, "Redis did not answer as it should");
        return;
    }
    fputs("{\"alerts\":[", out);
    for (size_t i = 0; i < reply->n; i++) {
        struct redis_reply entry = redis_item(reply, newest_first ? reply->n - 1 - i : i);

        print_alert(out, &entry, &more);
    }
    fputs("]}", out);
    if (fclose(out) != 0) {
        free(text);
        text = NULL;
    }
    answer_json(exchange, 200, text, n);
}

static void on_newest(struct http_exchange *exchange, const struct redis_reply *reply, void *web)
{
    (void)web;
    answer_alerts(exchange, reply, true);
}

static void on_since(struct http_exchange *exchange, const struct redis_reply *reply, void *web)
{
    (void)web;
    answer_alerts(exchange, reply, false);
}

static bool read_alerts_query(const char *query, char since[ENTRY_ID_MAX], char count[16])
{
    struct entry_id id;
    char *end;
    long n = ALERTS_COUNT;

    if (query_value(query, "since", since, ENTRY_ID_MAX) && !entry_id_read(since, &id))
        return false;
    if (query_value(query, "count", count, 16)) {
        n = strtol(count, &end, 10);
        if (*end != '\0' || n < 1)
            return false;
    }
    snprintf(count, 16, "%ld", n < ALERTS_COUNT ? n : (long)ALERTS_COUNT);
    return true;
}

void route_alerts(const struct asked *asked)
{
    struct web *web = asked->web;
    char since[ENTRY_ID_MAX] = "", from[ENTRY_ID_MAX + 1], count[16], key[WEB_KEY_MAX];
    bool newest;

    if (!read_alerts_query(http_query(asked->exchange), since, count)) {
        answer_why(asked->exchange, 400, "since is the id of an alert, count is 1 or more");
        return;
    }
    newest = since[0] == '\0';
    snprintf(from, sizeof from, "(%s", since);
    web_redis_key(&web->redis, "alerts", key);
    if (!pending_send(web->past_pending, asked->exchange, 6,
                      newest ? (const char *[]){ "XREVRANGE", key, "+", "-", "COUNT", count }
                             : (const char *[]){ "XRANGE", key, from, "+", "COUNT", count },
                      newest ? on_newest : on_since))
        answer_why(asked->exchange, 503, "Redis is away");
}

void routes_redis_gone(struct http_exchange *exchange, void *web)
{
    (void)web;
    answer_why(exchange, 503, "Redis went away meanwhile: look whether it was done");
}
