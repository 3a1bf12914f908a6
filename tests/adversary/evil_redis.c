/* SPDX-License-Identifier: Apache-2.0 */
/* Adversaries with the access of a user of Redis, and a Redis that lies. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "evil.h"
#include "support/test.h"

enum { NOTE_BYTES = 5 * 1024 * 1024, FIELDS = 5001, KEEP = 100 };

/* One command on the adversary's own connection; what comes of it is nobody's business. */
static void tell(struct evil *evil, redisContext *db, int argc, const char **argv,
                 const size_t *lengths)
{
    redisReply *reply = redisCommandArgv(db, argc, argv, lengths);

    if (reply != NULL)
        freeReplyObject(reply);
    atomic_fetch_add(&evil->done, 1);
}

static void say(struct evil *evil, redisContext *db, const char *command)
{
    redisReply *reply = redisCommand(db, command);

    if (reply != NULL)
        freeReplyObject(reply);
    atomic_fetch_add(&evil->done, 1);
}

static redisContext *connected(const struct evil *evil)
{
    redisContext *db = redisConnectUnix(testbed_path(evil->testbed, "redis.sock").text);

    if (db != NULL && db->err == 0)
        return db;
    if (db != NULL)
        redisFree(db);
    return NULL;
}

/* As often as it likes, until it must stop; a connection that breaks is made anew. */
static void talk(struct evil *evil, void (*once)(struct evil *evil, redisContext *db))
{
    redisContext *db = NULL;

    while (!atomic_load(&evil->stop)) {
        if (db != NULL && db->err != 0) {
            redisFree(db);
            db = NULL;
        }
        if (db == NULL)
            db = connected(evil);
        if (db != NULL)
            once(evil, db);
    }
    if (db != NULL)
        redisFree(db);
}

/* ---- room: may add to acks (H5) ---- */

static void long_note(struct evil *evil, redisContext *db)
{
    char *note = malloc(NOTE_BYTES);
    const char *argv[] = { "XADD",     "{breachd}:acks", "MAXLEN", "3",   "*",
                           "incident", "H0/home/1",      "action", "ack", "by",
                           "evil",     "note",           note };
    size_t lengths[13];

    if (note == NULL)
        return;
    memset(note, 'x', NOTE_BYTES);
    for (int i = 0; i < 12; i++)
        lengths[i] = strlen(argv[i]);
    lengths[12] = NOTE_BYTES;
    tell(evil, db, 13, argv, lengths);
    free(note);
}

static void many_fields(struct evil *evil, redisContext *db)
{
    static const char *argv[5 + 2 * FIELDS];

    argv[0] = "XADD", argv[1] = "{breachd}:acks", argv[2] = "MAXLEN", argv[3] = "100",
    argv[4] = "*";
    for (int i = 0; i < 2 * FIELDS; i++)
        argv[5 + i] = "a";
    tell(evil, db, 5 + 2 * FIELDS, argv, NULL);
}

static void room_once(struct evil *evil, redisContext *db)
{
    static const char *const words[] = {
        "XADD {breachd}:acks MAXLEN 100 * incident H0/home/1 action close by evil reason drift",
        "XADD {breachd}:acks MAXLEN 100 * incident \x80\xff action ack by \x1b[2J",
        "XADD {breachd}:acks MAXLEN 100 * a b",
        "XADD {breachd}:acks MAXLEN 100 * incident device/evil-0/tamper/1 action ack by evil",
        "XADD {breachd}:acks MAXLEN 100 * incident H1/home/4294967296 action ack by evil",
    };
    unsigned nth = dice_below(&evil->dice, 8);

    if (nth < sizeof words / sizeof *words && nth != 0)
        say(evil, db, words[nth]);
    else if (nth == 5)
        long_note(evil, db);
    else if (nth == 6)
        many_fields(evil, db);
}

static void act_room(struct evil *evil)
{
    talk(evil, room_once);
}

/*
 * The last word of all: nothing can be added after it by anybody. Of H1, so that H0 is still to be
 * taken in the end, also where nobody came in twice.
 */
static void largest_id(struct testbed *testbed, int nth)
{
    redisReply *reply;

    if (nth != 2)
        return;
    reply =
        redisCommand(testbed->db, "XADD {breachd}:acks 18446744073709551615-18446744073709551615 "
                                  "incident H1/home/1 action ack by evil");
    if (reply != NULL)
        freeReplyObject(reply);
}

const struct evil_kind evil_room = { .name = "room",
                                     .says = "may add to acks: huge, many, crooked, the largest id",
                                     .act = act_room,
                                     .midway = largest_id };

/* ---- a producer of the ping stream ---- */

static void stream_once(struct evil *evil, redisContext *db)
{
    struct dice *dice = &evil->dice;
    char command[512], a[40], s[40], t[40];

    if (dice_below(dice, 2) == 0)
        snprintf(command, sizeof command,
                 "XADD breachd:pings MAXLEN 10000 * device evil-0 time %ld lat %.6f lon %.5f "
                 "accuracy %s speed %s",
                 (long)time(NULL), evil_lat(0), HOME_LON, evil_number(dice, a),
                 evil_number(dice, s));
    else
        snprintf(command, sizeof command,
                 "XADD breachd:pings MAXLEN 10000 * ping "
                 "{\"device\":\"evil-0\",\"time\":%s,\"lat\":%.6f,\"lon\":%.5f,\"accuracy\":%s}",
                 evil_number(dice, t), evil_lat(0), HOME_LON, evil_number(dice, a));
    say(evil, db, command);
}

static void act_stream(struct evil *evil)
{
    talk(evil, stream_once);
}

const struct evil_kind evil_stream = { .name = "stream",
                                       .says = "may add to the ping stream: extremes of each field",
                                       .act = act_stream };

/* ---- a liar: may write to all keys (H8, M8) ---- */

static void liar_once(struct evil *evil, redisContext *db)
{
    static const char *const lies[] = {
        "HSET {breachd}:last essex 999999999999999",
        "HSET {breachd}:last essex -1",
        "HSET {breachd}:last essex#epoch 7",
        "HDEL {breachd}:last essex",
        "DEL {breachd}:last",
        "DEL {breachd}:open",
        "HSET {breachd}:open H0/home/1 {}",
        "HSET {breachd}:todo x y",
        "DEL {breachd}:todo",
        "SCRIPT FLUSH",
        "CLIENT KILL TYPE normal",
        "SET {breachd}:open:new x",
        "HSET {breachd}:last essex#entry 0-1",
    };

    say(evil, db, lies[dice_below(&evil->dice, sizeof lies / sizeof *lies)]);
    poll(NULL, 0, 50 + (int)dice_below(&evil->dice, 150));
}

static void act_liar(struct evil *evil)
{
    talk(evil, liar_once);
}

const struct evil_kind evil_liar = { .name = "liar",
                                     .says = "a Redis that forgets, and says what is not so",
                                     .act = act_liar };

/* ---- a consumer that deletes what it has read, behind the newest (M8) ---- */

static void eater_once(struct evil *evil, redisContext *db)
{
    redisReply *reply = redisCommand(db, "XRANGE {breachd}:eaten - + COUNT 1");

    if (reply != NULL)
        freeReplyObject(reply);
    say(evil, db, "XADD {breachd}:eaten MAXLEN 10 * a b");
    poll(NULL, 0, 100);
}

static void act_eater(struct evil *evil)
{
    talk(evil, eater_once);
}

/* All that has been read. */
static void eat(struct testbed *testbed, int nth)
{
    redisReply *reply;

    (void)nth;
    testbed_gather(testbed);
    reply = redisCommand(testbed->db, "XTRIM {breachd}:alerts MAXLEN 0");
    if (reply != NULL)
        freeReplyObject(reply);
}

const struct evil_kind evil_eater = { .name = "eater",
                                      .says = "a consumer that deletes what was read",
                                      .act = act_eater,
                                      .midway = eat };

/* ---- H6: the ledger was lost, Redis is away, and old words wait in it ---- */

static void plant_old_words(struct testbed *testbed)
{
    testbed_redis_start(testbed, "");
    for (int i = 1; i <= 3; i++)
        freeReplyObject(testbed_redis(testbed,
                                      "XADD {breachd}:acks %d-0 incident H0/home/%d action close "
                                      "by old reason arrested",
                                      i, i));
    freeReplyObject(testbed_redis(testbed, "SAVE"));
    testbed_redis_kill(testbed);
}

static void redis_comes(struct testbed *testbed, int nth)
{
    if (nth == 3)
        testbed_redis_start(testbed, "");
}

const struct evil_kind evil_old_words = { .name = "old-words",
                                          .says = "a lost ledger, Redis away, old words in acks",
                                          .before = plant_old_words,
                                          .midway = redis_comes,
                                          .redis_away = true };
