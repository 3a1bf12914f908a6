/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_call.h - one GET of another door, breachd's own: asked once, answered once, and the
 * connection ends. As strict as one needs be of a server that is ours: an answer has a
 * Content-Length, within HTTP_CALL_BODY_MAX; anything else is no answer.
 */
#ifndef ADAPTER_HTTP_HTTP_CALL_H
#define ADAPTER_HTTP_HTTP_CALL_H

#include "adapter/connector.h"
#include "adapter/endpoint.h"

#include <stddef.h>

enum {
    HTTP_CALL_HOST_MAX = 256,
    HTTP_CALL_HEAD_MAX = 16 * 1024,       /* bytes of an answer's head */
    HTTP_CALL_BODY_MAX = 8 * 1024 * 1024, /* and of its body */
    HTTP_CALL_MS = 10000,                 /* from the call to the last byte */
    HTTP_CALL_TYPE_MAX = 80
};

struct http_target {
    char path[ENDPOINT_PATH_MAX]; /* of a unix socket, or "" */
    char host[HTTP_CALL_HOST_MAX];
    int port;
    bool secure;
    char text[ENDPOINT_TEXT_MAX];
};

/* Reads `http://HOST[:PORT]`, `https://HOST[:PORT]` (8750 and 443 else) or `unix:PATH`. */
bool http_target_parse(const char *text, const char *folder, struct http_target *out,
                       struct fault *why);

struct http_call_answer {
    int code;         /* 0: none came, */
    bool late;        /* not in time, */
    const char *why;  /* or for this reason; "" else */
    const char *type; /* of the body; "" when it is not told */
    const char *body;
    size_t n;
};

struct http_call;

struct http_call_options {
    const struct http_target *target; /* copied */
    const struct tls *tls;            /* for `secure`: what to call with; borrowed */
    struct connector_voice *voice;    /* of all calls of that door; borrowed */
    const char *path;    /* of the request, "/v1/…": no blank, no control character */
    const char *headers; /* lines that end in CR LF; nothing of them is looked at */
    void (*on_done)(const struct http_call_answer *answer, void *arg); /* once */
    void *arg;
};

/* NULL when memory is out: nobody is called then. `dns` may be NULL: looking a host up blocks. */
struct http_call *http_call_get(struct event_base *base, struct evdns_base *dns,
                                const struct http_call_options *options);
void http_call_cancel(struct http_call *call); /* nobody is called; not from within on_done */

#endif
