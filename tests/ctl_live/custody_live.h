/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_live.h - A/home/1 in the hands of the control room: what is done to it, and what stands
 * then.
 */
#ifndef CTL_LIVE_CUSTODY_LIVE_H
#define CTL_LIVE_CUSTODY_LIVE_H

#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define INCIDENT "A/home/1"

static inline int ctl(struct testbed *testbed, const char *action, const char *by,
                      const char *option, const char *value)
{
    return testbed_ctl(testbed, action, "--by", by, option, value, INCIDENT, NULL);
}

static inline void assert_refused(struct testbed *testbed, int code, const char *want)
{
    assert_int_equal(code, 1);
    if (strstr(testbed_ctl_complained(testbed), want) == NULL)
        fail_msg("-- wanted:\n%s\n-- complained:\n%s", want, testbed_ctl_complained(testbed));
}

/* A member of what stands in `todo`, by its dotted path. */
static inline void assert_todo(struct testbed *testbed, const char *path, const char *want)
{
    redisReply *value = testbed_redis(testbed, "HGET {breachd}:todo " INCIDENT);
    json_t *need = value->str != NULL ? json_loads(value->str, 0, NULL) : NULL;
    const json_t *member = alert_at(need, path);

    assert_non_null(need);
    if (want == NULL)
        assert_true(member == NULL || json_is_null(member));
    else
        assert_string_equal(json_string_value(member), want);
    json_decref(need);
    freeReplyObject(value);
}

/* Of `open`, the type of its alert. */
static inline void assert_open(struct testbed *testbed, const char *type)
{
    redisReply *value = testbed_redis(testbed, "HGET {breachd}:open " INCIDENT);
    json_t *event = value->str != NULL ? json_loads(value->str, 0, NULL) : NULL;

    assert_string_equal(alert_text(event, "type"), type);
    json_decref(event);
    freeReplyObject(value);
}

#endif
