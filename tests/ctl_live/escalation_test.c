/* SPDX-License-Identifier: Apache-2.0 */
/* A critical alert that nobody takes is told again, and again, and then no more. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

/* In a rehearsal the clock is the pings': tag-2, which is nowhere, moves it. */
static void open_at_a_minute(struct house *house)
{
    house_set(house, "breachd.conf", "alerts", "remind", "60s");
    house_set(house, "breachd.conf", "detect", "update", "24h");
    house_set(house, "breachd.conf", "alerts", "silent-after", "30d"); // silence is another story
    house_set(house, "breachd.conf", "detect", "silent-least", "24h");
    house_order(house, "B", "tag-2", 50000, 200, "");
    ctl_live_open(house, "--rehearse");
}

static void it_is(struct house *house, int second)
{
    assert_int_equal(house_ping(house, "tag-2", second, 9000), 200);
}

static void after_once_twice_and_four_times_remind(void **state)
{
    static const struct {
        int second;
        const char *story;
    } hours[] = {
        { 359, "breach A/home/1/1\n" },
        { 360, "breach A/home/1/1\nescalated A/home/1/desk/1\n" },
        { 419, "breach A/home/1/1\nescalated A/home/1/desk/1\n" },
        { 420, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n" },
        { 539, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n" },
        { 540, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n"
               "escalated A/home/1/desk/3\n" },
        { 80000, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n"
                 "escalated A/home/1/desk/3\n" },
    };
    struct house *house = *state;
    const json_t *last;

    open_at_a_minute(house);
    ctl_live_breach(house);
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        it_is(house, hours[i].second);
        house_expect(house, hours[i].story);
    }
    last = json_array_get(house->alerts, 3);
    assert_string_equal(alert_text(last, "data.severity"), "critical");
    assert_non_null(strstr(alert_text(last, "data.reason"), "nobody has taken it for 4 min"));
    ctl_fixture_agrees(house);
    house_close(house);
}

static void who_is_taken_is_not_chased(void **state)
{
    struct house *house = *state;

    open_at_a_minute(house);
    ctl_live_breach(house);
    it_is(house, 360);
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    it_is(house, 9000);
    house_expect(house, "breach A/home/1/1\nescalated A/home/1/desk/1\nacked A/home/1/desk/2\n");
    house_close(house);
}

static void what_is_over_is_chased_and_stays_over(void **state)
{
    struct house *house = *state;

    open_at_a_minute(house);
    ctl_live_breach(house);
    assert_int_equal(house_ping(house, "tag-1", 330, 300), 200);
    it_is(house, 360);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\nescalated A/home/1/desk/1\n");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
    house_close(house);
}

static void a_kill_forgets_no_reminder(void **state)
{
    struct house *house = *state;

    open_at_a_minute(house);
    ctl_live_breach(house);
    it_is(house, 360);
    house_expect(house, "breach A/home/1/1\nescalated A/home/1/desk/1\n");
    house_kill(house);
    house_start(house, "--rehearse", NULL);
    it_is(house, 419);
    house_expect(house, "breach A/home/1/1\nescalated A/home/1/desk/1\n");
    it_is(house, 420);
    house_expect(house,
                 "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n");
    ctl_fixture_agrees(house);
    house_close(house);
}

static void an_approach_is_not_chased(void **state)
{
    struct house *house = *state;

    open_at_a_minute(house);
    house_order(house, "A", "tag-1", 0, 200, "warn = 800 m\n");
    house_reload(house);
    assert_int_equal(house_ping(house, "tag-1", 0, 900), 200);
    assert_int_equal(house_ping(house, "tag-1", 120, 700), 200);
    it_is(house, 9000);
    house_expect(house, "approach A/home/1/1\n");
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(after_once_twice_and_four_times_remind),
        house_test(who_is_taken_is_not_chased),
        house_test(what_is_over_is_chased_and_stays_over),
        house_test(a_kill_forgets_no_reminder),
        house_test(an_approach_is_not_chased),
    };

    return cmocka_run_group_tests_name("escalation", tests, NULL, NULL);
}
