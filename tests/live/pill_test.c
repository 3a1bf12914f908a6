/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built breachd, when what one respondent does cannot be kept: that one is told `unjudged`, the
 * sender is answered, nothing is read for ever, and nobody else notices. And the number that once
 * did it, at every door.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "stream.h"
#include "support/house.h"
#include "support/test.h"

#define UNJUDGED "breachd_alerts_total{type=\"unjudged\"}"

static void open_two(struct house *house)
{
    stream_open(house); // A: tag-1
    house_order(house, "P", "tag-pill", 0, 200, "");
}

static void assert_told_once(struct house *house)
{
    const json_t *alert = NULL, *one;
    size_t i, told = 0;

    house_await_metric(house, UNJUDGED, 1);
    house_gather(house);
    json_array_foreach(house->alerts, i, one)
    {
        if (strcmp(alert_text(one, "type"), "breachd.unjudged") == 0 && told++ == 0)
            alert = one;
    }
    assert_int_equal(told, 1);
    assert_string_equal(alert_text(alert, "data.respondent"), "R-P");
    assert_string_equal(alert_text(alert, "data.device"), "tag-pill");
    assert_string_equal(alert_text(alert, "data.severity"), "high");
    assert_string_equal(alert_text(alert, "data.cause"), "ping");
    assert_string_equal(alert_text(alert, "data.area"), "Basildon");
    assert_int_equal(json_integer_value(alert_at(alert, "data.count")), 1);
    assert_true(house_metric(house, "breachd_blind") == 0);
}

static void an_entry_that_cannot_be_kept_is_refused_once(void **state)
{
    struct house *house = *state;
    char text[512];

    open_two(house);
    house_preload(house, UNPRINTABLE_SHIM);
    stream_flat(house, "tag-pill", 0, 10);
    stream_flat(house, "tag-1", 0, 10);
    stream_flat(house, "tag-pill", 60, 10);
    stream_start(house);
    house_await_metric(house, TOLD_BREACH, 1);
    stream_await_acknowledged(house);
    assert_non_null(strstr(stream_refused(house, 0, text, sizeof text),
                           "unjudged: it could not be kept, and that is told; device=tag-pill"));
    assert_told_once(house);
    assert_int_equal(house_redis_number(house, "XLEN breachd:pings:refused"), 2);
    house_kill(house);
    stream_start(house); // all of it was acknowledged
    stream_flat(house, "tag-1", 60, 10);
    stream_await_acknowledged(house);
    assert_int_equal(house_redis_number(house, "XLEN breachd:pings:refused"), 2);
    assert_true(house_metric(house, "breachd_blind") == 0);
    house_close(house);
}

static void a_sender_is_told_which_of_the_pings(void **state)
{
    struct house *house = *state;
    char pings[512], one[160];
    int n = 0;

    open_two(house);
    house_preload(house, UNPRINTABLE_SHIM);
    house_start(house, NULL);
    for (int i = 0; i < 2; i++) {
        snprintf(one, sizeof one,
                 "{\"device\":\"%s\",\"time\":%" PRId64 ",\"lat\":%.5f,\"lon\":%.5f}",
                 i == 0 ? "tag-pill" : "tag-1", house->base, HOME_LAT, HOME_LON);
        n += snprintf(pings + n, sizeof pings - (size_t)n, "%s%s", i == 0 ? "[" : ",", one);
    }
    snprintf(pings + n, sizeof pings - (size_t)n, "]");
    assert_int_equal(house_post(house, pings), 200);
    assert_non_null(strstr(
        house->body, "\"accepted\":1,\"classes\":{\"new\":1},\"rejected\":[{\"index\":0,\"why\":"
                     "\"unjudged: it could not be kept"));
    assert_int_equal(house_ping(house, "tag-pill", 60, 10), 400);
    assert_int_equal(house_ping(house, "tag-1", 60, 10), 200);
    assert_told_once(house);
    house_close(house);
}

static void a_message_that_cannot_be_kept_is_acknowledged(void **state)
{
    struct house *house = *state;
    char message[256];

    open_two(house);
    house_preload(house, UNPRINTABLE_SHIM);
    house_broker_start(house, "");
    house_broker_use(house, "mqtt://", "127.0.0.1");
    house_start(house, NULL);
    house_await_metric(house, "breachd_mqtt_connected", 1);
    for (int i = 0; i < 2; i++) {
        snprintf(message, sizeof message,
                 "{\"_type\":\"location\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64 ",\"acc\":8}",
                 HOME_LAT, HOME_LON, house->base);
        house_publish(house, i == 0 ? "owntracks/pill/tag-pill" : "owntracks/jane/tag-1", message);
    }
    house_await_metric(house, TOLD_BREACH, 1);
    assert_told_once(house);
    house_kill(house);
    house_start(house, NULL); // a message that was not acknowledged would come again first
    house_await_metric(house, "breachd_mqtt_connected", 1);
    snprintf(message, sizeof message,
             "{\"_type\":\"location\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64 ",\"acc\":8}",
             HOME_LAT, HOME_LON, house->base + 60);
    house_publish(house, "owntracks/jane/tag-1", message);
    house_await_metric(house, PINGS("new"), 1);
    assert_true(house_metric(house, PINGS("refused")) == 0);
    house_close(house);
}

/* Row C1: over 100 km there is no fix, so nothing moves; and what it says of itself is heard. */
static void an_accuracy_of_1e308_harms_nobody(void **state)
{
    struct house *house = *state;
    char ping[256];

    open_two(house);
    stream_start(house);
    snprintf(ping, sizeof ping,
             "{\"device\":\"tag-pill\",\"time\":%" PRId64 ",\"lat\":%.5f,\"lon\":%.5f,"
             "\"accuracy\":1e308,\"tamper\":true}",
             house->base, HOME_LAT, HOME_LON);
    assert_int_equal(house_post(house, ping), 200);
    stream_field(house, "ping", ping, strlen(ping));
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    stream_await_acknowledged(house);
    house_expect(house, "tamper device/tag-pill/1\nbreach A/home/1/1\n");
    assert_true(house_metric(house, PINGS("no-fix")) == 2);
    assert_true(house_metric(house, "breachd_unjudged_total") == 0);
    house_kill(house);
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-1", 60, 10), 200);
    assert_true(house_metric(house, "breachd_blind") == 0);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(an_entry_that_cannot_be_kept_is_refused_once),
        house_test(a_sender_is_told_which_of_the_pings),
        house_test(a_message_that_cannot_be_kept_is_acknowledged),
        house_test(an_accuracy_of_1e308_harms_nobody),
    };

    return cmocka_run_group_tests_name("pill", tests, NULL, NULL);
}
