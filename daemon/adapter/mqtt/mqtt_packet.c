/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/mqtt/mqtt_packet.h"

#include <stdbool.h>
#include <string.h>

enum {
    CONNECT = 1,
    PUBACK = 4,
    SUBSCRIBE = 8,
    PINGREQ = 12,
    LEVEL = 4, // 3.1.1
    FLAG_PASSWORD = 0x40,
    FLAG_USER = 0x80,
    LENGTH_BYTES = 4,
};

static unsigned word_at(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* ---- reading ---- */

/* The length of what follows the first byte: 7 bits a byte, least first. */
static enum mqtt_packet_state read_length(const uint8_t *bytes, size_t n, size_t *out_head,
                                          size_t *out)
{
    *out = 0;
    for (size_t i = 0; i < LENGTH_BYTES; i++) {
        if (1 + i >= n)
            return MQTT_MORE;
        *out |= (size_t)(bytes[1 + i] & 0x7f) << 7 * i;
        *out_head = 2 + i;
        if ((bytes[1 + i] & 0x80) == 0)
            return MQTT_WHOLE;
    }
    return MQTT_BROKEN;
}

/* `at` is behind the length, of which `have` of `length` bytes are there. */
static enum mqtt_packet_state read_publish(const uint8_t *at, size_t have, size_t length,
                                           unsigned flags, struct mqtt_packet *out)
{
    size_t head;

    out->qos = flags >> 1 & 3;
    out->retained = (flags & 1) != 0;
    if (out->qos > 1 || length < 2) // we ask for no more than 1
        return MQTT_BROKEN;
    if (have < 2)
        return MQTT_MORE;
    out->topic_n = word_at(at);
    head = 2 + out->topic_n + 2 * out->qos;
    if (out->topic_n == 0 || head > length)
        return MQTT_BROKEN;
    if (have < head)
        return MQTT_MORE;
    out->topic = (const char *)at + 2;
    out->id = out->qos > 0 ? (uint16_t)word_at(at + 2 + out->topic_n) : 0;
    if ((out->qos > 0 && out->id == 0) || memchr(out->topic, '\0', out->topic_n) != NULL)
        return MQTT_BROKEN;
    if (length > MQTT_PACKET_MAX)
        return MQTT_LARGE;
    out->payload = (const char *)at + head;
    out->payload_n = length - head;
    return have < length ? MQTT_MORE : MQTT_WHOLE;
}

/* A refused topic is worst, then QoS 0. */
static unsigned worst_code(const uint8_t *codes, size_t n)
{
    unsigned worst = 1;

    for (size_t i = 0; i < n; i++) {
        if (codes[i] > 2)
            return 0x80;
        worst = codes[i] < worst ? codes[i] : worst;
    }
    return worst;
}

static enum mqtt_packet_state read_answer(const uint8_t *at, size_t length, unsigned flags,
                                          struct mqtt_packet *out)
{
    if (flags != 0)
        return MQTT_BROKEN;
    switch (out->kind) {
    case MQTT_CONNACK:
        out->code = length == 2 ? at[1] : 0;
        return length == 2 ? MQTT_WHOLE : MQTT_BROKEN;
    case MQTT_SUBACK:
        if (length < 3)
            return MQTT_BROKEN;
        out->id = (uint16_t)word_at(at);
        out->code = worst_code(at + 2, length - 2);
        return MQTT_WHOLE;
    case MQTT_PINGRESP:
        return length == 0 ? MQTT_WHOLE : MQTT_BROKEN;
    case MQTT_PUBLISH: // see read_publish
        break;
    }
    return MQTT_BROKEN;
}

static bool is_known(unsigned kind)
{
    return kind == MQTT_CONNACK || kind == MQTT_PUBLISH || kind == MQTT_SUBACK ||
           kind == MQTT_PINGRESP;
}

static enum mqtt_packet_state parse(const uint8_t *bytes, size_t n, struct mqtt_packet *out,
                                    size_t *out_size)
{
    size_t head, length;
    enum mqtt_packet_state got;

    if (n == 0)
        return MQTT_MORE;
    if (!is_known(bytes[0] >> 4))
        return MQTT_BROKEN;
    out->kind = (enum mqtt_kind)(bytes[0] >> 4);
    got = read_length(bytes, n, &head, &length);
    if (got != MQTT_WHOLE)
        return got;
    *out_size = head + length;
    if (out->kind == MQTT_PUBLISH)
        return read_publish(bytes + head, n - head < length ? n - head : length, length,
                            bytes[0] & 15, out);
    if (length > 2 + MQTT_TOPICS_MAX)
        return MQTT_BROKEN;
    if (n < head + length)
        return MQTT_MORE;
    return read_answer(bytes + head, length, bytes[0] & 15, out);
}

enum mqtt_packet_state mqtt_packet_read(const uint8_t *bytes, size_t n, struct mqtt_packet *out,
                                        size_t *out_size, struct fault *why)
{
    enum mqtt_packet_state got;

    *out = (struct mqtt_packet){ 0 };
    *out_size = 0;
    got = parse(bytes, n, out, out_size);
    if (got == MQTT_BROKEN)
        fault_set(why, "is no broker of MQTT 3.1.1: a packet of kind %u that none may send",
                  bytes[0] >> 4);
    return got;
}

const char *mqtt_refusal(unsigned code)
{
    static const char *const words[] = {
        "lets us in",       "does not speak MQTT 3.1.1", "refuses the client-id",
        "is not available", "refuses user and password", "refuses this user, or its password"
    };

    return code < sizeof words / sizeof *words ? words[code] : "refuses to connect";
}

/* ---- writing ---- */

/* Fills a packet behind room for its first byte and length; full is told at the end. */
struct writer {
    uint8_t *out;
    size_t n;
    bool full;
};

static void put(struct writer *writer, const void *bytes, size_t n)
{
    writer->full = writer->full || n > MQTT_SENT_MAX - writer->n;
    if (writer->full)
        return;
    memcpy(writer->out + writer->n, bytes, n);
    writer->n += n;
}

static void put_word(struct writer *writer, unsigned word)
{
    put(writer, (const uint8_t[]){ (uint8_t)(word >> 8), (uint8_t)word }, 2);
}

static void put_text(struct writer *writer, const char *text)
{
    size_t n = strlen(text);

    put_word(writer, (unsigned)n);
    put(writer, text, n);
}

static struct writer begin(uint8_t *out)
{
    return (struct writer){ .out = out, .n = 1 + LENGTH_BYTES };
}

/* Puts the first byte and the length before what was written. */
static size_t finish(struct writer *writer, unsigned kind, unsigned flags)
{
    size_t length = writer->n - 1 - LENGTH_BYTES, left = length, head = 1;

    if (writer->full)
        return 0;
    writer->out[0] = (uint8_t)(kind << 4 | flags);
    do { // seven bits of the length each turn
        writer->out[head++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
        left >>= 7;
    } while (left > 0);
    memmove(writer->out + head, writer->out + 1 + LENGTH_BYTES, length);
    return head + length;
}

size_t mqtt_packet_connect(uint8_t out[MQTT_SENT_MAX], const struct mqtt_login *login)
{
    bool user = login->user[0] != '\0', password = user && login->password[0] != '\0';
    // No clean session: what comes while we are away waits for us.
    uint8_t about[] = { LEVEL, (uint8_t)((user ? FLAG_USER : 0) | (password ? FLAG_PASSWORD : 0)) };
    struct writer writer = begin(out);

    put_text(&writer, "MQTT");
    put(&writer, about, sizeof about);
    put_word(&writer, login->keepalive);
    put_text(&writer, login->client);
    if (user)
        put_text(&writer, login->user);
    if (password)
        put_text(&writer, login->password);
    return finish(&writer, CONNECT, 0);
}

size_t mqtt_packet_subscribe(uint8_t out[MQTT_SENT_MAX], uint16_t id,
                             const char (*topics)[MQTT_TOPIC_MAX + 1], size_t n)
{
    struct writer writer = begin(out);

    put_word(&writer, id);
    for (size_t i = 0; i < n; i++) {
        put_text(&writer, topics[i]);
        put(&writer, (const uint8_t[]){ 1 }, 1); // QoS
    }
    return finish(&writer, SUBSCRIBE, 2);
}

size_t mqtt_packet_puback(uint8_t out[MQTT_SENT_MAX], uint16_t id)
{
    struct writer writer = begin(out);

    put_word(&writer, id);
    return finish(&writer, PUBACK, 0);
}

size_t mqtt_packet_pingreq(uint8_t out[MQTT_SENT_MAX])
{
    struct writer writer = begin(out);

    return finish(&writer, PINGREQ, 0);
}
