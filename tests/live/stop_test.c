/* SPDX-License-Identifier: Apache-2.0 */
/* SIGTERM while Redis is slow: what it still can publish it does, and knows of it. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "support/test.h"
#include "support/testbed.h"

#define ROUNDS 6

static void come_and_go(struct testbed *testbed)
{
    for (int i = 0; i < 2 * ROUNDS; i++)
        assert_int_equal(testbed_ping(testbed, "tag-1", 220 * i, i % 2 == 0 ? 10 : 500), 200);
}

static void open_the_testbed(struct testbed *testbed)
{
    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
}

static long long published(struct testbed *testbed)
{
    json_t *status;
    long long number;

    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    number = json_integer_value(json_object_get(status, "published"));
    json_decref(status);
    return number;
}

static void a_slow_redis_is_waited_for(void **state)
{
    struct testbed *testbed = *state;
    int status;

    open_the_testbed(testbed);
    kill(testbed->redis.pid, SIGSTOP);
    come_and_go(testbed);
    kill(testbed->breachd.pid, SIGTERM);
    testbed_await_note(testbed, "STOPPING=1");
    assert_false(child_ends(&testbed->breachd, 300, &status));
    kill(testbed->redis.pid, SIGCONT);
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:alerts"), 2 * ROUNDS);

    // It has heard so much confirmed, before it left: that stands in the ledger, Redis or not.
    testbed_redis_kill(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(published(testbed), 2 * ROUNDS);
    testbed_close(testbed);
}

/* ---- what is heard of it ---- */

/* What stands in the heartbeat, which must be there; the caller's. */
static json_t *read_heartbeat(struct testbed *testbed)
{
    redisReply *reply = testbed_redis(testbed, "GET {breachd}:heartbeat");
    json_t *heartbeat = reply->str != NULL ? json_loads(reply->str, 0, NULL) : NULL;

    freeReplyObject(reply);
    return heartbeat;
}

static void stop(struct testbed *testbed)
{
    int status;

    kill(testbed->breachd.pid, SIGTERM);
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void the_last_heartbeat_says_that_it_was_stopped_and_expires(void **state)
{
    struct testbed *testbed = *state;
    json_t *heartbeat;

    open_the_testbed(testbed);
    stop(testbed);
    heartbeat = read_heartbeat(testbed);
    assert_true(json_is_true(json_object_get(heartbeat, "stopped")));
    assert_in_range(testbed_redis_number(testbed, "PTTL {breachd}:heartbeat"), 1, 3000);
    json_decref(heartbeat);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "site essex: STOPPED: nobody watches"));
    testbed_ctl(testbed, "open", NULL);
    assert_non_null(strstr(testbed_ctl_complained(testbed),
                           "STOPPED: nobody watches: what is shown may be old"));
    testbed_close(testbed);
}

/* An interval is an hour: what is heard before is not the timer's. */
static void there_is_a_heartbeat_as_soon_as_it_is_ready(void **state)
{
    struct testbed *testbed = *state;
    int64_t deadline = now_ms() + PATIENCE_MS;
    json_t *heartbeat;

    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "1h");
    testbed_open(testbed, "", NULL);
    while ((heartbeat = read_heartbeat(testbed)) == NULL) {
        assert_true(now_ms() < deadline);
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS nothing $"));
    }
    assert_true(json_is_false(json_object_get(heartbeat, "stopped")));
    json_decref(heartbeat);
    testbed_close(testbed);
}

static void a_killed_one_says_nothing(void **state)
{
    struct testbed *testbed = *state;
    json_t *heartbeat;

    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "1h");
    open_the_testbed(testbed);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\n"); // Redis has had the heartbeat before it
    testbed_kill(testbed);
    heartbeat = read_heartbeat(testbed);
    assert_true(json_is_false(json_object_get(heartbeat, "stopped")));
    json_decref(heartbeat);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_slow_redis_is_waited_for),
        testbed_test(the_last_heartbeat_says_that_it_was_stopped_and_expires),
        testbed_test(there_is_a_heartbeat_as_soon_as_it_is_ready),
        testbed_test(a_killed_one_says_nothing),
    };

    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
