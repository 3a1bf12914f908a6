/* SPDX-License-Identifier: Apache-2.0 */
/* api_names.c - whose a request with pings is, where its body does not say so. */
#include "adapter/http/basic_auth.h"
#include "adapter/query.h"
#include "app/api_parts.h"

#include <string.h>

static void add_name(struct ping_body *body, const char *name)
{
    size_t n = 0;

    while (n < PING_NAMES_MAX && body->names[n] != NULL)
        n++;
    if (name != NULL && name[0] != '\0' && n < PING_NAMES_MAX)
        body->names[n] = name;
}

/* Of Basic, then the device and the user that stand in the address, or in the app's headers. */
void api_name_sender(struct http_exchange *exchange, const char *device, const char *user,
                     struct api_names *names, struct ping_body *body)
{
    const char *query = http_query(exchange);

    if (!basic_auth_user(http_header(exchange, "Authorization"), names->user))
        names->user[0] = '\0';
    query_value(query, device, names->of_query[0], sizeof names->of_query[0]);
    query_value(query, user, names->of_query[1], sizeof names->of_query[1]);
    add_name(body, names->user);
    add_name(body, names->of_query[0]);
    add_name(body, http_header(exchange, "X-Limit-D"));
    add_name(body, names->of_query[1]);
    add_name(body, http_header(exchange, "X-Limit-U"));
}
