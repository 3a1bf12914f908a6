/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ack_request.h - what somebody in the control room says of an incident, from the body of a request
 * to an entry of {PREFIX}:acks. Whether it can be done is breachd's to say; here only what can
 * never be right is refused.
 */
#ifndef WEB_ACK_REQUEST_H
#define WEB_ACK_REQUEST_H

#include "core/fault.h"

#include <jansson.h>
#include <stddef.h>

enum {
    ACK_REQUEST_INCIDENT_MAX = 281, /* bytes */
    ACK_REQUEST_ARGS_MAX = 24,      /* of the XADD */
    ACK_REQUEST_UNTIL_MAX = 40
};

/* Arguments of an XADD; texts borrow from `body` and from who called. */
struct ack_request {
    json_t *body;
    const char *incident;
    const char *args[ACK_REQUEST_ARGS_MAX];
    size_t n;
};

/*
 * `action`: ack, close, hand, shelve, note; `by` is who is logged in, whatever the body says; `key`
 * is the stream's. False with the reason; else ack_request_fini frees what it holds.
 */
bool ack_request_read(const char *body, size_t n, const char *action, const char *by,
                      const char *key, struct ack_request *out, struct fault *why);
void ack_request_fini(struct ack_request *request);

/* Whether it could be an incident's id: of letters, digits, - _ . in segments that / parts. */
bool ack_request_incident_valid(const char *incident);

#endif
