/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl_live/ctl_live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

void ctl_live_open(struct house *house, const char *argument)
{
    house_open(house, "", argument);
}

void ctl_live_breach(struct house *house)
{
    assert_int_equal(house_ping(house, "tag-1", 0, 900), 200);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 200);
    house_expect(house, "breach A/home/1/1\n");
}

void ctl_live_await(struct house *house, const char *key, long long n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (house_redis_number(house, "XLEN %s", key) < n) {
        if (now_ms() > deadline)
            fail_msg("%s does not come to hold %lld", key, n);
        freeReplyObject(house_redis(house, "XREAD BLOCK 100 STREAMS %s $", key));
    }
}

void ctl_live_await_beat(struct house *house)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (house_redis_number(house, "EXISTS {breachd}:heartbeat") == 0) {
        if (now_ms() > deadline)
            fail_msg("breachd's heart does not beat");
        freeReplyObject(house_redis(house, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

void ctl_live_say(struct house *house, const char *incident, const char *action, const char *by,
                  const char *reason)
{
    freeReplyObject(
        house_redis(house, "XADD {breachd}:acks * incident %s action %s by %s reason %s note %s",
                    incident, action, by, reason, ""));
}

char *ctl_live_event(const struct made *made)
{
    char *text = NULL;

    assert_true(
        asprintf(&text,
                 "{\"sequence\":\"%d\",\"specversion\":\"1.0\",\"id\":\"essex/%s/%d\","
                 "\"source\":\"/breachd/essex\",\"type\":\"breachd.%s\",\"subject\":\"%s\","
                 "\"time\":\"%s\",\"datacontenttype\":\"application/json\",\"data\":{"
                 "\"incident\":\"%s\",\"area\":\"%s\",\"severity\":\"%s\",\"exercise\":false,"
                 "\"reason\":\"alert %d\",\"received\":\"%s\"}}",
                 made->sequence, made->incident, made->sequence, made->type, made->incident,
                 made->time, made->incident, made->area, made->severity, made->sequence,
                 made->time) > 0);
    return text;
}

void ctl_live_publish(struct house *house, const struct made *made)
{
    char *event = ctl_live_event(made);

    freeReplyObject(
        house_redis(house, "XADD {breachd}:alerts * id %s type %s area %s severity %s event %s",
                    made->incident, made->type, made->area, made->severity, event));
    free(event);
}
