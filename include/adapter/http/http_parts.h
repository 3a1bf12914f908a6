/* SPDX-License-Identifier: Apache-2.0 */
/* http_parts.h - what the door is made of; for http*.c alone. */
#ifndef ADAPTER_HTTP_HTTP_PARTS_H
#define ADAPTER_HTTP_HTTP_PARTS_H

#include "adapter/http/http.h"
#include "adapter/http/http_chunks.h"
#include "adapter/http/http_head.h"
#include "adapter/http/http_quota.h"
#include "core/instant.h"

#include <event2/bufferevent.h>
#include <sys/queue.h>

enum {
    HTTP_LISTENERS_MAX = 8,
    HTTP_EVICT_MS = 1000,         /* who is idle for less is not evicted */
    HTTP_LINGER_MS = 2000,        /* for the last answer to arrive; what is still said is let go */
    HTTP_SLOWED_MS = 1000,        /* an answer after http_slow_down() waits so long */
    HTTP_OUTPUT_MAX = 256 * 1024, /* answers not taken: no further request is read */
    HTTP_READ_MAX = 64 * 1024     /* bytes read beside libevent, which reads 4 KiB a callback */
};

enum conn_stage {
    CONN_HANDSHAKE, /* TLS is being agreed on */
    CONN_HEAD,      /* the next request's head, or the wait for it */
    CONN_BODY,
    CONN_CHUNKS,
    CONN_WAITS,     /* for its answer */
    CONN_SLOWED,    /* and will wait for longer */
    CONN_STREAM,    /* its answer has no end; what it says is let go */
    CONN_LINGERING, /* the last answer is on its way; what comes is let go */
    CONN_GONE
};

struct http_conn {
    TAILQ_ENTRY(http_conn) all;
    TAILQ_ENTRY(http_conn) idle; /* not while it waits for its answer */
    bool is_idle;
    struct tick idle_since;
    struct http_door *door;
    struct bufferevent *bev;
    bool plain; /* no TLS: the socket may be read and written beside `bev` */
    struct event *deadline;
    bool timed; /* the deadline runs */
    uint64_t key;
    char address[HTTP_ADDRESS_MAX];
    enum conn_stage stage;
    bool serving;   /* http_conn_serve is below us on the stack */
    bool topped_up; /* what was missing has been asked for, by this http_conn_serve */
    bool heard_all; /* the other side has ended its own */
    bool lingers;   /* before it leaves: until the other side has closed */
    size_t scanned; /* bytes of the head seen so far */
    struct http_exchange *exchange; /* while one is read or waits */
    struct http_chunks chunks;
    struct evbuffer *data;      /* of a body in chunks; NULL: none yet */
    struct http_stream *stream; /* an answer without an end; NULL: none */
};

struct http_exchange {
    TAILQ_ENTRY(http_exchange) all;
    struct http_door *door;
    struct http_conn *conn; /* NULL: gone */
    struct http_head head;
    char *bytes, *body;
    size_t length;
    bool gated;      /* the rest of it was found worth waiting for */
    bool handed;     /* app has it, until it answers */
    bool last, slow; /* the connection ends with the answer */
    int64_t arrived; /* us, of clock_us: of one whose answer waits for a slot; 0: at once */
    int64_t least;   /* and not before this, however soon it is known */
    struct http_delayed *delayed;
    uint64_t key;
    char address[HTTP_ADDRESS_MAX];
    char added[HTTP_ADDED_MAX];
};

TAILQ_HEAD(http_conns, http_conn);
TAILQ_HEAD(http_exchanges, http_exchange);
TAILQ_HEAD(http_delayed_list, http_delayed);

struct http_listener {
    struct http_door *door;
    struct evconnlistener *listener;
    struct endpoint at;
};

struct http_door {
    struct event_base *base;
    const struct tls *tls;
    http_handler *handler;
    http_gate *gate;
    void *arg;
    struct http_listener listeners[HTTP_LISTENERS_MAX];
    size_t n_listeners;
    struct http_limits limits;
    struct http_conns conns, idle; /* idle: the longest first */
    struct http_exchanges exchanges;
    struct http_quota *quota;
    size_t open;
    struct http_delayed_list delayed; /* answers that wait for their slot, the soonest first */
    size_t n_delayed;
    int slot_fd;
    struct event *on_slot;
    size_t in_a_row; /* accepted without a request served between them */
    struct event *resume;
    size_t turn; /* the listener that accepted last, while full */
    bool ready;  /* it was made whole */
    bool paused, stopped, troubled, evicting;
    struct http_count counts[HTTP_CODES_MAX + 1];
    struct http_pressure pressure;
    int64_t date_second; /* of `date` */
    char date[40];
};

/* ---- http_conn.c: one connection ---- */

/* Takes `fd` over; false when memory is out, and then it is still the caller's. */
bool http_conn_create(struct http_door *door, int fd, uint64_t key, const char *address,
                      bool secure);
void http_conn_free(struct http_conn *conn);

/* The last answer is written, or ended: it goes out, and then the connection ends. */
void http_conn_leave(struct http_conn *conn);

/* Ends one that `end` is the reason for. */
void http_conn_end(struct http_conn *conn, enum http_end end);

/* Closes without an answer: now, or when http_conn_serve, which is below us, has returned. */
void http_conn_go(struct http_conn *conn);

/* What is under way must be over in so long. */
void http_conn_set_deadline(struct http_conn *conn, int64_t ms);
void http_conn_clear_deadline(struct http_conn *conn);

/* It waits for its answer: evict_idle leaves it alone. */
void http_conn_mark_busy(struct http_conn *conn);

/* The request of the connection is answered; `last`: no other one will be read. */
void http_conn_answered(struct http_conn *conn, bool last, bool slow);

/* The answer to the connection's request could not be written. */
void http_conn_fail(struct http_conn *conn);

/* ---- http_socket.c: a plain socket, read and written beside its bufferevent ---- */

/*
 * Reads up to `n` bytes, HTTP_READ_MAX at most, behind those that `input` holds; false when there
 * was nothing to read, or no memory. An end, or an error, is left for libevent to find.
 */
bool http_socket_read(struct http_conn *conn, size_t n);

/*
 * Writes head and body now as far as the socket takes them, and leaves the rest to libevent: so
 * nearly every answer costs one call of the kernel. False when memory is out for that rest.
 */
bool http_socket_write(struct http_conn *conn, const char *head, size_t n_head, const char *body,
                       size_t n_body);

/* ---- http_read.c: what it says ---- */

/* Reads and hands over as many requests as are there. Always last: the conn may be gone. */
void http_conn_serve(struct http_conn *conn);

/* ---- http_exchange.c: one request ---- */

struct http_exchange *http_exchange_create(struct http_conn *conn);
void http_exchange_free(struct http_exchange *exchange);

/* Sends it now, and forgets the exchange. */
void http_exchange_send(struct http_exchange *exchange, int code, const char *type,
                        const char *body, size_t length);

/* Answers with `{"error":"why"}` and ends the connection. */
void http_exchange_refuse(struct http_exchange *exchange, int code, const char *why);

/* Of an answer without an end; false when memory is out. Counted as 200. */
bool http_exchange_send_head(struct http_exchange *exchange, const char *type);

/* ---- http_stream.c: an answer without an end ---- */

/* All that was written is taken. */
void http_stream_taken(struct http_stream *stream);

/* Its connection is no more; NULL is fine. */
void http_stream_gone(struct http_stream *stream);

/* ---- http_slot.c: answers that leave at the end of a time slot ---- */

bool http_slots_open(struct http_door *door);
void http_slots_close(struct http_door *door);

/* Keeps a copy of the answer until its slot; false when memory is out. */
bool http_exchange_keep(struct http_exchange *exchange, int code, const char *type,
                        const char *body, size_t length);
void http_delayed_free(struct http_exchange *exchange); /* one that keeps none is fine */

/* ---- http.c ---- */

/* One connection less: the next one may be accepted. */
void http_door_left(struct http_door *door);

#endif
