/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listeners_resume.c - what a browser has missed, out of Redis, a page at a time, one browser after
 * the other: however many come back at once, alerts as they come wait for no more than a page.
 */
#include "web/listeners_parts.h"

#include "adapter/entry_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void listeners_catch_up_forget(struct listener *listener)
{
    struct listeners *listeners = listener->owner;

    if (listener->queued)
        TAILQ_REMOVE(&listeners->behind, listener, behind);
    listener->queued = false;
    if (listeners->asked == listener)
        listeners->asked = NULL;
}

static void queue(struct listener *listener)
{
    if (!listener->queued)
        TAILQ_INSERT_TAIL(&listener->owner->behind, listener, behind);
    listener->queued = true;
}

/* From now on it is told what comes; what it lacks, if anything, it cannot have. */
static void go_live(struct listener *listener, bool lacks)
{
    char before[ENTRY_ID_MAX];

    strcpy(before, listener->last);
    listener->live = true;
    if (!lacks)
        return;
    strcpy(listener->last, feed_last(listener->owner->options.feed));
    listener_tell_gap(listener, before);
}

/* [id, fields]; false: the listener is gone. What no browser could read is passed over. */
static bool send_entry(struct listener *listener, const struct redis_reply *entry)
{
    char id[ENTRY_ID_MAX], *line = web_redis_event(entry);
    bool stays = true;

    web_redis_id(entry, id);
    listener->resent++;
    if (line != NULL)
        stays = listener_send(listener, id, line);
    else
        strcpy(listener->last, id);
    free(line);
    return stays;
}

/*
 * All that there was when Redis was asked: live, unless more has come, and was told, meanwhile.
 * That stands there when it is asked again; if not, the stream was emptied.
 */
static void end_page(struct listener *listener, size_t n)
{
    const char *newest = feed_last(listener->owner->options.feed);
    bool behind = entry_id_after(newest, listener->last);

    listener->empty = n == 0 ? listener->empty + 1 : 0;
    if (behind && (listener->resent >= LISTENER_RESUME_MAX || listener->empty > 1))
        go_live(listener, true);
    else if (n < WEB_PAGE && !behind)
        go_live(listener, false);
    else
        listeners_catch_up(listener);
}

/* The one who was asked for, if it still listens; else NULL. */
static struct listener *take_asked(struct listeners *listeners, const struct redis_reply *reply)
{
    struct listener *listener = listeners->asked;

    listeners->asking = false;
    listeners->asked = NULL;
    if (reply->kind != REDIS_ERROR)
        return listener;
    if (listener != NULL)
        queue(listener);
    redis_reset(listeners->options.talk, reply->text);
    return NULL;
}

/* [[id, fields], …] */
static void on_page(const struct redis_reply *reply, void *arg)
{
    struct listeners *listeners = arg;
    struct listener *listener = take_asked(listeners, reply);
    bool stays = listener != NULL;

    for (size_t i = 0; stays && i < reply->n; i++) {
        struct redis_reply entry = redis_item(reply, i);

        stays = send_entry(listener, &entry);
    }
    if (stays)
        end_page(listener, reply->n);
    listeners_go_on(listeners);
}

/* What it heard last must lie between the oldest that is kept and the newest. */
static void on_oldest(const struct redis_reply *reply, void *arg)
{
    struct listeners *listeners = arg;
    struct listener *listener = take_asked(listeners, reply);
    struct redis_reply entry = redis_item(reply, 0);
    char oldest[ENTRY_ID_MAX];
    bool stays = true;

    if (listener != NULL && entry_id_after(listener->last, feed_last(listeners->options.feed))) {
        go_live(listener, true); // of another stream
    } else if (listener != NULL) {
        if (strcmp(listener->last, "0-0") != 0 &&
            entry_id_after(web_redis_id(&entry, oldest), listener->last))
            stays = listener_tell_gap(listener, listener->last);
        if (stays) {
            listener->compared = true;
            listeners_catch_up(listener);
        }
    }
    listeners_go_on(listeners);
}

void listeners_go_on(struct listeners *listeners)
{
    struct listener *next = TAILQ_FIRST(&listeners->behind);
    char from[ENTRY_ID_MAX + 1], count[16];

    if (listeners->asking || next == NULL || feed_last(listeners->options.feed)[0] == '\0')
        return;
    snprintf(from, sizeof from, next->compared ? "(%s" : "-", next->last);
    snprintf(count, sizeof count, "%d", next->compared ? WEB_PAGE : 1);
    listeners->asking =
        redis_send(listeners->options.talk, 6,
                   (const char *[]){ "XRANGE", listeners->key, from, "+", "COUNT", count }, NULL,
                   next->compared ? on_page : on_oldest, listeners);
    if (!listeners->asking)
        return;
    listeners_catch_up_forget(next);
    listeners->asked = next;
}

void listeners_catch_up(struct listener *listener)
{
    if (http_stream_waiting(listener->stream) > LISTENER_RESUME_WAIT)
        return; // until it has taken that: see on_taken
    queue(listener);
    listeners_go_on(listener->owner);
}

void listeners_down(struct listeners *listeners)
{
    struct listener *listener = listeners->asked;

    listeners->asking = false;
    listeners->asked = NULL;
    if (listener != NULL)
        queue(listener);
}
