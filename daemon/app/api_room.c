/* SPDX-License-Identifier: Apache-2.0 */
/* api_room.c - what the routes of the control room share: errors, ids in paths, tags. */
#include "adapter/digest.h"
#include "adapter/json/answer.h"
#include "adapter/query.h"
#include "app/api_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_MAX = 2 * DIGEST_BYTES + 8 };

void api_answer_why(const struct api_request *request, int code, const char *why)
{
    char *body = answer_print_error(why);
    const char *text = body != NULL ? body : "{}";

    http_answer(request->service->door, request->exchange, code, API_JSON, text, strlen(text));
    free(body);
}

bool api_id(const struct http_exchange *exchange, const char *route, char id[API_ID_MAX])
{
    const char *at = strstr(route, "/ID"), *path = http_path(exchange), *end;
    size_t head = at != NULL ? (size_t)(at - route) + 1 : 0, n = strlen(path);
    char coded[2 * API_ID_MAX];

    id[0] = '\0';
    if (at == NULL || strncmp(path, route, head) != 0)
        return false;
    end = at + 3; // behind "/ID"
    if (n <= head + strlen(end) || strcmp(path + n - strlen(end), end) != 0 ||
        n - head - strlen(end) >= sizeof coded - 3)
        return false;
    snprintf(coded, sizeof coded, "id=%.*s", (int)(n - head - strlen(end)), path + head);
    return query_value(coded, "id", id, API_ID_MAX);
}

/* Of a text that says the same as long as nothing has happened; "" when there is no digest. */
static const char *tag_of(const char *text, char tag[TAG_MAX])
{
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX];

    tag[0] = '\0';
    if (digest_of(text, strlen(text), digest))
        snprintf(tag, TAG_MAX, "W/\"%.32s\"", digest_print(digest, sizeof digest, hex));
    return tag;
}

void api_answer_tagged(struct service *service, struct http_exchange *exchange, const char *body,
                       const char *tagged)
{
    const char *known = http_header(exchange, "If-None-Match");
    char tag[TAG_MAX];
    bool same;

    tag_of(tagged, tag);
    same = known != NULL && tag[0] != '\0' &&
           (strcmp(known, "*") == 0 || strstr(known, tag + 2) != NULL); // weakly: without the W/
    if (tag[0] != '\0')
        http_add_header(exchange, "ETag", tag);
    http_add_header(exchange, "Cache-Control", "private, no-cache");
    http_answer(service->door, exchange, same ? 304 : 200, API_JSON, body, strlen(body));
}
