/* SPDX-License-Identifier: Apache-2.0 */
#include "wall.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"

void wall_set(const struct house *house, int64_t ahead)
{
    house_replace(house, "wall", "%" PRId64 "\n", ahead);
}

void wall_say(const struct house *house, const char *kernel)
{
    house_replace(house, "kernel", "%s\n", kernel);
}

void wall_sleep(const struct house *house, int seconds)
{
    house_replace(house, "slept", "%d\n", seconds);
}

void wall_was_set(struct house *house)
{
    struct pollfd fifo = { .fd = open(house_path(house, "set").text, O_RDWR | O_NONBLOCK),
                           .events = POLLIN };

    assert_true(fifo.fd >= 0);
    assert_int_equal(write(fifo.fd, "!", 1), 1);
    // It is answered by the loop that reads it, so what is asked after it comes after the look.
    assert_int_equal(house_get(house, "/healthz"), 200);
    close(fifo.fd);
}

void wall_open(struct house *house, int64_t ahead, const char *kernel)
{
    static const char *const names[][2] = { { "WALLCLOCK_FILE", "wall" },
                                            { "WALLCLOCK_KERNEL", "kernel" },
                                            { "WALLCLOCK_SET", "set" },
                                            { "WALLCLOCK_SLEPT", "slept" } };
    static char variables[4][300];

    house_preload(house, WALLCLOCK_SHIM);
    for (size_t i = 0; i < 4; i++) {
        snprintf(variables[i], sizeof variables[i], "%s=%s", names[i][0],
                 house_path(house, names[i][1]).text);
        house_environment(house, variables[i]);
    }
    assert_int_equal(mkfifo(house_path(house, "set").text, 0600), 0);
    wall_set(house, ahead);
    wall_say(house, kernel);
    house_redis_start(house, "");
    house->base = time(NULL); // the pings are of now, as their satellites know it
    house_start(house, NULL);
}

void wall_is_of_now(const json_t *event, const char *path, int slept)
{
    struct tm tm = { 0 };
    int64_t off;

    assert_non_null(strptime(alert_text(event, path), "%Y-%m-%dT%H:%M:%S", &tm));
    off = timegm(&tm) - time(NULL) - slept;
    if (llabs(off) > 120)
        fail_msg("%s is off by %" PRId64 " s", path, off);
}

const char *wall_status(struct house *house, const char *path)
{
    static char kept[256];
    json_t *status;

    assert_int_equal(house_get(house, "/v1/status"), 200);
    status = house_json(house);
    snprintf(kept, sizeof kept, "%s", alert_text(status, path));
    json_decref(status);
    return kept;
}

void wall_await_status(struct house *house, const char *path, const char *begins)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (strncmp(wall_status(house, path), begins, strlen(begins)) != 0) {
        if (now_ms() > deadline)
            fail_msg("%s is \"%s\" and not \"%s\"", path, wall_status(house, path), begins);
    }
}
