/* SPDX-License-Identifier: Apache-2.0 */
/* access.h - who may come in, and for which devices: one step before each request. */
#ifndef APP_ACCESS_H
#define APP_ACCESS_H

#include "app/service.h"

/* Of a door where nobody can be told to come later, so many seconds of a rate may come at once. */
enum { ACCESS_UNANSWERED_BURST_S = 100 };

/*
 * The id of a sender (sender.h) is that of its door, or of a token where it is in memory, or of a
 * certificate.
 */
enum { SENDER_MQTT = 1, SENDER_STREAM };

/*
 * What a path is for. Pings are the least that a new path is given away for; what the control room
 * reads, and places, are given to nobody where there is no tokens file.
 */
enum access_need {
    NEED_PINGS,    /* a token of a device, or its certificate */
    NEED_OPERATOR, /* a token of an operator, of the control room or for maps: how breachd is */
    NEED_ROOM,     /* one of the control room or for maps: incidents and devices */
    NEED_MAP,      /* one for maps: places */
    NEED_ANY,      /* any that is good: who else asks for what is no path is not told so */
    NEED_NOTHING   /* whoever comes: that it is healthy and ready, no more */
};

/* What a request may do. */
struct grant {
    bool everything;               /* no tokens and no certificates are asked for */
    struct token *token;           /* NULL: by its certificate */
    char user[NAME_MAX_CHARS + 1]; /* the one device that Basic names; "": as the token says */
    const struct http_exchange *exchange; /* while it is handled */
    size_t bytes;                         /* of its body, */
    struct http_pings_cost cost;          /* and what the pings in it cost, once they are taken */
};

/*
 * 200 with *out set, or how to refuse: 401, 403, or 429 with Retry-After already added. The reason
 * is in the code and nowhere else.
 */
int access_grant(struct service *service, struct http_exchange *exchange, enum access_need need,
                 struct grant *out);

/*
 * Whether the grant is for named devices: its holder may carry one of them, and how long an answer
 * took must tell him nothing of where the zone lies.
 */
bool access_of_devices(const struct grant *grant);

/* A ping with all that it may say; what is in a body beyond that is charged as so many pings. */
enum { ACCESS_PING_BYTES = 512 };

/* For whom the request may send: borrows the grant. */
struct sender access_sender(const struct service *service, struct grant *grant);

/* The request is handled: its token pays for it. */
void access_charge(const struct grant *grant);

#endif
