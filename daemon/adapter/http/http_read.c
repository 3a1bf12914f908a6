/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_read.c - bytes of one connection to whole requests. Each step has done something (true), or
 * lacks bytes (false).
 */
#include "adapter/http/http_parts.h"

#include <event2/buffer.h>
#include <stdlib.h>

static struct evbuffer *input_of(struct http_caller *caller)
{
    return bufferevent_get_input(caller->bev);
}

/* Some of a request is here: the rest has its time to come. */
static bool wait_for_more(struct http_caller *caller)
{
    if (!caller->timed)
        caller_set_deadline(caller, caller->door->limits.request_ms);
    return false;
}

/* The first `n` bytes in one piece; NULL when memory is out. */
static const char *view(struct evbuffer *input, size_t n)
{
    return (const char *)evbuffer_pullup(input, (ev_ssize_t)n);
}

static bool refuse(struct http_caller *caller, int code, const char *why)
{
    if (caller->exchange == NULL)
        caller->exchange = exchange_create(caller);
    if (caller->exchange == NULL)
        caller_go(caller);
    else
        exchange_refuse(caller->exchange, code, why);
    return true;
}

/* The request is whole. The answer may come at once, later, or never. */
static bool hand_over(struct http_caller *caller)
{
    caller_clear_deadline(caller);
    caller_become_busy(caller);
    caller->stage = CALLER_WAITS;
    caller->exchange->handed = true;
    caller->door->handler(caller->exchange, caller->door->arg);
    if (caller->stage == CALLER_WAITS)
        bufferevent_disable(caller->bev, EV_READ); // who waits does not idle
    return true;
}

static bool take_body(struct http_caller *caller, struct evbuffer *from, size_t length)
{
    struct http_exchange *exchange = caller->exchange;

    exchange->body = malloc(length + 1);
    if (exchange->body == NULL)
        return refuse(caller, 503, "out of memory");
    exchange->body[length] = '\0';
    evbuffer_remove(from, exchange->body, length);
    exchange->length = length;
    return hand_over(caller);
}

/* The body is not here yet: nobody buffers, or waits, for what will be refused anyway. */
static bool wait_for_body(struct http_caller *caller)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_exchange *exchange = caller->exchange;

    if (!exchange->gated) {
        exchange->gated = exchange->last = true; // if it is answered now, that is the end
        if (caller->door->gate != NULL && !caller->door->gate(exchange, caller->door->arg))
            return true;
        exchange->last = false;
        if (exchange->head.expects && evbuffer_get_length(input_of(caller)) == 0)
            bufferevent_write(caller->bev, go_on, sizeof go_on - 1);
    }
    return wait_for_more(caller);
}

static bool take_head(struct http_caller *caller)
{
    struct http_exchange *exchange = exchange_create(caller);
    struct http_head *head;
    struct fault why;
    int code;

    caller->exchange = exchange;
    if (exchange == NULL || (exchange->bytes = malloc(caller->scanned)) == NULL)
        return refuse(caller, 503, "out of memory");
    evbuffer_remove(input_of(caller), exchange->bytes, caller->scanned);
    head = &exchange->head;
    if (!http_head_read(exchange->bytes, caller->scanned, head, &code, &why))
        return refuse(caller, code, why.text);
    if (head->length > caller->door->limits.max_body)
        return refuse(caller, 413, "body: too large");
    caller->stage = head->chunked ? CALLER_CHUNKS : CALLER_BODY;
    caller->chunks = (struct http_chunks){ 0 };
    return true;
}

static bool read_head(struct http_caller *caller)
{
    struct evbuffer *input = input_of(caller);
    size_t n = evbuffer_get_length(input);
    const char *bytes;
    struct fault why;
    enum http_seen seen;
    int code;

    if (n == 0)
        return false;
    // Who does not read is not read. (In every other step the input is bounded by what the step
    // waits for. A mark of libevent's own is no help: it ends the process when memory is out, and
    // holds up everybody when bytes are left to lie at it.)
    if (evbuffer_get_length(bufferevent_get_output(caller->bev)) > HTTP_OUTPUT_MAX) {
        bufferevent_disable(caller->bev, EV_READ);
        return false;
    }
    n = n < HTTP_HEAD_MAX ? n : HTTP_HEAD_MAX;
    bytes = view(input, n);
    if (bytes == NULL)
        return refuse(caller, 503, "out of memory");
    seen = http_head_find(bytes, n, &caller->scanned, &code, &why);
    if (seen == HTTP_SEEN_BAD)
        return refuse(caller, code, why.text);
    return seen == HTTP_SEEN_HEAD ? take_head(caller) : wait_for_more(caller);
}

static bool read_body(struct http_caller *caller)
{
    size_t length = (size_t)caller->exchange->head.length;

    if (evbuffer_get_length(input_of(caller)) < length)
        return wait_for_body(caller);
    return take_body(caller, input_of(caller), length);
}

/* What there is of one chunk's data goes to the rest of them; false when memory is out. */
static bool take_data(struct http_caller *caller)
{
    int64_t n = (int64_t)evbuffer_get_length(input_of(caller));
    const char *bytes;

    n = n < caller->chunks.left ? n : caller->chunks.left;
    if (n > 0) {
        // Copied: moved, a lone byte would bring the whole block that it was read into.
        bytes = view(input_of(caller), (size_t)n);
        if (bytes == NULL || evbuffer_add(caller->data, bytes, (size_t)n) != 0)
            return false;
        evbuffer_drain(input_of(caller), (size_t)n);
    }
    caller->chunks.left -= n;
    return true;
}

static bool read_chunks(struct http_caller *caller)
{
    struct evbuffer *input = input_of(caller);
    size_t n = evbuffer_get_length(input), taken;
    enum http_chunk found;
    const char *bytes;
    struct fault why;

    if (caller->data == NULL && (caller->data = evbuffer_new()) == NULL)
        return refuse(caller, 503, "out of memory");
    if (!take_data(caller))
        return refuse(caller, 503, "out of memory");
    if (caller->chunks.left > 0 || (n = evbuffer_get_length(input)) == 0)
        return wait_for_body(caller);
    n = n < HTTP_CHUNK_LINE_MAX ? n : HTTP_CHUNK_LINE_MAX;
    bytes = view(input, n);
    if (bytes == NULL)
        return refuse(caller, 503, "out of memory");
    found = http_chunks_take(&caller->chunks, bytes, n, &taken, &why);
    evbuffer_drain(input, taken);
    if (found == CHUNK_BAD)
        return refuse(caller, 400, why.text);
    if (found == CHUNK_DATA && caller->chunks.left + (int64_t)evbuffer_get_length(caller->data) >
                                   caller->door->limits.max_body)
        return refuse(caller, 413, "body: too large");
    if (found == CHUNK_END)
        return take_body(caller, caller->data, evbuffer_get_length(caller->data));
    return taken > 0 || wait_for_body(caller);
}

static bool step(struct http_caller *caller)
{
    switch (caller->stage) {
    case CALLER_HEAD:
        return !caller->door->stopped && read_head(caller);
    case CALLER_BODY:
        return read_body(caller);
    case CALLER_CHUNKS:
        return read_chunks(caller);
    case CALLER_LEAVES:
    case CALLER_SLOWED:
        evbuffer_drain(input_of(caller), evbuffer_get_length(input_of(caller)));
        return false;
    case CALLER_KNOCKS:
    case CALLER_WAITS:
    case CALLER_GONE:
        break;
    }
    return false;
}

void caller_serve(struct http_caller *caller)
{
    bool goes_on;

    if (caller->serving)
        return;
    caller->serving = true;
    // No more than was read at once, some KiB, beside a body that was waited for; whose answers are
    // not taken is not read (HTTP_OUTPUT_MAX), and who waits for the disk neither.
    do {
        goes_on = step(caller);
    } while (goes_on);
    caller->serving = false;
    if (caller->stage == CALLER_GONE)
        caller_free(caller);
}
