/* SPDX-License-Identifier: Apache-2.0 */
/*
 * latency.c - from the POST of a visitor's first ping inside to its alert at a Redis subscriber,
 * while other pings come at a given rate. Each visit must give one alert, known by device and ping
 * time; what the visitor causes afterwards is not timed.
 */
#include "bench/load.h"

#include <err.h>
#include <hiredis/hiredis.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_ALERT_S = 10 };

/* When a person first stepped inside; due 0: not yet. */
struct visit {
    char time[UTC_TEXT_MAX];
    int64_t due;
    bool told;
};

struct watch {
    struct load *load;
    redisContext *redis;
    struct visit *visits;
    size_t awaited, strange; /* strange: alerts that no visit called for */
    struct samples delays;
};

static void on_visit(void *arg, unsigned who, const char *time, int64_t due)
{
    struct watch *watch = arg;
    struct visit *visit = &watch->visits[who];

    watch->awaited++;
    visit->due = due;
    snprintf(visit->time, sizeof visit->time, "%s", time);
}

static void watch_take(struct watch *watch, const char *device, const char *time, int64_t now)
{
    struct visit *visit;
    unsigned who;

    if (sscanf(device, "tag-%u", &who) != 1 || who >= (unsigned)watch->load->plan.people ||
        watch->visits[who].due == 0) {
        watch->strange++;
        return;
    }
    visit = &watch->visits[who];
    if (visit->told || strcmp(visit->time, time) != 0)
        return;
    if (load_counts(watch->load, visit->due))
        samples_add(&watch->delays, now - visit->due);
    visit->told = true;
    watch->awaited--;
}

static void watch_read(struct watch *watch, const redisReply *reply, int64_t now)
{
    const char *device, *time;
    json_t *alert = NULL;

    // "message", channel, alert
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3)
        alert = json_loadb(reply->element[2]->str, reply->element[2]->len, 0, NULL);
    if (json_unpack(alert, "{s:{s:s,s:{s:s}}}", "data", "device", &device, "ping", "time", &time) ==
        0)
        watch_take(watch, device, time, now);
    else
        watch->strange++;
    json_decref(alert);
}

static void on_alerts(evutil_socket_t fd, short what, void *arg)
{
    struct watch *watch = arg;
    int64_t now = now_us();
    void *reply = NULL;

    (void)fd, (void)what;
    if (redisBufferRead(watch->redis) != REDIS_OK)
        errx(1, "redis: %s", watch->redis->errstr);
    while (redisGetReplyFromReader(watch->redis, &reply) == REDIS_OK && reply != NULL) {
        watch_read(watch, reply, now);
        freeReplyObject(reply);
    }
    if (watch->awaited == 0 && now > watch->load->over)
        event_base_loopbreak(watch->load->base);
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

/* The last requests are answered; their alerts may still be on the way. */
static void await_alerts(const struct watch *watch)
{
    const struct timeval limit = { LAST_ALERT_S, 0 };

    if (watch->awaited == 0)
        return;
    event_base_loopexit(watch->load->base, &limit);
    event_base_dispatch(watch->load->base);
}

static void show(struct watch *watch)
{
    const struct plan *plan = &watch->load->plan;

    printf("%11s %6s %9s %9s %9s %7s %8s %8s %8s %8s\n", "connections", "batch", "asked/s",
           "pings/s", "alerts", "missed", "strange", "p50 ms", "p99 ms", "max ms");
    printf("%11.0f %6.0f %9.0f %9.0f %9zu %7zu %8zu %8.2f %8.2f %8.2f\n", plan->connections,
           plan->batch, plan->rate, (double)watch->load->accepted / plan->seconds, watch->delays.n,
           watch->awaited, watch->strange, samples_ms(&watch->delays, 0.5),
           samples_ms(&watch->delays, 0.99), samples_ms(&watch->delays, 1));
    if (watch->load->complaint[0] != '\0')
        fprintf(stderr, "latency: not all was taken: %s\n", watch->load->complaint);
}

int main(int argc, char **argv)
{
    struct load load = { .plan = PLAN_DEFAULT, .on_visit = on_visit };
    struct watch watch = { .load = &load };
    struct knob knobs[PLAN_KNOBS];
    struct event *readable;

    if (argc < 2)
        errx(2, "usage: latency REDIS-SOCKET --rate R [--visitors N …]");
    load.plan.visitors = 2000;
    plan_knobs(&load.plan, knobs);
    knobs_read(argc, argv, 2, knobs, PLAN_KNOBS);
    if (load.plan.rate == 0)
        errx(2, "--rate: at a rate of 0 the delay is that of the queue alone");
    load.arg = &watch;
    load.base = load_base();
    watch.visits = needed(calloc((size_t)load.plan.people, sizeof *watch.visits));
    watch.redis = subscribe(argv[1]);
    readable =
        needed(event_new(load.base, watch.redis->fd, EV_READ | EV_PERSIST, on_alerts, &watch));
    event_add(readable, NULL);
    load_run(&load);
    await_alerts(&watch);
    show(&watch);
    event_free(readable);
    redisFree(watch.redis);
    load_fini(&load);
    event_base_free(load.base);
    free(watch.visits);
    free(watch.delays.us);
    return watch.delays.n > 0 ? 0 : 1;
}
