/* SPDX-License-Identifier: Apache-2.0 */
#include "stream.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

void stream_open(struct house *house)
{
    house_order(house, "A", "tag-1", 0, 200, "");
    house_set(house, "breachd.conf", "redis", "pings", "on");
    house_redis_start(house, "");
}

void stream_start(struct house *house)
{
    house_start(house, NULL);
    house_await_metric(house, STREAM_UP, 1);
}

void stream_flat(struct house *house, const char *device, int second, double north)
{
    char time[32], lat[32], lon[32];

    snprintf(time, sizeof time, "%" PRId64, house->base + second);
    snprintf(lat, sizeof lat, "%.7f", HOME_LAT + north / METRES_PER_DEGREE);
    snprintf(lon, sizeof lon, "%.7f", HOME_LON);
    freeReplyObject(house_redis(house,
                                "XADD breachd:pings * device %s time %s lat %s lon %s accuracy 8",
                                device, time, lat, lon));
}

void stream_json(struct house *house, const char *device, int second, double north)
{
    char json[HOUSE_PING_MAX];

    house_ping_print(house, device, second, north, json);
    stream_field(house, "ping", json, strlen(json));
}

void stream_field(struct house *house, const char *name, const void *value, size_t size)
{
    freeReplyObject(house_redis(house, "XADD breachd:pings * %s %b", name, value, size));
}

/* The value behind a name in what XINFO GROUPS says of the first group; -1: none, or not known. */
static long long figure(struct house *house, const char *name)
{
    redisReply *groups = house_redis(house, "XINFO GROUPS breachd:pings");
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

long long stream_pending(struct house *house)
{
    return figure(house, "pending");
}

void stream_await_read(struct house *house)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (figure(house, "lag") != 0) {
        if (now_ms() > deadline)
            fail_msg("%lld not delivered", figure(house, "lag"));
    }
}

void stream_await_acknowledged(struct house *house)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (figure(house, "pending") != 0 || figure(house, "lag") != 0) {
        if (now_ms() > deadline)
            fail_msg("%lld pending, %lld not delivered", figure(house, "pending"),
                     figure(house, "lag"));
        poll(NULL, 0, 5); // between two looks, there is no descriptor to wait for
    }
}

const char *stream_refused(struct house *house, size_t nth, char *text, size_t size)
{
    redisReply *entries = house_redis(house, "XRANGE breachd:pings:refused - +");
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
