/* SPDX-License-Identifier: Apache-2.0 */
#include "web/asks.h"

#include <stdlib.h>
#include <sys/queue.h>

struct ask {
    TAILQ_ENTRY(ask) all;
    struct asks *asks;
    struct http_exchange *exchange;
    void (*on_reply)(struct http_exchange *exchange, const struct redis_reply *reply, void *arg);
};

struct asks {
    struct redis *talk;
    void (*on_down)(struct http_exchange *exchange, void *arg);
    void *arg;
    size_t n;
    TAILQ_HEAD(, ask) all;
};

struct asks *asks_create(struct redis *talk,
                         void (*on_down)(struct http_exchange *exchange, void *arg), void *arg)
{
    struct asks *asks = calloc(1, sizeof *asks);

    if (asks == NULL)
        return NULL;
    *asks = (struct asks){ .talk = talk, .on_down = on_down, .arg = arg };
    TAILQ_INIT(&asks->all);
    return asks;
}

static struct http_exchange *take(struct ask *ask)
{
    struct http_exchange *exchange = ask->exchange;

    TAILQ_REMOVE(&ask->asks->all, ask, all);
    ask->asks->n--;
    free(ask);
    return exchange;
}

void asks_destroy(struct asks *asks)
{
    if (asks == NULL)
        return;
    while (!TAILQ_EMPTY(&asks->all))
        take(TAILQ_FIRST(&asks->all));
    free(asks);
}

static void on_reply(const struct redis_reply *reply, void *arg)
{
    struct ask *ask = arg;
    struct asks *asks = ask->asks;
    void (*answer)(struct http_exchange *, const struct redis_reply *, void *) = ask->on_reply;

    answer(take(ask), reply, asks->arg);
}

bool asks_send(struct asks *asks, struct http_exchange *exchange, size_t argc,
               const char *const *argv,
               void (*on_one)(struct http_exchange *exchange, const struct redis_reply *reply,
                              void *arg))
{
    struct ask *ask = asks->n < ASKS_MAX ? calloc(1, sizeof *ask) : NULL;

    if (ask == NULL)
        return false;
    *ask = (struct ask){ .asks = asks, .exchange = exchange, .on_reply = on_one };
    TAILQ_INSERT_TAIL(&asks->all, ask, all);
    asks->n++;
    if (redis_send(asks->talk, argc, argv, NULL, on_reply, ask))
        return true;
    take(ask);
    return false;
}

void asks_down(struct asks *asks)
{
    while (!TAILQ_EMPTY(&asks->all))
        asks->on_down(take(TAILQ_FIRST(&asks->all)), asks->arg);
}
