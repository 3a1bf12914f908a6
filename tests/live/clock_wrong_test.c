/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock on the wall is wrong when breachd starts, and may be set right: no breach is lost, none
 * becomes a matter of the past, and nothing fires because the time leapt.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "support/test.h"
#include "support/testbed.h"
#include "wall.h"

#define ALERTS(type) "breachd_alerts_total{type=\"" type "\"}"
#define CLASS(name)  "breachd_pings_total{class=\"" name "\"}"

static void open_the_testbed(struct testbed *testbed, int64_t ahead, const char *kernel)
{
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after", "15m");
    testbed_set(testbed, "breachd.conf", "alerts", "remind", "5m");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    wall_open(testbed, ahead, kernel);
}

/* Ten seconds and more lie between the two: what he says is then a vote. */
static void he_is_inside_twice(struct testbed *testbed, const char *device)
{
    assert_int_equal(testbed_ping(testbed, device, 0, 10), 200);
    wall_sleep(testbed, 15);
    assert_int_equal(testbed_ping(testbed, device, 15, 12), 200);
}

static void nothing_fired_by_the_leap(struct testbed *testbed)
{
    assert_true(testbed_metric(testbed, ALERTS("silent")) == 0);
    assert_true(testbed_metric(testbed, ALERTS("escalated")) == 0);
    assert_true(testbed_metric(testbed, ALERTS("cleared")) == 0);
}

static void our_time_is_right(struct testbed *testbed, int slept)
{
    json_t *status;

    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    wall_is_of_now(status, "now", slept);
    json_decref(status);
}

static void the_newest_is_of_now(struct testbed *testbed, int slept)
{
    const json_t *newest;

    testbed_gather(testbed);
    newest = json_array_get(testbed->alerts, json_array_size(testbed->alerts) - 1);
    wall_is_of_now(newest, "time", slept);
    wall_is_of_now(newest, "data.received", slept);
}

/* That of a synchronised clock: in each second time is looked at first, and then the wall. */
static void a_second_passes(struct testbed *testbed)
{
    wall_say(testbed, "no");
    wall_await_status(testbed, "clock", "counted");
    wall_set(testbed, 3 * HOUR);
    testbed_await_metric(testbed, "breachd_clock_jumps_total", 1);
    wall_set(testbed, 0);
    testbed_await_metric(testbed, "breachd_clock_apart_seconds", 0);
}

/* As after a boot with a real time clock that is in local time: a day with one hour too much. */
static void an_hour_ahead_until_a_time_daemon_has_set_it(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed, HOUR, "no");
    assert_string_equal(wall_status(testbed, "clock"), "unproven");
    he_is_inside_twice(testbed, "tag-1");
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1); // from his second ping on
    assert_true(testbed_metric(testbed, CLASS("new")) == 1);
    wall_set(testbed, 0);
    wall_say(testbed, "yes");
    wall_was_set(testbed);
    wall_await_status(testbed, "clock", "synchronised");
    our_time_is_right(testbed, 15);
    assert_true(testbed_metric(testbed, "breachd_clock_moves_total") == 1);
    assert_true(testbed_metric(testbed, "breachd_clock_doubted") == 0);
    nothing_fired_by_the_leap(testbed);
    testbed_ping(testbed, "tag-1", 30, 10);
    wall_sleep(testbed, 30);
    testbed_ping(testbed, "tag-1", 45, 300);
    testbed_ping(testbed, "tag-1", 60, 600);
    assert_true(testbed_metric(testbed, CLASS("late")) == 1); // the first of all
    assert_non_null(strstr(testbed_story(testbed), "cleared A/home/"));
    the_newest_is_of_now(testbed, 30);
    wall_close_agreeing(testbed);
}

/* Nobody ever says that it is right, nobody sets it: she is told all the same. */
static void an_hour_ahead_for_ever(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed, HOUR, "no");
    he_is_inside_twice(testbed, "tag-1");
    wall_await_status(testbed, "clock",
                      "in doubt: the kernel's clock is not synchronised, and the");
    testbed_await_code(testbed, "/readyz", 200);
    testbed_await_note(testbed, "STATUS=watching; the clock is in doubt");
    testbed_await_metric(testbed, ALERTS("clock"), 1);
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1);
    assert_true(testbed_metric(testbed, "breachd_clock_doubted") == 1);
    wall_close_agreeing(testbed);
}

/* Three respondents, and one whose device lies: his phone says 1970, over and over. */
static void three_respondents_right_what_nobody_sets(void **state)
{
    struct testbed *testbed = *state;
    static const char *const tags[] = { "tag-1", "tag-2", "tag-3" };

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    testbed_order(testbed, "D", "tag-4", 14000, 200, "");
    open_the_testbed(testbed, -HOUR, "no");
    for (int second = 0; second < 30; second += 15) {
        wall_sleep(testbed, second);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(testbed_ping(testbed, tags[i], second, -900), 200);
        for (int i = 0; i < 40; i++)
            testbed_ping(testbed, "tag-4", -(int)(testbed->base / 2) + i, -3000);
    }
    wall_await_status(testbed, "clock", "agreed");
    our_time_is_right(testbed, 15);
    nothing_fired_by_the_leap(testbed);
    for (int second = 30; second < 120; second += 15) {
        wall_sleep(testbed, second);
        testbed_ping(testbed, "tag-1", second, second / 10);
    }
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1);
    the_newest_is_of_now(testbed, 105);
    wall_close_agreeing(testbed);
}

/* The orders of today are in force though the wall says 1970, and one device says so too. */
static void in_1970_with_one_who_says_that_it_is(void **state)
{
    struct testbed *testbed = *state;
    int64_t past = -(int64_t)time(NULL) + 60;

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    open_the_testbed(testbed, past, "no");
    assert_memory_equal(wall_status(testbed, "now"), "2025-01-01", 10);
    wall_await_status(testbed, "clock", "in doubt: the clock on the wall is");
    for (int i = 0; i < 100; i++)
        testbed_ping(testbed, "tag-2", (int)past + i, -3000);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-1", 15, 10);
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1);
    wall_set(testbed, 0); // by hand: followed, as nobody stands for 1970
    wall_was_set(testbed);
    // While what was said before is not on disk yet, the look waits: for a second at the most.
    wall_await_status(testbed, "clock", "in doubt: the clock on the wall was set");
    our_time_is_right(testbed, 0);
    nothing_fired_by_the_leap(testbed);
    testbed_await_metric(testbed, ALERTS("clock"), 2); // of breachd's clock; of no device's
    wall_sleep(testbed, 30);
    testbed_ping(testbed, "tag-1", 30, 300);
    testbed_ping(testbed, "tag-1", 45, 600);
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    assert_non_null(strstr(testbed_story(testbed), "cleared A/home/1/2\n"));
    the_newest_is_of_now(testbed, 30);
    wall_close_agreeing(testbed);
}

/* A breach that began while the clock was a day behind is no day old when it is set. */
static void a_day_behind_and_set_right(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed, -24 * HOUR, "no");
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-1", 15, 10);
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1);
    wall_set(testbed, 0);
    wall_say(testbed, "yes");
    wall_was_set(testbed);
    wall_await_status(testbed, "clock", "synchronised");
    a_second_passes(testbed);
    nothing_fired_by_the_leap(testbed);
    testbed_await_log(testbed, "clock: our time has moved 1 d 0 h ahead");
    testbed_kill(testbed); // what was moved is on disk: a start finds nobody silent for a day
    testbed_start(testbed, NULL);
    assert_true(testbed_metric(testbed, ALERTS("silent")) == 0);
    assert_true(testbed_metric(testbed, "breachd_incidents_open") == 1);
    wall_close_agreeing(testbed);
}

/* A life by a clock a year ahead wrote the ledger; this one is right, and nobody stands for it. */
static void the_ledger_was_a_year_ahead(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed, YEAR, "no");
    testbed_ping(testbed, "tag-1", 0, 10);
    wall_sleep(testbed, 15);
    testbed_ping(testbed, "tag-1", 15, 10);
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1);
    // Of the device, a year old at its first ping, and of ours: a second has passed, and is in the
    // mark of life.
    testbed_await_metric(testbed, ALERTS("clock"), 2);
    testbed_kill(testbed);
    wall_set(testbed, 0);
    testbed_start(testbed, NULL);
    wall_await_status(testbed, "clock", "in doubt: the clock on the wall is");
    wall_was_set(testbed); // to what it says already: whoever sets it stands for it
    wall_await_status(testbed, "clock", "in doubt: the clock on the wall was set");
    our_time_is_right(testbed, 15);
    nothing_fired_by_the_leap(testbed);
    wall_sleep(testbed, 30);
    testbed_ping(testbed, "tag-1", 30, 300);
    testbed_ping(testbed, "tag-1", 45, 600);
    assert_true(testbed_metric(testbed, CLASS("late")) == 0);
    assert_true(testbed_metric(testbed, ALERTS("cleared")) == 1);
    the_newest_is_of_now(testbed, 30);
    wall_close_agreeing(testbed);
}

static void the_kernel_beats_a_ledger_that_was_a_year_ahead(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed, YEAR, "no");
    testbed_ping(testbed, "tag-1", 0, 10);
    wall_sleep(testbed, 15);
    testbed_ping(testbed, "tag-1", 15, 10);
    testbed_kill(testbed);
    wall_set(testbed, 0);
    wall_say(testbed, "yes");
    testbed_start(testbed, NULL);
    assert_string_equal(wall_status(testbed, "clock"), "synchronised");
    wall_sleep(testbed, 30);
    testbed_ping(testbed, "tag-1", 30, 300);
    testbed_ping(testbed, "tag-1", 45, 600);
    assert_true(testbed_metric(testbed, CLASS("late")) == 0);
    assert_true(testbed_metric(testbed, ALERTS("cleared")) == 1);
    the_newest_is_of_now(testbed, 30);
    wall_close_agreeing(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(an_hour_ahead_until_a_time_daemon_has_set_it),
        testbed_test(an_hour_ahead_for_ever),
        testbed_test(three_respondents_right_what_nobody_sets),
        testbed_test(in_1970_with_one_who_says_that_it_is),
        testbed_test(a_day_behind_and_set_right),
        testbed_test(the_ledger_was_a_year_ahead),
        testbed_test(the_kernel_beats_a_ledger_that_was_a_year_ahead),
    };

    return cmocka_run_group_tests_name("clock_wrong", tests, NULL, NULL);
}
