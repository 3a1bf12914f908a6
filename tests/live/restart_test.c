/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 and start again: nothing acknowledged is lost, nothing is told twice. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/instant.h"
#include "support/test.h"
#include "support/testbed.h"

#define ROUNDS 8

static void the_next_ping_inside_repeats_no_breach(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 15, 12), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void leaving_after_a_restart_clears_the_same_incident(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 300, 900);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    testbed_close(testbed);
}

static void the_same_ping_after_a_restart_says_nothing(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_ping(testbed, "tag-1", 300, 10);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void incidents_count_on_after_a_restart(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-1", 400, 900);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 800, 10);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\nbreach A/home/2/1\n");
    testbed_close(testbed);
}

/* The kill follows the answer at once, when the alert may or may not have reached Redis. */
static void killed_after_each_answer_it_tells_everything_once(void **state)
{
    struct testbed *testbed = *state;
    char want[ROUNDS * 32] = "";

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    for (int i = 0; i < ROUNDS; i++) {
        bool inside = i % 2 == 0;

        assert_int_equal(testbed_ping(testbed, "tag-1", 220 * i, inside ? 10 : 500), 200);
        testbed_kill(testbed);
        testbed_start(testbed, NULL);
        snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s A/home/%d/%d\n",
                 inside ? "breach" : "cleared", i / 2 + 1, inside ? 1 : 2);
    }
    testbed_expect(testbed, want);
    testbed_close(testbed);
}

static void a_zone_changed_while_it_was_down_is_judged_at_the_start(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 800, 10);
    testbed_kill(testbed);
    testbed_order(testbed, "A", "tag-1", 5000, 200, "");
    testbed_start(testbed, NULL);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    testbed_close(testbed);
}

static void sigterm_then_start_forgets_nothing(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_close(testbed);
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 15, 20);
    testbed_ping(testbed, "tag-1", 600, 900);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    testbed_close(testbed);
}

/* Alert number `nth` of the stream, from 0: its type, and where in [from, until] its time lies. */
static void expect_site_alert(struct testbed *testbed, size_t nth, const char *type, int64_t from,
                              int64_t until)
{
    const json_t *alert = json_array_get(testbed->alerts, nth);
    struct utc time;

    assert_string_equal(alert_text(alert, "type"), type);
    assert_string_equal(alert_text(alert, "subject"), "essex");
    assert_true(utc_parse(alert_text(alert, "time"), &time));
    assert_in_range(time.ms, from, until);
}

static int64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The mark of life is renewed once a second, so the gap may be told that much too long. */
static void after_any_stop_it_tells_from_when_to_when_nobody_watched(void **state)
{
    struct testbed *testbed = *state;
    int64_t started, killed, up;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"blind\"}",
                         0); // a first start is none
    started = wall_ms();
    testbed_kill(testbed);
    killed = wall_ms();
    testbed_start(testbed, NULL);
    up = wall_ms();
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"sighted\"}", 1);
    assert_int_equal(testbed_gather(testbed), 2);
    expect_site_alert(testbed, 0, "breachd.blind", started - 5000, killed);
    expect_site_alert(testbed, 1, "breachd.sighted", killed, up);
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 0), "data.severity"),
                        "critical");
    assert_non_null(strstr(alert_text(json_array_get(testbed->alerts, 1), "data.reason"),
                           "nobody watched for "));
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);

    testbed_close(testbed); // by SIGTERM this time
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"sighted\"}", 1);
    assert_int_equal(testbed_gather(testbed), 4);
    expect_site_alert(testbed, 2, "breachd.blind", up - 1000, wall_ms());
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_next_ping_inside_repeats_no_breach),
        testbed_test(leaving_after_a_restart_clears_the_same_incident),
        testbed_test(the_same_ping_after_a_restart_says_nothing),
        testbed_test(incidents_count_on_after_a_restart),
        testbed_test(killed_after_each_answer_it_tells_everything_once),
        testbed_test(a_zone_changed_while_it_was_down_is_judged_at_the_start),
        testbed_test(sigterm_then_start_forgets_nothing),
        testbed_test(after_any_stop_it_tells_from_when_to_when_nobody_watched),
    };

    return cmocka_run_group_tests_name("restart", tests, NULL, NULL);
}
