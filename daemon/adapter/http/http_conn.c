/* SPDX-License-Identifier: Apache-2.0 */
/* http_conn.c - one connection, from accept to close: one request after another. */
#include "adapter/clock.h"
#include "adapter/http/http_parts.h"
#include "adapter/tls.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- time ---- */

struct timeval http_timeval(int64_t ms)
{
    return (struct timeval){ ms / 1000, ms % 1000 * 1000 };
}

void http_conn_set_deadline(struct http_conn *conn, int64_t ms)
{
    struct timeval when = http_timeval(ms);

    conn->timed = event_add(conn->deadline, &when) == 0; // else the idle time ends it
}

void http_conn_clear_deadline(struct http_conn *conn)
{
    if (conn->timed)
        event_del(conn->deadline);
    conn->timed = conn->overdue = false;
}

/* Behind all others in the queue from which evict_idle takes. */
static void mark_idle(struct http_conn *conn)
{
    if (conn->is_idle)
        TAILQ_REMOVE(&conn->door->idle, conn, idle);
    TAILQ_INSERT_TAIL(&conn->door->idle, conn, idle);
    conn->is_idle = true;
    conn->idle_since = clock_tick();
}

void http_conn_mark_busy(struct http_conn *conn)
{
    if (conn->is_idle)
        TAILQ_REMOVE(&conn->door->idle, conn, idle);
    conn->is_idle = false;
}

/* Of a plain one libevent minds only the taking of answers. */
static void set_idle_time(struct http_conn *conn)
{
    struct timeval idle = http_timeval(conn->door->limits.idle_ms);

    bufferevent_set_timeouts(conn->bev, &idle, &idle);
    if (conn->plain)
        event_add(conn->idle_timer, &idle);
}

void http_conn_set_reading(struct http_conn *conn, bool reading)
{
    if (!conn->plain && reading)
        bufferevent_enable(conn->bev, EV_READ);
    else if (!conn->plain)
        bufferevent_disable(conn->bev, EV_READ);
    else if (reading && !conn->reading)
        event_add(conn->readable, NULL);
    else if (!reading && conn->reading)
        event_del(conn->readable);
    if (reading && !conn->reading)
        conn->last_read = clock_tick();
    conn->reading = reading;
}

/* ---- the end ---- */

static void free_events(struct http_conn *conn)
{
    struct event *events[] = { conn->deadline, conn->readable, conn->idle_timer };

    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (events[i] != NULL)
            event_free(events[i]);
    }
}

void http_conn_free(struct http_conn *conn)
{
    struct http_door *door = conn->door;

    http_inbox_forget(conn);
    http_outbox_flush_before(conn);
    if (conn->exchange != NULL && conn->exchange->handed)
        conn->exchange->conn = NULL; // its answer is dropped
    else if (conn->exchange != NULL)
        http_exchange_free(conn->exchange);
    http_conn_mark_busy(conn);
    TAILQ_REMOVE(&door->conns, conn, all);
    http_quota_leave(door->quota, conn->key);
    free_events(conn);
    if (conn->data != NULL)
        evbuffer_free(conn->data);
    bufferevent_free(conn->bev);
    http_stream_gone(conn->stream);
    free(conn);
    http_door_left(door);
}

void http_conn_go(struct http_conn *conn)
{
    if (conn->serving)
        conn->stage = CONN_GONE;
    else
        http_conn_free(conn);
}

void http_conn_end(struct http_conn *conn, enum http_end end)
{
    conn->door->pressure.ends[end]++;
    http_conn_go(conn);
}

/*
 * The answer is sent: ends our half of the connection. Where the peer is still sending, closing at
 * once would reset the connection and lose the answer (RFC 9112, 9.6): then the peer is given time
 * to read it and to close too.
 */
static void end_output(struct http_conn *conn)
{
    tls_close_notify(conn->bev);
    shutdown(bufferevent_getfd(conn->bev), SHUT_WR);
    if (!conn->lingers || conn->heard_all)
        http_conn_go(conn);
}

void http_conn_leave(struct http_conn *conn)
{
    conn->stage = CONN_LINGERING;
    mark_idle(conn);
    http_conn_set_deadline(conn, HTTP_LINGER_MS);
    http_conn_set_reading(conn, true);
    bufferevent_enable(conn->bev, EV_WRITE);
    if (evbuffer_get_length(bufferevent_get_output(conn->bev)) == 0)
        end_output(conn);
}

void http_conn_answered(struct http_conn *conn, bool last, bool slow)
{
    conn->lingers = last && conn->stage != CONN_WAITS; // it was not read to its end
    conn->exchange = NULL;
    http_conn_clear_deadline(conn);
    http_conn_mark_busy(conn);
    if (last && slow) {
        conn->stage = CONN_SLOWED;
        bufferevent_disable(conn->bev, EV_WRITE);
        http_conn_set_deadline(conn, HTTP_SLOWED_MS);
        return;
    }
    if (last) {
        http_conn_leave(conn);
        return;
    }
    conn->stage = CONN_HEAD;
    conn->scanned = 0;
    mark_idle(conn);
    if (conn->serving)
        return;
    http_conn_set_reading(conn, true);
    // What is pipelined behind it is worked at when all answers of now are on their way: when they
    // leave shall not tell how long that takes (http_slot.c).
    if (evbuffer_get_length(bufferevent_get_input(conn->bev)) > 0)
        bufferevent_trigger(conn->bev, EV_READ, BEV_TRIG_DEFER_CALLBACKS);
}

void http_conn_fail(struct http_conn *conn)
{
    conn->exchange = NULL;
    http_conn_go(conn);
}

/* ---- callbacks ---- */

static void on_readable(struct bufferevent *bev, void *arg)
{
    (void)bev;
    http_conn_serve(arg);
}

static void on_written(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;

    (void)bev;
    if (conn->stage == CONN_LINGERING) {
        end_output(conn);
    } else if (conn->stage == CONN_STREAM) {
        http_stream_taken(conn->stream);
    } else if (conn->stage == CONN_HEAD) {
        http_conn_set_reading(conn, true); // it may have said more than it read
        http_conn_serve(conn);
    }
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct http_conn *conn = arg;

    if (what & BEV_EVENT_CONNECTED) {
        http_conn_clear_deadline(conn);
        conn->stage = CONN_HEAD;
    } else if (conn->stage == CONN_HANDSHAKE) {
        http_conn_end(conn, HTTP_END_TLS);
    } else if (what & BEV_EVENT_TIMEOUT) {
        http_conn_end(conn, HTTP_END_IDLE);
    } else if (conn->stage == CONN_STREAM) {
        http_conn_go(conn);
    } else if ((what & BEV_EVENT_EOF) && evbuffer_get_length(bufferevent_get_output(bev)) > 0) {
        conn->heard_all = true; // it has only ended its own side
        if (conn->stage != CONN_SLOWED && conn->stage != CONN_LINGERING)
            http_conn_leave(conn);
    } else {
        http_conn_go(conn);
    }
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
    struct http_conn *conn = arg;
    ssize_t got = http_socket_read(conn);

    (void)fd;
    (void)what;
    if (got > 0) {
        conn->last_read = clock_tick();
        if (conn->in_inbox)
            http_inbox_make_room(&conn->door->inbox);
        else
            http_conn_serve(conn);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        http_conn_set_reading(conn, false);
        on_event(conn->bev, BEV_EVENT_READING | (got == 0 ? BEV_EVENT_EOF : BEV_EVENT_ERROR), conn);
    }
}

/* Set for whoever was heard last: a timer that each request sets anew costs more. */
static void on_idle(evutil_socket_t fd, short what, void *arg)
{
    struct http_conn *conn = arg;
    int64_t idle_ms = conn->door->limits.idle_ms, left = idle_ms;
    struct timeval again;

    (void)fd;
    (void)what;
    if (conn->reading && conn->stage != CONN_STREAM)
        left -= clock_tick().ms - conn->last_read.ms;
    again = http_timeval(left);
    if (left > 0)
        event_add(conn->idle_timer, &again);
    else
        http_conn_end(conn, HTTP_END_IDLE);
}

/* What has come in time is worked at behind us in this turn; in the next one it is too late. */
static void give_a_turn(struct http_conn *conn)
{
    conn->overdue = true;
    http_conn_set_deadline(conn, 0);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct http_conn *conn = arg;

    (void)fd;
    (void)what;
    conn->timed = false;
    if (conn->stage == CONN_SLOWED)
        http_conn_leave(conn);
    else if (conn->stage == CONN_LINGERING)
        http_conn_go(conn);
    else if (conn->in_inbox && !conn->overdue)
        give_a_turn(conn);
    else
        http_conn_end(conn, HTTP_END_SLOW);
}

/* False when memory is out. */
static bool make_events(struct http_conn *conn, struct event_base *base, int fd)
{
    conn->deadline = event_new(base, -1, 0, on_deadline, conn);
    if (!conn->plain)
        return conn->deadline != NULL;
    conn->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_socket, conn);
    conn->idle_timer = event_new(base, -1, 0, on_idle, conn);
    return conn->deadline != NULL && conn->readable != NULL && conn->idle_timer != NULL;
}

static struct http_conn *new_conn(struct http_door *door, int fd, bool secure)
{
    struct http_conn *conn = calloc(1, sizeof *conn);

    if (conn == NULL)
        return NULL;
    conn->door = door;
    conn->plain = !secure;
    if (make_events(conn, door->base, fd))
        conn->bev = secure ? tls_accept(door->tls, door->base, fd)
                           : bufferevent_socket_new(door->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (conn->bev != NULL)
        return conn;
    free_events(conn);
    free(conn);
    return NULL;
}

bool http_conn_create(struct http_door *door, int fd, uint64_t key, const char *address,
                      bool secure)
{
    struct http_conn *conn = new_conn(door, fd, secure);

    if (conn == NULL)
        return false;
    conn->key = key;
    snprintf(conn->address, sizeof conn->address, "%s", address);
    conn->stage = secure ? CONN_HANDSHAKE : CONN_HEAD;
    TAILQ_INSERT_TAIL(&door->conns, conn, all);
    door->open++;
    mark_idle(conn);
    if (secure)
        http_conn_set_deadline(conn, door->limits.request_ms);
    bufferevent_setcb(conn->bev, on_readable, on_written, on_event, conn);
    set_idle_time(conn);
    bufferevent_enable(conn->bev, EV_WRITE);
    http_conn_set_reading(conn, true);
    return true;
}
