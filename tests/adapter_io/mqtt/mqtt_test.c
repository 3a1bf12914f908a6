/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept is acknowledged and nothing else, whatever the broker does. */
#include "adapter/mqtt/mqtt.h"
#include "adapter/mqtt/mqtt_packet.h"

#include "broker.h"
#include "loop.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static struct broker broker;

static int setup(void **state)
{
    (void)state;
    broker_setup(&broker);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    broker_teardown(&broker);
    return 0;
}

static void publish(const char *topic, unsigned id, const char *payload)
{
    broker_publish(&broker, topic, id, payload, strlen(payload));
}

static void a_message_is_handed_over_and_acknowledged_when_kept(void **state)
{
    (void)state;
    broker_up(&broker);
    publish("owntracks/jane/tag-1", 7, "{}");
    loop_until(broker.base, broker.taken == 1);
    assert_string_equal(broker.newest, "owntracks/jane/tag-1 {}");
    loop_for(broker.base, 50);
    assert_string_equal(broker.heard, "connect subscribe");
    broker_settle(&broker, 0, true);
    broker_until_heard(&broker, "connect subscribe puback:7");
}

/* However the commits come in. */
static void acknowledgements_go_in_the_order_of_arrival(void **state)
{
    (void)state;
    broker_up(&broker);
    for (unsigned id = 1; id <= 4; id++)
        publish("t", id, "x");
    loop_until(broker.base, broker.taken == 4);
    broker_settle(&broker, 2, true);
    broker_settle(&broker, 1, true);
    loop_for(broker.base, 20);
    assert_string_equal(broker.heard, "connect subscribe");
    broker_settle(&broker, 0, true);
    broker_until_heard(&broker, "puback:1 puback:2 puback:3");
    broker_settle(&broker, 3, true);
    broker_until_heard(&broker, "puback:3 puback:4");
}

static void qos_0_is_taken_and_not_acknowledged(void **state)
{
    (void)state;
    broker_up(&broker);
    publish("t", 0, "unasked");
    publish("t", 9, "asked");
    loop_until(broker.base, broker.taken == 2);
    broker_settle(&broker, 0, true);
    broker_settle(&broker, 1, true);
    broker_until_heard(&broker, "connect subscribe puback:9");
}

static void what_is_not_kept_is_left_to_come_again(void **state)
{
    (void)state;
    broker_up(&broker);
    publish("t", 1, "a");
    publish("t", 2, "b");
    publish("t", 3, "c");
    loop_until(broker.base, broker.taken == 3);
    broker_settle(&broker, 2, true); // behind one that is not
    broker_settle(&broker, 1, false);
    broker_until_down(&broker, "cannot be kept now");
    loop_until(broker.base, broker.guest == NULL);
    assert_string_equal(broker.heard, "connect subscribe");
    loop_hurry(broker.base);
    loop_until(broker.base, mqtt_is_up(broker.mqtt));
    broker_settle(&broker, 0, true); // of the connection before: acknowledges nothing here
    publish("t", 5, "d");
    loop_until(broker.base, broker.taken == 4);
    broker_settle(&broker, 3, true);
    broker_until_heard(&broker, "connect subscribe connect subscribe puback:5");
}

static void receipts_outlive_the_subscription(void **state)
{
    (void)state;
    broker_up(&broker);
    publish("t", 1, "a");
    publish("t", 2, "b");
    loop_until(broker.base, broker.taken == 2);
    mqtt_destroy(broker.mqtt);
    broker.mqtt = NULL;
    broker_settle(&broker, 0, true);
    broker_settle(&broker, 1, false);
}

/* 1,024 that wait are enough: then nobody reads, and the next is taken when one is settled. */
static void when_too_much_waits_nothing_is_read(void **state)
{
    (void)state;
    broker_up(&broker);
    for (unsigned id = 1; id <= MQTT_WAITING_MAX + 10; id++)
        publish("t", id, "x");
    loop_until(broker.base, broker.taken == MQTT_WAITING_MAX);
    loop_for(broker.base, 50);
    assert_int_equal(broker.taken, MQTT_WAITING_MAX);
    broker_settle(&broker, 0, true);
    loop_until(broker.base, broker.taken == MQTT_WAITING_MAX + 1);
    for (size_t i = 1; i < MQTT_WAITING_MAX; i++)
        broker_settle(&broker, i, true);
    loop_until(broker.base, broker.taken == MQTT_WAITING_MAX + 10);
}

static void a_message_too_large_is_passed_over_and_acknowledged(void **state)
{
    static char payload[3 * MQTT_PACKET_MAX];

    (void)state;
    memset(payload, '{', sizeof payload);
    broker_up(&broker);
    publish("t", 1, "before");
    broker_publish(&broker, "t", 2, payload, sizeof payload);
    loop_until(broker.base, broker.large == 1);
    assert_string_equal(broker.newest, "t too large");
    publish("t", 3, "behind");
    loop_until(broker.base, broker.taken == 2);
    assert_string_equal(broker.newest, "t behind");
    assert_int_equal(broker.large, 1);
    loop_for(broker.base, 20);
    assert_string_equal(broker.heard, "connect subscribe"); // 1 is not kept yet
    broker_settle(&broker, 0, true);
    broker_until_heard(&broker, "puback:1 puback:2");
}

static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    broker.bite = 1;
    broker_up(&broker);
    publish("owntracks/jane/tag-1", 258, "{\"_type\":\"lwt\"}");
    loop_until(broker.base, broker.taken == 1);
    assert_string_equal(broker.newest, "owntracks/jane/tag-1 {\"_type\":\"lwt\"}");
    broker_settle(&broker, 0, true);
    broker_until_heard(&broker, "puback:258");
}

/* A session that was kept sends what had waited before it says that we are subscribed. */
static void messages_may_come_before_the_suback(void **state)
{
    (void)state;
    broker.granted = "32050001740001"
                     "9003000101";
    broker_up(&broker);
    assert_int_equal(broker.taken, 1);
    broker_settle(&broker, 0, true);
    broker_until_heard(&broker, "puback:1");
}

/* What the broker says to CONNECT or to SUBSCRIBE, and how that is complained of. */
static const struct row {
    const char *says, *welcome, *granted, *why;
} rows[] = {
    { "another protocol", "20020001", NULL, "does not speak MQTT 3.1.1" },
    { "another client", "20020002", NULL, "refuses the client-id" },
    { "not now", "20020003", NULL, "is not available" },
    { "a wrong password", "20020004", NULL, "refuses user and password" },
    { "a user without rights", "20020005", NULL, "refuses this user" },
    { "a refusal of tomorrow", "200200ff", NULL, "refuses to connect" },
    { "a topic refused", "20020000", "9003000180", "does not let us subscribe" },
    { "a web server", "485454502f312e31", NULL, "is no broker" },
    { "TLS", "1503010002", NULL, "is no broker" },
    { "MQTT 5", "2003000000", NULL, "is no broker" },
    { "a message before the welcome", "300300017478", NULL, "not asked for" },
    { "a welcome twice", "2002000020020000", NULL, "not asked for" },
    { "subscribed before we asked", "9003000101", NULL, "not asked for" },
    { "subscribed twice", "20020000", "90030001019003000101", "not asked for" },
    { "QoS 2", "20020000",
      "34070001740007"
      "6869",
      "is no broker" },
    { "an endless length", "20020000", "30ffffffffff", "is no broker" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    broker.welcome = row->welcome;
    broker.granted = row->granted;
    broker_subscribe(&broker);
    broker_until_down(&broker, row->why);
    assert_int_equal(broker.taken, 0);
    broker.welcome = "20020000"; // it is mended, and all is well again
    broker.granted = "9003000101";
    loop_hurry(broker.base);
    loop_until(broker.base, mqtt_is_up(broker.mqtt));
    assert_string_equal(mqtt_why_down(broker.mqtt), "");
}

static void a_broker_that_gives_only_qos_0_is_used(void **state)
{
    (void)state;
    broker.granted = "9003000100";
    broker_up(&broker);
}

static void silence_is_no_broker(void **state)
{
    (void)state;
    broker.welcome = NULL;
    broker_subscribe(&broker);
    broker_until_heard(&broker, "connect");
    assert_in_range(loop_timer_ms(broker.base), 1, MQTT_CONNECT_MS + 20);
    loop_hurry(broker.base);
    broker_until_down(&broker, "no answer in time");
}

static void a_broker_that_falls_silent_is_left(void **state)
{
    (void)state;
    broker_up(&broker);
    assert_in_range(loop_timer_ms(broker.base), 1, MQTT_KEEPALIVE_S * 1000 / 2 + 20);
    loop_hurry(broker.base);
    broker_until_heard(&broker, "pingreq");
    broker_say_hex(&broker, "d000");
    loop_for(broker.base, 20);
    loop_hurry(broker.base);
    broker_until_heard(&broker, "pingreq pingreq");
    assert_true(mqtt_is_up(broker.mqtt));
    loop_hurry(broker.base); // and to this one comes no answer
    broker_until_down(&broker, "no answer in time");
}

/* It sends on and on, and what it is told piles up: 64 KiB of that are enough. */
static void a_broker_that_does_not_read_is_left(void **state)
{
    (void)state;
    broker_up(&broker);
    broker_go_deaf(&broker);
    broker.settles = true;
    for (int round = 0; round < 1000 && mqtt_is_up(broker.mqtt); round++) {
        for (unsigned id = 1; id <= 10000; id++)
            publish("t", id, "x");
        loop_until(broker.base, !mqtt_is_up(broker.mqtt) ||
                                    evbuffer_get_length(bufferevent_get_output(broker.guest)) == 0);
    }
    broker_until_down(&broker, "does not read");
}

/* From 100 ms to 10 s, of which at least the half is waited; the loop's clock is some ms coarse. */
static void tries_come_at_growing_distances(void **state)
{
    (void)state;
    broker.welcome = "20020005";
    broker_subscribe(&broker);
    broker_until_down(&broker, "refuses");
    assert_true(loop_timer_ms(broker.base) <= CONNECTOR_BACKOFF_MIN_MS + 20);
    for (int seen = 0; seen < 10;) {
        loop_until(broker.base, broker.guests > seen && broker.guest == NULL);
        seen = broker.guests;
        loop_hurry(broker.base);
    }
    loop_until(broker.base, broker.guests > 10 && broker.guest == NULL);
    assert_in_range(loop_timer_ms(broker.base), CONNECTOR_BACKOFF_MAX_MS / 4,
                    CONNECTOR_BACKOFF_MAX_MS + 20);
}

/* As when two subscribe as one client: each takes the session, and is told the retained again. */
static void what_is_kept_on_the_way_brings_no_try_nearer(void **state)
{
    (void)state;
    broker.settles = true;
    broker_subscribe(&broker);
    for (int i = 0; i < 10; i++) {
        loop_until(broker.base, mqtt_is_up(broker.mqtt));
        publish("t", 5, "retained");
        broker_until_heard(&broker, "puback:5");
        broker_hang_up(&broker);
        loop_until(broker.base, !mqtt_is_up(broker.mqtt));
        if (i < 9)
            loop_hurry(broker.base);
    }
    assert_in_range(loop_timer_ms(broker.base), CONNECTOR_BACKOFF_MAX_MS / 4,
                    CONNECTOR_BACKOFF_MAX_MS + 20);
}

static void nobody_calls_while_nothing_could_be_kept(void **state)
{
    (void)state;
    broker.ready = false;
    broker_subscribe(&broker);
    loop_for(broker.base, 20);
    for (int i = 0; i < 3; i++) {
        loop_hurry(broker.base);
        loop_for(broker.base, 5);
    }
    assert_int_equal(broker.guests, 0);
    broker.ready = true;
    loop_hurry(broker.base);
    loop_until(broker.base, mqtt_is_up(broker.mqtt));
}

static void once_stopped_nothing_is_read_and_what_was_is_acknowledged(void **state)
{
    (void)state;
    broker_up(&broker);
    publish("t", 1, "a");
    loop_until(broker.base, broker.taken == 1);
    mqtt_stop(broker.mqtt);
    publish("t", 2, "b");
    loop_for(broker.base, 50);
    assert_int_equal(broker.taken, 1);
    broker_settle(&broker, 0, true);
    broker_until_heard(&broker, "subscribe puback:1");
    broker_hang_up(&broker);
    loop_for(broker.base, 20);
    assert_int_equal(loop_timer_ms(broker.base) > CONNECTOR_BACKOFF_MAX_MS ||
                         loop_timer_ms(broker.base) == -1,
                     true); // it does not call again
}

static void a_host_that_is_not_there_is_tried_again(void **state)
{
    (void)state;
    broker.port = testbed_free_port();
    broker_subscribe(&broker);
    broker_until_down(&broker, "refused");
}

#define io_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        io_test(a_message_is_handed_over_and_acknowledged_when_kept),
        io_test(acknowledgements_go_in_the_order_of_arrival),
        io_test(qos_0_is_taken_and_not_acknowledged),
        io_test(what_is_not_kept_is_left_to_come_again),
        io_test(receipts_outlive_the_subscription),
        io_test(when_too_much_waits_nothing_is_read),
        io_test(a_message_too_large_is_passed_over_and_acknowledged),
        io_test(bytes_may_come_one_by_one),
        io_test(messages_may_come_before_the_suback),
        io_test(a_broker_that_gives_only_qos_0_is_used),
        io_test(silence_is_no_broker),
        io_test(a_broker_that_falls_silent_is_left),
        io_test(a_broker_that_does_not_read_is_left),
        io_test(tries_come_at_growing_distances),
        io_test(what_is_kept_on_the_way_brings_no_try_nearer),
        io_test(nobody_calls_while_nothing_could_be_kept),
        io_test(once_stopped_nothing_is_read_and_what_was_is_acknowledged),
        io_test(a_host_that_is_not_there_is_tried_again),
    };

    return rows_hold_in("mqtt_rows", rows, row_holds, setup, teardown) +
           cmocka_run_group_tests_name("mqtt", tests, NULL, NULL);
}
