/* SPDX-License-Identifier: Apache-2.0 */
#include "keeper.h"

#include "power.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "support/test.h"

enum { RETRY_MS = 50, SANITIZER_EXIT = 99 };

static void write_settings(const struct keeper *keeper)
{
    char listen[64];

    snprintf(listen, sizeof listen, "unix:http.sock, 127.0.0.1:%d", keeper->door_port);
    testbed_set(keeper->testbed, "breachd.conf", "http", "listen", listen);
}

static void start_redis(struct keeper *keeper)
{
    struct testbed *testbed = keeper->testbed;
    struct path settings = testbed_path(testbed, "redis.conf"),
                out = testbed_path(testbed, "redis.log");
    const char *argv[] = { "redis-server", settings.text, NULL };

    testbed_print(testbed, "redis.conf",
                  "port 0\nunixsocket %s\ndir %s\nsave \"\"\nappendonly yes\n%s",
                  testbed_path(testbed, "redis.sock").text, testbed->dir, keeper->loading);
    testbed->redis =
        child_start(&(struct command){ .argv = argv, .out = out.text, .err = out.text });
    keeper->loading[0] = '\0';
    keeper->serving = false;
}

/* What the one before has said to systemd is not about this one. */
static void forget_notes(const struct keeper *keeper)
{
    char note[1024];

    while (recv(keeper->testbed->notify, note, sizeof note, MSG_DONTWAIT) > 0)
        ;
}

/* NAME=VALUE for breachd: its shims, the files that they look at, and how a sanitizer ends it. */
struct surroundings {
    char of[6][1024];
    const char *list[12];
};

static void surround(const struct testbed *testbed, struct surroundings *out)
{
    static const char *const constant[] = { "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
                                            "ASAN_OPTIONS=verify_asan_link_order=0:exitcode=99",
                                            "UBSAN_OPTIONS=exitcode=99" };
    size_t n = 0;

    snprintf(out->of[n++], 1024, "LD_PRELOAD=%s", TORTURE_SHIMS);
    snprintf(out->of[n++], 1024, "NOTIFY_SOCKET=%s", testbed_path(testbed, "notify.sock").text);
    snprintf(out->of[n++], 1024, "FULLDISK_FLAG=%s", testbed_path(testbed, "full").text);
    snprintf(out->of[n++], 1024, "POWERCUT_NOTES=%s", testbed_path(testbed, "notes").text);
    snprintf(out->of[n++], 1024, "FAKETIME_TIMESTAMP_FILE=%s", testbed_path(testbed, "wall").text);
    snprintf(out->of[n++], 1024, "WALLCLOCK_KERNEL=%s", testbed_path(testbed, "kernel").text);
    for (size_t i = 0; i < n; i++)
        out->list[i] = out->of[i];
    for (size_t i = 0; i < sizeof constant / sizeof *constant; i++)
        out->list[n++] = constant[i];
    out->list[n] = NULL;
}

static void start_breachd(struct keeper *keeper)
{
    struct testbed *testbed = keeper->testbed;
    struct path settings = testbed_path(testbed, "breachd.conf"),
                log = testbed_path(testbed, "log");
    const char *argv[] = { BREACHD_PROGRAM, "-c", settings.text, NULL };
    struct surroundings around;

    surround(testbed, &around);
    power_mend(testbed);
    forget_notes(keeper);
    keeper->ready = false;
    keeper->starts++;
    testbed->breachd =
        child_start(&(struct command){ .argv = argv, .err = log.text, .environment = around.list });
}

void keeper_set_wall(struct keeper *keeper, int hours)
{
    testbed_replace(keeper->testbed, "wall", "%+dh\n", hours);
}

void keeper_open(struct keeper *keeper, struct testbed *testbed)
{
    *keeper = (struct keeper){ .testbed = testbed, .door_port = testbed_free_port() };
    write_settings(keeper);
    keeper_set_wall(keeper, 0);
    testbed_print(testbed, "kernel",
                  "once\n"); // so that a start believes the wall, and then counts
    power_begin(testbed);
    start_redis(keeper);
}

/* While its disk is bad it may refuse to start; nothing else ends it but us. */
static void judge_end(struct keeper *keeper, int status)
{
    bool refused = WIFEXITED(status) && WEXITSTATUS(status) == 1 && !keeper->ready;

    if (refused && keeper->disk_bad)
        keeper->refusals++;
    else if (keeper->wrong[0] == '\0')
        snprintf(keeper->wrong, sizeof keeper->wrong, "breachd ended by itself: %s %d%s",
                 WIFSIGNALED(status) ? "signal" : "exit code",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                 WIFEXITED(status) && WEXITSTATUS(status) == SANITIZER_EXIT ? ", a sanitizer's"
                                                                            : "");
}

static void tend_breachd(struct keeper *keeper)
{
    struct child *child = &keeper->testbed->breachd;
    char note[1024];
    ssize_t got;
    int status;

    while ((got = recv(keeper->testbed->notify, note, sizeof note - 1, MSG_DONTWAIT)) > 0) {
        note[got] = '\0';
        keeper->ready |= strstr(note, "READY=1") != NULL;
    }
    if (child->pid != 0 && child_ends(child, 0, &status)) {
        if (!keeper->hold_breachd)
            judge_end(keeper, status);
        else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            judge_end(keeper, status);
        keeper->ready = false;
        keeper->retry = now_ms() + RETRY_MS;
    }
    if (child->pid == 0 && !keeper->hold_breachd && now_ms() >= keeper->retry)
        start_breachd(keeper);
}

/* Any answer but LOADING will do. */
static bool redis_answers(struct keeper *keeper)
{
    struct testbed *testbed = keeper->testbed;
    redisReply *reply;
    bool serves;

    testbed->db = testbed_redis_connect(testbed);
    reply = testbed->db->err != 0 ? NULL : redisCommand(testbed->db, "PING");
    serves = reply != NULL && reply->type == REDIS_REPLY_STATUS;
    if (reply != NULL)
        freeReplyObject(reply);
    if (!serves) {
        redisFree(testbed->db);
        testbed->db = NULL;
    }
    return serves;
}

static void tend_redis(struct keeper *keeper)
{
    struct child *child = &keeper->testbed->redis;
    int status;

    if (child->pid != 0 && child_ends(child, 0, &status)) {
        // A torn end of its log that is not the last part: it mends that, and refuses once.
        if (!keeper->serving && WIFEXITED(status) && WEXITSTATUS(status) == 1)
            keeper->redis_refusals++;
        else if (keeper->wrong[0] == '\0')
            snprintf(keeper->wrong, sizeof keeper->wrong, "redis-server ended by itself: %x",
                     (unsigned)status);
    }
    if (child->pid == 0 && !keeper->hold_redis && keeper->wrong[0] == '\0')
        start_redis(keeper);
    if (child->pid != 0 && !keeper->serving)
        keeper->serving = redis_answers(keeper);
}

void keeper_tend(struct keeper *keeper)
{
    tend_redis(keeper);
    tend_breachd(keeper);
}

void keeper_kill_breachd(struct keeper *keeper)
{
    keeper->hold_breachd = true;
    keeper->ready = false;
    child_kill(&keeper->testbed->breachd);
}

void keeper_kill_redis(struct keeper *keeper)
{
    keeper->hold_redis = true;
    keeper->serving = false;
    child_kill(&keeper->testbed->redis);
    if (keeper->testbed->db != NULL)
        redisFree(keeper->testbed->db);
    keeper->testbed->db = NULL;
}

void keeper_expect_end(struct keeper *keeper)
{
    keeper->hold_breachd = true;
}
