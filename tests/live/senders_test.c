/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices that send and are under no order, as one letter wrong in an order makes them: the control
 * room sees them at once, in one row, and until each has an order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/house.h"
#include "support/test.h"

#define UNJUDGED "breachd_alerts_total{type=\"unjudged\"}"

/* By OwnTracks: taken, as a phone must not wait behind it. */
static void send_as(struct house *house, const char *device)
{
    static int second;
    char body[256];

    snprintf(body, sizeof(body),
             "{\"_type\":\"location\",\"tid\":\"%s\",\"acc\":8,\"lat\":%.7f,\"lon\":%.7f,"
             "\"tst\":%" PRId64 "}",
             device, HOME_LAT, HOME_LON, house->base + ++second);
    assert_int_equal(house_ask(house, &(struct request){ "POST", "/owntracks", "application/json",
                                                         body, strlen(body) }),
                     200);
}

static bool stands(struct house *house, const char *hash, const char *incident)
{
    return house_redis_number(house, "HEXISTS {breachd}:%s %s", hash, incident) == 1;
}

static void assert_says(struct house *house, const char *incident, const char *text)
{
    redisReply *row = house_redis(house, "HGET {breachd}:todo %s", incident);

    assert_int_equal(row->type, REDIS_REPLY_STRING);
    if (strstr(row->str, text) == NULL)
        fail_msg("%s: %s", text, row->str);
    freeReplyObject(row);
}

static void a_slip_in_an_order_is_seen_at_once_and_once(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    send_as(house, "tag-l");
    send_as(house, "tag-l");
    send_as(house, "tag-1");
    house_expect(house, "unjudged senders/1/1\nbreach A/home/1/1\n");
    assert_says(house, "senders/1", "\"severity\":\"high\"");
    assert_says(house, "senders/1", "\"cause\":\"no-order\"");
    assert_says(house, "senders/1",
                "\"reason\":\"no order here is about tag-l: their pings are refused\"");
    assert_false(stands(house, "open", "senders/1"));
    house_close(house);
}

/* The order is mended: the row goes, without anybody's word. */
static void it_ends_when_the_sender_has_an_order(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    send_as(house, "tag-2");
    house_expect(house, "unjudged senders/1/1\n");
    house_order(house, "B", "tag-2", 9000, 200, "");
    house_reload(house);
    house_await_metric(house, UNJUDGED, 2);
    house_expect(house, "unjudged senders/1/1\nunjudged senders/1/2\n");
    assert_false(stands(house, "todo", "senders/1"));
    house_close(house);
}

static void the_control_room_has_its_word(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    send_as(house, "tag-9");
    house_expect(house, "unjudged senders/1/1\n");
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "senders/1", NULL), 0);
    house_await_metric(house, "breachd_alerts_total{type=\"acked\"}", 1);
    assert_true(stands(house, "todo", "senders/1")); // somebody has it, and it goes on
    assert_false(stands(house, "open", "senders/1"));
    assert_int_equal(
        house_ctl(house, "close", "--by", "PC 42", "--reason", "other", "senders/1", NULL), 0);
    house_await_metric(house, "breachd_alerts_total{type=\"closed\"}", 1);
    assert_false(stands(house, "todo", "senders/1"));
    send_as(house, "tag-9"); // it is known that it does
    house_expect(house, "unjudged senders/1/1\nacked senders/1/desk/1\nclosed senders/1/desk/2\n");
    house_close(house);
}

/* In an exercise time passes by tag-1's pings. */
static void pass(struct house *house, int second)
{
    assert_int_equal(house_ping(house, "tag-1", second, 5000), 200);
}

static void more_of_them_are_one_row_and_no_flood(void **state)
{
    struct house *house = *state;
    char device[32];

    house_open(house, "", "--rehearse");
    pass(house, 0);
    send_as(house, "tag-8");
    send_as(house, "tag-9");
    house_await_metric(house, UNJUDGED, 1);
    pass(house, 61);
    house_await_metric(house, UNJUDGED, 2);
    assert_says(house, "senders/1", "about tag-8, tag-9: their");
    for (int i = 0; i < 100; i++) {
        snprintf(device, sizeof(device), "stranger-%d", i);
        send_as(house, device);
    }
    pass(house, 122);
    house_await_metric(house, UNJUDGED, 3);
    assert_says(house, "senders/1", "\"count\":32");
    assert_says(house, "senders/1", " and others: their pings are refused");
    assert_false(stands(house, "todo", "senders/2"));
    house_close(house);
}

static void who_is_not_heard_for_a_day_is_forgotten(void **state)
{
    struct house *house = *state;

    house_open(house, "", "--rehearse");
    pass(house, 0);
    send_as(house, "tag-9");
    house_await_metric(house, UNJUDGED, 1);
    pass(house, 24 * 3600 - 60);
    assert_true(stands(house, "todo", "senders/1"));
    pass(house, 24 * 3600 + 1);
    house_await_metric(house, UNJUDGED, 2);
    assert_false(stands(house, "todo", "senders/1"));
    house_close(house);
}

/* A restart knows that there were some: who is heard again stands in the same row. */
static void a_restart_goes_on_with_the_row(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    send_as(house, "tag-9");
    house_expect(house, "unjudged senders/1/1\n");
    house_kill(house);
    house_start(house, NULL);
    assert_true(stands(house, "todo", "senders/1"));
    send_as(house, "tag-9");
    house_await_metric(house, UNJUDGED, 1);
    assert_says(house, "senders/1", "essex/senders/1/2");
    house_hear(house);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_slip_in_an_order_is_seen_at_once_and_once),
        house_test(it_ends_when_the_sender_has_an_order),
        house_test(the_control_room_has_its_word),
        house_test(more_of_them_are_one_row_and_no_flood),
        house_test(who_is_not_heard_for_a_day_is_forgotten),
        house_test(a_restart_goes_on_with_the_row),
    };

    return cmocka_run_group_tests_name("senders", tests, NULL, NULL);
}
