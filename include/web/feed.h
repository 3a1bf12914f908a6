/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed.h - alerts as they come into the stream, each once and in order, and what breachd refuses of
 * the control room's words; by a connection of its own, as it waits in a blocking read. It begins
 * with what is newest when Redis is first reached, and goes on after any loss of Redis where it
 * was.
 */
#ifndef WEB_FEED_H
#define WEB_FEED_H

#include "web/web_redis.h"

struct feed_callbacks {
    /* An alert: one line of JSON. Both are borrowed for the call. */
    void (*on_alert)(const char *id, const char *event, void *arg);

    /* breachd has refused the entry `ack` of {PREFIX}:acks: one line of JSON. */
    void (*on_refusal)(const char *json, void *arg);

    /* Entries behind `after` are gone, or the stream is another: read anew what was known. */
    void (*on_gap)(const char *after, void *arg);
    void (*on_state)(bool up, void *arg); /* alerts are heard from now on, or are not */
    void *arg;
};

struct feed;

struct feed *feed_create(const struct web_redis *redis, const struct feed_callbacks *callbacks);
void feed_destroy(struct feed *feed); /* NULL is fine; calls nobody */

/* The id of the newest alert that was handed out, or that stood there at first; "": not known. */
const char *feed_last(const struct feed *feed);

#endif
