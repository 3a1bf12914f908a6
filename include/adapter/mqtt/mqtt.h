/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt.h - a subscription to an MQTT broker, by a connector: subscribes, and hands messages over. A
 * message is acknowledged when it is said to be kept, and not before; whatever was not comes again,
 * for the broker holds the session while we are away.
 *
 * Why no libmosquitto: it sends PUBACK by itself around its callback and has no call to hold it
 * back (its issue 118), takes memory for any length that a packet announces, up to 256 MiB, and
 * looks names up in the caller's thread, which is the loop. Of MQTT 3.1.1 a subscriber needs eight
 * packets; libevent carries them, over TLS too.
 */
#ifndef ADAPTER_MQTT_MQTT_H
#define ADAPTER_MQTT_MQTT_H

#include "adapter/connector.h"
#include "adapter/mqtt_target.h"
#include "adapter/tls.h"

#include <event2/dns.h>
#include <event2/event.h>

enum {
    MQTT_WAITING_MAX = 1024, /* messages handed over and not yet settled: then nothing is read */
    MQTT_KEEPALIVE_S = 60,   /* as announced; we ask twice in it whether the broker is there */
    MQTT_CONNECT_MS = 5000,  /* until subscribed */
    MQTT_WHY_MAX = CONNECTOR_WHY_MAX
};

struct mqtt_options {
    struct mqtt_target target;
    struct mqtt_topics topics;
    const char *client, *password; /* copied */
    const struct tls *tls;         /* for mqtts; borrowed as long as the subscription */
};

struct mqtt_message {
    const char *topic, *payload; /* borrowed for the call, no NUL behind them */
    size_t topic_n, payload_n;
    bool retained; /* of long ago, maybe: the broker keeps it for whoever subscribes */
};

struct mqtt_receipt;

struct mqtt_callbacks {
    bool (*ready)(void *arg); /* asked before each connecting: whether messages could be kept */

    /* A message; settle its receipt once, now or later. */
    void (*take)(const struct mqtt_message *message, struct mqtt_receipt *receipt, void *arg);

    /* One on this topic was passed over, and is acknowledged: it cannot be kept. */
    void (*too_large)(const char *topic, size_t topic_n, void *arg);
    void *arg;
};

struct mqtt;

/* NULL when memory is out. Starts to connect at once. */
struct mqtt *mqtt_create(struct event_base *base, struct evdns_base *dns,
                         const struct mqtt_options *options,
                         const struct mqtt_callbacks *callbacks);
void mqtt_destroy(struct mqtt *mqtt); /* NULL is fine; receipts may still be settled */

/*
 * Kept: acknowledged, in the order of arrival. Not kept: the connection is closed, and this message
 * and all after it come again. The receipt is gone.
 */
void mqtt_settle(struct mqtt_receipt *receipt, bool kept);

/* Reads nothing more and connects no more; what was taken is still acknowledged. */
void mqtt_stop(struct mqtt *mqtt);

bool mqtt_is_up(const struct mqtt *mqtt);           /* subscribed; NULL is not */
const char *mqtt_why_down(const struct mqtt *mqtt); /* "" while up */

#endif
