/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_inbox.c - what plain sockets say in one turn of the loop is read first and worked at then,
 * as answers are written together behind it (http_outbox.c): three ways through code that is large
 * keep out of each other's caches.
 */
#include "adapter/http/http_parts.h"

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    http_inbox_serve(arg);
}

bool http_inbox_open(struct http_inbox *box, struct event_base *base)
{
    box->on_ready = event_new(base, -1, 0, on_ready, box);
    return box->on_ready != NULL;
}

void http_inbox_close(struct http_inbox *box)
{
    if (box->on_ready != NULL)
        event_free(box->on_ready);
}

void http_inbox_serve(struct http_inbox *box)
{
    // Serving brings no new rows.
    for (size_t i = 0; i < box->n_rows; i++) {
        struct http_conn *conn = box->rows[i].conn;

        if (conn == NULL)
            continue;
        conn->in_inbox = false;
        conn->unread = box->rows[i].bytes;
        conn->n_unread = box->rows[i].n;
        http_conn_serve(conn);
    }
    box->n_rows = box->n = 0;
}

char *http_inbox_room(struct http_inbox *box)
{
    return box->bytes + box->n;
}

/* Who is not read for want of room would stay behind others in the kernel's list for ever. */
void http_inbox_make_room(struct http_inbox *box)
{
    if (box->n_rows == HTTP_INBOX_ROWS || box->n + HTTP_READ_ONCE > sizeof box->bytes)
        http_inbox_serve(box);
}

void http_inbox_put(struct http_conn *conn, size_t n)
{
    struct http_inbox *box = &conn->door->inbox;

    if (box->n_rows == 0)
        event_active(box->on_ready, EV_TIMEOUT, 1);
    box->rows[box->n_rows++] = (struct http_inbox_row){ conn, box->bytes + box->n, n };
    box->n += n;
    conn->in_inbox = true;
}

void http_inbox_forget(struct http_conn *conn)
{
    struct http_inbox *box = &conn->door->inbox;

    for (size_t i = 0; conn->in_inbox && i < box->n_rows; i++) {
        if (box->rows[i].conn == conn)
            box->rows[i].conn = NULL;
    }
}
