/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_head.h - the head of one HTTP request: bytes to values, or which code refuses it and why.
 * Pure. As strict as RFC 9112 lets a server be about where a request ends, so that nobody on the
 * way can have seen two requests where we see one, nor another host, type of body or sender.
 */
#ifndef ADAPTER_HTTP_HTTP_HEAD_H
#define ADAPTER_HTTP_HTTP_HEAD_H

#include "core/fault.h"

#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_HEAD_MAX = 16 * 1024, /* bytes of request line and headers; more: 431 */
    HTTP_LINE_MAX = 8 * 1024,  /* of the request line; more: 414 */
    HTTP_FIELDS_MAX = 64       /* headers; more: 431 */
};

enum http_verb { HTTP_OTHER, HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_VERBS };

struct http_field {
    const char *name, *value; /* the value without blanks around it */
};

/* Points into the bytes that it was read from. */
struct http_head {
    enum http_verb verb;
    const char *path;  /* before the query, as sent: nothing is decoded; "*" for OPTIONS * */
    const char *query; /* behind the first '?', or NULL */
    struct http_field fields[HTTP_FIELDS_MAX];
    size_t n;
    int64_t length;  /* of the body, 0 without one; nothing when `chunked` */
    bool chunked;    /* the body comes in chunks */
    bool old;        /* HTTP/1.0 */
    bool keep_alive; /* another request may follow */
    bool expects;    /* 100-continue is waited for */
};

enum http_seen { HTTP_SEEN_PART, HTTP_SEEN_HEAD, HTTP_SEEN_BAD };

/*
 * Looks for the end of a head in `bytes`, from *at on, where an earlier call has stopped (0 at
 * first). HTTP_SEEN_HEAD: it is bytes[0..*at). HTTP_SEEN_BAD: *out_code and *why are set: a NUL, a
 * line that ends without CR LF, or a limit.
 */
enum http_seen http_head_find(const char *bytes, size_t n, size_t *at, int *out_code,
                              struct fault *why);

/*
 * Reads the head that http_head_find() has found; writes NULs into it. False with *out_code and
 * *why; *out is then undefined.
 */
bool http_head_read(char *bytes, size_t n, struct http_head *out, int *out_code, struct fault *why);

/* How many of the `n` bytes, from the first on, may stand in the name of a header or trailer. */
size_t http_head_token(const char *text, size_t n);

/* The first header of that name, in any case; NULL: none. And how many of it there are. */
const char *http_head_field(const struct http_head *head, const char *name);
size_t http_head_lines(const struct http_head *head, const char *name);

#endif
