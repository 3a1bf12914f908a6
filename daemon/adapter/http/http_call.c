/* SPDX-License-Identifier: Apache-2.0 */
/* http_call.c - the request goes out when it is connected; the answer is read as it comes. */
#include "adapter/http/http_call.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_call {
    struct http_target target;
    void (*on_done)(const struct http_call_answer *answer, void *arg);
    void *arg;
    char *request;
    struct connector *connector;
    struct event *end; // nobody may end a connector from within its own callbacks
    bool tried, done;
    struct http_call_answer answer;
    char why[CONNECTOR_WHY_MAX], type[HTTP_CALL_TYPE_MAX];
    char *body;
    size_t head; // bytes of the answer's head; 0: it is not whole yet
};

/* ---- the end ---- */

static void free_call(struct http_call *call)
{
    connector_destroy(call->connector);
    if (call->end != NULL)
        event_free(call->end);
    free(call->request);
    free(call->body);
    free(call);
}

void http_call_cancel(struct http_call *call)
{
    free_call(call);
}

static void on_end(evutil_socket_t fd, short what, void *arg)
{
    struct http_call *call = arg;

    (void)fd;
    (void)what;
    call->answer.why = call->why;
    call->answer.type = call->type;
    call->answer.body = call->body != NULL ? call->body : "";
    call->on_done(&call->answer, call->arg);
    free_call(call);
}

static void end(struct http_call *call)
{
    if (!call->done)
        event_active(call->end, EV_TIMEOUT, 1);
    call->done = true;
}

static void fail(struct http_call *call, const char *why)
{
    if (!call->done)
        snprintf(call->why, sizeof call->why, "%s", why);
    call->answer.code = call->done ? call->answer.code : 0;
    end(call);
}

/* ---- the answer ---- */

/* The value of a header, without blanks around it; its length, -1: it is not there. */
static int header(const char *head, const char *name, const char **out)
{
    size_t n = strlen(name);

    // The lines of one head.
    for (const char *at = strstr(head, "\r\n"); at != NULL; at = strstr(at + 2, "\r\n")) {
        if (strncasecmp(at + 2, name, n) != 0 || at[2 + n] != ':')
            continue;
        *out = at + 3 + n + strspn(at + 3 + n, " \t");
        return (int)strcspn(*out, "\r");
    }
    return -1;
}

/* Of a head with a zero behind it; false: it is not understood. */
static bool read_head(struct http_call *call, const char *head, size_t *out_length)
{
    const char *value;
    char *rest;
    unsigned long long length;
    int n, version;

    if (sscanf(head, "HTTP/1.%1d %3d", &version, &call->answer.code) != 2 ||
        call->answer.code < 200 || call->answer.code > 599 ||
        header(head, "Transfer-Encoding", &value) >= 0 ||
        header(head, "Content-Length", &value) <= 0 || *value < '0' || *value > '9')
        return false;
    length = strtoull(value, &rest, 10);
    n = header(head, "Content-Type", &value);
    if (n > 0 && n < HTTP_CALL_TYPE_MAX)
        snprintf(call->type, sizeof call->type, "%.*s", n, value);
    *out_length = (size_t)length;
    return (*rest == '\r' || *rest == ' ') && length <= HTTP_CALL_BODY_MAX;
}

/* True once the head is whole, and call->body has room for what follows. */
static bool take_head(struct http_call *call, struct evbuffer *input)
{
    struct evbuffer_ptr at = evbuffer_search(input, "\r\n\r\n", 4, NULL);
    char head[HTTP_CALL_HEAD_MAX + 1];
    size_t n = at.pos >= 0 ? (size_t)at.pos + 4 : evbuffer_get_length(input);

    if (n > HTTP_CALL_HEAD_MAX) {
        fail(call, "answers with too long a head");
        return false;
    }
    if (at.pos < 0)
        return false;
    evbuffer_remove(input, head, n);
    head[n] = '\0';
    if (strlen(head) != n || !read_head(call, head, &call->answer.n)) {
        fail(call, "answers what is not understood");
        return false;
    }
    call->head = n;
    call->body = malloc(call->answer.n + 1);
    if (call->body == NULL)
        fail(call, "out of memory");
    return call->body != NULL;
}

static void on_readable(void *arg)
{
    struct http_call *call = arg;
    struct evbuffer *input = bufferevent_get_input(connector_bev(call->connector));

    if (call->done || (call->head == 0 && !take_head(call, input)))
        return;
    if (evbuffer_get_length(input) < call->answer.n)
        return; // at most that, and what one read brings
    evbuffer_remove(input, call->body, call->answer.n);
    call->body[call->answer.n] = '\0';
    end(call);
}

/* ---- the connection ---- */

static bool on_try(void *arg)
{
    struct http_call *call = arg;
    bool first = !call->tried;

    call->tried = true;
    return first;
}

static void on_connected(void *arg)
{
    struct http_call *call = arg;

    connector_deadline(call->connector, HTTP_CALL_MS);
    bufferevent_write(connector_bev(call->connector), call->request, strlen(call->request));
}

static void on_deadline(void *arg)
{
    struct http_call *call = arg;

    call->answer.late = true;
    connector_reset(call->connector, "no answer in time");
}

static void on_down(bool was_up, void *arg)
{
    struct http_call *call = arg;

    (void)was_up;
    fail(call, connector_why_down(call->connector));
}

static bool write_request(struct http_call *call, const struct http_call_options *options)
{
    const char *host = call->target.host[0] != '\0' ? call->target.host : "localhost";
    int n = asprintf(&call->request, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", options->path, host,
                     options->headers);

    if (n < 0)
        call->request = NULL;
    return n >= 0;
}

struct http_call *http_call_get(struct event_base *base, struct evdns_base *dns,
                                const struct http_call_options *options)
{
    struct http_call *call = calloc(1, sizeof *call);
    struct connector_options wanted;
    struct connector_callbacks callbacks = { .on_try = on_try,
                                             .on_connected = on_connected,
                                             .on_readable = on_readable,
                                             .on_deadline = on_deadline,
                                             .on_down = on_down,
                                             .arg = call };

    if (call == NULL)
        return NULL;
    call->target = *options->target;
    call->on_done = options->on_done;
    call->arg = options->arg;
    wanted = (struct connector_options){ .name = "door",
                                         .text = call->target.text,
                                         .path = call->target.path,
                                         .host = call->target.host,
                                         .port = call->target.port,
                                         .tls = options->tls,
                                         .secure = call->target.secure,
                                         .connect_ms = HTTP_CALL_MS,
                                         .voice = options->voice };
    call->end = event_new(base, -1, 0, on_end, call);
    if (call->end != NULL && write_request(call, options))
        call->connector = connector_create(base, dns, &wanted, &callbacks);
    if (call->connector != NULL)
        return call;
    free_call(call);
    return NULL;
}
