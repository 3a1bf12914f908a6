/* SPDX-License-Identifier: Apache-2.0 */
/* routes_map.c - the map of an incident: asked of breachd's door, for somebody and a reason. */
#include "adapter/clock.h"
#include "adapter/text.h"
#include "core/custody.h"
#include "web/ack_request.h"
#include "web/routes_parts.h"

#include <stdio.h>
#include <string.h>

enum { REASON_MAX = 511 };
_Static_assert(REASON_MAX + CUSTODY_BY_MAX + 64 < DOOR_HEADERS_MAX, "who looks, and why");

/* All of it is shown as it is: nothing turns it round, ends its line or cannot be seen. */
static bool is_shown_as_it_is(const char *reason)
{
    char shown[REASON_MAX + 1];
    size_t n = strlen(reason);

    return text_escape(reason, n, shown, sizeof shown) == n && strcmp(shown, reason) == 0;
}

/* It stands in the chain of evidence: one text, in UTF-8, that is not blank. */
static bool reason_is_given(const struct http_exchange *exchange, struct fault *why)
{
    const char *reason = http_header(exchange, "X-Reason");
    struct fault cause;

    if (reason == NULL || reason[strspn(reason, " \t")] == '\0' || strlen(reason) > REASON_MAX)
        return fault_set(why, "X-Reason: must be given, in 1..%d bytes", REASON_MAX);
    if (http_header_lines(exchange, "X-Reason") > 1)
        return fault_set(why, "X-Reason: stands there twice");
    if (!text_is_clean(reason, &cause))
        return fault_set(why, "X-Reason: %s", cause.text);
    return is_shown_as_it_is(reason) ||
           fault_set(why, "X-Reason: holds a character that cannot be seen, or turns text round");
}

void route_map(const struct asked *asked)
{
    const char *reason = http_header(asked->exchange, "X-Reason");
    char incident[ACK_REQUEST_INCIDENT_MAX + 1], path[DOOR_PATH_MAX], headers[DOOR_HEADERS_MAX];
    struct fault why;

    if (!routes_incident(http_path(asked->exchange), "/map", incident)) {
        answer_why(asked->exchange, 404, "no such incident");
    } else if (!reason_is_given(asked->exchange, &why)) {
        answer_why(asked->exchange, 400, why.text);
    } else if (door_has_token(asked)) {
        record_audit(asked->web->record, "look", asked->session->user.name,
                     http_address(asked->exchange), incident, clock_utc());
        snprintf(path, sizeof path, "/v1/incidents/%s/map", incident);
        snprintf(headers, sizeof headers,
                 "X-By: %s\r\nX-Reason: %s\r\nAccept: application/geo+json\r\n",
                 asked->session->user.name, reason);
        door_ask(asked, path, headers, true);
    }
}
