/* SPDX-License-Identifier: Apache-2.0 */
/* SIGTERM while Redis is slow: what it still can publish it does, and knows of it. */
#include <signal.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_slow_redis_is_waited_for),
    };

    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
