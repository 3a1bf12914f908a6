/* SPDX-License-Identifier: Apache-2.0 */
#include "stream.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

void stream_open(struct testbed *testbed)
{
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_set(testbed, "breachd.conf", "redis", "pings", "on");
    testbed_redis_start(testbed, "");
}

void stream_start(struct testbed *testbed)
{
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, STREAM_UP, 1);
}

void stream_flat(struct testbed *testbed, const char *device, int second, double north)
{
    char time[32], lat[32], lon[32];

    snprintf(time, sizeof time, "%" PRId64, testbed->base + second);
    snprintf(lat, sizeof lat, "%.7f", HOME_LAT + north / METRES_PER_DEGREE);
    snprintf(lon, sizeof lon, "%.7f", HOME_LON);
    freeReplyObject(testbed_redis(testbed,
                                  "XADD breachd:pings * device %s time %s lat %s lon %s accuracy 8",
                                  device, time, lat, lon));
}

void stream_json(struct testbed *testbed, const char *device, int second, double north)
{
    char json[TESTBED_PING_MAX];

    testbed_ping_print(testbed, device, second, north, json);
    stream_field(testbed, "ping", json, strlen(json));
}

void stream_field(struct testbed *testbed, const char *name, const void *value, size_t size)
{
    freeReplyObject(testbed_redis(testbed, "XADD breachd:pings * %s %b", name, value, size));
}

/* The value behind a name in what XINFO GROUPS says of the first group; -1: none, or not known. */
static long long figure(struct testbed *testbed, const char *name)
{
    redisReply *groups = testbed_redis(testbed, "XINFO GROUPS breachd:pings");
    long long found = -1;

    if (groups->elements > 0) {
        const redisReply *group = groups->element[0];

        for (size_t i = 0; i + 1 < group->elements; i += 2) {
            if (strcmp(group->element[i]->str, name) == 0 &&
                group->element[i + 1]->type == REDIS_REPLY_INTEGER)
                found = group->element[i + 1]->integer;
        }
    }
    freeReplyObject(groups);
    return found;
}

long long stream_pending(struct testbed *testbed)
{
    return figure(testbed, "pending");
}

void stream_await_read(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (figure(testbed, "lag") != 0) {
        if (now_ms() > deadline)
            fail_msg("%lld not delivered", figure(testbed, "lag"));
    }
}

void stream_await_acknowledged(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (figure(testbed, "pending") != 0 || figure(testbed, "lag") != 0) {
        if (now_ms() > deadline)
            fail_msg("%lld pending, %lld not delivered", figure(testbed, "pending"),
                     figure(testbed, "lag"));
        poll(NULL, 0, 5); // between two looks, there is no descriptor to wait for
    }
}

const char *stream_refused(struct testbed *testbed, size_t nth, char *text, size_t size)
{
    redisReply *entries = testbed_redis(testbed, "XRANGE breachd:pings:refused - +");
    const redisReply *fields;
    int used;

    assert_true(nth < entries->elements);
    fields = entries->element[nth]->element[1];
    assert_string_equal(fields->element[0]->str, "id");
    assert_string_equal(fields->element[2]->str, "why");
    used = snprintf(text, size, "%s;", fields->element[3]->str);
    for (size_t i = 4; i + 1 < fields->elements && used < (int)size; i += 2)
        used += snprintf(text + used, size - (size_t)used, " %s=%s", fields->element[i]->str,
                         fields->element[i + 1]->str);
    freeReplyObject(entries);
    return text;
}
