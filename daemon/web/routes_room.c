/* SPDX-License-Identifier: Apache-2.0 */
/* routes_room.c - what the control room says of an incident, into {PREFIX}:acks. */
#include "adapter/clock.h"
#include "web/ack_request.h"
#include "web/json_line.h"
#include "web/routes_parts.h"

/* The id of the entry: what breachd refuses of it comes as an event with that id. */
static void on_added(struct http_exchange *exchange, const struct redis_reply *reply, void *web)
{
    (void)web;
    if (reply->kind == REDIS_TEXT)
        answer_text(exchange, 202,
                    json_line_print(json_pack("{s:s%}", "id", reply->text, reply->n)));
    else
        answer_why(exchange, 503, "Redis did not take it");
}

static void say(const struct asked *asked, const char *action)
{
    struct web *web = asked->web;
    const char *by = asked->session->user.name;
    struct ack_request request;
    char key[WEB_KEY_MAX];
    struct fault why;
    size_t n;
    const char *body = http_body(asked->exchange, &n);

    if (!ack_request_read(body != NULL ? body : "", n, action, by,
                          web_redis_key(&web->redis, "acks", key), &request, &why)) {
        answer_why(asked->exchange, 400, why.text);
        return;
    }
    if (pending_send(web->talk_pending, asked->exchange, request.n, request.args, on_added))
        record_audit(web->record, action, by, http_address(asked->exchange), request.incident,
                     clock_utc());
    else
        answer_why(asked->exchange, 503, "Redis is away: nothing was said");
    ack_request_fini(&request);
}

void route_ack(const struct asked *asked)
{
    say(asked, "ack");
}

void route_close(const struct asked *asked)
{
    say(asked, "close");
}

void route_hand(const struct asked *asked)
{
    say(asked, "hand");
}

void route_shelve(const struct asked *asked)
{
    say(asked, "shelve");
}

void route_note(const struct asked *asked)
{
    say(asked, "note");
}
