/* SPDX-License-Identifier: Apache-2.0 */
/* routes_parts.h - what the paths share; for routes*.c alone. */
#ifndef WEB_ROUTES_PARTS_H
#define WEB_ROUTES_PARTS_H

#include "web/ack_request.h"
#include "web/routes.h"
#include "web/web.h"

/* A request on its way to its answer. */
struct asked {
    struct web *web;
    struct http_exchange *exchange;
    struct session *session; /* NULL: nobody is logged in, or need not be */
};

/* ---- routes_answer.c ---- */

/* Frees `json`; NULL, as memory is out, is a 503. */
void answer_json(struct http_exchange *exchange, int code, char *json, size_t n);
void answer_text(struct http_exchange *exchange, int code, char *json); /* frees it */
void answer_why(struct http_exchange *exchange, int code, const char *why);

/* Headers that every answer has: what a browser must not do with it. */
void answer_guard(const struct web *web, struct http_exchange *exchange);

/* ---- routes_who.c ---- */

/* It comes from the address whose header is believed. */
bool who_is_by_proxy(const struct web *web, const struct http_exchange *exchange);

/* Whom the proxy names, if that is one of ours; else NULL. */
const struct user *who_proxy_names(const struct web *web, const struct http_exchange *exchange);

/* The proxy's header stands there once at the most: of two, one is not the proxy's. */
bool who_is_named_once(const struct web *web, const struct http_exchange *exchange);

/*
 * A browser says that another site's page made it ask: it keeps our cookie back then, and who
 * seems to have none may have one.
 */
bool who_comes_from_elsewhere(const struct http_exchange *exchange);

/* By the cookie, and the proxy where there is one; NULL: nobody. */
struct session *who_asks(struct web *web, const struct http_exchange *exchange);

/* A session for the user, whose cookie goes with the answer; NULL: none can be had. */
struct session *who_begins(struct web *web, struct http_exchange *exchange,
                           const struct user *user);

/* Whether it comes from a page of ours; answers else. */
bool who_is_own_page(struct web *web, struct http_exchange *exchange);

/* ---- routes_door.c ---- */

enum { DOOR_PATH_MAX = ACK_REQUEST_INCIDENT_MAX + 128, DOOR_HEADERS_MAX = 768 };

/* Whether we may ask at all; answers else. */
bool door_has_token(const struct asked *asked);

/*
 * Asks breachd's door by GET, and answers with what it says, now or later: its code, but that our
 * token is refused, or that it has its own trouble, is 502 or 503. `headers` are lines that end in
 * CR LF. For a map a 200 is a FeatureCollection, else an object, or it is 502.
 */
void door_ask(const struct asked *asked, const char *path, const char *headers, bool map);

/* ---- routes_history.c ---- */

/*
 * The id in "/incidents/ID" and `end`, which the path begins and ends with, decoded: its slashes
 * may be written as %2F. False: it is none.
 */
bool routes_incident(const char *path, const char *end, char out[ACK_REQUEST_INCIDENT_MAX + 1]);

/* ---- one function a path ---- */

void route_login(const struct asked *asked);
void route_logout(const struct asked *asked);
void route_me(const struct asked *asked);
void route_events(const struct asked *asked);
void route_todo(const struct asked *asked);
void route_alerts(const struct asked *asked);
void route_ack(const struct asked *asked);
void route_close(const struct asked *asked);
void route_hand(const struct asked *asked);
void route_shelve(const struct asked *asked);
void route_note(const struct asked *asked);
void route_incidents(const struct asked *asked);
void route_incident(const struct asked *asked);
void route_map(const struct asked *asked);
void route_page(const struct asked *asked); /* anything else */

/* What /me and /login answer. */
void route_tell_me(const struct asked *asked);

#endif
