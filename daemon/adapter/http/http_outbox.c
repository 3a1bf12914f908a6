/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_outbox.c - short answers of one turn of the loop go to their sockets together, at its end:
 * the kernel's way through TCP then stays in the caches instead of taking turns with ours, and
 * answers of pipelined requests are one call.
 */
#include "adapter/http/http_parts.h"

#include <string.h>
#include <sys/socket.h>

static void on_flush(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    http_outbox_flush(arg);
}

bool http_outbox_open(struct http_outbox *box, struct event_base *base)
{
    box->on_flush = event_new(base, -1, 0, on_flush, box);
    return box->on_flush != NULL;
}

void http_outbox_close(struct http_outbox *box)
{
    if (box->on_flush != NULL)
        event_free(box->on_flush);
}

void http_outbox_flush(struct http_outbox *box)
{
    const char *at = box->bytes;

    for (size_t i = 0; i < box->n_rows; i++) {
        struct http_outbox_row *row = &box->rows[i];

        row->conn->in_outbox = false;
        // Memory is out for what the socket does not take: an end is better than half an answer.
        if (!http_socket_write(row->conn, at, row->n, NULL, 0))
            shutdown(bufferevent_getfd(row->conn->bev), SHUT_RDWR);
        at += row->n;
    }
    box->n_rows = box->n = 0;
}

void http_outbox_flush_before(struct http_conn *conn)
{
    if (conn->in_outbox)
        http_outbox_flush(&conn->door->outbox);
}

/* The row that its answers go on in, or a new one. */
static struct http_outbox_row *row_of(struct http_outbox *box, struct http_conn *conn)
{
    struct http_outbox_row *row;

    if (box->n_rows > 0 && box->rows[box->n_rows - 1].conn == conn)
        return &box->rows[box->n_rows - 1];
    if (box->n_rows == 0)
        event_active(box->on_flush, EV_TIMEOUT, 1);
    row = &box->rows[box->n_rows++];
    *row = (struct http_outbox_row){ .conn = conn };
    return row;
}

static void put(struct http_outbox *box, struct http_outbox_row *row, const char *bytes, size_t n)
{
    memcpy(box->bytes + box->n, bytes, n);
    box->n += n;
    row->n += n;
}

bool http_outbox_put(struct http_conn *conn, const char *head, size_t n_head, const char *body,
                     size_t n_body)
{
    struct http_outbox *box = &conn->door->outbox;
    struct http_outbox_row *row;

    if (n_head + n_body > HTTP_OUTBOX_ANSWER_MAX) {
        http_outbox_flush_before(conn);
        return http_socket_write(conn, head, n_head, body, n_body);
    }
    if (box->n_rows == HTTP_OUTBOX_ROWS || box->n + n_head + n_body > sizeof box->bytes)
        http_outbox_flush(box);
    row = row_of(box, conn);
    put(box, row, head, n_head);
    put(box, row, body, n_body);
    conn->in_outbox = true;
    return true;
}
