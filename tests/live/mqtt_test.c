/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built breachd as a subscriber of a real mosquitto: what it has not on disk comes again,
 * whoever was killed.
 */
#include "mqtt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

#define ALERTS "breachd_alerts_total{type=\"breach\"}" // counted once it is on disk

/* His tag, as OwnTracks tells it, so many metres north of the middle of the zone. */
static void locate(struct testbed *testbed, int second, double north)
{
    char message[256];

    snprintf(message, sizeof(message),
             "{\"_type\":\"location\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64 ",\"acc\":8}",
             HOME_LAT + north / METRES_PER_DEGREE, HOME_LON, testbed->base + second);
    testbed_publish(testbed, "owntracks/jane/tag-1", message);
}

static void owntracks_and_plain_pings_are_taken(void **state)
{
    struct testbed *testbed = *state;
    char ping[TESTBED_PING_MAX];

    testbed_broker_start(testbed, "");
    testbed_broker_use(testbed, "mqtt://", "127.0.0.1");
    testbed_set(testbed, "breachd.conf", "mqtt", "topics", "owntracks/+/+, pings/#");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, "");
    subscribe(testbed);
    locate(testbed, 0, 500);
    testbed_publish(testbed, "pings/gateway-1", testbed_ping_print(testbed, "tag-1", 600, 0, ping));
    testbed_publish(testbed, "owntracks/jane/tag-1", "{\"_type\":\"lwt\",\"tst\":1}");
    testbed_await_metric(testbed, "breachd_messages_ignored_total", 1);
    assert_true(testbed_metric(testbed, TAKEN) == 2);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/* Without a time: of now, but for what the broker has kept from nobody knows when. */
static void without_a_time_only_what_was_not_kept_is_of_now(void **state)
{
    struct testbed *testbed = *state;
    char port[16], message[256];
    const char *keep[] = {
        "mosquitto_pub",        "-h", "127.0.0.1", "-p", port, "-q", "1", "-r", "-t",
        "owntracks/jane/tag-1", "-m", message,     NULL
    };

    testbed_broker_start(testbed, "");
    testbed_broker_use(testbed, "mqtt://", "127.0.0.1");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, "");
    snprintf(port, sizeof port, "%d", testbed->broker_port);
    snprintf(message, sizeof message, "{\"_type\":\"location\",\"lat\":%.7f,\"lon\":%.7f}",
             HOME_LAT, HOME_LON);
    testbed_command(testbed, keep);
    subscribe(testbed);
    testbed_await_metric(testbed, "breachd_pings_total{class=\"refused\"}", 1);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"doubt\"}", 1);
    testbed_publish(testbed, "owntracks/jane/tag-1", message);
    testbed_await_metric(testbed, ALERTS, 1);
    testbed_expect(testbed, "doubt device/tag-1/1\nbreach A/home/1/1\n");
    testbed_close(testbed);
}

static void what_is_refused_is_counted_logged_and_gone(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    testbed_publish(testbed, "owntracks/jane/tag-9",
                    "{\"_type\":\"location\",\"lat\":51.5,\"lon\":0.4,\"tst\":1592943245}");
    testbed_publish(testbed, "owntracks/jane/tag-1",
                    "{\"_type\":\"location\",\"lat\":151.5,\"lon\":0,"
                    "\"tst\":1592943245}");
    testbed_publish(testbed, "owntracks/jane/tag-1", "no JSON");
    locate(testbed, 0, 10);
    testbed_await_metric(testbed, ALERTS, 1);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"refused\"}") == 3);
    assert_true(testbed_log_has(testbed, "mqtt: owntracks/jane/tag-9: refused for its device;"));
    assert_false(testbed_log_has(testbed, "151.5"));
    testbed_kill(testbed);
    subscribe(testbed); // all of it was acknowledged
    locate(testbed, 60, 10);
    testbed_await_metric(testbed, TAKEN, 1);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"refused\"}") == 0);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"again\"}") == 0);
    testbed_close(testbed);
}

/* Neither would ever fit, and nobody is answered: so it is acknowledged, counted and said. */
static void what_can_never_be_taken_is_said(void **state)
{
    static char payload[200 * 1024], topic[300];
    struct testbed *testbed = *state;
    struct path big;
    char port[16];
    const char *argv[] = { "mosquitto_pub",      "-h", "127.0.0.1", "-p", port, "-q", "1", "-t",
                           "owntracks/jane/big", "-f", big.text,    NULL };

    memset(payload, '1', sizeof(payload) - 1);
    memset(topic, 'u', sizeof(topic) - 1);
    memcpy(topic, "owntracks/jane/", 15);
    open_the_testbed(testbed);
    testbed_print(testbed, "big", "%s", payload);
    big = testbed_path(testbed, "big");
    snprintf(port, sizeof(port), "%d", testbed->broker_port);
    testbed_command(testbed, argv);
    testbed_await_metric(testbed, "breachd_pings_total{class=\"refused\"}", 1);
    assert_true(testbed_log_has(testbed, "mqtt: owntracks/jane/big: refused for its size;"));
    testbed_publish(testbed, topic, "{\"_type\":\"location\"}");
    testbed_await_metric(testbed, "breachd_pings_total{class=\"refused\"}", 2);
    assert_true(testbed_metric(testbed, "breachd_messages_ignored_total") == 0);
    testbed_close(testbed);
}

static void what_comes_while_breachd_is_away_waits_for_it(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    testbed_kill(testbed);
    locate(testbed, 0, 500);
    locate(testbed, 600, 10);
    subscribe(testbed);
    testbed_await_metric(testbed, ALERTS, 1);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/* The disk is full, so what came is not acknowledged; and then the power goes. */
static void killed_before_the_commit_the_message_comes_again(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    open_the_testbed(testbed);
    locate(testbed, 0, 500);
    testbed_await_metric(testbed, TAKEN, 1);
    testbed_disk_fill(testbed);
    locate(testbed, 600, 10);
    testbed_await_metric(testbed, "breachd_blind", 1);
    testbed_kill(testbed);
    testbed_disk_drain(testbed);
    subscribe(testbed);
    testbed_await_metric(testbed, ALERTS, 1);
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    testbed_close(testbed);
}

static void with_room_on_the_disk_again_it_comes_by_itself(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    open_the_testbed(testbed);
    testbed_disk_fill(testbed);
    locate(testbed, 600, 10);
    testbed_await_metric(testbed, "breachd_blind", 1);
    assert_true(testbed_metric(testbed, UP) == 0); // nothing could be kept: nobody is called
    testbed_disk_drain(testbed);
    testbed_await_metric(testbed, UP, 1);
    testbed_await_code(testbed, "/readyz", 200);
    testbed_expect(testbed, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    testbed_close(testbed);
}

static void a_broker_that_was_killed_is_found_again(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    testbed_broker_kill(testbed);
    testbed_await_metric(testbed, UP, 0);
    assert_int_equal(testbed_get(testbed, "/readyz"), 200); // the other doors stand open
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    assert_non_null(strstr(testbed->body, "\"mqtt\":\"away: "));
    testbed_broker_start(testbed, "");
    testbed_await_metric(testbed, UP, 1);
    locate(testbed, 0, 10);
    testbed_await_metric(testbed, ALERTS, 1);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void a_reload_begins_changes_and_ends_it(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, "");
    testbed_broker_start(testbed, "");
    testbed_start(testbed, NULL);
    assert_true(testbed_metric(testbed, UP) == 0);
    testbed_get(testbed, "/v1/status");
    assert_non_null(strstr(testbed->body, "\"mqtt\":\"off\""));
    testbed_broker_use(testbed, "mqtt://", "127.0.0.1");
    testbed_reload(testbed);
    testbed_await_metric(testbed, UP, 1);
    testbed_set(testbed, "breachd.conf", "mqtt", "topics", "elsewhere/+/+");
    testbed_reload(testbed);
    testbed_await_metric(testbed, UP, 1);
    locate(testbed, 0, 10); // the broker's session still has the old topic
    testbed_publish(testbed, "elsewhere/jane/tag-1", "{\"_type\":\"lwt\"}");
    testbed_await_metric(testbed, "breachd_messages_ignored_total", 2);
    assert_true(testbed_metric(testbed, TAKEN) == 0);
    testbed_set(testbed, "breachd.conf", "mqtt", "url", "");
    testbed_reload(testbed);
    assert_true(testbed_metric(testbed, UP) == 0);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(owntracks_and_plain_pings_are_taken),
        testbed_test(without_a_time_only_what_was_not_kept_is_of_now),
        testbed_test(what_is_refused_is_counted_logged_and_gone),
        testbed_test(what_can_never_be_taken_is_said),
        testbed_test(what_comes_while_breachd_is_away_waits_for_it),
        testbed_test(killed_before_the_commit_the_message_comes_again),
        testbed_test(with_room_on_the_disk_again_it_comes_by_itself),
        testbed_test(a_broker_that_was_killed_is_found_again),
        testbed_test(a_reload_begins_changes_and_ends_it),
    };

    return cmocka_run_group_tests_name("mqtt", tests, NULL, NULL);
}
