/* SPDX-License-Identifier: Apache-2.0 */
/* Who may speak by MQTT, for which devices; and to which broker breachd speaks, as whom. */
#include "mqtt.h"

#include <inttypes.h>
#include <stdio.h>

#include "support/test.h"

/* Whose topic it is may be settled by the broker; what stands in a message may not. */
static void nobody_speaks_for_another_on_a_topic_of_owntracks(void **state)
{
    struct testbed *testbed = *state;
    char message[256];

    open_the_testbed(testbed);
    snprintf(message, sizeof(message),
             "{\"device\":\"tag-1\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f}", testbed->base,
             HOME_LAT, HOME_LON);
    testbed_publish(testbed, "owntracks/mallory/phone", message);
    snprintf(message, sizeof(message),
             "{\"_type\":\"location\",\"topic\":\"owntracks/jane/tag-1\",\"tid\":\"tag-1\","
             "\"tst\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f}",
             testbed->base, HOME_LAT, HOME_LON);
    testbed_publish(testbed, "owntracks/mallory/phone", message);
    testbed_await_metric(testbed, "breachd_pings_total{class=\"refused\"}", 2);
    testbed_expect(testbed, "unjudged senders/1/1\n"); // its phone is under no order
    testbed_close(testbed);
}

/* ---- device = topic ---- */

#define TAKEN_FOR(testbed, n) assert_true(testbed_metric(testbed, TAKEN) == (n))

/* A tag and a phone of one respondent, a tag of another. */
static void open_where_the_topic_speaks(struct testbed *testbed)
{
    testbed_order(testbed, "A", "tag-1, phone-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_redis_start(testbed, "");
    testbed_broker_start(testbed, "");
    testbed_broker_use(testbed, "mqtt://", "127.0.0.1");
    testbed_set(testbed, "breachd.conf", "mqtt", "topics", "owntracks/+/+, pings/#");
    testbed_set(testbed, "breachd.conf", "mqtt", "device", "topic");
    subscribe(testbed);
}

static void publish_location(struct testbed *testbed, const char *topic, int second)
{
    char message[256];

    snprintf(message, sizeof(message),
             "{\"_type\":\"location\",\"tid\":\"tag-2\",\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64
             ",\"acc\":8}",
             HOME_LAT, HOME_LON, testbed->base + second);
    testbed_publish(testbed, topic, message);
}

static void publish_ping(struct testbed *testbed, const char *topic, const char *device, int second)
{
    char message[256];

    snprintf(message, sizeof(message),
             "{\"device\":\"%s\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f}", device,
             testbed->base + second, HOME_LAT, HOME_LON);
    testbed_publish(testbed, topic, message);
}

static void the_topics_user_speaks_for_his_own_devices(void **state)
{
    static const char *const topics[] = {
        "owntracks/tag-1/tag-1",   // the device itself
        "owntracks/phone-1/tag-1", // another device of its respondent
        "owntracks/R-A/phone-1",   // its respondent
        "owntracks/tag-1/x",       // a name that is none: the user's own
    };
    struct testbed *testbed = *state;
    int n = 0;

    open_where_the_topic_speaks(testbed);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        publish_location(testbed, topics[i], 60 * ++n);
        testbed_await_metric(testbed, TAKEN, n);
    }
    publish_ping(testbed, "pings/tag-1", "phone-1", 60 * ++n);
    testbed_await_metric(testbed, TAKEN, n);
    publish_ping(testbed, "pings/R-A/whatever", "tag-1", 60 * ++n);
    testbed_await_metric(testbed, TAKEN, n);
    assert_true(testbed_metric(testbed, REFUSED) == 0);
    testbed_close(testbed);
}

static void nobody_speaks_for_anothers_device(void **state)
{
    static const char *const topics[] = {
        "owntracks/tag-2/tag-1", // he has a device, and takes another's topic: it is his own ping
        "owntracks/mallory/tag-1",
        "owntracks/R-B/tag-1",
        "owntracks/mallory/phone",
    };
    struct testbed *testbed = *state;

    open_where_the_topic_speaks(testbed);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        publish_location(testbed, topics[i], 60);
    publish_ping(testbed, "pings/tag-2", "tag-1", 60);
    publish_ping(testbed, "pings/mallory", "tag-1", 60);
    publish_ping(testbed, "pings", "tag-1", 60); // nobody's
    testbed_await_metric(testbed, REFUSED, 6);
    TAKEN_FOR(testbed, 1); // of tag-2, five kilometres from its zone
    testbed_expect(testbed, "");
    assert_true(testbed_log_has(testbed, "mqtt: owntracks/mallory/tag-1: refused: its user may not "
                                         "speak for that device; more of this is only counted"));
    assert_false(testbed_log_has(testbed, "mqtt: owntracks/R-B/tag-1")); // at most once a minute
    publish_location(testbed, "owntracks/tag-1/tag-1", 60);
    testbed_expect(testbed, "breach A/home/1/1\n"); // what was refused moved nothing
    testbed_kill(testbed);
    subscribe(testbed); // and was acknowledged
    publish_location(testbed, "owntracks/tag-1/tag-1", 600);
    testbed_await_metric(testbed, TAKEN, 1);
    assert_true(testbed_metric(testbed, REFUSED) == 0);
    testbed_close(testbed);
}

/* Each kind of refusal is told by itself: one does not hide the other. */
static void a_wrong_speaker_is_told_beside_a_bad_message(void **state)
{
    struct testbed *testbed = *state;

    open_where_the_topic_speaks(testbed);
    testbed_publish(testbed, "owntracks/tag-1/tag-1", "no JSON");
    publish_location(testbed, "owntracks/mallory/tag-1", 60);
    testbed_await_metric(testbed, REFUSED, 2);
    assert_true(testbed_log_has(testbed, "mqtt: owntracks/tag-1/tag-1: refused for its "));
    assert_true(testbed_log_has(testbed, "mqtt: owntracks/mallory/tag-1: refused: its user"));
    testbed_close(testbed);
}

static void a_reload_says_who_speaks(void **state)
{
    struct testbed *testbed = *state;

    open_where_the_topic_speaks(testbed);
    publish_location(testbed, "owntracks/mallory/tag-1", 60);
    testbed_await_metric(testbed, REFUSED, 1);
    testbed_set(testbed, "breachd.conf", "mqtt", "device", "any");
    testbed_reload(testbed);
    assert_true(testbed_log_has(testbed, "warning: device: any lets whoever may publish"));
    testbed_await_metric(testbed, UP, 1);
    publish_location(testbed, "owntracks/mallory/tag-1", 60);
    testbed_await_metric(testbed, TAKEN, 1);
    testbed_close(testbed);
}

/* ---- who may come in, and to whom we go ---- */

static void a_user_comes_in_by_the_right_password(void **state)
{
    struct testbed *testbed = *state;
    struct path passwords = testbed_path(testbed, "passwords");
    const char *make[] = {
        "mosquitto_passwd", "-c", "-b", passwords.text, "breachd", "sesame", NULL
    };
    char lines[256];

    testbed_command(testbed, make);
    snprintf(lines, sizeof(lines), "allow_anonymous false\npassword_file %s\n", passwords.text);
    testbed_broker_start(testbed, lines);
    testbed_broker_use(testbed, "mqtt://breachd@", "127.0.0.1");
    testbed_print(testbed, "password", "wrong\n");
    testbed_set(testbed, "breachd.conf", "mqtt", "password-file", "password");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "refuses this user, or its password");
    testbed_print(testbed, "password", "sesame\n");
    testbed_reload(testbed);
    testbed_await_metric(testbed, UP, 1);
    assert_false(testbed_log_has(testbed, "sesame"));
    testbed_close(testbed);
}

/* A certificate for localhost alone, its own authority. */
static void make_certificate(const struct testbed *testbed, const char *name)
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

    snprintf(key, sizeof(key), "%s/%s.key", testbed->dir, name);
    snprintf(certificate, sizeof(certificate), "%s/%s.pem", testbed->dir, name);
    testbed_command(testbed, make);
}

static void by_tls_only_the_right_broker_is_spoken_to(void **state)
{
    struct testbed *testbed = *state;
    char lines[256];

    make_certificate(testbed, "broker");
    make_certificate(testbed, "other");
    snprintf(lines, sizeof(lines), "certfile %s/broker.pem\nkeyfile %s/broker.key\n", testbed->dir,
             testbed->dir);
    testbed_broker_start(testbed, lines);
    testbed_broker_use(testbed, "mqtts://", "localhost");
    testbed_set(testbed, "breachd.conf", "mqtt", "tls-ca", "other.pem");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "tls: self-signed certificate");
    testbed_set(testbed, "breachd.conf", "mqtt", "tls-ca", "broker.pem");
    testbed_reload(testbed); // the same broker: only whom to trust has changed
    testbed_await_metric(testbed, UP, 1);
    testbed_broker_use(testbed, "mqtts://", "127.0.0.1");
    testbed_reload(testbed);
    testbed_await_log(testbed, "tls: IP address mismatch");
    assert_true(testbed_metric(testbed, UP) == 0);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(nobody_speaks_for_another_on_a_topic_of_owntracks),
        testbed_test(the_topics_user_speaks_for_his_own_devices),
        testbed_test(nobody_speaks_for_anothers_device),
        testbed_test(a_wrong_speaker_is_told_beside_a_bad_message),
        testbed_test(a_reload_says_who_speaks),
        testbed_test(a_user_comes_in_by_the_right_password),
        testbed_test(by_tls_only_the_right_broker_is_spoken_to),
    };

    return cmocka_run_group_tests_name("mqtt_who", tests, NULL, NULL);
}
