/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl_live/older_copy.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

void older_copy_put_back(struct testbed *testbed)
{
    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-shm");
    testbed_copy(testbed, testbed_path(testbed, "copy.db").text, "ledger.db");
}

/* A ping of now, so many seconds after the base. */
void older_copy_ping(struct testbed *testbed, int second, double north)
{
    testbed_replace(testbed, "ahead", "%d\n", second);
    assert_int_equal(testbed_ping(testbed, "tag-1", second, north), 200);
}

/* The ids of the stream are all different. */
void older_copy_assert_ids(struct testbed *testbed)
{
    size_t n = testbed_gather(testbed);
    const json_t *one, *other;
    size_t i;

    json_array_foreach(testbed->alerts, i, one)
    {
        for (size_t k = i + 1; k < n; k++) {
            other = json_array_get(testbed->alerts, k);
            if (strcmp(alert_text(one, "id"), alert_text(other, "id")) == 0)
                fail_msg("twice: %s", alert_text(one, "id"));
        }
    }
}

/* What was told since is in the stream alone: an incident that ended, and two that began. */
void older_copy_live_on(struct testbed *testbed)
{
    testbed_shift_fit(testbed);
    testbed->base = time(NULL);
    ctl_live_open(testbed, NULL);
    older_copy_ping(testbed, 0, 900);
    older_copy_ping(testbed, 300, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_int_equal(ctl_live_snapshot(testbed, "copy.db"), 0);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    older_copy_ping(testbed, 600, 500);
    older_copy_ping(testbed, 900, 100);
    older_copy_ping(testbed, 1200, -500);
    older_copy_ping(testbed, 1500, -100);
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\ncleared A/home/1/2\n"
                            "breach A/home/2/1\ncleared A/home/2/2\nbreach A/home/3/1\n");
    testbed_kill(testbed);
    older_copy_put_back(testbed);
}

/* What stands in `todo` of an incident, or "". The caller frees. */
static char *needed(struct testbed *testbed, const char *incident)
{
    redisReply *reply = testbed_redis(testbed, "HGET {breachd}:todo %s", incident);
    char *text = strdup(reply->type == REDIS_REPLY_STRING ? reply->str : "");

    freeReplyObject(reply);
    assert_non_null(text);
    return text;
}

void older_copy_assert_needed(struct testbed *testbed, const char *incident, const char *words)
{
    char *text = needed(testbed, incident);

    if (strstr(text, words) == NULL)
        fail_msg("todo says of %s: %s", incident, text);
    free(text);
}

void older_copy_assert_gone(struct testbed *testbed, const char *incident)
{
    char *text = needed(testbed, incident);

    assert_string_equal(text, "");
    free(text);
}
