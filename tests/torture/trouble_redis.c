/* SPDX-License-Identifier: Apache-2.0 */
/* trouble_redis.c - what happens to Redis. It serves when a trouble begins. */
#include "trouble.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

enum { LOADING_US = 500000, COMMAND_BYTES = 300 }; // about, of its log

static void ask(struct rig *rig, const char *command)
{
    freeReplyObject(testbed_redis(rig->testbed, command));
}

static void die(struct rig *rig)
{
    keeper_kill_redis(&rig->keeper);
}

static bool rise(struct rig *rig)
{
    rig->keeper.hold_redis = false;
    return rig->keeper.serving;
}

static bool is_rewriting(struct rig *rig)
{
    redisReply *reply = testbed_redis(rig->testbed, "INFO persistence");
    bool busy = strstr(reply->str, "aof_rewrite_in_progress:1") != NULL ||
                strstr(reply->str, "aof_rewrite_scheduled:1") != NULL;

    freeReplyObject(reply);
    return busy;
}

/*
 * Redis 7.0 cuts a torn log behind the last whole command, even inside a MULTI that never ends:
 * what it writes after that stands inside it, and the half of it counts after all when it starts
 * again. So its log is written anew, as breachd(8) tells operators to.
 */
static bool rise_and_rewrite(struct rig *rig)
{
    if (!rise(rig))
        return false;
    ask(rig, "BGREWRITEAOF");
    while (is_rewriting(rig))
        ;
    return true;
}

/* It has lost everything, and says nothing of it. */
static void forget_all(struct rig *rig)
{
    ask(rig, "FLUSHALL");
}

/* Of its log in parts: the manifest names the newest last, as "file NAME seq N type i". */
static struct path newest_part(const struct testbed *testbed)
{
    char *manifest = testbed_read(testbed, "appendonlydir/appendonly.aof.manifest");
    char name[48] = "", part[96];

    assert_non_null(manifest);
    for (const char *at = manifest; (at = strstr(at, "file ")) != NULL; at++)
        sscanf(at, "file %47s", name);
    free(manifest);
    snprintf(part, sizeof part, "appendonlydir/%s", name);
    return testbed_path(testbed, part);
}

static off_t size_of(struct path part)
{
    struct stat about;

    assert_int_equal(stat(part.text, &about), 0);
    return about.st_size;
}

/* Some half a second of LOADING. */
static void die_to_load(struct rig *rig)
{
    die(rig);
    snprintf(rig->keeper.loading, sizeof rig->keeper.loading,
             "key-load-delay %lld\nloading-process-events-interval-bytes 4096\n",
             LOADING_US / (size_of(newest_part(rig->testbed)) / COMMAND_BYTES + 100LL) + 1);
}

/* The machine died with it, and the last of what it had confirmed was not on disk. */
static void die_forgetting(struct rig *rig)
{
    off_t lost = 1 + (off_t)dice_below(&rig->dice, 40000);
    struct path part;
    off_t size;

    die(rig);
    part = newest_part(rig->testbed);
    size = size_of(part);
    assert_int_equal(truncate(part.text, size > lost ? size - lost : 0), 0);
}

static void freeze(struct rig *rig)
{
    kill(rig->testbed->redis.pid, SIGSTOP);
}

static bool thaw(struct rig *rig)
{
    kill(rig->testbed->redis.pid, SIGCONT);
    return true;
}

static void cut_all(struct rig *rig)
{
    ask(rig, "CLIENT KILL TYPE normal SKIPME yes");
}

static void forget_scripts(struct rig *rig)
{
    ask(rig, "SCRIPT FLUSH");
}

static void fill(struct rig *rig)
{
    ask(rig, "CONFIG SET maxmemory 1");
}

static bool drain(struct rig *rig)
{
    ask(rig, "CONFIG SET maxmemory 0");
    return true;
}

/* A replica of nobody: it keeps what it has and refuses what is new. */
static void demote(struct rig *rig)
{
    ask(rig, "REPLICAOF 127.0.0.1 1");
}

static bool promote(struct rig *rig)
{
    ask(rig, "REPLICAOF NO ONE");
    return true;
}

static void lock(struct rig *rig)
{
    ask(rig, "CONFIG SET requirepass other");
    cut_all(rig);
}

static bool unlock(struct rig *rig)
{
    freeReplyObject(redisCommand(rig->testbed->db, "CONFIG SET requirepass %s", ""));
    return true;
}

/* The function fails half-way, with its record written. */
static void forbid_publish(struct rig *rig)
{
    ask(rig, "ACL SETUSER default -publish");
}

/* It fails half-way, before its record. */
static void forbid_add(struct rig *rig)
{
    ask(rig, "ACL SETUSER default -xadd");
}

static bool allow(struct rig *rig)
{
    ask(rig, "ACL SETUSER default +@all");
    return true;
}

static void rewrite(struct rig *rig)
{
    redisReply *reply = redisCommand(rig->testbed->db, "BGREWRITEAOF"); // one may be under way

    if (reply != NULL)
        freeReplyObject(reply);
}

const struct trouble troubles_redis[] = {
    { "redis: kill -9", VICTIM_REDIS, 14, 0, 300, die, rise },
    { "redis: kill -9, LOADING", VICTIM_REDIS, 3, 0, 100, die_to_load, rise },
    { "redis: kill -9, the end of its log lost", VICTIM_REDIS, 6, 0, 300, die_forgetting,
      rise_and_rewrite },
    { "redis: FLUSHALL", VICTIM_REDIS, 1, 0, 20, forget_all, NULL },
    { "redis: SIGSTOP", VICTIM_REDIS, 6, 20, 600, freeze, thaw },
    { "redis: SIGSTOP over breachd's patience", VICTIM_REDIS, 1, 5200, 6000, freeze, thaw },
    { "redis: CLIENT KILL", VICTIM_REDIS, 14, 0, 20, cut_all, NULL },
    { "redis: SCRIPT FLUSH", VICTIM_REDIS, 6, 0, 20, forget_scripts, NULL },
    { "redis: maxmemory reached", VICTIM_REDIS, 6, 50, 400, fill, drain },
    { "redis: READONLY", VICTIM_REDIS, 6, 50, 400, demote, promote },
    { "redis: NOAUTH", VICTIM_REDIS, 6, 50, 400, lock, unlock },
    { "redis: NOPERM at PUBLISH", VICTIM_REDIS, 4, 50, 400, forbid_publish, allow },
    { "redis: NOPERM at XADD", VICTIM_REDIS, 4, 50, 400, forbid_add, allow },
    { "redis: BGREWRITEAOF", VICTIM_REDIS, 2, 0, 20, rewrite, NULL },
    { .name = NULL },
};
