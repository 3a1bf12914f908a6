/* SPDX-License-Identifier: Apache-2.0 */
/* http_conn.c - one connection, from the knock to the farewell: one request after another. */
#include "adapter/clock.h"
#include "adapter/http/http_parts.h"
#include "adapter/tls.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- time ---- */

void caller_set_deadline(struct http_caller *caller, int64_t ms)
{
    struct timeval when = { ms / 1000, ms % 1000 * 1000 };

    caller->timed = event_add(caller->deadline, &when) == 0; // else the idle time ends it
}

void caller_clear_deadline(struct http_caller *caller)
{
    if (caller->timed)
        event_del(caller->deadline);
    caller->timed = false;
}

/* Its turn to make room comes last. */
static void become_quiet(struct http_caller *caller)
{
    if (caller->is_quiet)
        TAILQ_REMOVE(&caller->door->quiet, caller, quiet);
    TAILQ_INSERT_TAIL(&caller->door->quiet, caller, quiet);
    caller->is_quiet = true;
    caller->quiet_since = clock_tick();
}

void caller_become_busy(struct http_caller *caller)
{
    if (caller->is_quiet)
        TAILQ_REMOVE(&caller->door->quiet, caller, quiet);
    caller->is_quiet = false;
}

static void set_idle_time(struct http_caller *caller)
{
    int64_t ms = caller->door->limits.idle_ms;
    struct timeval idle = { ms / 1000, ms % 1000 * 1000 };

    bufferevent_set_timeouts(caller->bev, &idle, &idle);
}

/* ---- the end ---- */

void caller_free(struct http_caller *caller)
{
    struct http_door *door = caller->door;

    if (caller->exchange != NULL && caller->exchange->handed)
        caller->exchange->caller = NULL; // the answer will find nobody
    else if (caller->exchange != NULL)
        exchange_free(caller->exchange);
    caller_become_busy(caller);
    TAILQ_REMOVE(&door->callers, caller, all);
    crowd_leave(door->crowd, caller->key);
    event_free(caller->deadline);
    if (caller->data != NULL)
        evbuffer_free(caller->data);
    bufferevent_free(caller->bev);
    free(caller);
    door_left(door);
}

void caller_go(struct http_caller *caller)
{
    if (caller->serving)
        caller->stage = CALLER_GONE;
    else
        caller_free(caller);
}

void caller_end(struct http_caller *caller, enum http_end end)
{
    caller->door->pressure.ends[end]++;
    caller_go(caller);
}

/*
 * All was said. Where more was on its way to us, closing at once would break the answer off: then
 * the other side is given time to read it and to close too.
 */
static void say_farewell(struct http_caller *caller)
{
    tls_farewell(caller->bev);
    shutdown(bufferevent_getfd(caller->bev), SHUT_WR);
    if (!caller->lingers || caller->heard_all)
        caller_go(caller);
}

static void leave(struct http_caller *caller)
{
    caller->stage = CALLER_LEAVES;
    become_quiet(caller);
    caller_set_deadline(caller, HTTP_LINGER_MS);
    bufferevent_enable(caller->bev, EV_READ | EV_WRITE);
    if (evbuffer_get_length(bufferevent_get_output(caller->bev)) == 0)
        say_farewell(caller);
}

void caller_answered(struct http_caller *caller, bool last, bool slow)
{
    caller->lingers = last && caller->stage != CALLER_WAITS; // it was not read to its end
    caller->exchange = NULL;
    caller_clear_deadline(caller);
    caller_become_busy(caller);
    if (last && slow) {
        caller->stage = CALLER_SLOWED;
        bufferevent_disable(caller->bev, EV_WRITE);
        caller_set_deadline(caller, HTTP_SLOWED_MS);
        return;
    }
    if (last) {
        leave(caller);
        return;
    }
    caller->stage = CALLER_HEAD;
    caller->scanned = 0;
    become_quiet(caller);
    if (!caller->serving) {
        bufferevent_enable(caller->bev, EV_READ);
        caller_serve(caller);
    }
}

void caller_fail(struct http_caller *caller)
{
    caller->exchange = NULL;
    caller_go(caller);
}

/* ---- callbacks ---- */

static void on_readable(struct bufferevent *bev, void *arg)
{
    (void)bev;
    caller_serve(arg);
}

static void on_written(struct bufferevent *bev, void *arg)
{
    struct http_caller *caller = arg;

    if (caller->stage == CALLER_LEAVES) {
        say_farewell(caller);
    } else if (caller->stage == CALLER_HEAD) {
        if ((bufferevent_get_enabled(bev) & EV_READ) == 0)
            bufferevent_enable(bev, EV_READ); // it had said more than it read
        caller_serve(caller);
    }
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct http_caller *caller = arg;

    if (what & BEV_EVENT_CONNECTED) {
        caller_clear_deadline(caller);
        caller->stage = CALLER_HEAD;
    } else if (caller->stage == CALLER_KNOCKS) {
        caller_end(caller, HTTP_END_TLS);
    } else if (what & BEV_EVENT_TIMEOUT) {
        caller_end(caller, HTTP_END_IDLE);
    } else if ((what & BEV_EVENT_EOF) && evbuffer_get_length(bufferevent_get_output(bev)) > 0) {
        caller->heard_all = true; // it has only ended its own side
        if (caller->stage != CALLER_SLOWED && caller->stage != CALLER_LEAVES)
            leave(caller);
    } else {
        caller_go(caller);
    }
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct http_caller *caller = arg;

    (void)fd;
    (void)what;
    caller->timed = false;
    if (caller->stage == CALLER_SLOWED)
        leave(caller);
    else if (caller->stage == CALLER_LEAVES)
        caller_go(caller);
    else
        caller_end(caller, HTTP_END_SLOW);
}

bool caller_create(struct http_door *door, int fd, uint64_t key, const char *address, bool secure)
{
    struct http_caller *caller = calloc(1, sizeof *caller);

    if (caller == NULL)
        return false;
    caller->deadline = event_new(door->base, -1, 0, on_deadline, caller);
    caller->bev = caller->deadline == NULL ? NULL
                  : secure                 ? tls_accept(door->tls, door->base, fd)
                           : bufferevent_socket_new(door->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (caller->bev == NULL) {
        if (caller->deadline != NULL)
            event_free(caller->deadline);
        free(caller);
        return false;
    }
    caller->door = door;
    caller->key = key;
    snprintf(caller->address, sizeof caller->address, "%s", address);
    caller->stage = secure ? CALLER_KNOCKS : CALLER_HEAD;
    TAILQ_INSERT_TAIL(&door->callers, caller, all);
    door->open++;
    become_quiet(caller);
    if (secure)
        caller_set_deadline(caller, door->limits.request_ms);
    bufferevent_setcb(caller->bev, on_readable, on_written, on_event, caller);
    set_idle_time(caller);
    bufferevent_enable(caller->bev, EV_READ | EV_WRITE);
    return true;
}
