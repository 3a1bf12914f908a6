/* SPDX-License-Identifier: Apache-2.0 */
/* An output of breachd-relay that is down needs somebody, as its reports say, until they say up. */
#include <stdio.h>
#include <string.h>

#include "live/todo.h"
#include "support/test.h"
#include "support/testbed.h"

#define TROUBLES "breachd_alerts_total{type=\"trouble\"}"
#define MENDED   "breachd_alerts_total{type=\"mended\"}"

static void report(struct testbed *testbed, const char *what, const char *of, const char *why)
{
    freeReplyObject(testbed_redis(
        testbed, "XADD {breachd}:reports * program breachd-relay what %s of %s why %s", what, of,
        why));
}

static void await_says(struct testbed *testbed, const char *incident, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    for (;;) {
        redisReply *row = testbed_redis(testbed, "HGET {breachd}:todo %s", incident);
        bool says = row->type == REDIS_REPLY_STRING && strstr(row->str, text) != NULL;

        freeReplyObject(row);
        if (says)
            return;
        if (now_ms() > deadline)
            fail_msg("%s does not come to say: %s", incident, text);
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS {breachd}:nothing $"));
    }
}

static void open_with(struct testbed *testbed)
{
    testbed_open(testbed, "", NULL);
}

static void what_is_down_stands_there_until_it_is_up(void **state)
{
    struct testbed *testbed = *state;

    open_with(testbed);
    report(testbed, "started", "", "");
    report(testbed, "down", "arc-1", "connection refused");
    testbed_await_metric(testbed, TROUBLES, 1);
    testbed_expect(testbed, "trouble outputs/1/1\n");
    todo_assert_says(testbed, "outputs/1", "\"severity\":\"high\"");
    todo_assert_says(testbed, "outputs/1", "\"cause\":\"outputs\"");
    todo_assert_says(
        testbed, "outputs/1",
        "\"reason\":\"output arc-1 is down (connection refused): what happens is not told "
        "there\"");
    assert_false(todo_has(testbed, "open", "outputs/1"));
    report(testbed, "down", "wall", "");
    testbed_await_metric(testbed, TROUBLES, 2);
    testbed_expect(testbed, "trouble outputs/1/1\ntrouble outputs/1/2\n");
    todo_assert_says(testbed, "outputs/1", "outputs arc-1, wall are down");
    report(testbed, "up", "arc-1", "");
    testbed_await_metric(testbed, TROUBLES, 3);
    report(testbed, "up", "wall", "");
    testbed_await_metric(testbed, MENDED, 1);
    testbed_expect(testbed, "trouble outputs/1/1\ntrouble outputs/1/2\ntrouble outputs/1/3\n"
                            "mended outputs/1/4\n");
    assert_false(todo_has(testbed, "todo", "outputs/1"));
    report(testbed, "down", "wall", "");
    testbed_await_metric(testbed, TROUBLES, 4);
    assert_true(todo_has(testbed, "todo", "outputs/2"));
    testbed_close(testbed);
}

/* breachd does not run while it goes down, nor while it comes back. */
static void what_was_reported_meanwhile_is_read_at_a_start(void **state)
{
    struct testbed *testbed = *state;

    open_with(testbed);
    testbed_kill(testbed);
    report(testbed, "down", "arc-1", "");
    report(testbed, "down", "wall", "");
    report(testbed, "up", "wall", "");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, TROUBLES, 1);
    todo_assert_says(testbed, "outputs/1", "output arc-1 is down: ");
    testbed_kill(testbed);
    report(testbed, "up", "arc-1", "");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, MENDED, 1);
    testbed_settle(testbed);
    assert_false(todo_has(testbed, "todo", "outputs/1"));
    testbed_close(testbed);
}

/* A stream that is gone says of nothing that it is up. */
static void reports_that_are_gone_end_nothing(void **state)
{
    struct testbed *testbed = *state;

    open_with(testbed);
    report(testbed, "down", "arc-1", "");
    testbed_await_metric(testbed, TROUBLES, 1);
    testbed_expect(testbed, "trouble outputs/1/1\n");
    testbed_kill(testbed);
    testbed_redis_number(testbed, "DEL {breachd}:reports");
    testbed_start(testbed, NULL);
    report(testbed, "down", "a b", ""); // names none, and shows that the stream was read
    testbed_settle(testbed);
    assert_true(todo_has(testbed, "todo", "outputs/1"));
    report(testbed, "up", "arc-1", "");
    testbed_await_metric(testbed, MENDED, 1);
    testbed_close(testbed);
}

static void the_control_room_has_its_word(void **state)
{
    struct testbed *testbed = *state;

    open_with(testbed);
    report(testbed, "down", "arc-1", "");
    testbed_await_metric(testbed, TROUBLES, 1);
    testbed_expect(testbed, "trouble outputs/1/1\n");
    freeReplyObject(testbed_redis(
        testbed, "XADD {breachd}:acks * incident outputs/1 action close by %s reason other",
        "PC 1"));
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"closed\"}", 1);
    testbed_expect(testbed, "trouble outputs/1/1\nclosed outputs/1/desk/1\n");
    report(testbed, "down", "wall", "");
    testbed_await_metric(testbed, TROUBLES, 2);
    assert_false(todo_has(testbed, "todo", "outputs/1"));
    todo_assert_says(testbed, "outputs/2", "outputs arc-1, wall are down");
    testbed_close(testbed);
}

/* Whoever may write there may write anything: it is left out, and what follows is heard. */
static void hostile_reports_hold_up_nobody(void **state)
{
    enum { MANY = 3000 };
    static char huge[64 * 1024];
    struct testbed *testbed = *state;

    open_with(testbed);
    memset(huge, 'x', sizeof huge - 1);
    report(testbed, "down", huge, "");
    report(testbed, "down", "a b", "");
    report(testbed, "down", "", "");
    report(testbed, "\033[2J", "arc", "");
    freeReplyObject(testbed_redis(testbed, "XADD {breachd}:reports * what down"));
    freeReplyObject(testbed_redis(testbed, "EVAL %s 1 {breachd}:reports",
                                  "local f = {} for i = 1, 4000 do f[i] = 'x' end "
                                  "return redis.call('XADD', KEYS[1], '*', unpack(f))"));
    for (int i = 0; i < MANY; i++) {
        char name[16];

        snprintf(name, sizeof name, "o-%d", i);
        report(testbed, "down", name, "\xFF\033[2J\"},{");
    }
    await_says(testbed, "outputs/1", " and others are down: ");
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200); // and breachd goes on
    testbed_close(testbed);
}

/* It would be the last that anybody can give. */
static void an_id_ahead_of_every_clock_is_not_the_last_word(void **state)
{
    struct testbed *testbed = *state;

    open_with(testbed);
    freeReplyObject(testbed_redis(
        testbed, "XADD {breachd}:reports 18446744073709551615-1 what down of late why w"));
    testbed_await_metric(testbed, TROUBLES, 1);
    testbed_expect(testbed, "trouble outputs/1/1\n");
    while (testbed_redis_number(testbed, "EXISTS {breachd}:reports") == 1)
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS {breachd}:nothing $"));
    report(testbed, "up", "late", "");
    testbed_await_metric(testbed, MENDED, 1);
    testbed_close(testbed);
}

/* Alerts are limited, whatever flaps. */
static void what_flaps_is_told_a_few_times(void **state)
{
    struct testbed *testbed = *state;
    double alerted;

    open_with(testbed);
    report(testbed, "down", "base", "");
    testbed_await_metric(testbed, TROUBLES, 1);
    for (int i = 2; i <= 6; i++) {
        char name[16];

        snprintf(name, sizeof name, "o-%d", i);
        report(testbed, "down", name, "");
        testbed_await_metric(testbed, TROUBLES, i);
    }
    for (int i = 0; i < 3; i++) {
        report(testbed, i % 2 == 0 ? "up" : "down", "o-2", "");
        testbed_settle(testbed);
    }
    alerted = testbed_metric(testbed, TROUBLES);
    assert_true(alerted >= 6 && alerted <= 7); // one more a minute
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_is_down_stands_there_until_it_is_up),
        testbed_test(what_was_reported_meanwhile_is_read_at_a_start),
        testbed_test(reports_that_are_gone_end_nothing),
        testbed_test(the_control_room_has_its_word),
        testbed_test(hostile_reports_hold_up_nobody),
        testbed_test(an_id_ahead_of_every_clock_is_not_the_last_word),
        testbed_test(what_flaps_is_told_a_few_times),
    };

    return cmocka_run_group_tests_name("outputs", tests, NULL, NULL);
}
