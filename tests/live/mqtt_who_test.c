/* SPDX-License-Identifier: Apache-2.0 */
/* Who may speak by MQTT, for which devices; and to which broker breachd speaks, as whom. */
#include "mqtt.h"

#include <inttypes.h>
#include <stdio.h>

#include "support/test.h"

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
        house_test(nobody_speaks_for_another_on_a_topic_of_owntracks),
        house_test(the_topics_user_speaks_for_his_own_devices),
        house_test(nobody_speaks_for_anothers_device),
        house_test(a_wrong_speaker_is_told_beside_a_bad_message),
        house_test(a_reload_says_who_speaks),
        house_test(a_user_comes_in_by_the_right_password),
        house_test(by_tls_only_the_right_broker_is_spoken_to),
    };

    return cmocka_run_group_tests_name("mqtt_who", tests, NULL, NULL);
}
