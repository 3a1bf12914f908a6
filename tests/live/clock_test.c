/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock on the wall jumps by hours while breachd runs (libfaketime; the monotonic clock is left
 * alone): no breach is lost, none invented, none told at a wrong time, and time-outs go on.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/house.h"
#include "support/test.h"

static char preload[512], file[300], options[256];

static void set_wall(const struct house *house, const char *offset)
{
    // Not in place: breachd may be reading it.
    house_print(house, "wall.new", "%s\n", offset);
    assert_int_equal(rename(house_path(house, "wall.new").text, house_path(house, "wall").text), 0);
}

static void open_the_house(struct house *house)
{
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", FAKETIME_LIBRARY);
    snprintf(file, sizeof file, "FAKETIME_TIMESTAMP_FILE=%s", house_path(house, "wall").text);
    snprintf(options, sizeof options, "ASAN_OPTIONS=verify_asan_link_order=0");
    house_environment(house, preload);
    house_environment(house, file);
    house_environment(house, "FAKETIME_NO_CACHE=1");
    house_environment(house, "FAKETIME_DONT_FAKE_MONOTONIC=1");
    house_environment(house, options);
    set_wall(house, "+0");
    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, "");
    house->base = time(NULL); // the pings are of now, as their satellites know it
    house_start(house, NULL);
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

static void is_of_now(const json_t *json, const char *path)
{
    int64_t off = instant_at(json, path) - time(NULL) * 1000LL;

    if (llabs(off) > 120000)
        fail_msg("%s is off by %" PRId64 " s", path, off / 1000);
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
static void a_jump_changes_no_judgement(struct house *house, const char *offset)
{
    const json_t *alert;
    size_t i;

    open_the_house(house);
    set_wall(house, offset);
    await_jumps(house, 1);
    he_comes_and_goes(house);
    house_expect(house, "clock clock/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    json_array_foreach(house->alerts, i, alert)
    {
        is_of_now(alert, "time");
        is_of_now(alert, "data.received");
    }
    assert_true(house_metric(house, "breachd_pings_total{class=\"new\"}") == 4);
    assert_true(house_metric(house, "breachd_pings_total{class=\"future\"}") == 0);
    assert_true(house_metric(house, "breachd_pings_total{class=\"late\"}") == 0);
    house_close(house);
}

static void a_jump_ahead_changes_no_judgement(void **state)
{
    a_jump_changes_no_judgement(*state, "+3h");
}

static void a_jump_back_changes_no_judgement(void **state)
{
    a_jump_changes_no_judgement(*state, "-3h");
}

/* Before anybody could have noticed: the pings come at once. */
static void not_even_in_the_second_of_the_jump(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    set_wall(house, "+3h");
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    set_wall(house, "-3h");
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
    set_wall(house, "+3h");
    await_jumps(house, 1);
    assert_true(house_metric(house, "breachd_clock_apart_seconds") > 3 * 3600 - 60);
    set_wall(house, "+0");
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
    set_wall(house, "-3h");
    await_jumps(house, 1);
    house_await_metric(house, "breachd_alerts_total{type=\"clock\"}", 1);
    house_kill(house);
    set_wall(house, "+0");
    house_start(house, NULL);
    assert_true(house_metric(house, "breachd_clock_apart_seconds") == 0);
    set_wall(house, "-3h");
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
    set_wall(house, "-3h");
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

        set_wall(house, i % 2 == 0 ? "-5h" : "+5h");
        assert_int_equal(redisGetReply(ear, &beat), REDIS_OK);
        said = json_loads(((redisReply *)beat)->element[2]->str, 0, NULL);
        is_of_now(said, "time");
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
