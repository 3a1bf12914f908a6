/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_socket.c - a plain socket, read and written beside its bufferevent: that one asks for what
 * there is to read (FIONREAD), reads it with readv, and sets a timer anew for each request; and it
 * sends an answer only when the loop has come round again, with two calls of the kernel to be told
 * of it.
 */
#include "adapter/http/http_parts.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <sys/uio.h>

ssize_t http_socket_read_on(struct http_conn *conn, size_t n)
{
    struct evbuffer *input = bufferevent_get_input(conn->bev);
    struct evbuffer_iovec room;
    ssize_t got = -1;

    n = n < HTTP_READ_MAX ? n : HTTP_READ_MAX;
    errno = ENOMEM;
    evbuffer_unfreeze(input, 0); // a bufferevent lets nobody else add to what it has read
    if (evbuffer_reserve_space(input, (ev_ssize_t)n, &room, 1) == 1) {
        got = recv(bufferevent_getfd(conn->bev), room.iov_base, n, MSG_DONTWAIT);
        room.iov_len = got > 0 ? (size_t)got : 0;
        evbuffer_commit_space(input, &room, 1);
    }
    evbuffer_freeze(input, 0);
    return got;
}

ssize_t http_socket_read(struct http_conn *conn)
{
    size_t kept = evbuffer_get_length(bufferevent_get_input(conn->bev)), missing;
    char *room;
    ssize_t got;

    missing =
        conn->stage == CONN_BODY ? (size_t)conn->exchange->head.length - kept : HTTP_READ_ONCE;
    if (kept > 0 || conn->stage == CONN_BODY)
        return http_socket_read_on(conn, missing);
    room = http_inbox_room(&conn->door->inbox);
    got = recv(bufferevent_getfd(conn->bev), room, HTTP_READ_ONCE, MSG_DONTWAIT);
    if (got > 0)
        http_inbox_put(conn, (size_t)got);
    return got;
}

bool http_socket_keep(struct http_conn *conn)
{
    struct evbuffer *input = bufferevent_get_input(conn->bev);
    bool kept;

    if (conn->n_unread == 0)
        return true;
    evbuffer_unfreeze(input, 0);
    kept = evbuffer_add(input, conn->unread, conn->n_unread) == 0;
    evbuffer_freeze(input, 0);
    if (kept)
        conn->n_unread = 0;
    return kept;
}

/* Nothing waits before it, and nobody holds it back. */
static bool may_write(const struct http_conn *conn)
{
    return conn->plain && (bufferevent_get_enabled(conn->bev) & EV_WRITE) != 0 &&
           evbuffer_get_length(bufferevent_get_output(conn->bev)) == 0;
}

/* Bytes that the socket took; an error is left for libevent to find. */
static size_t write_now(const struct http_conn *conn, const char *head, size_t n_head,
                        const char *body, size_t n_body)
{
    struct iovec parts[] = { { (void *)(uintptr_t)head, n_head },
                             { (void *)(uintptr_t)body, n_body } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
    ssize_t n = sendmsg(bufferevent_getfd(conn->bev), &message, MSG_DONTWAIT | MSG_NOSIGNAL);

    return n > 0 ? (size_t)n : 0;
}

bool http_socket_write(struct http_conn *conn, const char *head, size_t n_head, const char *body,
                       size_t n_body)
{
    struct evbuffer *out = bufferevent_get_output(conn->bev);
    size_t n = may_write(conn) ? write_now(conn, head, n_head, body, n_body) : 0;
    size_t of_head = n < n_head ? n : n_head, of_body = n - of_head;

    return (of_head == n_head || evbuffer_add(out, head + of_head, n_head - of_head) == 0) &&
           (of_body == n_body || evbuffer_add(out, body + of_body, n_body - of_body) == 0);
}
