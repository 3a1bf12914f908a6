/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 and start again: nothing acknowledged is lost, nothing is told twice. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/instant.h"
#include "support/house.h"
#include "support/test.h"

#define ROUNDS 8

static void the_next_ping_inside_repeats_no_breach(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_expect(house, "breach A/home/1/1\n");
    house_kill(house);
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-1", 15, 12), 200);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void leaving_after_a_restart_clears_the_same_incident(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_kill(house);
    house_start(house, NULL);
    house_ping(house, "tag-1", 300, 900);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
    house_close(house);
}

static void the_same_ping_after_a_restart_says_nothing(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 900);
    house_ping(house, "tag-1", 300, 10);
    house_kill(house);
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 200);
    assert_int_equal(house_ping(house, "tag-1", 0, 900), 200);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void incidents_count_on_after_a_restart(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_ping(house, "tag-1", 100, 900);
    house_kill(house);
    house_start(house, NULL);
    house_ping(house, "tag-1", 200, 10);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\nbreach A/home/2/1\n");
    house_close(house);
}

/* The kill follows the answer at once, when the alert may or may not have reached Redis. */
static void killed_after_each_answer_it_tells_everything_once(void **state)
{
    struct house *house = *state;
    char want[ROUNDS * 32] = "";

    house_open(house, "", NULL);
    for (int i = 0; i < ROUNDS; i++) {
        bool inside = i % 2 == 0;

        assert_int_equal(house_ping(house, "tag-1", 60 * i, inside ? 10 : 900), 200);
        house_kill(house);
        house_start(house, NULL);
        snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s A/home/%d/%d\n",
                 inside ? "breach" : "cleared", i / 2 + 1, inside ? 1 : 2);
    }
    house_expect(house, want);
    house_close(house);
}

static void a_zone_changed_while_it_was_down_is_judged_at_the_start(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 800, 10);
    house_kill(house);
    house_order(house, "A", "tag-1", 5000, 200, "");
    house_start(house, NULL);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    house_close(house);
}

static void sigterm_then_start_forgets_nothing(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_close(house);
    house_start(house, NULL);
    house_ping(house, "tag-1", 15, 20);
    house_ping(house, "tag-1", 300, 900);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    house_close(house);
}

/* Alert number `nth` of the stream, from 0: its type, and where in [from, until] its time lies. */
static void expect_site_alert(struct house *house, size_t nth, const char *type, int64_t from,
                              int64_t until)
{
    const json_t *alert = json_array_get(house->alerts, nth);
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
    struct house *house = *state;
    int64_t started, killed, up;

    house_open(house, "", NULL);
    house_await_metric(house, "breachd_alerts_total{type=\"blind\"}", 0); // a first start is none
    started = wall_ms();
    house_kill(house);
    killed = wall_ms();
    house_start(house, NULL);
    up = wall_ms();
    house_await_metric(house, "breachd_alerts_total{type=\"sighted\"}", 1);
    assert_int_equal(house_gather(house), 2);
    expect_site_alert(house, 0, "breachd.blind", started - 5000, killed);
    expect_site_alert(house, 1, "breachd.sighted", killed, up);
    assert_string_equal(alert_text(json_array_get(house->alerts, 0), "data.severity"), "critical");
    assert_non_null(strstr(alert_text(json_array_get(house->alerts, 1), "data.reason"),
                           "nobody watched from "));
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);

    house_close(house); // by SIGTERM this time
    house_start(house, NULL);
    house_await_metric(house, "breachd_alerts_total{type=\"sighted\"}", 1);
    assert_int_equal(house_gather(house), 4);
    expect_site_alert(house, 2, "breachd.blind", up - 1000, wall_ms());
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(the_next_ping_inside_repeats_no_breach),
        house_test(leaving_after_a_restart_clears_the_same_incident),
        house_test(the_same_ping_after_a_restart_says_nothing),
        house_test(incidents_count_on_after_a_restart),
        house_test(killed_after_each_answer_it_tells_everything_once),
        house_test(a_zone_changed_while_it_was_down_is_judged_at_the_start),
        house_test(sigterm_then_start_forgets_nothing),
        house_test(after_any_stop_it_tells_from_when_to_when_nobody_watched),
    };

    return cmocka_run_group_tests_name("restart", tests, NULL, NULL);
}
