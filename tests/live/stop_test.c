/* SPDX-License-Identifier: Apache-2.0 */
/* SIGTERM while Redis is slow: what it still can publish it does, and knows of it. */
#include <signal.h>
#include <sys/wait.h>

#include "support/house.h"
#include "support/test.h"

#define ROUNDS 6

static void come_and_go(struct house *house)
{
    for (int i = 0; i < 2 * ROUNDS; i++)
        assert_int_equal(house_ping(house, "tag-1", 60 * i, i % 2 == 0 ? 10 : 900), 200);
}

static void open_the_house(struct house *house)
{
    house_open(house, "", NULL);
    house_await_metric(house, "breachd_redis_connected", 1);
}

static long long published(struct house *house)
{
    json_t *status;
    long long number;

    assert_int_equal(house_get(house, "/v1/status"), 200);
    status = house_json(house);
    number = json_integer_value(json_object_get(status, "published"));
    json_decref(status);
    return number;
}

static void a_slow_redis_is_waited_for(void **state)
{
    struct house *house = *state;
    int status;

    open_the_house(house);
    kill(house->redis.pid, SIGSTOP);
    come_and_go(house);
    kill(house->breachd.pid, SIGTERM);
    house_await_note(house, "STOPPING=1");
    assert_false(child_ends(&house->breachd, 300, &status));
    kill(house->redis.pid, SIGCONT);
    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(house_redis_number(house, "XLEN {breachd}:alerts"), 2 * ROUNDS);

    // It has heard so much confirmed, before it left: that stands in the ledger, Redis or not.
    house_redis_kill(house);
    house_start(house, NULL);
    assert_int_equal(published(house), 2 * ROUNDS);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_slow_redis_is_waited_for),
    };

    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
