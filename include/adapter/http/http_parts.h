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
#include <sys/time.h>

enum {
    HTTP_LISTENERS_MAX = 8,
    HTTP_EVICT_MS = 1000,         /* who is idle for less is not evicted */
    HTTP_LINGER_MS = 2000,        /* for the last answer to arrive; what is still said is let go */
    HTTP_SLOWED_MS = 1000,        /* an answer after http_slow_down() waits so long */
    HTTP_OUTPUT_MAX = 256 * 1024, /* answers not taken: no further request is read */
    HTTP_EXCHANGE_ROOM = 1024,    /* bytes of a request that need no memory of their own */
    HTTP_SPARES = 64,             /* exchanges that are kept for the next request */
    HTTP_LONG_BODY = 4096,        /* bytes: more is worked at for long */
    HTTP_READ_ONCE = 4096,        /* bytes read at once of a plain socket; rests are kept */
    HTTP_READ_MAX = 64 * 1024     /* and of a body that is waited for */
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

/*
 * The way of the bytes: on_socket reads them into the inbox, as it does for all others; on_ready,
 * at the end of the turn, hands each connection its own as `unread`, and http_conn_serve makes
 * requests of them, one after the other. What is left of the last one is kept in the input of
 * `bev`; with that there, or in a body, on_socket reads behind it and serves at once. Over TLS
 * libevent reads into that input, and on_readable serves.
 */
struct http_conn {
    TAILQ_ENTRY(http_conn) all;
    TAILQ_ENTRY(http_conn) idle; /* not while it waits for its answer */
    bool is_idle;
    struct tick idle_since;
    struct http_door *door;
    struct bufferevent *bev;
    bool plain;               /* no TLS: the socket is read, and mostly written, beside `bev` */
    struct event *readable;   /* of a plain one: what is read by us */
    struct event *idle_timer; /* and whether nothing was for too long */
    bool reading;             /* it is read */
    struct tick last_read;    /* when something was, or the reading began */
    const char *unread;       /* just read and not worked at yet; then `bev` keeps nothing */
    size_t n_unread;
    struct event *deadline;
    bool timed;   /* the deadline runs */
    bool overdue; /* it is over: what has been read is worked at, and no more */
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
    bool in_inbox;              /* what it has said waits there to be worked at */
    bool in_outbox;             /* answers of its wait there for the end of this turn */
};

/* What plain sockets said in this turn of the loop, one behind the other. */
enum { HTTP_INBOX_ROWS = 64, HTTP_INBOX_BYTES = 64 * 1024 };
struct http_inbox {
    struct event *on_ready;
    size_t n_rows, n;
    struct http_inbox_row {
        struct http_conn *conn; /* NULL: it is gone */
        const char *bytes;
        size_t n;
    } rows[HTTP_INBOX_ROWS];
    char bytes[HTTP_INBOX_BYTES];
};

/*
 * Answers of this turn of the loop, one behind the other. HTTP_OUTBOX_ROWS: connections whose
 * answers wait together, those to one in a row as one; with HTTP_OUTBOX_BYTES what is sent before
 * the end of the turn.
 */
enum {
    HTTP_OUTBOX_ROWS = 64,
    HTTP_OUTBOX_ANSWER_MAX = 4096, /* bytes of one that may wait; a longer one goes at once */
    HTTP_OUTBOX_BYTES = 32 * 1024
};
struct http_outbox {
    struct event *on_flush;
    size_t n_rows, n;
    struct http_outbox_row {
        struct http_conn *conn;
        size_t n;
    } rows[HTTP_OUTBOX_ROWS];
    char bytes[HTTP_OUTBOX_BYTES];
};

struct http_exchange {
    TAILQ_ENTRY(http_exchange) all;
    struct http_door *door;
    struct http_conn *conn; /* NULL: gone */
    struct http_head head;
    char *bytes, *body;
    size_t length, n_head;
    bool gated;      /* the rest of it was found worth waiting for */
    bool handed;     /* app has it, until it answers */
    bool last, slow; /* the connection ends with the answer */
    int64_t arrived; /* us, of clock_us: of one whose answer waits for a slot; 0: at once */
    int64_t least;   /* and not before this, however soon it is known */
    struct http_delayed *delayed;
    uint64_t key;
    char address[HTTP_ADDRESS_MAX];
    char added[HTTP_ADDED_MAX];    /* from here on nothing is cleared for a new one */
    char room[HTTP_EXCHANGE_ROOM]; /* of head and body, where they are short */
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
    struct http_exchanges exchanges, spares;
    size_t n_spares;
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
    struct http_outbox outbox;
    struct http_inbox inbox;
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

/* Whether it is read: who waits for an answer, or takes none, is not. */
void http_conn_set_reading(struct http_conn *conn, bool reading);

/* Closes without an answer: now, or when http_conn_serve, which is below us, has returned. */
void http_conn_go(struct http_conn *conn);

struct timeval http_timeval(int64_t ms);

/* What is under way must be over in so long. */
void http_conn_set_deadline(struct http_conn *conn, int64_t ms);
void http_conn_clear_deadline(struct http_conn *conn);

/* It waits for its answer: evict_idle leaves it alone. */
void http_conn_mark_busy(struct http_conn *conn);

/*
 * The request of the connection is answered; `last`: no other one will be read. The next one is
 * worked at by http_conn_serve if that is below us, else soon: never by this call.
 */
void http_conn_answered(struct http_conn *conn, bool last, bool slow);

/* The answer to the connection's request could not be written. */
void http_conn_fail(struct http_conn *conn);

/* ---- http_socket.c: a plain socket, read and written beside its bufferevent ---- */

/*
 * Reads some: up to what is missing of a body, else HTTP_READ_ONCE; behind what is kept already, or
 * into the inbox. As recv(2), with ENOMEM.
 */
ssize_t http_socket_read(struct http_conn *conn);

/* Reads up to `n` bytes, HTTP_READ_MAX at most, behind those that are kept. As recv(2). */
ssize_t http_socket_read_on(struct http_conn *conn, size_t n);

/* Keeps what is left unread; false when memory is out, and then it is still there. */
bool http_socket_keep(struct http_conn *conn);

/*
 * Writes head and body now as far as the socket takes them, and leaves the rest to libevent: so
 * nearly every answer costs one call of the kernel. False when memory is out for that rest.
 */
bool http_socket_write(struct http_conn *conn, const char *head, size_t n_head, const char *body,
                       size_t n_body);

/* ---- http_inbox.c: what was said, until all of it is read ---- */

bool http_inbox_open(struct http_inbox *box, struct event_base *base);
void http_inbox_close(struct http_inbox *box);

/* Room for HTTP_READ_ONCE bytes; to put `n` of them there as what `conn` says, once a turn. */
char *http_inbox_room(struct http_inbox *box);
void http_inbox_put(struct http_conn *conn, size_t n);

/* After each http_inbox_put: works at all if it is full. Always last: any conn may be gone. */
void http_inbox_make_room(struct http_inbox *box);
void http_inbox_serve(struct http_inbox *box);
void http_inbox_forget(struct http_conn *conn); /* its rows */

/* ---- http_outbox.c: answers that go out at the end of the turn ---- */

bool http_outbox_open(struct http_outbox *box, struct event_base *base);
void http_outbox_close(struct http_outbox *box);

/*
 * Keeps a copy of an answer until the end of this turn of the loop, or writes a long one now; false
 * when memory is out. Whatever else is written to the connection: http_outbox_flush_before.
 */
bool http_outbox_put(struct http_conn *conn, const char *head, size_t n_head, const char *body,
                     size_t n_body);
void http_outbox_flush(struct http_outbox *box);
void http_outbox_flush_before(struct http_conn *conn); /* all, if one of its is there */

/* ---- http_read.c: what it says ---- */

/* Reads and hands over as many requests as are there. Always last: the conn may be gone. */
void http_conn_serve(struct http_conn *conn);

/* ---- http_exchange.c: one request ---- */

struct http_exchange *http_exchange_create(struct http_conn *conn);

/* Room for the head, and then for the body with a zero behind it; NULL when memory is out. */
char *http_exchange_place_head(struct http_exchange *exchange, size_t n);
char *http_exchange_place_body(struct http_exchange *exchange, size_t n);
void http_exchange_free_spares(struct http_door *door);
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
