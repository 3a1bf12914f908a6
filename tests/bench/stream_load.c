/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream_load.c - how fast a stream full of pings is read, judged, kept and acknowledged.
 *
 *     stream_load fill SOCKET --entries N --json 0|1 --near S …    one that nobody has read
 *     stream_load watch SOCKET --entries N --pid PID               until all is acknowledged
 *
 * It is full before breachd begins: so the sender takes nothing from the core that Redis needs.
 */
#include "bench/population.h"
#include "core/instant.h"
#include "core/plane.h"

#include <err.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIPELINED = 1000, POLL_MS = 5, TEXT_MAX = 32 };

static const char stream[] = "breachd:pings";

/* What is asked for; numbers of the command line, hence double. */
struct shot {
    double entries, json, near, people, seed, pid;
};

static redisReply *sound(redisContext *redis, redisReply *reply)
{
    if (reply == NULL || reply->type == REDIS_REPLY_ERROR)
        errx(1, "redis: %s", reply ? reply->str : redis->errstr);
    return reply;
}

static void add_json(redisContext *redis, const char *device, const char *time, const char *lat,
                     const char *lon)
{
    char ping[256];

    snprintf(ping, sizeof ping,
             "{\"device\":\"%s\",\"time\":\"%s\",\"lat\":%s,\"lon\":%s,\"accuracy\":5}", device,
             time, lat, lon);
    redisAppendCommandArgv(redis, 5, (const char *[]){ "XADD", stream, "*", "ping", ping }, NULL);
}

static void add_flat(redisContext *redis, const char *device, const char *time, const char *lat,
                     const char *lon)
{
    redisAppendCommandArgv(redis, 13,
                           (const char *[]){ "XADD", stream, "*", "device", device, "time", time,
                                             "lat", lat, "lon", lon, "accuracy", "5" },
                           NULL);
}

/* Number `nth` of all: everybody has his turn, and times rise by a millisecond a round. */
static void add(redisContext *redis, const struct shot *shot, uint64_t nth, struct utc from)
{
    unsigned people = (unsigned)shot->people, seed = (unsigned)shot->seed;
    unsigned who = (unsigned)(nth % people), turns = (unsigned)(nth / people);
    struct lonlat home = population_home(seed, who);
    char device[TEXT_MAX], time[UTC_TEXT_MAX], lat[TEXT_MAX], lon[TEXT_MAX];
    double north = population_north(seed, who, shot->near, turns);

    snprintf(device, sizeof device, POPULATION_DEVICE, who);
    utc_print(utc_plus(from, turns), time);
    snprintf(lat, sizeof lat, "%.6f", home.lat + north / plane_at(home).north);
    snprintf(lon, sizeof lon, "%.6f", home.lon);
    (shot->json != 0 ? add_json : add_flat)(redis, device, time, lat, lon);
}

static void fill(redisContext *redis, const struct shot *shot)
{
    struct utc from = { (int64_t)time(NULL) * 1000 };
    uint64_t entries = (uint64_t)shot->entries;

    for (uint64_t nth = 0; nth < entries;) {
        uint64_t end = nth + PIPELINED < entries ? nth + PIPELINED : entries, sent = end - nth;
        void *reply;

        while (nth < end)
            add(redis, shot, nth++, from);
        for (; sent > 0; sent--) {
            if (redisGetReply(redis, &reply) != REDIS_OK)
                reply = NULL;
            freeReplyObject(sound(redis, reply));
        }
    }
}

/* A number that XINFO GROUPS tells of the one group; 0 when there is none. */
static uint64_t figure(const redisReply *groups, const char *name)
{
    const redisReply *group = groups->elements > 0 ? groups->element[0] : NULL;

    for (size_t i = 0; group != NULL && i + 1 < group->elements; i += 2) {
        if (strcmp(group->element[i]->str, name) == 0)
            return (uint64_t)group->element[i + 1]->integer;
    }
    return 0;
}

/* Entries acknowledged so far. */
static uint64_t done(redisContext *redis)
{
    redisReply *groups = sound(redis, redisCommand(redis, "XINFO GROUPS %s", stream));
    uint64_t read = figure(groups, "entries-read"), pending = figure(groups, "pending");

    freeReplyObject(groups);
    return read - pending;
}

static void watch(redisContext *redis, const struct shot *shot)
{
    const struct timespec pause = { 0, POLL_MS * 1000000 };
    uint64_t entries = (uint64_t)shot->entries, first;
    double used, took;
    int64_t began;

    while ((first = done(redis)) == 0)
        nanosleep(&pause, NULL);
    began = now_us();
    used = used_s(shot->pid);
    while (done(redis) < entries)
        nanosleep(&pause, NULL);
    took = (double)(now_us() - began) / 1e6;
    used = used_s(shot->pid) - used;
    // The last one is what a core does when nobody else wants it.
    printf("%10s %9s %9s %10s %15s\n", "entries", "seconds", "pings/s", "breachd %",
           "pings/s of core");
    printf("%10ju %9.2f %9.0f %10.0f %15.0f\n", (uintmax_t)entries, took,
           (double)(entries - first) / took, 100 * used / took, (double)(entries - first) / used);
}

int main(int argc, char **argv)
{
    struct shot shot = { .entries = 1e6, .people = 100000, .seed = 1 };
    const struct knob knobs[] = {
        { "entries", &shot.entries, 1, 1e8 },  { "json", &shot.json, 0, 1 },
        { "near", &shot.near, 0, 1 },          { "people", &shot.people, 1, POPULATION_PEOPLE_MAX },
        { "seed", &shot.seed, 0, UINT32_MAX }, { "pid", &shot.pid, 0, INT32_MAX },
    };
    redisContext *redis;

    if (argc < 3 || (strcmp(argv[1], "fill") != 0 && strcmp(argv[1], "watch") != 0))
        errx(2, "usage: stream_load fill|watch SOCKET [--entries N …]");
    knobs_read(argc, argv, 3, knobs, sizeof knobs / sizeof *knobs);
    redis = redisConnectUnix(argv[2]);
    if (redis == NULL || redis->err != 0)
        errx(1, "%s: no Redis", argv[2]);
    (strcmp(argv[1], "fill") == 0 ? fill : watch)(redis, &shot);
    redisFree(redis);
    return 0;
}
