/* SPDX-License-Identifier: Apache-2.0 */
/* routes_who.c - who asks: by a cookie, or by a proxy's word. */
#include "adapter/clock.h"
#include "web/cookie.h"
#include "web/own_page.h"
#include "web/routes_parts.h"

#include <string.h>

bool who_is_by_proxy(const struct web *web, const struct http_exchange *exchange)
{
    const char *proxy = web->settings.proxy, *address = http_address(exchange);

    if (strcmp(proxy, "unix") == 0)
        return http_address_key(exchange) == 0; // see http_quota.h
    return proxy[0] != '\0' && strcmp(proxy, address) == 0;
}

const struct user *who_proxy_names(const struct web *web, const struct http_exchange *exchange)
{
    const char *name = http_header(exchange, web->settings.proxy_header);

    return name != NULL ? users_find(web->users, name) : NULL;
}

struct session *who_asks(struct web *web, const struct http_exchange *exchange)
{
    bool by_proxy = who_is_by_proxy(web, exchange);
    const struct user *named = by_proxy ? who_proxy_names(web, exchange) : NULL;
    struct session *session = NULL;
    char id[SECRET_HEX];

    if (cookie_read(http_header(exchange, "Cookie"), web->secure, id))
        session = session_find(web->sessions, id, clock_tick());
    if (session == NULL || session->by_proxy != by_proxy)
        return NULL;
    // The cookie of somebody else, before the same screen: the proxy knows better.
    if (by_proxy && (named == NULL || strcmp(named->name, session->user.name) != 0))
        return NULL;
    return session;
}

struct session *who_begins(struct web *web, struct http_exchange *exchange, const struct user *user)
{
    char id[SECRET_HEX], text[COOKIE_TEXT_MAX];
    struct session *before = who_asks(web, exchange), *session;
    bool ended = false;

    if (before != NULL) // of the same browser: an id that somebody could have planted is no more
        session_end(before);
    session = session_begin(web->sessions, user, clock_tick(), id, &ended);
    if (before != NULL || ended)
        routes_end_streams(web);
    if (session == NULL)
        return NULL;
    session->by_proxy = who_is_by_proxy(web, exchange);
    http_add_header(exchange, "Set-Cookie", cookie_print(id, web->secure, text));
    explicit_bzero(id, sizeof id);
    explicit_bzero(text, sizeof text);
    return session;
}

bool who_is_named_once(const struct web *web, const struct http_exchange *exchange)
{
    return !who_is_by_proxy(web, exchange) ||
           http_header_lines(exchange, web->settings.proxy_header) <= 1;
}

bool who_comes_from_elsewhere(const struct http_exchange *exchange)
{
    const char *site = http_header(exchange, "Sec-Fetch-Site");

    return site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

bool who_is_own_page(struct web *web, struct http_exchange *exchange)
{
    const struct own_page_said said = { http_header(exchange, "Host"),
                                        http_header(exchange, "Origin"),
                                        http_header(exchange, "Sec-Fetch-Site") };
    struct fault why;

    if (own_page_is(&said, web->settings.origin, web->secure, &why))
        return true;
    answer_why(exchange, 403, why.text);
    return false;
}
