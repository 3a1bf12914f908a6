/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices that send and are under no order, as one letter wrong in an order makes them: the control
 * room sees them at once, in one row, and until each has an order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "live/todo.h"
#include "support/test.h"
#include "support/testbed.h"

#define UNJUDGED "breachd_alerts_total{type=\"unjudged\"}"

/* By OwnTracks: taken, as a phone must not wait behind it. */
static void send_as(struct testbed *testbed, const char *device)
{
    static int second;
    char body[256];

    snprintf(body, sizeof(body),
             "{\"_type\":\"location\",\"tid\":\"%s\",\"acc\":8,\"lat\":%.7f,\"lon\":%.7f,"
             "\"tst\":%" PRId64 "}",
             device, HOME_LAT, HOME_LON, testbed->base + ++second);
    assert_int_equal(
        testbed_ask(testbed, &(struct request){ "POST", "/owntracks", "application/json", body,
                                                strlen(body) }),
        200);
}

static void a_slip_in_an_order_is_seen_at_once_and_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    send_as(testbed, "tag-l");
    send_as(testbed, "tag-l");
    send_as(testbed, "tag-1");
    testbed_expect(testbed, "unjudged senders/1/1\nbreach A/home/1/1\n");
    todo_assert_says(testbed, "senders/1", "\"severity\":\"high\"");
    todo_assert_says(testbed, "senders/1", "\"cause\":\"no-order\"");
    todo_assert_says(testbed, "senders/1",
                     "\"reason\":\"no order here is about tag-l: their pings are refused\"");
    assert_false(todo_has(testbed, "open", "senders/1"));
    testbed_close(testbed);
}

/* The order is mended: the row goes, without anybody's word. */
static void it_ends_when_the_sender_has_an_order(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    send_as(testbed, "tag-2");
    testbed_expect(testbed, "unjudged senders/1/1\n");
    testbed_order(testbed, "B", "tag-2", 9000, 200, "");
    testbed_reload(testbed);
    testbed_await_metric(testbed, UNJUDGED, 2);
    testbed_expect(testbed, "unjudged senders/1/1\nunjudged senders/1/2\n");
    assert_false(todo_has(testbed, "todo", "senders/1"));
    testbed_close(testbed);
}

static void the_control_room_has_its_word(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    send_as(testbed, "tag-9");
    testbed_expect(testbed, "unjudged senders/1/1\n");
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "senders/1", NULL), 0);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"acked\"}", 1);
    assert_true(todo_has(testbed, "todo", "senders/1")); // somebody has it, and it goes on
    assert_false(todo_has(testbed, "open", "senders/1"));
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "other", "senders/1", NULL), 0);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"closed\"}", 1);
    assert_false(todo_has(testbed, "todo", "senders/1"));
    send_as(testbed, "tag-9"); // it is known that it does
    testbed_expect(testbed,
                   "unjudged senders/1/1\nacked senders/1/desk/1\nclosed senders/1/desk/2\n");
    testbed_close(testbed);
}

/* In an exercise time passes by tag-1's pings. */
static void pass(struct testbed *testbed, int second)
{
    assert_int_equal(testbed_ping(testbed, "tag-1", second, 5000), 200);
}

static void more_of_them_are_one_row_and_no_flood(void **state)
{
    struct testbed *testbed = *state;
    char device[32];

    testbed_open(testbed, "", "--rehearse");
    pass(testbed, 0);
    send_as(testbed, "tag-8");
    send_as(testbed, "tag-9");
    testbed_await_metric(testbed, UNJUDGED, 1);
    pass(testbed, 61);
    testbed_await_metric(testbed, UNJUDGED, 2);
    todo_assert_says(testbed, "senders/1", "about tag-8, tag-9: their");
    for (int i = 0; i < 100; i++) {
        snprintf(device, sizeof(device), "stranger-%d", i);
        send_as(testbed, device);
    }
    pass(testbed, 122);
    testbed_await_metric(testbed, UNJUDGED, 3);
    todo_assert_says(testbed, "senders/1", "\"count\":32");
    todo_assert_says(testbed, "senders/1", " and others: their pings are refused");
    assert_false(todo_has(testbed, "todo", "senders/2"));
    testbed_close(testbed);
}

static void who_is_not_heard_for_a_day_is_forgotten(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", "--rehearse");
    pass(testbed, 0);
    send_as(testbed, "tag-9");
    testbed_await_metric(testbed, UNJUDGED, 1);
    pass(testbed, 24 * 3600 - 60);
    assert_true(todo_has(testbed, "todo", "senders/1"));
    pass(testbed, 24 * 3600 + 1);
    testbed_await_metric(testbed, UNJUDGED, 2);
    assert_false(todo_has(testbed, "todo", "senders/1"));
    testbed_close(testbed);
}

/* A restart knows that there were some: who is heard again stands in the same row. */
static void a_restart_goes_on_with_the_row(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    send_as(testbed, "tag-9");
    testbed_expect(testbed, "unjudged senders/1/1\n");
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    assert_true(todo_has(testbed, "todo", "senders/1"));
    send_as(testbed, "tag-9");
    testbed_await_metric(testbed, UNJUDGED, 1);
    todo_assert_says(testbed, "senders/1", "essex/senders/1/2");
    testbed_hear(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_slip_in_an_order_is_seen_at_once_and_once),
        testbed_test(it_ends_when_the_sender_has_an_order),
        testbed_test(the_control_room_has_its_word),
        testbed_test(more_of_them_are_one_row_and_no_flood),
        testbed_test(who_is_not_heard_for_a_day_is_forgotten),
        testbed_test(a_restart_goes_on_with_the_row),
    };

    return cmocka_run_group_tests_name("senders", tests, NULL, NULL);
}
