/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built breachd as a subscriber of a real mosquitto: what it has not on disk comes again,
 * whoever was killed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/house.h"
#include "support/test.h"

#define UP      "breachd_mqtt_connected"
#define TAKEN   "breachd_pings_total{class=\"new\"}"
#define REFUSED "breachd_pings_total{class=\"refused\"}"
#define TOLD    "breachd_alerts_total{type=\"breach\"}" // counted once it is on disk

static void subscribe(struct house *house)
{
    house_start(house, NULL);
    house_await_metric(house, UP, 1);
}

static void open_the_house(struct house *house)
{
    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, "");
    house_broker_start(house, "");
    house_broker_use(house, "mqtt://", "127.0.0.1");
    subscribe(house);
}

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
    char message[256];

    house_broker_start(house, "");
    house_broker_use(house, "mqtt://", "127.0.0.1");
    house_set(house, "breachd.conf", "mqtt", "topics", "owntracks/+/+, pings/#");
    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, "");
    subscribe(house);
    locate(house, 0, 500);
    snprintf(message, sizeof(message),
             "{\"device\":\"tag-1\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f,\"accuracy\":8}",
             house->base + 600, HOME_LAT, HOME_LON);
    house_publish(house, "pings/gateway-1", message);
    house_publish(house, "owntracks/jane/tag-1", "{\"_type\":\"lwt\",\"tst\":1}");
    house_await_metric(house, "breachd_messages_ignored_total", 1);
    assert_true(house_metric(house, TAKEN) == 2);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

/* Whose topic it is may be settled by the broker; what stands in a message may not. */
static void nobody_speaks_for_another_on_a_topic_of_owntracks(void **state)
{
    struct house *house = *state;
    char message[256];

    open_the_house(house);
    snprintf(message, sizeof(message),
             "{\"device\":\"tag-1\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f}", house->base,
             HOME_LAT, HOME_LON);
    house_publish(house, "owntracks/mallory/phone", message);
    snprintf(message, sizeof(message),
             "{\"_type\":\"location\",\"topic\":\"owntracks/jane/tag-1\",\"tid\":\"tag-1\","
             "\"tst\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f}",
             house->base, HOME_LAT, HOME_LON);
    house_publish(house, "owntracks/mallory/phone", message);
    house_await_metric(house, "breachd_pings_total{class=\"refused\"}", 2);
    house_expect(house, "unjudged senders/1/1\n"); // its phone is under no order
    house_close(house);
}

/* ---- device = topic ---- */

#define TAKEN_FOR(house, n) assert_true(house_metric(house, TAKEN) == (n))

/* A tag and a phone of one respondent, a tag of another. */
static void open_where_the_topic_speaks(struct house *house)
{
    house_order(house, "A", "tag-1, phone-1", 0, 200, "");
    house_order(house, "B", "tag-2", 5000, 200, "");
    house_redis_start(house, "");
    house_broker_start(house, "");
    house_broker_use(house, "mqtt://", "127.0.0.1");
    house_set(house, "breachd.conf", "mqtt", "topics", "owntracks/+/+, pings/#");
    house_set(house, "breachd.conf", "mqtt", "device", "topic");
    subscribe(house);
}

static void publish_location(struct house *house, const char *topic, int second)
{
    char message[256];

    snprintf(message, sizeof(message),
             "{\"_type\":\"location\",\"tid\":\"tag-2\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64
             ",\"acc\":8}",
             HOME_LAT, HOME_LON, house->base + second);
    house_publish(house, topic, message);
}

static void publish_ping(struct house *house, const char *topic, const char *device, int second)
{
    char message[256];

    snprintf(message, sizeof(message),
             "{\"device\":\"%s\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f}", device,
             house->base + second, HOME_LAT, HOME_LON);
    house_publish(house, topic, message);
}

static void the_topics_user_speaks_for_his_own_devices(void **state)
{
    static const char *const topics[] = {
        "owntracks/tag-1/tag-1",   // the device itself
        "owntracks/phone-1/tag-1", // another device of its respondent
        "owntracks/R-A/phone-1",   // its respondent
        "owntracks/tag-1/x",       // a name that is none: the user's own
    };
    struct house *house = *state;
    int n = 0;

    open_where_the_topic_speaks(house);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        publish_location(house, topics[i], 60 * ++n);
        house_await_metric(house, TAKEN, n);
    }
    publish_ping(house, "pings/tag-1", "phone-1", 60 * ++n);
    house_await_metric(house, TAKEN, n);
    publish_ping(house, "pings/R-A/whatever", "tag-1", 60 * ++n);
    house_await_metric(house, TAKEN, n);
    assert_true(house_metric(house, REFUSED) == 0);
    house_close(house);
}

static void nobody_speaks_for_anothers_device(void **state)
{
    static const char *const topics[] = {
        "owntracks/tag-2/tag-1", // he has a device, and takes another's topic: it is his own ping
        "owntracks/mallory/tag-1",
        "owntracks/R-B/tag-1",
        "owntracks/mallory/phone",
    };
    struct house *house = *state;

    open_where_the_topic_speaks(house);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        publish_location(house, topics[i], 60);
    publish_ping(house, "pings/tag-2", "tag-1", 60);
    publish_ping(house, "pings/mallory", "tag-1", 60);
    publish_ping(house, "pings", "tag-1", 60); // nobody's
    house_await_metric(house, REFUSED, 6);
    TAKEN_FOR(house, 1); // of tag-2, five kilometres from its zone
    house_expect(house, "");
    assert_true(house_log_has(house, "mqtt: owntracks/mallory/tag-1: refused: its user may not "
                                     "speak for that device; more of this is only counted"));
    assert_false(house_log_has(house, "mqtt: owntracks/R-B/tag-1")); // at most once a minute
    publish_location(house, "owntracks/tag-1/tag-1", 60);
    house_expect(house, "breach A/home/1/1\n"); // what was refused moved nothing
    house_kill(house);
    subscribe(house); // and was acknowledged
    publish_location(house, "owntracks/tag-1/tag-1", 600);
    house_await_metric(house, TAKEN, 1);
    assert_true(house_metric(house, REFUSED) == 0);
    house_close(house);
}

/* Each kind of refusal is told by itself: one does not hide the other. */
static void a_wrong_speaker_is_told_beside_a_bad_message(void **state)
{
    struct house *house = *state;

    open_where_the_topic_speaks(house);
    house_publish(house, "owntracks/tag-1/tag-1", "no JSON");
    publish_location(house, "owntracks/mallory/tag-1", 60);
    house_await_metric(house, REFUSED, 2);
    assert_true(house_log_has(house, "mqtt: owntracks/tag-1/tag-1: refused for its "));
    assert_true(house_log_has(house, "mqtt: owntracks/mallory/tag-1: refused: its user"));
    house_close(house);
}

static void a_reload_says_who_speaks(void **state)
{
    struct house *house = *state;

    open_where_the_topic_speaks(house);
    publish_location(house, "owntracks/mallory/tag-1", 60);
    house_await_metric(house, REFUSED, 1);
    house_set(house, "breachd.conf", "mqtt", "device", "any");
    house_reload(house);
    assert_true(house_log_has(house, "warning: device: any lets whoever may publish"));
    house_await_metric(house, UP, 1);
    publish_location(house, "owntracks/mallory/tag-1", 60);
    house_await_metric(house, TAKEN, 1);
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

/* ---- who may come in, and to whom we go ---- */

static void a_user_comes_in_by_the_right_password(void **state)
{
    struct house *house = *state;
    struct path passwords = house_path(house, "passwords");
    const char *make[] = {
        "mosquitto_passwd", "-c", "-b", passwords.text, "breachd", "sesame", NULL
    };
    char lines[256];

    house_command(house, make);
    snprintf(lines, sizeof(lines), "allow_anonymous false\npassword_file %s\n", passwords.text);
    house_broker_start(house, lines);
    house_broker_use(house, "mqtt://breachd@", "127.0.0.1");
    house_print(house, "password", "wrong\n");
    house_set(house, "breachd.conf", "mqtt", "password-file", "password");
    house_redis_start(house, "");
    house_start(house, NULL);
    house_await_log(house, "refuses this user, or its password");
    house_print(house, "password", "sesame\n");
    house_reload(house);
    house_await_metric(house, UP, 1);
    assert_false(house_log_has(house, "sesame"));
    house_close(house);
}

/* A certificate for localhost alone, its own authority. */
static void make_certificate(const struct house *house, const char *name)
{
    char key[128], certificate[128];
    const char *make[] = { "openssl",
                           "req",
                           "-x509",
                           "-newkey",
                           "ec",
                           "-pkeyopt",
                           "ec_paramgen_curve:P-256",
                           "-nodes",
                           "-days",
                           "2",
                           "-subj",
                           "/CN=localhost",
                           "-addext",
                           "subjectAltName=DNS:localhost",
                           "-keyout",
                           key,
                           "-out",
                           certificate,
                           NULL };

    snprintf(key, sizeof(key), "%s/%s.key", house->dir, name);
    snprintf(certificate, sizeof(certificate), "%s/%s.pem", house->dir, name);
    house_command(house, make);
}

static void by_tls_only_the_right_broker_is_spoken_to(void **state)
{
    struct house *house = *state;
    char lines[256];

    make_certificate(house, "broker");
    make_certificate(house, "other");
    snprintf(lines, sizeof(lines), "certfile %s/broker.pem\nkeyfile %s/broker.key\n", house->dir,
             house->dir);
    house_broker_start(house, lines);
    house_broker_use(house, "mqtts://", "localhost");
    house_set(house, "breachd.conf", "mqtt", "tls-ca", "other.pem");
    house_redis_start(house, "");
    house_start(house, NULL);
    house_await_log(house, "tls: self-signed certificate");
    house_set(house, "breachd.conf", "mqtt", "tls-ca", "broker.pem");
    house_reload(house); // the same broker: only whom to trust has changed
    house_await_metric(house, UP, 1);
    house_broker_use(house, "mqtts://", "127.0.0.1");
    house_reload(house);
    house_await_log(house, "tls: IP address mismatch");
    assert_true(house_metric(house, UP) == 0);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(owntracks_and_plain_pings_are_taken),
        house_test(nobody_speaks_for_another_on_a_topic_of_owntracks),
        house_test(the_topics_user_speaks_for_his_own_devices),
        house_test(nobody_speaks_for_anothers_device),
        house_test(a_wrong_speaker_is_told_beside_a_bad_message),
        house_test(a_reload_says_who_speaks),
        house_test(what_is_refused_is_counted_logged_and_gone),
        house_test(what_can_never_be_taken_is_said),
        house_test(what_comes_while_breachd_is_away_waits_for_it),
        house_test(killed_before_the_commit_the_message_comes_again),
        house_test(with_room_on_the_disk_again_it_comes_by_itself),
        house_test(a_broker_that_was_killed_is_found_again),
        house_test(a_reload_begins_changes_and_ends_it),
        house_test(a_user_comes_in_by_the_right_password),
        house_test(by_tls_only_the_right_broker_is_spoken_to),
    };

    return cmocka_run_group_tests_name("mqtt", tests, NULL, NULL);
}
