/* SPDX-License-Identifier: Apache-2.0 */
/* mqtt_target.h - which broker to subscribe to, and to what, as values. Pure. */
#ifndef ADAPTER_MQTT_TARGET_H
#define ADAPTER_MQTT_TARGET_H

#include "adapter/mqtt_packet.h"

enum { MQTT_HOST_MAX = 256, MQTT_USER_MAX = 128, MQTT_TEXT_MAX = 160 };

struct mqtt_target {
    char host[MQTT_HOST_MAX]; /* empty: no broker */
    int port;
    char user[MQTT_USER_MAX]; /* empty: none */
    bool secure;              /* mqtts: */
    char text[MQTT_TEXT_MAX]; /* for people */
};

/* Reads `mqtt://[user@]host[:port]`, the same with `mqtts:`, or nothing: no broker. */
bool mqtt_target_parse(const char *text, struct mqtt_target *out, struct fault *why);

struct mqtt_topics {
    char of[MQTT_TOPICS_MAX][MQTT_TOPIC_MAX + 1];
    size_t n;
};

/* Reads topics parted by commas or blanks; `+` stands for one level, `#` at the end for all. */
bool mqtt_topics_parse(const char *text, struct mqtt_topics *out, struct fault *why);

/*
 * Whether one of them stands for `topic`: a broker goes on sending what an older configuration of
 * the same session asked for.
 */
bool mqtt_topics_hold(const struct mqtt_topics *topics, const char *topic, size_t n);

#endif
