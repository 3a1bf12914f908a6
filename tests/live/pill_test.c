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
#include "support/test.h"
#include "support/testbed.h"

#define UNJUDGED "breachd_alerts_total{type=\"unjudged\"}"

static void open_two(struct testbed *testbed)
{
    stream_open(testbed); // A: tag-1
    testbed_order(testbed, "P", "tag-pill", 0, 200, "");
}

static void assert_told_once(struct testbed *testbed)
{
    const json_t *alert = NULL, *one;
    size_t i, alerted = 0;

    testbed_await_metric(testbed, UNJUDGED, 1);
    testbed_gather(testbed);
    json_array_foreach(testbed->alerts, i, one)
    {
        if (strcmp(alert_text(one, "type"), "breachd.unjudged") == 0 && alerted++ == 0)
            alert = one;
    }
    assert_int_equal(alerted, 1);
    assert_string_equal(alert_text(alert, "data.respondent"), "R-P");
    assert_string_equal(alert_text(alert, "data.device"), "tag-pill");
    assert_string_equal(alert_text(alert, "data.severity"), "high");
    assert_string_equal(alert_text(alert, "data.cause"), "ping");
    assert_string_equal(alert_text(alert, "data.area"), "Basildon");
    assert_int_equal(json_integer_value(alert_at(alert, "data.count")), 1);
    assert_true(testbed_metric(testbed, "breachd_blind") == 0);
}

static void an_entry_that_cannot_be_kept_is_refused_once(void **state)
{
    struct testbed *testbed = *state;
    char text[512];

    open_two(testbed);
    testbed_preload(testbed, UNPRINTABLE_SHIM);
    stream_flat(testbed, "tag-pill", 0, 10);
    stream_flat(testbed, "tag-1", 0, 10);
    stream_flat(testbed, "tag-pill", 60, 10);
    stream_start(testbed);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    stream_await_acknowledged(testbed);
    assert_non_null(strstr(stream_refused(testbed, 0, text, sizeof text),
                           "unjudged: it could not be kept, and that is told; device=tag-pill"));
    assert_told_once(testbed);
    assert_int_equal(testbed_redis_number(testbed, "XLEN breachd:pings:refused"), 2);
    testbed_kill(testbed);
    stream_start(testbed); // all of it was acknowledged
    stream_flat(testbed, "tag-1", 60, 10);
    stream_await_acknowledged(testbed);
    assert_int_equal(testbed_redis_number(testbed, "XLEN breachd:pings:refused"), 2);
    assert_true(testbed_metric(testbed, "breachd_blind") == 0);
    testbed_close(testbed);
}

static void a_sender_is_told_which_of_the_pings(void **state)
{
    struct testbed *testbed = *state;
    char pings[512], one[160];
    int n = 0;

    open_two(testbed);
    testbed_preload(testbed, UNPRINTABLE_SHIM);
    testbed_start(testbed, NULL);
    for (int i = 0; i < 2; i++) {
        snprintf(one, sizeof one,
                 "{\"device\":\"%s\",\"time\":%" PRId64 ",\"lat\":%.5f,\"lon\":%.5f}",
                 i == 0 ? "tag-pill" : "tag-1", testbed->base, HOME_LAT, HOME_LON);
        n += snprintf(pings + n, sizeof pings - (size_t)n, "%s%s", i == 0 ? "[" : ",", one);
    }
    snprintf(pings + n, sizeof pings - (size_t)n, "]");
    assert_int_equal(testbed_post(testbed, pings), 200);
    assert_non_null(strstr(
        testbed->body, "\"accepted\":1,\"classes\":{\"new\":1},\"rejected\":[{\"index\":0,\"why\":"
                       "\"unjudged: it could not be kept"));
    assert_int_equal(testbed_ping(testbed, "tag-pill", 60, 10), 400);
    assert_int_equal(testbed_ping(testbed, "tag-1", 60, 10), 200);
    assert_told_once(testbed);
    testbed_close(testbed);
}

static void a_message_that_cannot_be_kept_is_acknowledged(void **state)
{
    struct testbed *testbed = *state;
    char message[256];

    open_two(testbed);
    testbed_preload(testbed, UNPRINTABLE_SHIM);
    testbed_broker_start(testbed, "");
    testbed_broker_use(testbed, "mqtt://", "127.0.0.1");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_mqtt_connected", 1);
    for (int i = 0; i < 2; i++) {
        snprintf(message, sizeof message,
                 "{\"_type\":\"location\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64 ",\"acc\":8}",
                 HOME_LAT, HOME_LON, testbed->base);
        testbed_publish(testbed, i == 0 ? "owntracks/pill/tag-pill" : "owntracks/jane/tag-1",
                        message);
    }
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    assert_told_once(testbed);
    testbed_kill(testbed);
    testbed_start(testbed, NULL); // a message that was not acknowledged would come again first
    testbed_await_metric(testbed, "breachd_mqtt_connected", 1);
    snprintf(message, sizeof message,
             "{\"_type\":\"location\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64 ",\"acc\":8}",
             HOME_LAT, HOME_LON, testbed->base + 60);
    testbed_publish(testbed, "owntracks/jane/tag-1", message);
    testbed_await_metric(testbed, PINGS("new"), 1);
    assert_true(testbed_metric(testbed, PINGS("refused")) == 0);
    testbed_close(testbed);
}

/* Row C1: over 100 km there is no fix, so nothing moves; and what it says of itself is heard. */
static void an_accuracy_of_1e308_harms_nobody(void **state)
{
    struct testbed *testbed = *state;
    char ping[256];

    open_two(testbed);
    stream_start(testbed);
    snprintf(ping, sizeof ping,
             "{\"device\":\"tag-pill\",\"time\":%" PRId64 ",\"lat\":%.5f,\"lon\":%.5f,"
             "\"accuracy\":1e308,\"tamper\":true}",
             testbed->base, HOME_LAT, HOME_LON);
    assert_int_equal(testbed_post(testbed, ping), 200);
    stream_field(testbed, "ping", ping, strlen(ping));
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    stream_await_acknowledged(testbed);
    testbed_expect(testbed, "tamper device/tag-pill/1\nbreach A/home/1/1\n");
    assert_true(testbed_metric(testbed, PINGS("no-fix")) == 2);
    assert_true(testbed_metric(testbed, "breachd_unjudged_total") == 0);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 60, 10), 200);
    assert_true(testbed_metric(testbed, "breachd_blind") == 0);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(an_entry_that_cannot_be_kept_is_refused_once),
        testbed_test(a_sender_is_told_which_of_the_pings),
        testbed_test(a_message_that_cannot_be_kept_is_acknowledged),
        testbed_test(an_accuracy_of_1e308_harms_nobody),
    };

    return cmocka_run_group_tests_name("pill", tests, NULL, NULL);
}
