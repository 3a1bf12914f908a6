/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

enum { PAGE = 1000, ASK_AGAIN_MS = 50 };

/* [id, [field, value, …]]; the fields are the contract's, in its order. */
static json_t *read_entry(const redisReply *entry)
{
    static const char *const paths[][2] = {
        { "id", "id" }, { "type", "type" }, { "area", "data.area" }, { "severity", "data.severity" }
    };
    const redisReply *pairs = entry->element[1];
    json_t *event;

    assert_true(pairs->elements >= 10);
    assert_string_equal(pairs->element[8]->str, "event");
    event = json_loads(pairs->element[9]->str, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(event);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *value = pairs->element[2 * i + 1]->str;
        const char *in_event = alert_text(event, paths[i][1]);

        assert_string_equal(pairs->element[2 * i]->str, paths[i][0]);
        if (i == 1 && strncmp(in_event, "breachd.", 8) == 0)
            in_event += 8;
        assert_string_equal(value, in_event);
    }
    return event;
}

json_t *record_stream(struct testbed *testbed)
{
    json_t *events = json_array();
    char from[48] = "-";
    size_t got;

    do {
        redisReply *page =
            testbed_redis(testbed, "XRANGE {breachd}:alerts %s + COUNT %d", from, (int)PAGE);

        got = page->elements;
        for (size_t i = 0; i < got; i++) {
            json_array_append_new(events, read_entry(page->element[i]));
            snprintf(from, sizeof from, "(%s", page->element[i]->element[0]->str);
        }
        freeReplyObject(page);
    } while (got == PAGE);
    return events;
}

json_t *record_open(struct testbed *testbed)
{
    redisReply *reply = testbed_redis(testbed, "HGETALL {breachd}:open");
    json_t *open = json_object();

    for (size_t i = 0; i + 1 < reply->elements; i += 2)
        json_object_set_new(open, reply->element[i]->str,
                            json_loads(reply->element[i + 1]->str, 0, NULL));
    freeReplyObject(reply);
    return open;
}

static bool is_settled(const json_t *status)
{
    return json_integer_value(json_object_get(status, "published")) ==
               json_integer_value(json_object_get(status, "sequence")) &&
           strcmp(alert_text(status, "redis"), "connected") == 0 &&
           json_is_false(json_object_get(status, "blind"));
}

json_t *record_settled(struct testbed *testbed, int64_t ms)
{
    int64_t deadline = now_ms() + ms;

    while (now_ms() < deadline) {
        json_t *status = testbed_get(testbed, "/v1/status") == 200 ? testbed_json(testbed) : NULL;

        if (status != NULL && is_settled(status))
            return status;
        json_decref(status);
        poll(NULL, 0, ASK_AGAIN_MS);
    }
    return NULL;
}
