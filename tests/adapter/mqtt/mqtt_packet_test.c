/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/mqtt/mqtt_packet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

#define BYTES(text) text, sizeof(text) - 1

/* What the bytes begin with: "connack 0", "publish topic q1 #7 payload", "more 12", "broken" … */
static const struct row {
    const char *says, *bytes;
    size_t n;
    const char *want;
} rows[] = {
    { "nothing", BYTES(""), "more 0" },
    { "a welcome", BYTES("\x20\x02\x00\x00"), "connack 0 of 4" },
    { "a session kept", BYTES("\x20\x02\x01\x00"), "connack 0 of 4" },
    { "a wrong password", BYTES("\x20\x02\x00\x04"), "connack 4 of 4" },
    { "half a welcome", BYTES("\x20\x02\x00"), "more 4" },
    { "the kind alone", BYTES("\x20"), "more 0" },
    { "a welcome too long", BYTES("\x20\x03\x00\x00\x00"), "broken" },
    { "a welcome with flags", BYTES("\x21\x02\x00\x00"), "broken" },
    { "subscribed", BYTES("\x90\x03\x00\x01\x01"), "suback 1 #1 of 5" },
    { "subscribed, one by QoS 0", BYTES("\x90\x04\x00\x01\x01\x00"), "suback 0 #1 of 6" },
    { "one refused", BYTES("\x90\x05\x00\x01\x01\x80\x00"), "suback 128 #1 of 7" },
    { "subscribed to nothing", BYTES("\x90\x02\x00\x01"), "broken" },
    { "subscribed to far more than asked for", BYTES("\x90\x0b\x00\x01\x01\x01\x01\x01"),
      "broken" },
    { "there", BYTES("\xd0\x00"), "pingresp of 2" },
    { "there, and more", BYTES("\xd0\x01x"), "broken" },
    { "two packets", BYTES("\xd0\x00\xd0\x00"), "pingresp of 2" },

    { "a message of QoS 0", BYTES("\x30\x05\x00\x01thi"), "publish t q0 #0 hi of 7" },
    { "one of QoS 1", BYTES("\x32\x07\x00\x01t\x00\x07hi"), "publish t q1 #7 hi of 9" },
    { "once more, and retained", BYTES("\x3b\x07\x00\x01t\x12\x34hi"),
      "publish t q1 #4660 hi of 9" },
    { "an empty one", BYTES("\x32\x05\x00\x01t\x00\x07"), "publish t q1 #7  of 7" },
    { "a length of two bytes, the second not needed", BYTES("\x30\x83\x00\x00\x01t"),
      "publish t q0 #0  of 6" },
    { "half a payload", BYTES("\x32\x07\x00\x01t\x00\x07h"), "more 9" },
    { "half an id", BYTES("\x32\x07\x00\x01t\x00"), "more 9" },
    { "half a topic's length", BYTES("\x32\x07\x00"), "more 9" },
    { "half a length", BYTES("\x32\x87"), "more 0" },
    { "QoS 2, which nobody asked for", BYTES("\x34\x07\x00\x01t\x00\x07hi"), "broken" },
    { "QoS 3, which is none", BYTES("\x36\x07\x00\x01t\x00\x07hi"), "broken" },
    { "id 0", BYTES("\x32\x07\x00\x01t\x00\x00hi"), "broken" },
    { "no topic", BYTES("\x30\x04\x00\x00hi"), "broken" },
    { "a topic longer than the packet", BYTES("\x30\x05\x00\x04thi"), "broken" },
    { "an id beyond the packet", BYTES("\x32\x03\x00\x01t"), "broken" },
    { "a topic with a NUL", BYTES("\x30\x05\x00\x02t\x00i"), "broken" },
    { "too short for a topic", BYTES("\x30\x01\x00"), "broken" },
    { "a length of five bytes", BYTES("\x30\xff\xff\xff\xff\x01"), "broken" },

    { "256 MiB, its head not there yet", BYTES("\x32\xff\xff\xff\x7f\x00"), "more 268435460" },
    { "256 MiB, its head there", BYTES("\x32\xff\xff\xff\x7f\x00\x01t\x00\x07hi"),
      "large t #7 of 268435460" },
    { "16,385 bytes are too many", BYTES("\x30\x81\x80\x01\x00\x01t"), "large t #0 of 16389" },
    { "16,384 are not", BYTES("\x30\x80\x80\x01\x00\x01t"), "more 16388" },

    { "a client's packet", BYTES("\x10\x00"), "broken" },
    { "a receipt for what we never sent", BYTES("\x40\x02\x00\x01"), "broken" },
    { "MQTT 5's farewell", BYTES("\xe0\x00"), "broken" },
    { "kind 0", BYTES("\x00\x00"), "broken" },
    { "a web server", BYTES("HTTP/1.1 400 Bad Request\r\n"), "broken" },
    { "TLS", BYTES("\x15\x03\x01\x00\x02\x02\x46"), "broken" },
};

static void describe(enum mqtt_packet_state got, const struct mqtt_packet *packet, size_t size,
                     char *text)
{
    int topic = (int)packet->topic_n, payload = (int)packet->payload_n;

    if (got == MQTT_BROKEN)
        strcpy(text, "broken");
    else if (got == MQTT_MORE)
        sprintf(text, "more %zu", size);
    else if (got == MQTT_LARGE)
        sprintf(text, "large %.*s #%d of %zu", topic, packet->topic, packet->id, size);
    else if (packet->kind == MQTT_CONNACK)
        sprintf(text, "connack %u of %zu", packet->code, size);
    else if (packet->kind == MQTT_SUBACK)
        sprintf(text, "suback %u #%d of %zu", packet->code, packet->id, size);
    else if (packet->kind == MQTT_PINGRESP)
        sprintf(text, "pingresp of %zu", size);
    else
        sprintf(text, "publish %.*s q%u #%d %.*s of %zu", topic, packet->topic, packet->qos,
                packet->id, payload, packet->payload, size);
}

static void that_is_the_packet(void **state)
{
    const struct row *row = *state;
    uint8_t *exact = malloc(row->n > 0 ? row->n : 1); // a sanitizer sees who reads behind it
    struct mqtt_packet packet;
    struct fault why = { .text = "" };
    enum mqtt_packet_state look;
    char got[128];
    size_t size;

    assert_non_null(exact);
    memcpy(exact, row->bytes, row->n);
    look = mqtt_packet_read(exact, row->n, &packet, &size, &why);
    describe(look, &packet, size, got);
    assert_string_equal(got, row->want);
    assert_int_equal(look == MQTT_BROKEN, why.text[0] != '\0');
    free(exact);
}

/* Cut anywhere, a packet is unfinished, and never another one. */
static void every_beginning_asks_for_more(void **state)
{
    static const char message[] = "\x32\x0e\x00\x03o/t\x01\x02payload";
    struct mqtt_packet packet;
    struct fault why;
    size_t size;

    (void)state;
    for (size_t n = 0; n < sizeof message - 1; n++)
        assert_int_equal(mqtt_packet_read((const uint8_t *)message, n, &packet, &size, &why),
                         MQTT_MORE);
    assert_int_equal(
        mqtt_packet_read((const uint8_t *)message, sizeof message - 1, &packet, &size, &why),
        MQTT_WHOLE);
}

static void assert_bytes(const uint8_t *got, size_t n, const char *want, size_t want_n)
{
    assert_int_equal(n, want_n);
    assert_memory_equal(got, want, want_n);
}

static void what_we_send_is_what_the_standard_says(void **state)
{
    static const char topics[2][MQTT_TOPIC_MAX + 1] = { "owntracks/+/+", "p/#" };
    struct mqtt_login login = { "breachd-essex", "", "", 60 };
    uint8_t out[MQTT_SENT_MAX];

    (void)state;
    assert_bytes(out, mqtt_packet_connect(out, &login),
                 BYTES("\x10\x19\x00\x04MQTT\x04\x00\x00\x3c\x00\x0d"
                       "breachd-essex"));
    login.password = "unused without a user";
    assert_int_equal(mqtt_packet_connect(out, &login), 27);
    login.user = "ann";
    login.password = "pw";
    assert_bytes(out, mqtt_packet_connect(out, &login),
                 BYTES("\x10\x22\x00\x04MQTT\x04\xc0\x00\x3c\x00\x0d"
                       "breachd-essex\x00\x03"
                       "ann\x00\x02pw"));
    assert_bytes(out, mqtt_packet_subscribe(out, 1, topics, 2),
                 BYTES("\x82\x18\x00\x01\x00\x0downtracks/+/+\x01\x00\x03p/#\x01"));
    assert_bytes(out, mqtt_packet_puback(out, 0x1234), BYTES("\x40\x02\x12\x34"));
    assert_bytes(out, mqtt_packet_pingreq(out), BYTES("\xc0\x00"));
}

/* Eight topics of 255 characters go out, and a length of two bytes with them. */
static void the_longest_subscription_fits(void **state)
{
    static char topics[MQTT_TOPICS_MAX][MQTT_TOPIC_MAX + 1];
    uint8_t out[MQTT_SENT_MAX];

    (void)state;
    for (size_t i = 0; i < MQTT_TOPICS_MAX; i++)
        memset(topics[i], 't', MQTT_TOPIC_MAX);
    assert_int_equal(
        mqtt_packet_subscribe(out, 1, (const char(*)[MQTT_TOPIC_MAX + 1]) topics, MQTT_TOPICS_MAX),
        3 + 2 + 8 * (2 + 255 + 1));
    assert_memory_equal(out, "\x82\x92\x10", 3);
}

static void what_does_not_fit_is_not_sent(void **state)
{
    static char password[MQTT_SENT_MAX];
    struct mqtt_login login = { "c", "u", password, 60 };
    uint8_t out[MQTT_SENT_MAX];

    (void)state;
    memset(password, 'x', sizeof password - 1);
    assert_int_equal(mqtt_packet_connect(out, &login), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_beginning_asks_for_more),
        cmocka_unit_test(what_we_send_is_what_the_standard_says),
        cmocka_unit_test(the_longest_subscription_fits),
        cmocka_unit_test(what_does_not_fit_is_not_sent),
    };

    return rows_hold("packets", rows, that_is_the_packet) +
           cmocka_run_group_tests_name("mqtt_packet", tests, NULL, NULL);
}
