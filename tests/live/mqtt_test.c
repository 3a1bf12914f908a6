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

#define TOLD "breachd_alerts_total{type=\"breach\"}" // counted once it is on disk

/* His tag, as OwnTracks tells it, so many metres north of the middle of the zone. */
static void locate(struct house *house, int second, double north)
{
    char message[256];

    snprintf(message, sizeof(message),
             "{\"_type\":\"location\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64 ",\"acc\":8}",
             HOME_LAT + north / METRES_PER_DEGREE, HOME_LON, house->base + second);
    house_publish(house, "owntracks/jane/tag-1", message);
}

static void owntracks_and_plain_pings_are_taken(void **state)
{
    struct house *house = *state;
    char ping[HOUSE_PING_MAX];

    house_broker_start(house, "");
    house_broker_use(house, "mqtt://", "127.0.0.1");
    house_set(house, "breachd.conf", "mqtt", "topics", "owntracks/+/+, pings/#");
    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, "");
    subscribe(house);
    locate(house, 0, 500);
    house_publish(house, "pings/gateway-1", house_ping_print(house, "tag-1", 600, 0, ping));
    house_publish(house, "owntracks/jane/tag-1", "{\"_type\":\"lwt\",\"tst\":1}");
    house_await_metric(house, "breachd_messages_ignored_total", 1);
    assert_true(house_metric(house, TAKEN) == 2);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void what_is_refused_is_counted_logged_and_gone(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    house_publish(house, "owntracks/jane/tag-9",
                  "{\"_type\":\"location\",\"lat\":51.5,\"lon\":0.4,\"tst\":1592943245}");
    house_publish(house, "owntracks/jane/tag-1",
                  "{\"_type\":\"location\",\"lat\":151.5,\"lon\":0,"
                  "\"tst\":1592943245}");
    house_publish(house, "owntracks/jane/tag-1", "no JSON");
    locate(house, 0, 10);
    house_await_metric(house, TOLD, 1);
    assert_true(house_metric(house, "breachd_pings_total{class=\"refused\"}") == 3);
    assert_true(house_log_has(house, "mqtt: owntracks/jane/tag-9: refused for its device;"));
    assert_false(house_log_has(house, "151.5"));
    house_kill(house);
    subscribe(house); // all of it was acknowledged
    locate(house, 60, 10);
    house_await_metric(house, TAKEN, 1);
    assert_true(house_metric(house, "breachd_pings_total{class=\"refused\"}") == 0);
    assert_true(house_metric(house, "breachd_pings_total{class=\"again\"}") == 0);
    house_close(house);
}

/* Neither would ever fit, and nobody is answered: so it is acknowledged, counted and said. */
static void what_can_never_be_taken_is_said(void **state)
{
    static char payload[200 * 1024], topic[300];
    struct house *house = *state;
    struct path big;
    char port[16];
    const char *argv[] = { "mosquitto_pub",      "-h", "127.0.0.1", "-p", port, "-q", "1", "-t",
                           "owntracks/jane/big", "-f", big.text,    NULL };

    memset(payload, '1', sizeof(payload) - 1);
    memset(topic, 'u', sizeof(topic) - 1);
    memcpy(topic, "owntracks/jane/", 15);
    open_the_house(house);
    house_print(house, "big", "%s", payload);
    big = house_path(house, "big");
    snprintf(port, sizeof(port), "%d", house->broker_port);
    house_command(house, argv);
    house_await_metric(house, "breachd_pings_total{class=\"refused\"}", 1);
    assert_true(house_log_has(house, "mqtt: owntracks/jane/big: refused for its size;"));
    house_publish(house, topic, "{\"_type\":\"location\"}");
    house_await_metric(house, "breachd_pings_total{class=\"refused\"}", 2);
    assert_true(house_metric(house, "breachd_messages_ignored_total") == 0);
    house_close(house);
}

static void what_comes_while_breachd_is_away_waits_for_it(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    house_kill(house);
    locate(house, 0, 500);
    locate(house, 600, 10);
    subscribe(house);
    house_await_metric(house, TOLD, 1);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

/* The disk is full, so what came is not acknowledged; and then the power goes. */
static void killed_before_the_commit_the_message_comes_again(void **state)
{
    struct house *house = *state;

    house_disk_fit(house);
    open_the_house(house);
    locate(house, 0, 500);
    house_await_metric(house, TAKEN, 1);
    house_disk_fill(house);
    locate(house, 600, 10);
    house_await_metric(house, "breachd_blind", 1);
    house_kill(house);
    house_disk_drain(house);
    subscribe(house);
    house_await_metric(house, TOLD, 1);
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    house_close(house);
}

static void with_room_on_the_disk_again_it_comes_by_itself(void **state)
{
    struct house *house = *state;

    house_disk_fit(house);
    open_the_house(house);
    house_disk_fill(house);
    locate(house, 600, 10);
    house_await_metric(house, "breachd_blind", 1);
    assert_true(house_metric(house, UP) == 0); // nothing could be kept: nobody is called
    house_disk_drain(house);
    house_await_metric(house, UP, 1);
    house_await_code(house, "/readyz", 200);
    house_expect(house, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    house_close(house);
}

static void a_broker_that_was_killed_is_found_again(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    house_broker_kill(house);
    house_await_metric(house, UP, 0);
    assert_int_equal(house_get(house, "/readyz"), 200); // the other doors stand open
    assert_int_equal(house_get(house, "/v1/status"), 200);
    assert_non_null(strstr(house->body, "\"mqtt\":\"away: "));
    house_broker_start(house, "");
    house_await_metric(house, UP, 1);
    locate(house, 0, 10);
    house_await_metric(house, TOLD, 1);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void a_reload_begins_changes_and_ends_it(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, "");
    house_broker_start(house, "");
    house_start(house, NULL);
    assert_true(house_metric(house, UP) == 0);
    house_get(house, "/v1/status");
    assert_non_null(strstr(house->body, "\"mqtt\":\"off\""));
    house_broker_use(house, "mqtt://", "127.0.0.1");
    house_reload(house);
    house_await_metric(house, UP, 1);
    house_set(house, "breachd.conf", "mqtt", "topics", "elsewhere/+/+");
    house_reload(house);
    house_await_metric(house, UP, 1);
    locate(house, 0, 10); // the broker's session still has the old topic
    house_publish(house, "elsewhere/jane/tag-1", "{\"_type\":\"lwt\"}");
    house_await_metric(house, "breachd_messages_ignored_total", 2);
    assert_true(house_metric(house, TAKEN) == 0);
    house_set(house, "breachd.conf", "mqtt", "url", "");
    house_reload(house);
    assert_true(house_metric(house, UP) == 0);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(owntracks_and_plain_pings_are_taken),
        house_test(what_is_refused_is_counted_logged_and_gone),
        house_test(what_can_never_be_taken_is_said),
        house_test(what_comes_while_breachd_is_away_waits_for_it),
        house_test(killed_before_the_commit_the_message_comes_again),
        house_test(with_room_on_the_disk_again_it_comes_by_itself),
        house_test(a_broker_that_was_killed_is_found_again),
        house_test(a_reload_begins_changes_and_ends_it),
    };

    return cmocka_run_group_tests_name("mqtt", tests, NULL, NULL);
}
