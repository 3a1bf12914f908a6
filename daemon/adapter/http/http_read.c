/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_read.c - bytes of one connection to whole requests. Each step has done something (true), or
 * lacks bytes (false).
 */
#include "adapter/http/http_parts.h"

#include <event2/buffer.h>
#include <stdlib.h>

static struct evbuffer *input_of(struct http_conn *conn)
{
    return bufferevent_get_input(conn->bev);
}

/* A request has begun: the rest of it must come within request_ms. */
static bool wait_for_more(struct http_conn *conn)
{
    if (!conn->timed)
        http_conn_set_deadline(conn, conn->door->limits.request_ms);
    return false;
}

/* The first `n` bytes in one piece; NULL when memory is out. */
static const char *view(struct evbuffer *input, size_t n)
{
    return (const char *)evbuffer_pullup(input, (ev_ssize_t)n);
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
    conn->stage = CONN_WAITS;
    conn->exchange->handed = true;
    conn->door->handler(conn->exchange, conn->door->arg);
    if (conn->stage == CONN_WAITS)
        bufferevent_disable(conn->bev, EV_READ); // who waits does not idle
    return true;
}

static bool take_body(struct http_conn *conn, struct evbuffer *from, size_t length)
{
    struct http_exchange *exchange = conn->exchange;

    exchange->body = malloc(length + 1);
    if (exchange->body == NULL)
        return refuse(conn, 503, "out of memory");
    exchange->body[length] = '\0';
    evbuffer_remove(from, exchange->body, length);
    exchange->length = length;
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
    if (exchange->head.expects && evbuffer_get_length(input_of(conn)) == 0)
        bufferevent_write(conn->bev, go_on, sizeof go_on - 1);
    return true;
}

static bool wait_for_body(struct http_conn *conn)
{
    return !passes_gate(conn) || wait_for_more(conn);
}

/* Reads what is missing of a body beside libevent; others come to their turn before more of it. */
static bool top_up(struct http_conn *conn, size_t missing)
{
    bool may = conn->plain && !conn->topped_up;

    conn->topped_up = true;
    return may && http_socket_read(conn, missing);
}

static bool take_head(struct http_conn *conn)
{
    struct http_exchange *exchange = http_exchange_create(conn);
    struct http_head *head;
    struct fault why;
    int code;

    conn->exchange = exchange;
    if (exchange == NULL || (exchange->bytes = malloc(conn->scanned)) == NULL)
        return refuse(conn, 503, "out of memory");
    evbuffer_remove(input_of(conn), exchange->bytes, conn->scanned);
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
    struct evbuffer *input = input_of(conn);
    size_t n = evbuffer_get_length(input);
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
        bufferevent_disable(conn->bev, EV_READ);
        return false;
    }
    n = n < HTTP_HEAD_MAX ? n : HTTP_HEAD_MAX;
    bytes = view(input, n);
    if (bytes == NULL)
        return refuse(conn, 503, "out of memory");
    seen = http_head_find(bytes, n, &conn->scanned, &code, &why);
    if (seen == HTTP_SEEN_BAD)
        return refuse(conn, code, why.text);
    return seen == HTTP_SEEN_HEAD ? take_head(conn) : wait_for_more(conn);
}

static bool read_body(struct http_conn *conn)
{
    size_t length = (size_t)conn->exchange->head.length, n = evbuffer_get_length(input_of(conn));

    if (n < length && !passes_gate(conn))
        return true;
    if (n < length && top_up(conn, length - n))
        n = evbuffer_get_length(input_of(conn));
    if (n < length)
        return wait_for_more(conn);
    return take_body(conn, input_of(conn), length);
}

/* What there is of one chunk's data goes to the rest of them; false when memory is out. */
static bool take_data(struct http_conn *conn)
{
    int64_t n = (int64_t)evbuffer_get_length(input_of(conn));
    const char *bytes;

    n = n < conn->chunks.left ? n : conn->chunks.left;
    if (n > 0) {
        // Copied: moved, a lone byte would bring the whole block that it was read into.
        bytes = view(input_of(conn), (size_t)n);
        if (bytes == NULL || evbuffer_add(conn->data, bytes, (size_t)n) != 0)
            return false;
        evbuffer_drain(input_of(conn), (size_t)n);
    }
    conn->chunks.left -= n;
    return true;
}

static bool read_chunks(struct http_conn *conn)
{
    struct evbuffer *input = input_of(conn);
    size_t n = evbuffer_get_length(input), taken;
    enum http_chunk found;
    const char *bytes;
    struct fault why;

    if (conn->data == NULL && (conn->data = evbuffer_new()) == NULL)
        return refuse(conn, 503, "out of memory");
    if (!take_data(conn))
        return refuse(conn, 503, "out of memory");
    if (conn->chunks.left > 0 || (n = evbuffer_get_length(input)) == 0)
        return wait_for_body(conn);
    n = n < HTTP_CHUNK_LINE_MAX ? n : HTTP_CHUNK_LINE_MAX;
    bytes = view(input, n);
    if (bytes == NULL)
        return refuse(conn, 503, "out of memory");
    found = http_chunks_take(&conn->chunks, bytes, n, &taken, &why);
    evbuffer_drain(input, taken);
    if (found == CHUNK_BAD)
        return refuse(conn, 400, why.text);
    if (found == CHUNK_DATA &&
        conn->chunks.left + (int64_t)evbuffer_get_length(conn->data) > conn->door->limits.max_body)
        return refuse(conn, 413, "body: too large");
    if (found == CHUNK_END)
        return take_body(conn, conn->data, evbuffer_get_length(conn->data));
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
        evbuffer_drain(input_of(conn), evbuffer_get_length(input_of(conn)));
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
    if (conn->stage == CONN_GONE)
        http_conn_free(conn);
}
