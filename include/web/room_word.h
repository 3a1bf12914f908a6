/* SPDX-License-Identifier: Apache-2.0 */
/*
 * room_word.h - what somebody in the control room says of an incident, from the body of a request
 * to an entry of {PREFIX}:acks. Whether it can be done is breachd's to say; here only what can
 * never be right is refused.
 */
#ifndef WEB_ROOM_WORD_H
#define WEB_ROOM_WORD_H

#include "core/fault.h"

#include <jansson.h>
#include <stddef.h>

enum {
    ROOM_WORD_INCIDENT_MAX = 281, /* bytes */
    ROOM_WORD_ARGS_MAX = 24,      /* of the XADD */
    ROOM_WORD_UNTIL_MAX = 40
};

/* Arguments of an XADD; texts borrow from `body` and from who called. */
struct room_word {
    json_t *body;
    const char *incident;
    const char *args[ROOM_WORD_ARGS_MAX];
    size_t n;
};

/*
 * `action`: ack, close, hand, shelve, note; `by` is who is logged in, whatever the body says; `key`
 * is the stream's. False with the reason; else room_word_fini frees what it holds.
 */
bool room_word_read(const char *body, size_t n, const char *action, const char *by, const char *key,
                    struct room_word *out, struct fault *why);
void room_word_fini(struct room_word *word);

/* Whether it could be an incident's id: of letters, digits, - _ . in segments that / parts. */
bool room_word_incident_valid(const char *incident);

#endif
