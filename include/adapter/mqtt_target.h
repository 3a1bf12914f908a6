/* SPDX-License-Identifier: Apache-2.0 */
/* mqtt_target.h - which broker to subscribe to, and to what, as values. Pure. */
#ifndef ADAPTER_MQTT_TARGET_H
#define ADAPTER_MQTT_TARGET_H

#include "core/fault.h"
#include "core/index.h"

enum {
    MQTT_HOST_MAX = 256,
    MQTT_USER_MAX = 128,
    MQTT_TEXT_MAX = 160,
    MQTT_TOPIC_MAX = 255, /* characters of a topic that we subscribe to */
    MQTT_TOPICS_MAX = 8
};

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

/*
 * Who speaks on `topic`, as the broker's access list has let him: the USER of
 * owntracks/USER/DEVICE; on another topic what stands where the first of these that stands for it
 * has its first wildcard, so jane of pings/jane/x by `pings/#`. False, *out untouched, when there
 * is none, or it is no id.
 */
bool mqtt_topics_user(const struct mqtt_topics *topics, const char *topic, size_t n,
                      char out[NAME_MAX_CHARS + 1]);

/* The first of them on which mqtt_topics_user finds nobody, for it has no wildcard; or NULL. */
const char *mqtt_topics_mute(const struct mqtt_topics *topics);

#endif
