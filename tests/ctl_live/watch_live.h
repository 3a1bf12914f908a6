/* SPDX-License-Identifier: Apache-2.0 */
/* watch_live.h - breachctl watch before a Redis that has alerts which no breachd made. */
#ifndef CTL_LIVE_WATCH_LIVE_H
#define CTL_LIVE_WATCH_LIVE_H

#include <stdio.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define LONG_AGO "2020-06-23T20:00:00.000Z"

static const struct made shown[] = {
    { 1, "approach", "warning", "Basildon", "A/home/1", LONG_AGO },
    { 2, "breach", "critical", "Basildon", "A/home/1", LONG_AGO },
    { 3, "breach", "critical", "Harlow", "B/home/1", LONG_AGO },
    { 4, "cleared", "info", "Harlow", "B/home/1", LONG_AGO },
};

static inline void publish(struct testbed *testbed, size_t from, size_t until)
{
    for (size_t i = from; i < until; i++)
        ctl_live_publish(testbed, &shown[i]);
}

/* A heartbeat that does not end: nothing is wrong. */
static inline void heartbeat(struct testbed *testbed)
{
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat %s",
                                  "{\"site\":\"essex\",\"blind\":false,\"sequence\":1}"));
}

static inline void open_calmly(struct testbed *testbed)
{
    testbed_redis_start(testbed, "");
    heartbeat(testbed);
}

/* A watch that begins now, once it has told the first `n` of `shown`. */
static inline struct child watch_first(struct testbed *testbed, size_t n)
{
    char last[32];
    struct child watch;

    publish(testbed, 0, n);
    watch = testbed_ctl_start(testbed, "watch", NULL);
    snprintf(last, sizeof last, "alert %zu", n);
    testbed_ctl_await(testbed, last);
    return watch;
}

/* Who is told to stop has nothing to complain of. */
static inline void end(struct testbed *testbed, struct child *watch)
{
    assert_int_equal(testbed_ctl_stop(watch), 0);
    testbed_close(testbed);
}

#endif
