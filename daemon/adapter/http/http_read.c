/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_read.c - bytes of one connection to whole requests. Each step has done something (true), or
 * lacks bytes (false).
 */
#include "adapter/http/http_parts.h"

#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

/* ---- what has come and was not worked at: all of it unread, or kept ---- */

static struct evbuffer *kept_of(struct http_conn *conn)
{
    return bufferevent_get_input(conn->bev);
}

static size_t n_input(struct http_conn *conn)
{
    return conn->n_unread > 0 ? conn->n_unread : evbuffer_get_length(kept_of(conn));
}

/* The first `n` bytes in one piece; NULL when memory is out. */
static const char *view(struct http_conn *conn, size_t n)
{
    return conn->n_unread > 0 ? conn->unread
                              : (const char *)evbuffer_pullup(kept_of(conn), (ev_ssize_t)n);
}

static void drain(struct http_conn *conn, size_t n)
{
    if (conn->n_unread == 0) {
        evbuffer_drain(kept_of(conn), n);
    } else {
        conn->unread += n;
        conn->n_unread -= n;
    }
}

static void take(struct http_conn *conn, char *to, size_t n)
{
    if (conn->n_unread == 0) {
        evbuffer_remove(kept_of(conn), to, n);
    } else {
        memcpy(to, conn->unread, n);
        drain(conn, n);
    }
}

/* ---- requests ---- */

/* A request has begun: the rest of it must come within request_ms. */
static bool wait_for_more(struct http_conn *conn)
{
    if (!conn->timed)
        http_conn_set_deadline(conn, conn->door->limits.request_ms);
    return false;
}

static bool refuse(struct http_conn *conn, int code, const char *why)
{
    if (conn->exchange == NULL)
        conn->exchange = http_exchange_create(conn);
    if (conn->exchange == NULL)
        http_conn_go(conn);
    else
        http_exchange_refuse(conn->exchange, code, why);
    return true;
}

/* The request is whole. The answer may come at once, later, or never. */
static bool hand_over(struct http_conn *conn)
{
    http_conn_clear_deadline(conn);
    http_conn_mark_busy(conn);
    if (conn->exchange->length > HTTP_LONG_BODY)
        http_outbox_flush(&conn->door->outbox); // nobody waits for so much of another's
    conn->stage = CONN_WAITS;
    conn->exchange->handed = true;
    conn->door->handler(conn->exchange, conn->door->arg);
    if (conn->stage == CONN_WAITS)
        http_conn_set_reading(conn, false); // who waits does not idle
    return true;
}

static bool take_body(struct http_conn *conn, size_t length)
{
    char *body = http_exchange_place_body(conn->exchange, length);

    if (body == NULL)
        return refuse(conn, 503, "out of memory");
    take(conn, body, length);
    return hand_over(conn);
}

static bool take_chunks(struct http_conn *conn)
{
    size_t length = evbuffer_get_length(conn->data);
    char *body = http_exchange_place_body(conn->exchange, length);

    if (body == NULL)
        return refuse(conn, 503, "out of memory");
    evbuffer_remove(conn->data, body, length);
    return hand_over(conn);
}

/*
 * The body is not here yet: nobody buffers, or waits, for what will be refused anyway. False: it is
 * answered.
 */
static bool passes_gate(struct http_conn *conn)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_exchange *exchange = conn->exchange;

    if (exchange->gated)
        return true;
    exchange->gated = exchange->last = true; // if it is answered now, that is the end
    if (conn->door->gate != NULL && !conn->door->gate(exchange, conn->door->arg))
        return false;
    exchange->last = false;
    if (exchange->head.expects && n_input(conn) == 0) {
        http_outbox_flush_before(conn);
        bufferevent_write(conn->bev, go_on, sizeof go_on - 1);
    }
    return true;
}

static bool wait_for_body(struct http_conn *conn)
{
    return !passes_gate(conn) || wait_for_more(conn);
}

/*
 * Reads what is missing of a body beside libevent; others come to their turn before more of it.
 * What cannot be kept for want of memory stays unread: http_conn_serve tries that again.
 */
static bool top_up(struct http_conn *conn, size_t missing)
{
    bool may = conn->plain && !conn->topped_up;

    conn->topped_up = true;
    return may && http_socket_keep(conn) && http_socket_read_on(conn, missing) > 0;
}

static bool take_head(struct http_conn *conn)
{
    struct http_exchange *exchange = http_exchange_create(conn);
    struct http_head *head;
    struct fault why;
    int code;

    conn->exchange = exchange;
    if (exchange == NULL || http_exchange_place_head(exchange, conn->scanned) == NULL)
        return refuse(conn, 503, "out of memory");
    take(conn, exchange->bytes, conn->scanned);
    head = &exchange->head;
    if (!http_head_read(exchange->bytes, conn->scanned, head, &code, &why))
        return refuse(conn, code, why.text);
    if (head->length > conn->door->limits.max_body)
        return refuse(conn, 413, "body: too large");
    conn->stage = head->chunked ? CONN_CHUNKS : CONN_BODY;
    conn->chunks = (struct http_chunks){ 0 };
    return true;
}

static bool read_head(struct http_conn *conn)
{
    size_t n = n_input(conn);
    const char *bytes;
    struct fault why;
    enum http_seen seen;
    int code;

    if (n == 0)
        return false;
    // A peer that does not read its answers is not read from. (In every other step the input is
    // bounded by what the step waits for. A high-water mark of libevent is no help: it ends the
    // process when memory is out, and holds up everybody when bytes are left to lie at it.)
    if (evbuffer_get_length(bufferevent_get_output(conn->bev)) > HTTP_OUTPUT_MAX) {
        http_conn_set_reading(conn, false);
        return false;
    }
    n = n < HTTP_HEAD_MAX ? n : HTTP_HEAD_MAX;
    bytes = view(conn, n);
    if (bytes == NULL)
        return refuse(conn, 503, "out of memory");
    seen = http_head_find(bytes, n, &conn->scanned, &code, &why);
    if (seen == HTTP_SEEN_BAD)
        return refuse(conn, code, why.text);
    return seen == HTTP_SEEN_HEAD ? take_head(conn) : wait_for_more(conn);
}

static bool read_body(struct http_conn *conn)
{
    size_t length = (size_t)conn->exchange->head.length, n = n_input(conn);

    if (n < length && !passes_gate(conn))
        return true;
    if (n < length && top_up(conn, length - n))
        n = n_input(conn);
    if (n < length)
        return wait_for_more(conn);
    return take_body(conn, length);
}

/* What there is of one chunk's data goes to the rest of them; false when memory is out. */
static bool take_data(struct http_conn *conn)
{
    int64_t n = (int64_t)n_input(conn);
    const char *bytes;

    n = n < conn->chunks.left ? n : conn->chunks.left;
    if (n > 0) {
        // Copied: moved, a lone byte would bring the whole block that it was read into.
        bytes = view(conn, (size_t)n);
        if (bytes == NULL || evbuffer_add(conn->data, bytes, (size_t)n) != 0)
            return false;
        drain(conn, (size_t)n);
    }
    conn->chunks.left -= n;
    return true;
}

static bool read_chunks(struct http_conn *conn)
{
    size_t n, taken;
    enum http_chunk found;
    const char *bytes;
    struct fault why;

    if (conn->data == NULL && (conn->data = evbuffer_new()) == NULL)
        return refuse(conn, 503, "out of memory");
    if (!take_data(conn))
        return refuse(conn, 503, "out of memory");
    if (conn->chunks.left > 0 || (n = n_input(conn)) == 0)
        return wait_for_body(conn);
    n = n < HTTP_CHUNK_LINE_MAX ? n : HTTP_CHUNK_LINE_MAX;
    bytes = view(conn, n);
    if (bytes == NULL)
        return refuse(conn, 503, "out of memory");
    found = http_chunks_take(&conn->chunks, bytes, n, &taken, &why);
    drain(conn, taken);
    if (found == CHUNK_BAD)
        return refuse(conn, 400, why.text);
    if (found == CHUNK_DATA &&
        conn->chunks.left + (int64_t)evbuffer_get_length(conn->data) > conn->door->limits.max_body)
        return refuse(conn, 413, "body: too large");
    if (found == CHUNK_END)
        return take_chunks(conn);
    return taken > 0 || wait_for_body(conn);
}

static bool step(struct http_conn *conn)
{
    switch (conn->stage) {
    case CONN_HEAD:
        return !conn->door->stopped && read_head(conn);
    case CONN_BODY:
        return read_body(conn);
    case CONN_CHUNKS:
        return read_chunks(conn);
    case CONN_STREAM:
    case CONN_LINGERING:
    case CONN_SLOWED:
        drain(conn, n_input(conn));
        return false;
    case CONN_HANDSHAKE:
    case CONN_WAITS:
    case CONN_GONE:
        break;
    }
    return false;
}

void http_conn_serve(struct http_conn *conn)
{
    bool goes_on;

    if (conn->serving)
        return;
    conn->serving = true;
    conn->topped_up = false;
    // No more than was read at once, some KiB, beside a body that was waited for, HTTP_READ_MAX of
    // it read here; whose answers are not taken is not read (HTTP_OUTPUT_MAX), and who waits for
    // the disk neither.
    do {
        goes_on = step(conn);
    } while (goes_on);
    conn->serving = false;
    if (conn->stage == CONN_GONE || !http_socket_keep(conn))
        http_conn_free(conn);
}
