/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt_packet.h - the packets of MQTT 3.1.1 that a subscriber needs, from bytes and to bytes. Pure.
 */
#ifndef ADAPTER_MQTT_MQTT_PACKET_H
#define ADAPTER_MQTT_MQTT_PACKET_H

#include "adapter/mqtt_target.h"
#include "core/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MQTT_PACKET_MAX = 16 * 1024, /* of a message, topic and all: a larger one is passed over */
    MQTT_SENT_MAX = 4096,        /* of what we send */
};

enum mqtt_kind { MQTT_CONNACK = 2, MQTT_PUBLISH = 3, MQTT_SUBACK = 9, MQTT_PINGRESP = 13 };

/* `topic` and `payload` point into the bytes that were read. */
struct mqtt_packet {
    enum mqtt_kind kind;
    unsigned code; /* CONNACK: 0 is welcome; SUBACK: the worst, 0x80 is refused, 0 or 1 the QoS */
    unsigned qos;  /* PUBLISH: 0 or 1 */
    bool retained; /* PUBLISH: the broker has kept it for whoever subscribes */
    uint16_t id;   /* PUBLISH of QoS 1, SUBACK */
    const char *topic, *payload;
    size_t topic_n, payload_n;
};

enum mqtt_packet_state {
    MQTT_MORE,   /* not all of it is there */
    MQTT_WHOLE,  /* a packet */
    MQTT_LARGE,  /* a PUBLISH over MQTT_PACKET_MAX: without its payload */
    MQTT_BROKEN, /* nothing that a broker may send us */
};

/*
 * Looks at the packet that the bytes begin with. *out_size is its length: of one that is MORE, as
 * far as that is known (else 0). LARGE is known as soon as its topic and id are there.
 */
enum mqtt_packet_state mqtt_packet_read(const uint8_t *bytes, size_t n, struct mqtt_packet *out,
                                        size_t *out_size, struct fault *why);

/* What a CONNACK with such a code says, in words. */
const char *mqtt_refusal(unsigned code);

struct mqtt_login {
    const char *client;          /* the session's name; it outlives connections */
    const char *user, *password; /* "": none; a password only with a user */
    unsigned keepalive;          /* seconds */
};

/* Each writes one packet and returns its length; 0 when it is too long. */
size_t mqtt_packet_connect(uint8_t out[MQTT_SENT_MAX], const struct mqtt_login *login);
size_t mqtt_packet_subscribe(uint8_t out[MQTT_SENT_MAX], uint16_t id,
                             const char (*topics)[MQTT_TOPIC_MAX + 1], size_t n);
size_t mqtt_packet_puback(uint8_t out[MQTT_SENT_MAX], uint16_t id);
size_t mqtt_packet_pingreq(uint8_t out[MQTT_SENT_MAX]);

#endif
