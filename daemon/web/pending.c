/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pending.h"

#include <stdlib.h>
#include <sys/queue.h>

struct request {
    TAILQ_ENTRY(request) all;
    struct pending *pending;
    struct http_exchange *exchange;
    void (*on_reply)(struct http_exchange *exchange, const struct redis_reply *reply, void *arg);
};

struct pending {
    struct redis *talk;
    void (*on_down)(struct http_exchange *exchange, void *arg);
    void *arg;
    size_t n;
    TAILQ_HEAD(, request) all;
};

struct pending *pending_create(struct redis *talk,
                               void (*on_down)(struct http_exchange *exchange, void *arg),
                               void *arg)
{
    struct pending *pending = calloc(1, sizeof *pending);

    if (pending == NULL)
        return NULL;
    *pending = (struct pending){ .talk = talk, .on_down = on_down, .arg = arg };
    TAILQ_INIT(&pending->all);
    return pending;
}

static struct http_exchange *take(struct request *request)
{
    struct http_exchange *exchange = request->exchange;

    TAILQ_REMOVE(&request->pending->all, request, all);
    request->pending->n--;
    free(request);
    return exchange;
}

void pending_destroy(struct pending *pending)
{
    if (pending == NULL)
        return;
    while (!TAILQ_EMPTY(&pending->all))
        take(TAILQ_FIRST(&pending->all));
    free(pending);
}

static void on_reply(const struct redis_reply *reply, void *arg)
{
    struct request *request = arg;
    struct pending *pending = request->pending;
    void (*answer)(struct http_exchange *, const struct redis_reply *, void *) = request->on_reply;

    answer(take(request), reply, pending->arg);
}

bool pending_send(struct pending *pending, struct http_exchange *exchange, size_t argc,
                  const char *const *argv,
                  void (*on_one)(struct http_exchange *exchange, const struct redis_reply *reply,
                                 void *arg))
{
    struct request *request = pending->n < PENDING_MAX ? calloc(1, sizeof *request) : NULL;

    if (request == NULL)
        return false;
    *request = (struct request){ .pending = pending, .exchange = exchange, .on_reply = on_one };
    TAILQ_INSERT_TAIL(&pending->all, request, all);
    pending->n++;
    if (redis_send(pending->talk, argc, argv, NULL, on_reply, request))
        return true;
    take(request);
    return false;
}

void pending_down(struct pending *pending)
{
    while (!TAILQ_EMPTY(&pending->all))
        pending->on_down(take(TAILQ_FIRST(&pending->all)), pending->arg);
}
