/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock on the wall was right by the kernel's word, and jumps by hours while breachd runs (the
 * monotonic clock is left alone): no breach is lost, none invented, none told at a wrong time, and
 * time-outs go on.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/test.h"
#include "support/testbed.h"
#include "wall.h"

/* It was right once, by a time daemon's word, and is not looked after any more. */
static void open_the_testbed(struct testbed *testbed)
{
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    wall_open(testbed, 0, "once");
}

static void await_jumps(struct testbed *testbed, int n)
{
    testbed_await_metric(testbed, "breachd_clock_jumps_total", n);
}

/* Milliseconds since 1970 of a member. */
static int64_t instant_at(const json_t *json, const char *path)
{
    struct tm tm = { 0 };

    assert_non_null(strptime(alert_text(json, path), "%Y-%m-%dT%H:%M:%S", &tm));
    return timegm(&tm) * 1000LL;
}

/* In, on, and out, after the jump; no clock gains more from one to the next. */
static void he_comes_and_goes(struct testbed *testbed)
{
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 250), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 15, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 30, 12), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 45, 150), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 60, 300), 200);
}

/* As if there had been none. */
static void a_jump_changes_no_judgement(struct testbed *testbed, int64_t offset)
{
    const json_t *alert;
    size_t i;

    open_the_testbed(testbed);
    wall_set(testbed, offset);
    await_jumps(testbed, 1);
    he_comes_and_goes(testbed);
    testbed_expect(testbed, "clock clock/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    json_array_foreach(testbed->alerts, i, alert)
    {
        wall_is_of_now(alert, "time", 0);
        wall_is_of_now(alert, "data.received", 0);
    }
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"new\"}") == 5);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"future\"}") == 0);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"late\"}") == 0);
    testbed_close(testbed);
}

static void a_jump_ahead_changes_no_judgement(void **state)
{
    a_jump_changes_no_judgement(*state, 3 * HOUR);
}

static void a_jump_back_changes_no_judgement(void **state)
{
    a_jump_changes_no_judgement(*state, -3 * HOUR);
}

/* Before anybody could have noticed: the pings come at once. */
static void not_even_in_the_second_of_the_jump(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    wall_set(testbed, 3 * HOUR);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    wall_set(testbed, -3 * HOUR);
    assert_int_equal(testbed_ping(testbed, "tag-1", 19, 250), 200);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"new\"}") == 2);
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    assert_non_null(strstr(testbed_story(testbed), "cleared A/home/1/2\n"));
    testbed_close(testbed);
}

static void it_is_told_with_by_how_much_and_when_it_is_over(void **state)
{
    struct testbed *testbed = *state;
    const json_t *jump, *back;

    open_the_testbed(testbed);
    wall_set(testbed, 3 * HOUR);
    await_jumps(testbed, 1);
    assert_true(testbed_metric(testbed, "breachd_clock_apart_seconds") > 3 * 3600 - 60);
    wall_set(testbed, 0);
    testbed_await_metric(testbed, "breachd_clock_apart_seconds", 0);
    testbed_await_log(testbed, "clock: the clock on the wall is right again");
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"clock\"}", 2);
    testbed_expect(testbed, "clock clock/1\nclock clock/2\n");
    jump = json_array_get(testbed->alerts, 0);
    back = json_array_get(testbed->alerts, 1);
    assert_non_null(strstr(alert_text(jump, "data.reason"), "ahead"));
    assert_string_equal(alert_text(jump, "data.severity"), "warning");
    assert_string_equal(alert_text(back, "data.severity"), "info");
    assert_string_equal(alert_text(jump, "subject"), "essex");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    testbed_close(testbed);
}

/* A restart has nothing but the wall; the numbers of its alerts go on. */
static void a_restart_believes_the_wall(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    wall_set(testbed, -3 * HOUR);
    await_jumps(testbed, 1);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"clock\"}", 1);
    testbed_kill(testbed);
    wall_set(testbed, 0);
    testbed_start(testbed, NULL);
    assert_true(testbed_metric(testbed, "breachd_clock_apart_seconds") == 0);
    wall_set(testbed, -3 * HOUR);
    await_jumps(testbed, 1);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"clock\"}", 1);
    testbed_expect(testbed, "clock clock/1\nclock clock/2\n");
    testbed_close(testbed);
}

/* An order that ends in two seconds ends then, and not when the wall says so. */
static void an_order_ends_when_it_ends(void **state)
{
    struct testbed *testbed = *state;
    char until[32];
    time_t end;
    const json_t *cleared;

    open_the_testbed(testbed);
    wall_set(testbed, -3 * HOUR);
    await_jumps(testbed, 1);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    end = time(NULL) + 2;
    strftime(until, sizeof until, "%Y-%m-%dT%H:%M:%SZ", gmtime(&end));
    testbed_set(testbed, "orders.d/A.conf", "order A", "until", until);
    testbed_reload(testbed);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"cleared\"}", 1);
    testbed_expect(testbed, "clock clock/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    cleared = json_array_get(testbed->alerts, 2);
    assert_int_equal(instant_at(cleared, "time"), end * 1000LL);
    testbed_close(testbed);
}

/* It is a timer, its lapse a time-out: two more heartbeats come whatever the wall does. */
static void timers_go_on(void **state)
{
    struct testbed *testbed = *state;
    redisContext *subscriber;

    open_the_testbed(testbed);
    subscriber = testbed_redis_connect(testbed);
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:heartbeat"));
    for (int i = 0; i < 4; i++) {
        void *heartbeat = NULL;
        json_t *said;

        wall_set(testbed, i % 2 == 0 ? -5 * HOUR : 5 * HOUR);
        assert_int_equal(redisGetReply(subscriber, &heartbeat), REDIS_OK);
        said = json_loads(((redisReply *)heartbeat)->element[2]->str, 0, NULL);
        wall_is_of_now(said, "time", 0);
        json_decref(said);
        freeReplyObject(heartbeat);
    }
    redisFree(subscriber);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_jump_ahead_changes_no_judgement),
        testbed_test(a_jump_back_changes_no_judgement),
        testbed_test(not_even_in_the_second_of_the_jump),
        testbed_test(it_is_told_with_by_how_much_and_when_it_is_over),
        testbed_test(a_restart_believes_the_wall),
        testbed_test(an_order_ends_when_it_ends),
        testbed_test(timers_go_on),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
