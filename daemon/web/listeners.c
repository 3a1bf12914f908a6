/* SPDX-License-Identifier: Apache-2.0 */
/* listeners.c - who listens, and what all of them are told. */
#include "web/listeners_parts.h"

#include "adapter/entry_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one ---- */

static void forget(struct listener *listener)
{
    struct listeners *listeners = listener->owner;

    listeners_catch_up_forget(listener);
    TAILQ_REMOVE(&listeners->all, listener, all);
    listeners->n--;
    listeners->options.on_left(listener->session, listeners->options.arg);
    free(listener);
}

static void on_gone(void *arg)
{
    forget(arg);
}

static void on_taken(void *arg)
{
    struct listener *listener = arg;

    if (!listener->live)
        listeners_catch_up(listener);
}

bool listener_write(struct listener *listener, const char *text)
{
    if (http_stream_write(listener->stream, text, strlen(text)) &&
        http_stream_waiting(listener->stream) <= LISTENER_BUFFER_MAX)
        return true;
    http_stream_drop(listener->stream);
    forget(listener);
    return false;
}

bool listener_send(struct listener *listener, const char *id, const char *event)
{
    char head[ENTRY_ID_MAX + 40];

    snprintf(head, sizeof head, "id: %s\nevent: alert\ndata: ", id);
    strcpy(listener->last, id);
    return listener_write(listener, head) && listener_write(listener, event) &&
           listener_write(listener, "\n\n");
}

bool listener_tell_gap(struct listener *listener, const char *after)
{
    char text[ENTRY_ID_MAX + 48];

    snprintf(text, sizeof text, "event: gap\ndata: {\"after\":\"%s\"}\n\n", after);
    return listener_write(listener, text);
}

static void begin(struct listener *listener, const char *after, const char *first)
{
    char retry[32];

    snprintf(retry, sizeof retry, "retry: %d\n\n", LISTENER_RETRY_MS);
    snprintf(listener->last, sizeof listener->last, "%s",
             after[0] != '\0' ? after : feed_last(listener->owner->options.feed));
    listener->live = after[0] == '\0';
    if (listener_write(listener, retry) && listener_write(listener, first) && !listener->live)
        listeners_catch_up(listener);
}

bool listeners_add(struct listeners *listeners, struct http_exchange *exchange, uint64_t session,
                   const char *after, const char *first)
{
    struct listener *listener = calloc(1, sizeof *listener);
    const struct http_stream_callbacks callbacks = { on_gone, on_taken, listener };

    if (listener == NULL) {
        http_answer(NULL, exchange, 503, "text/plain", "", 0);
        return false;
    }
    listener->stream = http_stream_begin(exchange, "text/event-stream", &callbacks);
    if (listener->stream == NULL) {
        free(listener);
        return false;
    }
    listener->owner = listeners;
    listener->session = session;
    TAILQ_INSERT_TAIL(&listeners->all, listener, all);
    listeners->n++;
    begin(listener, after, first);
    return true;
}

/* ---- all ---- */

void listeners_alert(struct listeners *listeners, const char *id, const char *event)
{
    struct listener *next;

    for (struct listener *one = TAILQ_FIRST(&listeners->all); one != NULL; one = next) {
        next = TAILQ_NEXT(one, all);
        if (one->live && (one->last[0] == '\0' || entry_id_after(id, one->last)))
            listener_send(one, id, event);
    }
    listeners_go_on(listeners); // who has all that it missed may wait for this one
}

void listeners_say(struct listeners *listeners, const char *event)
{
    struct listener *next;

    for (struct listener *one = TAILQ_FIRST(&listeners->all); one != NULL; one = next) {
        next = TAILQ_NEXT(one, all);
        listener_write(one, event);
    }
}

/* Ids of another stream may be smaller: what each has heard is compared no more. */
void listeners_gap(struct listeners *listeners, const char *after)
{
    struct listener *next;

    for (struct listener *one = TAILQ_FIRST(&listeners->all); one != NULL; one = next) {
        next = TAILQ_NEXT(one, all);
        if (!one->live)
            continue;
        strcpy(one->last, feed_last(listeners->options.feed));
        listener_tell_gap(one, after);
    }
}

void listeners_end(struct listeners *listeners, bool (*lives)(uint64_t session, void *arg),
                   void *arg, const char *last)
{
    struct listener *next;

    for (struct listener *one = TAILQ_FIRST(&listeners->all); one != NULL; one = next) {
        next = TAILQ_NEXT(one, all);
        if (lives(one->session, arg) || !listener_write(one, last))
            continue;
        http_stream_end(one->stream);
        forget(one);
    }
}

size_t listeners_count(const struct listeners *listeners)
{
    return listeners->n;
}

struct listeners *listeners_create(const struct listeners_options *options)
{
    struct listeners *listeners = calloc(1, sizeof *listeners);

    if (listeners == NULL)
        return NULL;
    listeners->options = *options;
    TAILQ_INIT(&listeners->all);
    TAILQ_INIT(&listeners->behind);
    web_redis_key(options->redis, "alerts", listeners->key);
    return listeners;
}

void listeners_destroy(struct listeners *listeners)
{
    struct listener *one;

    if (listeners == NULL)
        return;
    while ((one = TAILQ_FIRST(&listeners->all)) != NULL) {
        TAILQ_REMOVE(&listeners->all, one, all);
        http_stream_drop(one->stream);
        free(one);
    }
    free(listeners);
}
