/* SPDX-License-Identifier: Apache-2.0 */
/* Our own clock is wrong; and reloads without end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "evil.h"
#include "honest.h"
#include "live/wall.h"
#include "support/test.h"

/* C3: started two hours ahead by a clock that nobody stands for, then set right. */
static void ahead_before(struct testbed *testbed)
{
    wall_open(testbed, 2 * HOUR, "no");
}

static void ahead_midway(struct testbed *testbed, int nth)
{
    if (nth != 2)
        return;
    wall_set(testbed, 0);
    wall_was_set(testbed);
}

const struct evil_kind evil_wall_ahead = { .name = "wall-ahead",
                                           .says = "started 2 h ahead, then set right",
                                           .before = ahead_before,
                                           .midway = ahead_midway,
                                           .clock = true };

/* H9: the same while one device says that it is 1970. */
static void spray(struct evil *evil)
{
    evil_sprays.act(evil);
}

const struct evil_kind evil_wall_and_spray = { .name = "wall-and-spray",
                                               .says = "the same, and one device says it is 1970",
                                               .act = spray,
                                               .before = ahead_before,
                                               .midway = ahead_midway,
                                               .clock = true };

/* C4: settings of silence go up and down, with many who are silent out of reach. */
enum { SILENT = 1500, REACH_M = 1100 };

static void many_are_silent(struct testbed *testbed)
{
    char id[32], device[32];

    for (int i = 0; i < SILENT; i++) {
        snprintf(id, sizeof id, "S%04d", i);
        snprintf(device, sizeof device, "still-%d", i);
        testbed_order(testbed, id, device, 30000 + i, 200, "");
    }
    testbed_set(testbed, "breachd.conf", "detect", "silent-least", "10s");
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after", "1m");
}

static void reload_again(struct testbed *testbed, int nth)
{
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after", nth % 2 == 0 ? "1m" : "30d");
    kill(testbed->breachd.pid, SIGHUP);
}

/* Each is heard once, from where its zone comes into reach a minute later. */
static void all_are_heard_once(struct evil *evil)
{
    redisContext *db = redisConnectUnix(testbed_path(evil->testbed, "redis.sock").text);

    for (int i = 0; db != NULL && db->err == 0 && i < SILENT; i++) {
        redisReply *reply = redisCommand(
            db, "XADD breachd:pings * device still-%d time %lld lat %.6f lon %.5f accuracy 5", i,
            (long long)wall_ms(), HOME_LAT + (30000.0 + i + REACH_M) / METRES_PER_DEGREE, HOME_LON);

        if (reply != NULL)
            freeReplyObject(reply);
        atomic_fetch_add(&evil->done, 1);
    }
    if (db != NULL)
        redisFree(db);
}

const struct evil_kind evil_reloads = { .name = "reloads",
                                        .says = "settings of silence up and down, once a second",
                                        .act = all_are_heard_once,
                                        .before = many_are_silent,
                                        .midway = reload_again };
