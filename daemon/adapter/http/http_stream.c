/* SPDX-License-Identifier: Apache-2.0 */
/* http_stream.c - an answer without an end, for as long as its connection. */
#include "adapter/http/http_parts.h"

#include <event2/buffer.h>
#include <stdlib.h>

struct http_stream {
    struct http_conn *conn;
    struct http_stream_callbacks callbacks;
};

/* Whoever only listens says nothing: only who does not take what it is told runs out of time. */
static void set_times(struct http_conn *conn)
{
    struct timeval taken = http_timeval(conn->door->limits.idle_ms);

    http_conn_clear_deadline(conn);
    bufferevent_set_timeouts(conn->bev, NULL, &taken);
    bufferevent_enable(conn->bev, EV_WRITE);
    http_conn_set_reading(conn, true); // its end is to be heard
}

struct http_stream *http_stream_begin(struct http_exchange *exchange, const char *type,
                                      const struct http_stream_callbacks *callbacks)
{
    struct http_conn *conn = exchange->conn;
    struct http_stream *stream = conn == NULL ? NULL : malloc(sizeof *stream);
    bool begun = stream != NULL && http_exchange_send_head(exchange, type);

    http_exchange_free(exchange);
    if (conn == NULL)
        return NULL;
    conn->exchange = NULL;
    if (!begun) {
        free(stream);
        http_conn_go(conn);
        return NULL;
    }
    *stream = (struct http_stream){ conn, *callbacks };
    conn->stream = stream;
    conn->stage = CONN_STREAM;
    http_conn_mark_busy(conn);
    set_times(conn);
    return stream;
}

bool http_stream_write(struct http_stream *stream, const char *bytes, size_t n)
{
    return evbuffer_add(bufferevent_get_output(stream->conn->bev), bytes, n) == 0;
}

size_t http_stream_waiting(const struct http_stream *stream)
{
    return evbuffer_get_length(bufferevent_get_output(stream->conn->bev));
}

/* Of the connection, whose own it is no more. */
static struct http_conn *take_off(struct http_stream *stream)
{
    struct http_conn *conn = stream->conn;

    conn->stream = NULL;
    free(stream);
    return conn;
}

void http_stream_end(struct http_stream *stream)
{
    http_conn_leave(take_off(stream));
}

void http_stream_drop(struct http_stream *stream)
{
    http_conn_go(take_off(stream));
}

void http_stream_taken(struct http_stream *stream)
{
    if (stream->callbacks.on_taken != NULL)
        stream->callbacks.on_taken(stream->callbacks.arg);
}

void http_stream_gone(struct http_stream *stream)
{
    if (stream == NULL)
        return;
    stream->callbacks.on_gone(stream->callbacks.arg);
    free(stream);
}
