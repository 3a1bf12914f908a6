/* SPDX-License-Identifier: Apache-2.0 */
/* todo.h - what stands in Redis of an incident of breachd's own. */
#ifndef LIVE_TODO_H
#define LIVE_TODO_H

#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

/* Whether the incident stands in that hash, "open" or "todo". */
static inline bool todo_has(struct testbed *testbed, const char *hash, const char *incident)
{
    return testbed_redis_number(testbed, "HEXISTS {breachd}:%s %s", hash, incident) == 1;
}

/* Its entry of `todo` has this text in it. */
static inline void todo_assert_says(struct testbed *testbed, const char *incident, const char *text)
{
    redisReply *row = testbed_redis(testbed, "HGET {breachd}:todo %s", incident);

    assert_int_equal(row->type, REDIS_REPLY_STRING);
    if (strstr(row->str, text) == NULL)
        fail_msg("%s: %s", text, row->str);
    freeReplyObject(row);
}

#endif
