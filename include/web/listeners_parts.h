/* SPDX-License-Identifier: Apache-2.0 */
/* listeners_parts.h - what listeners are made of; for listeners*.c alone. */
#ifndef WEB_LISTENERS_PARTS_H
#define WEB_LISTENERS_PARTS_H

#include "web/listeners.h"

#include <sys/queue.h>

struct listener {
    TAILQ_ENTRY(listener) all;
    TAILQ_ENTRY(listener) behind; /* while it waits for its turn to be told what it missed */
    struct listeners *owner;
    struct http_stream *stream;
    uint64_t session;
    char last[ENTRY_ID_MAX]; /* of the newest alert that it was sent, or has; "": none yet */
    bool live;               /* it is told what comes, */
    bool queued;             /* else it waits for its turn, or until it has taken more */
    bool compared;           /* what it has heard is not older than the oldest that is kept */
    unsigned resent;         /* alerts that it had missed */
    unsigned empty;          /* pages in a row in which there was none */
};

TAILQ_HEAD(listener_list, listener);

struct listeners {
    struct listeners_options options;
    char key[WEB_KEY_MAX];
    struct listener_list all, behind;
    size_t n;
    bool asking;            /* Redis, for what one has missed: */
    struct listener *asked; /* this one; NULL: it has left meanwhile */
};

/* Each of these is last: false, the listener is gone. */
bool listener_write(struct listener *listener, const char *text);
bool listener_send(struct listener *listener, const char *id, const char *event);
bool listener_tell_gap(struct listener *listener, const char *after);

/* ---- listeners_resume.c: what one has missed ---- */

void listeners_catch_up(struct listener *listener);        /* its turn is to come */
void listeners_catch_up_forget(struct listener *listener); /* it leaves */

#endif
