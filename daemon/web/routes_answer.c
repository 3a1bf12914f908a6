/* SPDX-License-Identifier: Apache-2.0 */
/* routes_answer.c - answers, and what a browser is told not to do with them. */
#include "web/json_line.h"
#include "web/routes_parts.h"

#include <stdlib.h>
#include <string.h>

/* What the page needs and nothing else; it asks nobody but us. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "        \
    "connect-src 'self'; font-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; "       \
    "base-uri 'none'; form-action 'self'"

void answer_guard(const struct web *web, struct http_exchange *exchange)
{
    http_add_header(exchange, "Content-Security-Policy", POLICY);
    http_add_header(exchange, "X-Content-Type-Options", "nosniff");
    http_add_header(exchange, "Referrer-Policy", "no-referrer");
    http_add_header(exchange, "Cross-Origin-Opener-Policy", "same-origin");
    http_add_header(exchange, "Cross-Origin-Resource-Policy", "same-origin");
    if (web->secure)
        http_add_header(exchange, "Strict-Transport-Security", "max-age=31536000");
}

void answer_json(struct http_exchange *exchange, int code, char *json, size_t n)
{
    static const char starved[] = "{\"error\":\"out of memory\"}";

    http_add_header(exchange, "Cache-Control", "no-store");
    if (json == NULL)
        http_answer(NULL, exchange, 503, "application/json", starved, sizeof starved - 1);
    else
        http_answer(NULL, exchange, code, "application/json", json, n);
    free(json);
}

void answer_text(struct http_exchange *exchange, int code, char *json)
{
    answer_json(exchange, code, json, json != NULL ? strlen(json) : 0);
}

void answer_why(struct http_exchange *exchange, int code, const char *why)
{
    answer_text(exchange, code, json_line_error(why));
}
