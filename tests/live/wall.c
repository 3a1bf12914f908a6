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

void wall_set(const struct testbed *testbed, int64_t ahead)
{
    testbed_replace(testbed, "wall", "%" PRId64 "\n", ahead);
}

void wall_say(const struct testbed *testbed, const char *kernel)
{
    testbed_replace(testbed, "kernel", "%s\n", kernel);
}

void wall_sleep(const struct testbed *testbed, int seconds)
{
    testbed_replace(testbed, "slept", "%d\n", seconds);
}

void wall_was_set(struct testbed *testbed)
{
    struct pollfd fifo = { .fd = open(testbed_path(testbed, "set").text, O_RDWR | O_NONBLOCK),
                           .events = POLLIN };

    assert_true(fifo.fd >= 0);
    assert_int_equal(write(fifo.fd, "!", 1), 1);
    // It is answered by the loop that reads it, so what is asked after it comes after the look.
    assert_int_equal(testbed_get(testbed, "/healthz"), 200);
    close(fifo.fd);
}

void wall_open(struct testbed *testbed, int64_t ahead, const char *kernel)
{
    static const char *const names[][2] = { { "WALLCLOCK_FILE", "wall" },
                                            { "WALLCLOCK_KERNEL", "kernel" },
                                            { "WALLCLOCK_SET", "set" },
                                            { "WALLCLOCK_SLEPT", "slept" } };
    static char variables[4][300];

    testbed_preload(testbed, WALLCLOCK_SHIM);
    for (size_t i = 0; i < 4; i++) {
        snprintf(variables[i], sizeof variables[i], "%s=%s", names[i][0],
                 testbed_path(testbed, names[i][1]).text);
        testbed_environment(testbed, variables[i]);
    }
    assert_int_equal(mkfifo(testbed_path(testbed, "set").text, 0600), 0);
    wall_set(testbed, ahead);
    wall_say(testbed, kernel);
    testbed_redis_start(testbed, "");
    testbed->base = time(NULL); // the pings are of now, as their satellites know it
    testbed_start(testbed, NULL);
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

const char *wall_status(struct testbed *testbed, const char *path)
{
    static char kept[256];
    json_t *status;

    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    snprintf(kept, sizeof kept, "%s", alert_text(status, path));
    json_decref(status);
    return kept;
}

void wall_await_status(struct testbed *testbed, const char *path, const char *begins)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (strncmp(wall_status(testbed, path), begins, strlen(begins)) != 0) {
        if (now_ms() > deadline)
            fail_msg("%s is \"%s\" and not \"%s\"", path, wall_status(testbed, path), begins);
    }
}

void wall_close_agreeing(struct testbed *testbed)
{
    struct path ledger = testbed_path(testbed, "ledger.db");

    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger.text, NULL), 0);
    if (testbed_ctl(testbed, "replay", "--ledger", ledger.text, NULL) != 0)
        fail_msg("judged again otherwise: %s%s", testbed_ctl_said(testbed),
                 testbed_ctl_complained(testbed));
    testbed_close(testbed);
}
