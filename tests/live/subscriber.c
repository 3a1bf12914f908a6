/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subscriber.c - two subscribers as breachd-alerts(7) shows them, as programs that can be killed.
 * Each writes the sequence of every alert it has taken, a line each, as soon as it has it.
 *
 *     subscriber group SOCKET      a desk of the consumer group "control"
 *     subscriber channel SOCKET    who only watches, and fills gaps from the stream
 */
#include <err.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM "{breachd}:alerts"

static redisContext *reach(const char *path)
{
    redisContext *db = redisConnectUnix(path);

    if (db == NULL || db->err != 0)
        errx(1, "%s: no Redis", path);
    return db;
}

static redisReply *ask(redisContext *db, const char *format, ...)
{
    redisReply *reply;
    va_list arguments;

    va_start(arguments, format);
    reply = redisvCommand(db, format, arguments);
    va_end(arguments);
    if (reply == NULL || reply->type == REDIS_REPLY_ERROR)
        errx(1, "%s: %s", format, reply ? reply->str : db->errstr);
    return reply;
}

static long sequence_of(const char *event)
{
    long sequence = 0;

    if (sscanf(event, "{\"sequence\":\"%ld\"", &sequence) != 1)
        errx(1, "no sequence: %s", event);
    return sequence;
}

/* Takes entries ["ID", ["id", …, "event", JSON]], then acknowledges each. */
static void take(redisContext *db, const redisReply *entries)
{
    for (size_t i = 0; i < entries->elements; i++) {
        const redisReply *entry = entries->element[i];

        printf("%ld\n", sequence_of(entry->element[1]->element[9]->str));
        freeReplyObject(ask(db, "XACK " STREAM " control %s", entry->element[0]->str));
    }
}

/* From `id` on: "0" is what this desk had taken and not acknowledged, ">" what is new. */
static size_t read_group(redisContext *db, const char *id)
{
    redisReply *reply =
        ask(db, "XREADGROUP GROUP control desk-1 COUNT 10 BLOCK 100 STREAMS " STREAM " %s", id);
    size_t n = 0;

    if (reply->type == REDIS_REPLY_ARRAY) {
        n = reply->element[0]->element[1]->elements;
        take(db, reply->element[0]->element[1]);
    }
    freeReplyObject(reply);
    return n;
}

static _Noreturn void desk(const char *path)
{
    redisContext *db = reach(path);

    while (read_group(db, "0") > 0)
        ;
    for (;;)
        read_group(db, ">");
}

/* All that stands in the stream after the entry `id`, which moves on. */
static void fill(redisContext *db, char id[64], long *last)
{
    redisReply *entries = ask(db, "XRANGE " STREAM " (%s +", id);

    for (size_t i = 0; i < entries->elements; i++) {
        long sequence = sequence_of(entries->element[i]->element[1]->element[9]->str);

        if (sequence > *last)
            printf("%ld\n", *last = sequence);
        snprintf(id, 64, "%s", entries->element[i]->element[0]->str);
    }
    freeReplyObject(entries);
}

static void hear(redisContext *db, const char *event, char id[64], long *last)
{
    long sequence = sequence_of(event);

    if (sequence > *last + 1)
        fill(db, id, last);
    if (sequence > *last)
        printf("%ld\n", *last = sequence);
}

static _Noreturn void watcher(const char *path)
{
    redisContext *db = reach(path);
    char id[64] = "0-0";
    long last = 0;

    for (;;) {
        redisContext *channel = reach(path);
        redisReply *message = NULL;

        freeReplyObject(ask(channel, "SUBSCRIBE " STREAM));
        while (redisGetReply(channel, (void **)&message) == REDIS_OK) {
            hear(db, message->element[2]->str, id, &last);
            freeReplyObject(message);
        }
        redisFree(channel); // it was cut off: what comes meanwhile makes a gap
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: subscriber group|channel SOCKET");
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (strcmp(argv[1], "group") == 0)
        desk(argv[2]);
    watcher(argv[2]);
}
