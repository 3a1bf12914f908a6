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

#include "support/house.h"
#include "support/test.h"
#include "wall.h"

/* It was right once, by a time daemon's word, and is not looked after any more. */
static void open_the_house(struct house *house)
{
    house_order(house, "A", "tag-1", 0, 200, "");
    wall_open(house, 0, "once");
}

static void await_jumps(struct house *house, int n)
{
    house_await_metric(house, "breachd_clock_jumps_total", n);
}

/* Milliseconds since 1970 of a member. */
static int64_t instant_at(const json_t *json, const char *path)
{
    struct tm tm = { 0 };

    assert_non_null(strptime(alert_text(json, path), "%Y-%m-%dT%H:%M:%S", &tm));
    return timegm(&tm) * 1000LL;
}

/* In, on, and out, after the jump. */
static void he_comes_and_goes(struct house *house)
{
    assert_int_equal(house_ping(house, "tag-1", 0, 250), 200);
    assert_int_equal(house_ping(house, "tag-1", 15, 10), 200);
    assert_int_equal(house_ping(house, "tag-1", 30, 12), 200);
    assert_int_equal(house_ping(house, "tag-1", 60, 300), 200);
}

/* As if there had been none. */
static void a_jump_changes_no_judgement(struct house *house, int64_t offset)
{
    const json_t *alert;
    size_t i;

    open_the_house(house);
    wall_set(house, offset);
    await_jumps(house, 1);
    he_comes_and_goes(house);
    house_expect(house, "clock clock/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    json_array_foreach(house->alerts, i, alert)
    {
        wall_is_of_now(alert, "time", 0);
        wall_is_of_now(alert, "data.received", 0);
    }
    assert_true(house_metric(house, "breachd_pings_total{class=\"new\"}") == 4);
    assert_true(house_metric(house, "breachd_pings_total{class=\"future\"}") == 0);
    assert_true(house_metric(house, "breachd_pings_total{class=\"late\"}") == 0);
    house_close(house);
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
    struct house *house = *state;

    open_the_house(house);
    wall_set(house, 3 * HOUR);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    wall_set(house, -3 * HOUR);
    assert_int_equal(house_ping(house, "tag-1", 30, 300), 200);
    assert_true(house_metric(house, "breachd_pings_total{class=\"new\"}") == 2);
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    assert_non_null(strstr(house_story(house), "cleared A/home/1/2\n"));
    house_close(house);
}

static void it_is_told_with_by_how_much_and_when_it_is_over(void **state)
{
    struct house *house = *state;
    const json_t *jump, *back;

    open_the_house(house);
    wall_set(house, 3 * HOUR);
    await_jumps(house, 1);
    assert_true(house_metric(house, "breachd_clock_apart_seconds") > 3 * 3600 - 60);
    wall_set(house, 0);
    house_await_metric(house, "breachd_clock_apart_seconds", 0);
    house_await_log(house, "clock: the clock on the wall is right again");
    house_await_metric(house, "breachd_alerts_total{type=\"clock\"}", 2);
    house_expect(house, "clock clock/1\nclock clock/2\n");
    jump = json_array_get(house->alerts, 0);
    back = json_array_get(house->alerts, 1);
    assert_non_null(strstr(alert_text(jump, "data.reason"), "ahead"));
    assert_string_equal(alert_text(jump, "data.severity"), "warning");
    assert_string_equal(alert_text(back, "data.severity"), "info");
    assert_string_equal(alert_text(jump, "subject"), "essex");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
    house_close(house);
}

/* A restart has nothing but the wall; the numbers of its alerts go on. */
static void a_restart_believes_the_wall(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    wall_set(house, -3 * HOUR);
    await_jumps(house, 1);
    house_await_metric(house, "breachd_alerts_total{type=\"clock\"}", 1);
    house_kill(house);
    wall_set(house, 0);
    house_start(house, NULL);
    assert_true(house_metric(house, "breachd_clock_apart_seconds") == 0);
    wall_set(house, -3 * HOUR);
    await_jumps(house, 1);
    house_await_metric(house, "breachd_alerts_total{type=\"clock\"}", 1);
    house_expect(house, "clock clock/1\nclock clock/2\n");
    house_close(house);
}

/* An order that ends in two seconds ends then, and not when the wall says so. */
static void an_order_ends_when_it_ends(void **state)
{
    struct house *house = *state;
    char until[32];
    time_t end;
    const json_t *cleared;

    open_the_house(house);
    wall_set(house, -3 * HOUR);
    await_jumps(house, 1);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    end = time(NULL) + 2;
    strftime(until, sizeof until, "%Y-%m-%dT%H:%M:%SZ", gmtime(&end));
    house_set(house, "orders.d/A.conf", "order A", "until", until);
    house_reload(house);
    house_await_metric(house, "breachd_alerts_total{type=\"cleared\"}", 1);
    house_expect(house, "clock clock/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    cleared = json_array_get(house->alerts, 2);
    assert_int_equal(instant_at(cleared, "time"), end * 1000LL);
    house_close(house);
}

/* The heartbeat is a timer, its lapse a time-out: two more beats come whatever the wall does. */
static void timers_go_on(void **state)
{
    struct house *house = *state;
    redisContext *ear;

    open_the_house(house);
    ear = house_redis_connect(house);
    freeReplyObject(redisCommand(ear, "SUBSCRIBE {breachd}:heartbeat"));
    for (int i = 0; i < 4; i++) {
        void *beat = NULL;
        json_t *said;

        wall_set(house, i % 2 == 0 ? -5 * HOUR : 5 * HOUR);
        assert_int_equal(redisGetReply(ear, &beat), REDIS_OK);
        said = json_loads(((redisReply *)beat)->element[2]->str, 0, NULL);
        wall_is_of_now(said, "time", 0);
        json_decref(said);
        freeReplyObject(beat);
    }
    redisFree(ear);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_jump_ahead_changes_no_judgement),
        house_test(a_jump_back_changes_no_judgement),
        house_test(not_even_in_the_second_of_the_jump),
        house_test(it_is_told_with_by_how_much_and_when_it_is_over),
        house_test(a_restart_believes_the_wall),
        house_test(an_order_ends_when_it_ends),
        house_test(timers_go_on),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
