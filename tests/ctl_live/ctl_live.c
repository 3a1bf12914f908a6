/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl_live/ctl_live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

void ctl_live_open(struct testbed *testbed, const char *argument)
{
    testbed_open(testbed, "", argument);
}

void ctl_live_open_three(struct testbed *testbed)
{
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    ctl_live_open(testbed, NULL);
}

void ctl_live_breach(struct testbed *testbed)
{
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
}

int ctl_live_snapshot(struct testbed *testbed, const char *to)
{
    return testbed_ctl(testbed, "snapshot", "--ledger", testbed_path(testbed, "ledger.db").text,
                       testbed_path(testbed, to).text, NULL);
}

void ctl_live_await(struct testbed *testbed, const char *key, long long n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (testbed_redis_number(testbed, "XLEN %s", key) < n) {
        if (now_ms() > deadline)
            fail_msg("%s does not come to hold %lld", key, n);
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS %s $", key));
    }
}

void ctl_live_await_heartbeat(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (testbed_redis_number(testbed, "EXISTS {breachd}:heartbeat") == 0) {
        if (now_ms() > deadline)
            fail_msg("breachd has no heartbeat");
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

void ctl_live_say(struct testbed *testbed, const char *incident, const char *action, const char *by,
                  const char *reason)
{
    freeReplyObject(testbed_redis(
        testbed, "XADD {breachd}:acks * incident %s action %s by %s reason %s note %s", incident,
        action, by, reason, ""));
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

void ctl_live_publish(struct testbed *testbed, const struct made *made)
{
    char *event = ctl_live_event(made);

    freeReplyObject(
        testbed_redis(testbed, "XADD {breachd}:alerts * id %s type %s area %s severity %s event %s",
                      made->incident, made->type, made->area, made->severity, event));
    free(event);
}

void ctl_live_assert_says(struct testbed *testbed, const char *want)
{
    if (strstr(testbed_ctl_said(testbed), want) == NULL)
        fail_msg("-- wanted:\n%s\n-- said:\n%s-- complained:\n%s", want, testbed_ctl_said(testbed),
                 testbed_ctl_complained(testbed));
}
