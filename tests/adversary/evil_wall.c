/* SPDX-License-Identifier: Apache-2.0 */
/* Our own clock is wrong; and reloads without end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "evil.h"
#include "honest.h"
#include "support/test.h"

static char preload[512], file[300], options[256];

static void set_wall(const struct house *house, const char *offset)
{
    house_print(house, "wall.new", "%s\n", offset);
    assert_int_equal(rename(house_path(house, "wall.new").text, house_path(house, "wall").text), 0);
}

static void fake_wall(struct house *house, const char *offset)
{
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", FAKETIME_LIBRARY);
    snprintf(file, sizeof file, "FAKETIME_TIMESTAMP_FILE=%s", house_path(house, "wall").text);
    snprintf(options, sizeof options, "ASAN_OPTIONS=verify_asan_link_order=0");
    house_environment(house, preload);
    house_environment(house, file);
    house_environment(house, "FAKETIME_NO_CACHE=1");
    house_environment(house, "FAKETIME_DONT_FAKE_MONOTONIC=1");
    house_environment(house, options);
    set_wall(house, offset);
}

/* C3: started 2 hours ahead, then set right. */
static void ahead_before(struct house *house)
{
    fake_wall(house, "+7200");
}

static void ahead_midway(struct house *house, int nth)
{
    if (nth == 2)
        set_wall(house, "+0");
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

static void many_are_silent(struct house *house)
{
    char id[32], device[32];

    for (int i = 0; i < SILENT; i++) {
        snprintf(id, sizeof id, "S%04d", i);
        snprintf(device, sizeof device, "still-%d", i);
        house_order(house, id, device, 30000 + i, 200, "");
    }
    house_set(house, "breachd.conf", "detect", "silent-least", "10s");
    house_set(house, "breachd.conf", "alerts", "silent-after", "1m");
}

static void reload_again(struct house *house, int nth)
{
    house_set(house, "breachd.conf", "alerts", "silent-after", nth % 2 == 0 ? "1m" : "30d");
    kill(house->breachd.pid, SIGHUP);
}

/* Each is heard once, from where its zone comes into reach a minute later. */
static void all_are_heard_once(struct evil *evil)
{
    redisContext *db = redisConnectUnix(house_path(evil->house, "redis.sock").text);

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
