/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt_door_test.c - while too much waits for the disk the broker is not called: it would send
 * again what cannot be taken, connection after connection. A broker that is away is told.
 */
#include "app/ailments.h"
#include "app/mqtt_door.h"
#include "app/pipeline_parts.h"

#include "adapter_io/broker.h"
#include "adapter_io/loop.h"
#include "support/test.h"

#include <string.h>

struct doorway {
    struct broker broker;
    struct event_base *acks; // the ledger's: nothing is committed but by give_room
    struct ledger *ledger;
    struct config config;
    struct pipeline pipeline; // of it only what a shut door needs
    struct service service;
};

static void on_rows(const struct row *alerts, void *arg)
{
    (void)alerts, (void)arg;
}

static void on_fetched(const struct fetch *asked, bool ok, const struct row *alerts, void *arg)
{
    (void)asked, (void)ok, (void)alerts, (void)arg;
}

static void on_blind(const char *why, void *arg)
{
    (void)arg;
    fail_msg("blind: %s", why);
}

static void on_bool(bool ok, void *arg)
{
    (void)ok, (void)arg;
}

static void open_doorway(struct doorway *doorway, struct testbed *testbed)
{
    struct ledger_callbacks callbacks = { on_rows, on_fetched, on_rows, on_blind,
                                          on_bool, on_bool,    NULL };
    struct settings *settings = &doorway->config.settings;
    struct fault why;
    char url[64];

    broker_setup(&doorway->broker);
    doorway->acks = event_base_new();
    assert_true(ledger_open(doorway->acks, testbed_path(testbed, "ledger.db").text, &callbacks,
                            &doorway->ledger, &why));
    snprintf(url, sizeof url, "mqtt://127.0.0.1:%d", doorway->broker.port);
    assert_true(mqtt_target_parse(url, &settings->mqtt, &why));
    settings->mqtt_topics = (struct mqtt_topics){ { "owntracks/+/+" }, 1 };
    strcpy(settings->site, "test");
    doorway->config.mqtt_tls = tls_create();
    doorway->pipeline.config = &doorway->config;
    doorway->pipeline.ledger = doorway->ledger;
    doorway->service.config = &doorway->config;
    doorway->service.base = doorway->broker.base;
    doorway->service.mqtt_tls = tls_create();
    doorway->service.pipeline = &doorway->pipeline;
}

static void close_doorway(struct doorway *doorway)
{
    mqtt_destroy(doorway->service.mqtt);
    tls_destroy(doorway->service.mqtt_tls);
    tls_destroy(doorway->config.mqtt_tls);
    ledger_close(doorway->ledger);
    event_base_free(doorway->acks);
    broker_teardown(&doorway->broker);
}

static void fill(struct doorway *doorway)
{
    for (int i = 0; !ledger_full(doorway->ledger); i++)
        assert_true(ledger_put_last_ack(doorway->ledger, "1-1"));
}

static void give_room(struct doorway *doorway)
{
    ledger_flush(doorway->ledger);
    loop_until(doorway->acks, ledger_idle(doorway->ledger));
    assert_false(ledger_full(doorway->ledger));
}

/* The waiting for the next try is over, some times. */
static void try_again(struct doorway *doorway)
{
    for (int i = 0; i < 3; i++) {
        loop_hurry(doorway->broker.base);
        loop_for(doorway->broker.base, 5);
    }
}

static void while_the_ledger_is_full_nobody_is_called(void **state)
{
    struct testbed *testbed = *state;
    struct doorway doorway = { 0 };

    open_doorway(&doorway, testbed);
    fill(&doorway);
    assert_true(mqtt_door_open(&doorway.service));
    loop_for(doorway.broker.base, 20);
    try_again(&doorway);
    assert_int_equal(doorway.broker.guests, 0);
    give_room(&doorway);
    loop_hurry(doorway.broker.base);
    loop_until(doorway.broker.base, mqtt_is_up(doorway.service.mqtt));
    close_doorway(&doorway);
    testbed_close(testbed);
}

static void when_it_fills_the_broker_is_left_until_there_is_room(void **state)
{
    struct testbed *testbed = *state;
    struct doorway doorway = { 0 };

    open_doorway(&doorway, testbed);
    assert_true(mqtt_door_open(&doorway.service));
    loop_until(doorway.broker.base, mqtt_is_up(doorway.service.mqtt));
    fill(&doorway);
    broker_publish(&doorway.broker, "owntracks/jane/tag-1", 7, "{}", 2);
    loop_until(doorway.broker.base, !mqtt_is_up(doorway.service.mqtt));
    assert_non_null(strstr(mqtt_why_down(doorway.service.mqtt), "cannot be kept now"));
    try_again(&doorway);
    assert_int_equal(doorway.broker.guests, 1);
    assert_null(strstr(doorway.broker.heard, "puback"));
    give_room(&doorway);
    loop_hurry(doorway.broker.base);
    loop_until(doorway.broker.base, mqtt_is_up(doorway.service.mqtt));
    assert_int_equal(doorway.broker.guests, 2);
    close_doorway(&doorway);
    testbed_close(testbed);
}

/* ---- a broker that is away ---- */

static char said[64]; // what was told last: "away" or "well", and how it begins

void __wrap_ailment_is(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                       bool is, const char *reason);
void __wrap_ailment_is(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                       bool is, const char *reason)
{
    (void)pipeline, (void)ledger;
    assert_int_equal(ailment, AILMENT_MQTT_AWAY);
    snprintf(said, sizeof said, "%s: %.23s", is ? "away" : "well", reason);
}

static void assert_said_at(struct doorway *doorway, int64_t second, const char *wanted)
{
    said[0] = '\0';
    mqtt_door_tell(&doorway->service, (struct tick){ 1000 * second });
    assert_string_equal(said, wanted);
}

static void go_up(struct doorway *doorway)
{
    loop_until(doorway->broker.base, mqtt_is_up(doorway->service.mqtt));
}

static void go_down(struct doorway *doorway)
{
    broker_hang_up(&doorway->broker);
    loop_until(doorway->broker.base, !mqtt_is_up(doorway->service.mqtt));
}

static void a_broker_that_is_away_is_told_after_a_minute(void **state)
{
    struct testbed *testbed = *state;
    struct doorway doorway = { 0 };

    open_doorway(&doorway, testbed);
    assert_said_at(&doorway, 1, "well: no MQTT broker is set");
    assert_true(mqtt_door_open(&doorway.service));
    assert_said_at(&doorway, 10, "");
    assert_said_at(&doorway, 69, "");
    assert_said_at(&doorway, 70, "away: the MQTT broker is away");
    go_up(&doorway);
    assert_said_at(&doorway, 71, "away: the MQTT broker is away");
    assert_said_at(&doorway, 81, "well: the MQTT broker is back");
    go_down(&doorway);
    assert_said_at(&doorway, 82, "");
    assert_said_at(&doorway, 141, "");
    assert_said_at(&doorway, 142, "away: the MQTT broker is away");
    close_doorway(&doorway);
    testbed_close(testbed);
}

/* As where another client has our client-id, and the broker puts us out by turns. */
static void one_that_comes_and_goes_is_away(void **state)
{
    struct testbed *testbed = *state;
    struct doorway doorway = { 0 };

    open_doorway(&doorway, testbed);
    assert_true(mqtt_door_open(&doorway.service));
    for (int64_t second = 10; second < 70; second += 10) {
        go_up(&doorway);
        assert_said_at(&doorway, second, "");
        go_down(&doorway);
        assert_said_at(&doorway, second + 1, "");
        loop_hurry(doorway.broker.base);
    }
    go_up(&doorway);
    assert_said_at(&doorway, 70, "away: the MQTT broker is away");
    close_doorway(&doorway);
    testbed_close(testbed);
}

/* It is we who call nobody then; who reads the alert would look for the fault at the broker. */
static void while_nothing_can_be_kept_no_broker_is_said_to_be_away(void **state)
{
    struct testbed *testbed = *state;
    struct doorway doorway = { 0 };

    open_doorway(&doorway, testbed);
    fill(&doorway);
    assert_true(mqtt_door_open(&doorway.service));
    assert_said_at(&doorway, 10, "");
    assert_said_at(&doorway, 100, "");
    give_room(&doorway);
    assert_said_at(&doorway, 101, "");
    assert_said_at(&doorway, 160, "");
    assert_said_at(&doorway, 161, "away: the MQTT broker is away");
    close_doorway(&doorway);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(while_the_ledger_is_full_nobody_is_called),
        testbed_test(when_it_fills_the_broker_is_left_until_there_is_room),
        testbed_test(a_broker_that_is_away_is_told_after_a_minute),
        testbed_test(one_that_comes_and_goes_is_away),
        testbed_test(while_nothing_can_be_kept_no_broker_is_said_to_be_away),
    };

    return cmocka_run_group_tests_name("mqtt_door", tests, NULL, NULL);
}
