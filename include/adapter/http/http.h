/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.h - the HTTP door: bytes of requests in, answers out; app says what to. Whoever breaks the
 * rules of HTTP, or of these limits, is answered by the door itself and sent away.
 *
 * Why no evhttp (libevent 2.1.12): it reads what RFC 9112 refuses, a bare LF, folded headers, a
 * length beside chunks, and so could see two requests where a proxy saw one. It does not say when a
 * connection ends, so nobody could be counted by address, nor a whole request be given a deadline.
 * It closes on an answer that a filtering bufferevent still holds, and ends the process when
 * getnameinfo() fails. What would have to stand before it, knowing where each request ends, is
 * nearly a whole reader; so this is one, on libevent's bufferevents; plain sockets it reads, and
 * mostly writes, itself: all that a turn of the loop has brought is read first, worked at then, and
 * answered together at the end of the turn.
 */
#ifndef ADAPTER_HTTP_HTTP_H
#define ADAPTER_HTTP_HTTP_H

#include "adapter/endpoint.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_CODES_MAX = 24,
    HTTP_ADDED_MAX = 1024, /* bytes of headers added to one answer */
    HTTP_ADDRESS_MAX = 64
};

struct tls;

/*
 * A request that waits for its answer; stays valid until http_answer, even when its sender is gone.
 */
struct http_exchange;

/* A whole request. */
typedef void http_handler(struct http_exchange *exchange, void *arg);

/*
 * The head of a request whose body is still to come: whether that is worth waiting for. False: it
 * was answered, and the connection ends.
 */
typedef bool http_gate(struct http_exchange *exchange, void *arg);

struct http_options {
    const struct endpoint *listen;
    size_t n_listen;
    const struct tls *tls; /* borrowed for as long as the door is open; while empty there is none */
    struct http_limits limits;
    http_handler *handler;
    http_gate *gate; /* NULL: all are */
    void *arg;       /* of both */
};

struct http_door;

/* Binds every endpoint, or none and says why. A unix socket left by a dead process is replaced. */
bool http_open(struct event_base *base, const struct http_options *options,
               struct http_door **out_door, struct fault *why);
void http_close(struct http_door *door); /* NULL is fine; open exchanges go unanswered */

/* Takes nobody new and lets nobody ask again; who waits is still answered. */
void http_stop_listening(struct http_door *door);
void http_set_limits(struct http_door *door, const struct http_limits *limits);

const char *http_method(const struct http_exchange *exchange); /* "GET", "HEAD", "POST", "?" */
const char *http_path(const struct http_exchange *exchange);   /* without the query, as sent */
const char *http_query(const struct http_exchange *exchange);  /* as it was sent; "": none */
const char *http_header(const struct http_exchange *exchange, const char *name); /* NULL: absent */

/* How many lines of that name there are: of a second one http_header says nothing. */
size_t http_header_lines(const struct http_exchange *exchange, const char *name);

/* Its sender has gone: nobody will read the answer. */
bool http_has_left(const struct http_exchange *exchange);

/* The body in one piece, for as long as the exchange. */
const char *http_body(struct http_exchange *exchange, size_t *out_length);

size_t http_length(const struct http_exchange *exchange); /* of that body */

/* The sender's address, for people, and as a key (see http_quota.h); it outlives the sender. */
const char *http_address(const struct http_exchange *exchange);
uint64_t http_address_key(const struct http_exchange *exchange);

/* The sender has shown a certificate of our clients' CA; and it is for `name` (see tls.h). */
bool http_certified(const struct http_exchange *exchange);
bool http_certified_for(const struct http_exchange *exchange, const char *name);
uint64_t http_certified_key(const struct http_exchange *exchange); /* see tls_peer_key */

/* One header more for the answer. */
void http_add_header(struct http_exchange *exchange, const char *name, const char *value);

/* Retry-After: in so many seconds, one at least; a 503 has it already. */
void http_retry_after(struct http_exchange *exchange, int seconds);

/* The answer takes its time, and the connection ends with it: for who has failed too often. */
void http_slow_down(struct http_exchange *exchange);

/*
 * The answer leaves at the end of a slot: after a whole number of HTTP_SLOT_MS since now, one at
 * least. So how long it took tells its sender nothing of what was done meanwhile, but of how many
 * slots; and of a long body it is at least as many as its length may need.
 */
enum { HTTP_SLOT_MS = 50 };
void http_delay(struct http_exchange *exchange);
bool http_is_delayed(const struct http_exchange *exchange);
size_t http_n_delayed(const struct http_door *door); /* answers that wait for their slot */

/*
 * When the slot ends with which an answer leaves that is known `now`, its request having come at
 * `arrived`: us.
 */
int64_t http_slot_after(int64_t arrived, int64_t now);

/* Sends, a 503 with Retry-After, and forgets the exchange. */
void http_answer(struct http_door *door, struct http_exchange *exchange, int code, const char *type,
                 const char *body, size_t length);

/*
 * An answer without an end (text/event-stream): its head has gone out, and what is written follows,
 * until somebody ends it. While it lives nothing of its connection runs out but the taking of what
 * was written: idle_ms.
 */
struct http_stream;

struct http_stream_callbacks {
    void (*on_gone)(void *arg);  /* the sender left, or took nothing: the stream is no more */
    void (*on_taken)(void *arg); /* all that was written went to the socket; NULL: nobody asks */
    void *arg;
};

/*
 * Answers 200 so; the exchange is forgotten. NULL: its sender has left already, or memory is out;
 * nobody is called then.
 */
struct http_stream *http_stream_begin(struct http_exchange *exchange, const char *type,
                                      const struct http_stream_callbacks *callbacks);

/* Copies `n` bytes; false when memory is out, and then the stream lacks them: end it. */
bool http_stream_write(struct http_stream *stream, const char *bytes, size_t n);
size_t http_stream_waiting(const struct http_stream *stream); /* bytes that are not taken yet */

/* What waits still goes out; and at once, without. Neither calls on_gone. */
void http_stream_end(struct http_stream *stream);
void http_stream_drop(struct http_stream *stream);

/* How often each code was answered; code 0 ends the list. */
struct http_count {
    int code;
    uint64_t n;
};
const struct http_count *http_counts(const struct http_door *door);
size_t http_connections(const struct http_door *door); /* open now */

/*
 * Bytes of answers that are not taken yet, by connections of that key (see http_address_key), or of
 * all for 0: who hands out much asks first.
 */
size_t http_untaken(const struct http_door *door, uint64_t key);

/* Connections that were ended, or not begun, against their sender's will, and why. */
enum http_end {
    HTTP_END_IDLE,    /* said nothing for idle_ms */
    HTTP_END_SLOW,    /* a request, or a handshake, not whole within request_ms */
    HTTP_END_TLS,     /* the handshake failed */
    HTTP_END_ADDRESS, /* max_per_address */
    HTTP_END_CROWDED, /* evicted as the longest idle one: max_connections */
    HTTP_ENDS
};
const char *http_end_name(enum http_end end); /* "idle" … */

/* Why nobody was let in for a while. */
enum http_pause { HTTP_PAUSE_FULL, HTTP_PAUSE_DESCRIPTORS, HTTP_PAUSE_MEMORY, HTTP_PAUSES };
const char *http_pause_name(enum http_pause pause); /* "full" … */

struct http_pressure {
    uint64_t accepted;
    uint64_t ends[HTTP_ENDS];
    uint64_t pauses[HTTP_PAUSES];
};
const struct http_pressure *http_pressure(const struct http_door *door);

#endif
