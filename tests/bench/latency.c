/* SPDX-License-Identifier: Apache-2.0 */
/*
 * latency.c - from the POST to the alert at a Redis subscriber, while pings come at a given rate.
 */
#include "bench/visits.h"

#include <err.h>
#include <hiredis/hiredis.h>
#include <stdio.h>

struct subscriber {
    struct visits visits;
    redisContext *redis;
};

/* "message", channel, alert */
static void hear(struct subscriber *subscriber, const redisReply *reply, int64_t now)
{
    json_t *alert = NULL;

    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3)
        alert = json_loadb(reply->element[2]->str, reply->element[2]->len, 0, NULL);
    visits_hear(&subscriber->visits, alert, now);
    json_decref(alert);
}

static void on_alerts(evutil_socket_t fd, short what, void *arg)
{
    struct subscriber *subscriber = arg;
    int64_t now = now_us();
    void *reply = NULL;

    (void)fd, (void)what;
    if (redisBufferRead(subscriber->redis) != REDIS_OK)
        errx(1, "redis: %s", subscriber->redis->errstr);
    while (redisGetReplyFromReader(subscriber->redis, &reply) == REDIS_OK && reply != NULL) {
        hear(subscriber, reply, now);
        freeReplyObject(reply);
    }
}

static redisContext *subscribe(const char *socket)
{
    redisContext *redis = redisConnectUnix(socket);
    redisReply *reply;

    if (redis == NULL || redis->err != 0)
        errx(1, "%s: %s", socket, redis ? redis->errstr : "out of memory");
    reply = redisCommand(redis, "SUBSCRIBE {breachd}:alerts");
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY)
        errx(1, "%s: SUBSCRIBE: %s", socket, reply ? reply->str : redis->errstr);
    freeReplyObject(reply);
    return redis;
}

int main(int argc, char **argv)
{
    struct event *readable;
    struct subscriber subscriber;
    bool heard;

    if (argc < 2)
        errx(2, "usage: latency REDIS-SOCKET --rate R [--visitors N …]");
    visits_init(&subscriber.visits, argc, argv, 2);
    subscriber.redis = subscribe(argv[1]);
    readable = needed(event_new(subscriber.visits.load.base, subscriber.redis->fd,
                                EV_READ | EV_PERSIST, on_alerts, &subscriber));
    event_add(readable, NULL);
    heard = visits_run(&subscriber.visits);
    event_free(readable);
    redisFree(subscriber.redis);
    visits_fini(&subscriber.visits);
    return heard ? 0 : 1;
}
