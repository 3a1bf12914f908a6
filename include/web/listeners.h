/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listeners.h - browsers that listen to text/event-stream. One that comes back with the id of what
 * it heard last gets what came since out of Redis, and only then what comes: each alert once, and
 * none missed. One that does not take what it is told is dropped: it comes back by itself.
 */
#ifndef WEB_LISTENERS_H
#define WEB_LISTENERS_H

#include "adapter/http/http.h"
#include "web/feed.h"

enum {
    LISTENER_BUFFER_MAX = 256 * 1024,  /* bytes that one has not taken: dropped */
    LISTENER_RESUME_WAIT = 128 * 1024, /* of them, before more of what it missed is read */
    LISTENER_RESUME_MAX = 5000,        /* alerts that are sent after; of more: a gap */
    LISTENER_RETRY_MS = 1000           /* a browser comes back after so long */
};

struct listeners_options {
    const struct web_redis *redis;
    struct redis *talk;                           /* borrowed, takes lists */
    const struct feed *feed;                      /* borrowed */
    void (*on_left)(uint64_t session, void *arg); /* one of this session listens no more */
    void *arg;
};

struct listeners;

struct listeners *listeners_create(const struct listeners_options *options); /* NULL: no memory */
void listeners_destroy(struct listeners *listeners); /* NULL is fine; on_left is not called */
size_t listeners_count(const struct listeners *listeners);

/*
 * Answers with a stream that begins with `first`, whole events. `after`: the id heard last, or "":
 * it gets what comes from now on. False when the browser has left, or memory is out: the exchange
 * is forgotten all the same.
 */
bool listeners_add(struct listeners *listeners, struct http_exchange *exchange, uint64_t session,
                   const char *after, const char *first);

/* To all that are not still told what they missed, which holds it. */
void listeners_alert(struct listeners *listeners, const char *id, const char *event);
void listeners_say(struct listeners *listeners, const char *event); /* to all; a whole event */

/* Entries behind `after` are gone. */
void listeners_gap(struct listeners *listeners, const char *after);

/* Ends those of sessions that have ended, with `last`. */
void listeners_end(struct listeners *listeners, bool (*lives)(uint64_t session, void *arg),
                   void *arg, const char *last);

void listeners_go_on(struct listeners *listeners); /* Redis is there again */
void listeners_down(struct listeners *listeners);  /* what was asked is not answered */

#endif
