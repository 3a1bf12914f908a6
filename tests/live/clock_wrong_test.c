/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock on the wall is wrong when breachd starts, and may be set right: no breach is lost, none
 * becomes a matter of the past, and nothing fires because the time leapt.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "support/house.h"
#include "support/test.h"
#include "wall.h"

#define TOLD(type)  "breachd_alerts_total{type=\"" type "\"}"
#define CLASS(name) "breachd_pings_total{class=\"" name "\"}"

static void open_the_house(struct house *house, int64_t ahead, const char *kernel)
{
    house_set(house, "breachd.conf", "alerts", "silent-after", "15m");
    house_set(house, "breachd.conf", "alerts", "remind", "5m");
    house_order(house, "A", "tag-1", 0, 200, "");
    wall_open(house, ahead, kernel);
}

/* Ten seconds and more lie between the two: what he says is then a vote. */
static void he_is_inside_twice(struct house *house, const char *device)
{
    assert_int_equal(house_ping(house, device, 0, 10), 200);
    wall_sleep(house, 15);
    assert_int_equal(house_ping(house, device, 15, 12), 200);
}

static void nothing_fired_by_the_leap(struct house *house)
{
    assert_true(house_metric(house, TOLD("silent")) == 0);
    assert_true(house_metric(house, TOLD("escalated")) == 0);
    assert_true(house_metric(house, TOLD("cleared")) == 0);
}

static void our_time_is_right(struct house *house, int slept)
{
    json_t *status;

    assert_int_equal(house_get(house, "/v1/status"), 200);
    status = house_json(house);
    wall_is_of_now(status, "now", slept);
    json_decref(status);
}

static void the_newest_is_of_now(struct house *house, int slept)
{
    const json_t *newest;

    house_gather(house);
    newest = json_array_get(house->alerts, json_array_size(house->alerts) - 1);
    wall_is_of_now(newest, "time", slept);
    wall_is_of_now(newest, "data.received", slept);
}

/* That of a synchronised clock: in each second time is looked at first, and then the wall. */
static void a_second_passes(struct house *house)
{
    wall_say(house, "no");
    wall_await_status(house, "clock", "counted");
    wall_set(house, 3 * HOUR);
    house_await_metric(house, "breachd_clock_jumps_total", 1);
    wall_set(house, 0);
    house_await_metric(house, "breachd_clock_apart_seconds", 0);
}

/* What was judged in doubt, and what moved, is in the evidence: a court gets the same alerts. */
static void end_well(struct house *house)
{
    struct path ledger = house_path(house, "ledger.db");

    assert_int_equal(house_ctl(house, "verify", "--ledger", ledger.text, NULL), 0);
    if (house_ctl(house, "replay", "--ledger", ledger.text, NULL) != 0)
        fail_msg("judged again otherwise: %s%s", house_ctl_said(house),
                 house_ctl_complained(house));
    house_close(house);
}

/* As after a boot with a real time clock that is in local time: a day with one hour too much. */
static void an_hour_ahead_until_a_time_daemon_has_set_it(void **state)
{
    struct house *house = *state;

    open_the_house(house, HOUR, "no");
    assert_string_equal(wall_status(house, "clock"), "unproven");
    he_is_inside_twice(house, "tag-1");
    assert_true(house_metric(house, TOLD("breach")) == 1); // from his second ping on
    assert_true(house_metric(house, CLASS("new")) == 1);
    wall_set(house, 0);
    wall_say(house, "yes");
    wall_was_set(house);
    wall_await_status(house, "clock", "synchronised");
    our_time_is_right(house, 15);
    assert_true(house_metric(house, "breachd_clock_moves_total") == 1);
    assert_true(house_metric(house, "breachd_clock_doubted") == 0);
    nothing_fired_by_the_leap(house);
    house_ping(house, "tag-1", 30, 10);
    house_ping(house, "tag-1", 45, 300);
    house_ping(house, "tag-1", 60, 600);
    assert_true(house_metric(house, CLASS("late")) == 1); // the first of all
    assert_non_null(strstr(house_story(house), "cleared A/home/"));
    the_newest_is_of_now(house, 15);
    end_well(house);
}

/* Nobody ever says that it is right, nobody sets it: she is told all the same. */
static void an_hour_ahead_for_ever(void **state)
{
    struct house *house = *state;

    open_the_house(house, HOUR, "no");
    he_is_inside_twice(house, "tag-1");
    wall_await_status(house, "clock", "in doubt: the kernel's clock is not synchronised, and the");
    house_await_code(house, "/readyz", 200);
    house_await_note(house, "STATUS=watching; the clock is in doubt");
    house_await_metric(house, TOLD("clock"), 1);
    assert_true(house_metric(house, TOLD("breach")) == 1);
    assert_true(house_metric(house, "breachd_clock_doubted") == 1);
    end_well(house);
}

/* Three respondents, and one whose device lies: his phone says 1970, over and over. */
static void three_respondents_right_what_nobody_sets(void **state)
{
    struct house *house = *state;
    static const char *const tags[] = { "tag-1", "tag-2", "tag-3" };

    house_order(house, "B", "tag-2", 5000, 200, "");
    house_order(house, "C", "tag-3", 9000, 200, "");
    house_order(house, "D", "tag-4", 14000, 200, "");
    open_the_house(house, -HOUR, "no");
    for (int second = 0; second < 30; second += 15) {
        wall_sleep(house, second);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(house_ping(house, tags[i], second, -900), 200);
        for (int i = 0; i < 40; i++)
            house_ping(house, "tag-4", -(int)(house->base / 2) + i, -3000);
    }
    wall_await_status(house, "clock", "agreed");
    our_time_is_right(house, 15);
    nothing_fired_by_the_leap(house);
    for (int second = 30; second < 90; second += 15)
        house_ping(house, "tag-1", second, 10);
    assert_true(house_metric(house, TOLD("breach")) == 1);
    the_newest_is_of_now(house, 15);
    end_well(house);
}

/* The orders of today are in force though the wall says 1970, and one device says so too. */
static void in_1970_with_one_who_says_that_it_is(void **state)
{
    struct house *house = *state;
    int64_t past = -(int64_t)time(NULL) + 60;

    house_order(house, "B", "tag-2", 5000, 200, "");
    open_the_house(house, past, "no");
    assert_memory_equal(wall_status(house, "now"), "2025-01-01", 10);
    wall_await_status(house, "clock", "in doubt: the clock on the wall is");
    for (int i = 0; i < 100; i++)
        house_ping(house, "tag-2", (int)past + i, -3000);
    house_ping(house, "tag-1", 0, 10);
    house_ping(house, "tag-1", 15, 10);
    assert_true(house_metric(house, TOLD("breach")) == 1);
    wall_set(house, 0); // by hand: followed, as nobody stands for 1970
    wall_was_set(house);
    // While what was said before is not on disk yet, the look waits: for a second at the most.
    wall_await_status(house, "clock", "in doubt: the clock on the wall was set");
    our_time_is_right(house, 0);
    nothing_fired_by_the_leap(house);
    house_await_metric(house, TOLD("clock"), 2); // of breachd's clock; of no device's
    house_ping(house, "tag-1", 30, 300);
    house_ping(house, "tag-1", 45, 600);
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    assert_non_null(strstr(house_story(house), "cleared A/home/1/2\n"));
    the_newest_is_of_now(house, 0);
    end_well(house);
}

/* A breach that began while the clock was a day behind is no day old when it is set. */
static void a_day_behind_and_set_right(void **state)
{
    struct house *house = *state;

    open_the_house(house, -24 * HOUR, "no");
    house_ping(house, "tag-1", 0, 10);
    house_ping(house, "tag-1", 15, 10);
    assert_true(house_metric(house, TOLD("breach")) == 1);
    wall_set(house, 0);
    wall_say(house, "yes");
    wall_was_set(house);
    wall_await_status(house, "clock", "synchronised");
    a_second_passes(house);
    nothing_fired_by_the_leap(house);
    house_await_log(house, "clock: our time has moved 1 d 0 h ahead");
    house_kill(house); // what was moved is on disk: a start finds nobody silent for a day
    house_start(house, NULL);
    assert_true(house_metric(house, TOLD("silent")) == 0);
    assert_true(house_metric(house, "breachd_incidents_open") == 1);
    end_well(house);
}

/* A life by a clock a year ahead wrote the ledger; this one is right, and nobody stands for it. */
static void the_ledger_was_a_year_ahead(void **state)
{
    struct house *house = *state;

    open_the_house(house, YEAR, "no");
    house_ping(house, "tag-1", 0, 10);
    wall_sleep(house, 15);
    house_ping(house, "tag-1", 15, 10);
    assert_true(house_metric(house, TOLD("breach")) == 1);
    // Of the device, a year old at its first ping, and of ours: a second has passed, and is in the
    // mark of life.
    house_await_metric(house, TOLD("clock"), 2);
    house_kill(house);
    wall_set(house, 0);
    house_start(house, NULL);
    wall_await_status(house, "clock", "in doubt: the clock on the wall is");
    wall_was_set(house); // to what it says already: whoever sets it stands for it
    wall_await_status(house, "clock", "in doubt: the clock on the wall was set");
    our_time_is_right(house, 15);
    nothing_fired_by_the_leap(house);
    house_ping(house, "tag-1", 30, 300);
    house_ping(house, "tag-1", 45, 600);
    assert_true(house_metric(house, CLASS("late")) == 0);
    assert_true(house_metric(house, TOLD("cleared")) == 1);
    the_newest_is_of_now(house, 15);
    end_well(house);
}

static void the_kernel_beats_a_ledger_that_was_a_year_ahead(void **state)
{
    struct house *house = *state;

    open_the_house(house, YEAR, "no");
    house_ping(house, "tag-1", 0, 10);
    wall_sleep(house, 15);
    house_ping(house, "tag-1", 15, 10);
    house_kill(house);
    wall_set(house, 0);
    wall_say(house, "yes");
    house_start(house, NULL);
    assert_string_equal(wall_status(house, "clock"), "synchronised");
    house_ping(house, "tag-1", 30, 300);
    house_ping(house, "tag-1", 45, 600);
    assert_true(house_metric(house, CLASS("late")) == 0);
    assert_true(house_metric(house, TOLD("cleared")) == 1);
    the_newest_is_of_now(house, 15);
    end_well(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(an_hour_ahead_until_a_time_daemon_has_set_it),
        house_test(an_hour_ahead_for_ever),
        house_test(three_respondents_right_what_nobody_sets),
        house_test(in_1970_with_one_who_says_that_it_is),
        house_test(a_day_behind_and_set_right),
        house_test(the_ledger_was_a_year_ahead),
        house_test(the_kernel_beats_a_ledger_that_was_a_year_ahead),
    };

    return cmocka_run_group_tests_name("clock_wrong", tests, NULL, NULL);
}
