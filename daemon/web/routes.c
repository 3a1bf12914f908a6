/* SPDX-License-Identifier: Apache-2.0 */
/* routes.c - which path is whose, who may ask for it, and how. */
#include "web/routes_parts.h"

#include "adapter/secret.h"

#include <string.h>

enum need { NEED_NOTHING, NEED_VIEW, NEED_ROOM, NEED_MAP };

static const struct route {
    const char *path, *method;
    enum need need;
    void (*run)(const struct asked *asked);
} routes[] = {
    { "/login", "POST", NEED_NOTHING, route_login },
    { "/logout", "POST", NEED_VIEW, route_logout },
    { "/me", "GET", NEED_NOTHING, route_me },
    { "/events", "GET", NEED_VIEW, route_events },
    { "/todo", "GET", NEED_VIEW, route_todo },
    { "/alerts", "GET", NEED_VIEW, route_alerts },
    { "/ack", "POST", NEED_ROOM, route_ack },
    { "/close", "POST", NEED_ROOM, route_close },
    { "/hand", "POST", NEED_ROOM, route_hand },
    { "/shelve", "POST", NEED_ROOM, route_shelve },
    { "/note", "POST", NEED_ROOM, route_note },
    { "/incidents", "GET", NEED_VIEW, route_incidents },
    // Of one incident, whose id has slashes of its own: found by find_incident, and last.
    { "/incidents/ID", "GET", NEED_VIEW, route_incident },
    { "/incidents/ID/map", "GET", NEED_MAP, route_map },
};

enum { ROUTES = sizeof routes / sizeof *routes, ROUTE_INCIDENT = ROUTES - 2, ROUTE_MAP };

static const struct route *find_incident(const char *path)
{
    static const char begin[] = "/incidents/", end[] = "/map";
    size_t n = strlen(path);

    if (strncmp(path, begin, sizeof begin - 1) != 0)
        return NULL;
    return n > sizeof begin + sizeof end - 2 && strcmp(path + n - (sizeof end - 1), end) == 0
               ? &routes[ROUTE_MAP]
               : &routes[ROUTE_INCIDENT];
}

static const struct route *find(const char *path)
{
    for (size_t i = 0; i < ROUTE_INCIDENT; i++) {
        if (strcmp(routes[i].path, path) == 0)
            return &routes[i];
    }
    return find_incident(path);
}

static void refuse_method(struct http_exchange *exchange, const char *allowed)
{
    http_add_header(exchange, "Allow", allowed);
    answer_why(exchange, 405, "another method is wanted");
}

/* By a token that only a page that may read our answers can have. */
static bool has_token(const struct asked *asked)
{
    const char *token = http_header(asked->exchange, "X-CSRF");

    return token != NULL && secret_text_equal(token, asked->session->csrf);
}

static bool may(const struct asked *asked, const struct route *route)
{
    bool changes = strcmp(route->method, "POST") == 0;

    if (changes && !who_is_own_page(asked->web, asked->exchange))
        return false;
    if (route->need == NEED_NOTHING)
        return true;
    if (asked->session == NULL)
        answer_why(asked->exchange, 401, "not logged in");
    else if (asked->session->user.role < (enum user_role)(route->need - NEED_VIEW))
        answer_why(asked->exchange, 403, "another role is wanted");
    else if (changes && !has_token(asked))
        answer_why(asked->exchange, 403, "X-CSRF: is not this session's");
    else
        return true;
    return false;
}

void routes_handle(struct http_exchange *exchange, void *arg)
{
    struct asked asked = { .web = arg, .exchange = exchange };
    const struct route *route = find(http_path(exchange));
    const char *method = http_method(exchange);

    answer_guard(asked.web, exchange);
    if (!who_is_named_once(asked.web, exchange)) {
        answer_why(exchange, 400, "the proxy's header stands there twice");
    } else if (route == NULL && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        refuse_method(exchange, "GET, HEAD");
    } else if (route == NULL) {
        route_page(&asked);
    } else if (strcmp(route->method, method) != 0) {
        refuse_method(exchange, route->method);
    } else {
        asked.session = who_asks(asked.web, exchange);
        if (may(&asked, route))
            route->run(&asked);
    }
}
