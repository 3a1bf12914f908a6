/* SPDX-License-Identifier: Apache-2.0 */
/* wire.h - one connection of redis.c to a fake Redis, and what came of it. */
#ifndef ADAPTER_IO_WIRE_H
#define ADAPTER_IO_WIRE_H

#include "adapter/redis/redis.h"
#include "support/fake_redis.h"

struct wire {
    struct event_base *base;
    struct fake_redis *fake;
    struct redis *redis;
    int ups, downs, replies;
    char why[REDIS_WHY_MAX];  /* as on_down told it */
    struct redis_reply reply; /* the newest; its text is in `text` */
    char *text;
    bool (*on_reply)(struct wire *wire); /* called within the handler; NULL: nobody */
};

/* A fake at a port of loopback; no connection yet. */
void wire_setup(struct wire *wire);
void wire_teardown(struct wire *wire);

/* Connects; `password` may be "". A reply is waited for `reply_ms`, 0: as in service. */
void wire_connect(struct wire *wire, const struct redis_target *target, const char *password,
                  int reply_ms);
void wire_up(struct wire *wire); /* connects to the fake as it is, and waits until it is up */

/* Sends words parted by spaces; the answer comes into wire->reply. */
bool wire_send(struct wire *wire, const char *words);
void wire_ask(struct wire *wire, const char *words); /* and waits for the answer */

/* Until it is down with this among the reasons; the peer behaves, and it comes up again. */
void wire_until_down(struct wire *wire, const char *why);
void wire_comes_back(struct wire *wire);

#endif
