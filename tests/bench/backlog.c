/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backlog.c - Redis was away for so many alerts: how long until it has
 * them all, and in how much memory.
 *
 *     backlog make LEDGER N          a ledger of N alerts that nobody has published
 *     backlog watch SOCKET PID N     from the first look into Redis to alert N; memory of PID
 */
#include "adapter/ledger/changes.h"
#include "adapter/ledger/store.h"

#include <err.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COMMIT_ALERTS = 10000, INCIDENTS = 1000, EACH = 8, POLL_MS = 20 };

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Number `n` of a stream of incidents of eight alerts each, a thousand of them at once. */
static bool add_alert(struct changes *changes, uint64_t n)
{
    unsigned slot = (unsigned)(n % INCIDENTS), nth = (unsigned)(n / INCIDENTS % EACH) + 1;
    uint64_t number = n / INCIDENTS / EACH + 1;
    const char *type = nth == 1 ? "breach" : nth == EACH ? "cleared" : "update";
    char incident[64], id[96], event[1024];

    snprintf(incident, sizeof incident, "B-%06u/home/%" PRIu64, slot, number);
    snprintf(id, sizeof id, "bench/%s/%u", incident, nth);
    snprintf(event, sizeof event,
             "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/breachd/bench\",\"type\":"
             "\"breachd.%s\",\"subject\":\"B-%06u/home\",\"time\":\"2020-06-23T20:14:05.000Z\","
             "\"datacontenttype\":\"application/json\",\"data\":{\"incident\":\"%s\",\"order\":"
             "\"B-%06u\",\"kind\":\"DVPO\",\"clause\":\"3\",\"respondent\":\"R-%06u\",\"device\":"
             "\"tag-%06u\",\"zone\":\"home\",\"area\":\"Basildon\",\"severity\":\"critical\","
             "\"authorised\":false,\"late\":false,\"exercise\":false,\"probability\":0.97,"
             "\"depth\":42.0,\"eta\":null,\"rule\":7,\"reason\":\"inside by 42 m, accuracy 8 m, 2 "
             "pings in 15 s\",\"ping\":{\"time\":\"2020-06-23T20:14:05.000Z\",\"lat\":51.57012,"
             "\"lon\":0.45901,\"accuracy\":8.0},\"received\":\"2020-06-23T20:14:06.250Z\","
             "\"rules\":\"0123456789ab\"}}",
             id, type, slot, incident, slot, slot, slot);
    return changes_add_alert(
        changes, &(struct kept_alert){ .respondent = "R",
                                       .id = id,
                                       .type = type,
                                       .area = "Basildon",
                                       .severity = "critical",
                                       .incident = incident,
                                       .effect = nth == EACH ? EFFECT_CLOSE : EFFECT_OPEN,
                                       .event = event });
}

static void make(const char *path, uint64_t n)
{
    struct store *store;
    struct fault why;

    if (!store_open(path, &store, &why))
        errx(1, "%s", why.text);
    for (uint64_t i = 0; i < n;) {
        struct changes changes;

        changes_init(&changes);
        for (uint64_t end = i + COMMIT_ALERTS < n ? i + COMMIT_ALERTS : n; i < end; i++) {
            if (!add_alert(&changes, i))
                errx(1, "out of memory");
        }
        if (!store_commit(store, changes.rows, 0, &why))
            errx(1, "%s", why.text);
        arena_fini(&changes.arena);
        store_checkpoint(store);
    }
    store_close(store);
}

/* A line of /proc/PID/status in MiB. */
static double memory(const char *pid, const char *line)
{
    char path[64], text[256];
    double kib = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%s/status", pid);
    file = fopen(path, "re");
    if (file == NULL)
        err(1, "%s", path);
    while (fgets(text, sizeof text, file) != NULL) {
        if (strncmp(text, line, strlen(line)) == 0)
            kib = strtod(text + strlen(line), NULL);
    }
    fclose(file);
    return kib / 1024;
}

static uint64_t published(redisContext *redis)
{
    redisReply *last = redisCommand(redis, "HGET {breachd}:last bench");
    uint64_t number;

    if (last == NULL || last->type == REDIS_REPLY_ERROR)
        errx(1, "redis: %s", last ? last->str : redis->errstr);
    number = last->str ? strtoull(last->str, NULL, 10) : 0;
    freeReplyObject(last);
    return number;
}

static void watch(const char *socket, const char *pid, uint64_t n)
{
    const struct timespec pause = { 0, POLL_MS * 1000000 };
    redisContext *redis = redisConnectUnix(socket);
    double before = memory(pid, "VmRSS:"), began, took;
    uint64_t first;

    if (redis == NULL || redis->err != 0)
        errx(1, "%s: no Redis", socket);
    while ((first = published(redis)) == 0)
        nanosleep(&pause, NULL);
    began = now_s();
    while (published(redis) < n)
        nanosleep(&pause, NULL);
    took = now_s() - began;
    printf("%10s %10s %10s %10s %10s\n", "alerts", "seconds", "alerts/s", "before MiB", "peak MiB");
    printf("%10" PRIu64 " %10.2f %10.0f %10.1f %10.1f\n", n, took, (double)(n - first) / took,
           before, memory(pid, "VmHWM:"));
    redisFree(redis);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        make(argv[2], strtoull(argv[3], NULL, 10));
    else if (argc == 5 && strcmp(argv[1], "watch") == 0)
        watch(argv[2], argv[3], strtoull(argv[4], NULL, 10));
    else
        errx(2, "usage: backlog make LEDGER N | backlog watch SOCKET PID N");
    return 0;
}
