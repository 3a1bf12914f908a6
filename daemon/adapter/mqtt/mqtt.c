/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/mqtt/mqtt.h"

#include "adapter/connector.h"
#include "adapter/log.h"
#include "adapter/mqtt/mqtt_packet.h"
#include "adapter/mqtt/mqtt_receipts.h"
#include "adapter/password.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUBSCRIBE_ID = 1, OUTPUT_MAX = 64 * 1024 };

enum stage { CONNECTING, GREETING, SUBSCRIBING, SUBSCRIBED };

struct mqtt {
    struct mqtt_target target;
    struct mqtt_topics topics;
    char client[128], password[PASSWORD_MAX];
    struct mqtt_callbacks callbacks;

    struct connector *connector; // its deadline: until subscribed; then the next question whether
                                 // the broker is there
    enum stage stage;            // while there is a connection
    bool heard, stopped;
    size_t to_skip; // bytes still to come of a message that is too large
    struct mqtt_receipts waiting;
};

/* ---- down, and up again ---- */

static struct bufferevent *bev_of(const struct mqtt *mqtt)
{
    return connector_bev(mqtt->connector);
}

static void go_down(struct mqtt *mqtt, const char *why)
{
    connector_reset(mqtt->connector, why);
}

static void on_down(bool was_up, void *arg)
{
    struct mqtt *mqtt = arg;

    (void)was_up;
    mqtt->stage = CONNECTING;
    mqtt->to_skip = 0;
    mqtt_receipts_orphan(&mqtt->waiting);
}

static void send_packet(struct mqtt *mqtt, const uint8_t *packet, size_t n)
{
    if (n == 0 || bufferevent_write(bev_of(mqtt), packet, n) != 0)
        go_down(mqtt, "out of memory");
    else if (evbuffer_get_length(bufferevent_get_output(bev_of(mqtt))) > OUTPUT_MAX)
        go_down(mqtt, "does not read what it is told");
}

static void on_connected(void *arg)
{
    struct mqtt *mqtt = arg;
    struct mqtt_login login = { mqtt->client, mqtt->target.user, mqtt->password, MQTT_KEEPALIVE_S };
    uint8_t packet[MQTT_SENT_MAX];

    mqtt->stage = GREETING;
    send_packet(mqtt, packet, mqtt_packet_connect(packet, &login));
    explicit_bzero(packet, sizeof packet);
}

static void take_welcome(struct mqtt *mqtt, const struct mqtt_packet *welcome)
{
    uint8_t packet[MQTT_SENT_MAX];

    if (welcome->code != 0) {
        go_down(mqtt, mqtt_refusal(welcome->code));
        return;
    }
    mqtt->stage = SUBSCRIBING;
    send_packet(mqtt, packet,
                mqtt_packet_subscribe(packet, SUBSCRIBE_ID, mqtt->topics.of, mqtt->topics.n));
}

static void take_suback(struct mqtt *mqtt, const struct mqtt_packet *answer)
{
    if (answer->code > 1) {
        go_down(mqtt, "does not let us subscribe to every topic");
        return;
    }
    if (answer->code == 0)
        log_warning("mqtt: %s: gives only QoS 0: what is lost on the way stays lost",
                    mqtt->target.text);
    connector_up(mqtt->connector, "subscribed");
    mqtt->stage = SUBSCRIBED;
    mqtt->heard = true;
    connector_deadline(mqtt->connector, MQTT_KEEPALIVE_S * 1000 / 2);
}

/* ---- messages ---- */

/* Reading goes on while there is room for what comes of it. After it the link may be down. */
static void set_reading(struct mqtt *mqtt)
{
    bool room = mqtt->waiting.n < MQTT_WAITING_MAX && !mqtt->stopped;

    if (!room)
        bufferevent_disable(bev_of(mqtt), EV_READ);
    else if (bufferevent_enable(bev_of(mqtt), EV_READ) != 0)
        go_down(mqtt, "out of memory");
}

/* Acknowledges from the oldest on what is kept. */
static void acknowledge(struct mqtt *mqtt)
{
    uint8_t packet[MQTT_SENT_MAX];
    uint16_t id;

    // At most MQTT_WAITING_MAX.
    while (bev_of(mqtt) != NULL && mqtt_receipts_next(&mqtt->waiting, &id)) {
        if (id != 0)
            send_packet(mqtt, packet, mqtt_packet_puback(packet, id));
    }
}

static struct mqtt_receipt *make_receipt(struct mqtt *mqtt, uint16_t id)
{
    struct mqtt_receipt *receipt = mqtt_receipts_add(&mqtt->waiting, mqtt, id);

    if (receipt == NULL)
        go_down(mqtt, "out of memory");
    return receipt;
}

static void take_message(struct mqtt *mqtt, const struct mqtt_packet *packet)
{
    struct mqtt_message message = { packet->topic, packet->payload, packet->topic_n,
                                    packet->payload_n, packet->retained };
    struct mqtt_receipt *receipt = make_receipt(mqtt, packet->id);

    if (receipt != NULL)
        mqtt->callbacks.take(&message, receipt, mqtt->callbacks.arg);
}

/* A message too large is acknowledged unread: else it came again for ever, before all others. */
static void pass_over(struct mqtt *mqtt, const struct mqtt_packet *packet, size_t size)
{
    struct mqtt_receipt *receipt = make_receipt(mqtt, packet->id);

    if (receipt == NULL)
        return;
    mqtt->to_skip = size;
    mqtt->callbacks.too_large(packet->topic, packet->topic_n, mqtt->callbacks.arg);
    mqtt_settle(receipt, true);
}

static void take_packet(struct mqtt *mqtt, const struct mqtt_packet *packet)
{
    if (packet->kind == MQTT_CONNACK && mqtt->stage == GREETING)
        take_welcome(mqtt, packet);
    else if (packet->kind == MQTT_SUBACK && mqtt->stage == SUBSCRIBING)
        take_suback(mqtt, packet);
    else if (packet->kind == MQTT_PUBLISH && mqtt->stage >= SUBSCRIBING)
        take_message(mqtt, packet); // of an older session they come before the SUBACK
    else if (packet->kind != MQTT_PINGRESP)
        go_down(mqtt, "sends what was not asked for");
}

/* ---- the loop's callbacks ---- */

/* Takes the next packet of the input; false when there is none, or nobody to take it. */
static bool take_next(struct mqtt *mqtt, struct evbuffer *input)
{
    size_t n = evbuffer_get_length(input), size, skip = n < mqtt->to_skip ? n : mqtt->to_skip;
    struct mqtt_packet packet;
    struct fault why;
    uint8_t *bytes;

    evbuffer_drain(input, skip);
    mqtt->to_skip -= skip;
    n -= skip;
    if (n == 0 || mqtt->waiting.n >= MQTT_WAITING_MAX || mqtt->stopped)
        return false;
    bytes = evbuffer_pullup(input, -1);
    if (bytes == NULL) {
        go_down(mqtt, "out of memory");
        return false;
    }
    switch (mqtt_packet_read(bytes, n, &packet, &size, &why)) {
    case MQTT_MORE:
        return false;
    case MQTT_BROKEN:
        go_down(mqtt, why.text);
        return false;
    case MQTT_LARGE:
        pass_over(mqtt, &packet, size);
        return bev_of(mqtt) != NULL;
    case MQTT_WHOLE:
        take_packet(mqtt, &packet);
        if (bev_of(mqtt) != NULL)
            evbuffer_drain(input, size);
    }
    return bev_of(mqtt) != NULL;
}

static void on_readable(void *arg)
{
    struct mqtt *mqtt = arg;
    struct bufferevent *bev = bev_of(mqtt);

    mqtt->heard = true;
    // No more than was read at once, some KiB, beside a packet of MQTT_PACKET_MAX; and at most
    // MQTT_WAITING_MAX messages that wait for the disk.
    while (take_next(mqtt, bufferevent_get_input(bev)))
        ;
    if (bev_of(mqtt) != NULL)
        set_reading(mqtt);
}

void mqtt_settle(struct mqtt_receipt *receipt, bool kept)
{
    struct mqtt *mqtt = receipt->mqtt;
    bool was_full;

    if (mqtt == NULL) {
        free(receipt);
        return;
    }
    if (!kept) {
        mqtt_receipts_remove(&mqtt->waiting, receipt);
        go_down(mqtt, "what came cannot be kept now: it will come again");
        return;
    }
    receipt->kept = true;
    was_full = mqtt->waiting.n >= MQTT_WAITING_MAX;
    acknowledge(mqtt);
    // What was read meanwhile waits in the buffer, and no byte more may ever come.
    if (was_full && bev_of(mqtt) != NULL && mqtt->waiting.n < MQTT_WAITING_MAX)
        bufferevent_trigger(bev_of(mqtt), EV_READ, BEV_TRIG_DEFER_CALLBACKS);
}

/* Not subscribed in time; or it is time to ask whether the broker is still there. */
static void on_deadline(void *arg)
{
    struct mqtt *mqtt = arg;
    uint8_t packet[MQTT_SENT_MAX];

    if (mqtt->stage != SUBSCRIBED || !mqtt->heard) {
        go_down(mqtt, "no answer in time");
        return;
    }
    mqtt->heard = false;
    connector_healthy(mqtt->connector);
    connector_deadline(mqtt->connector, MQTT_KEEPALIVE_S * 1000 / 2);
    send_packet(mqtt, packet, mqtt_packet_pingreq(packet));
}

static bool on_try(void *arg)
{
    struct mqtt *mqtt = arg;

    return mqtt->callbacks.ready(mqtt->callbacks.arg);
}

/* ---- made, stopped, gone ---- */

static struct connector *connect_to(struct mqtt *mqtt, struct event_base *base,
                                    struct evdns_base *dns, const struct tls *tls)
{
    struct connector_options options = { .name = "mqtt",
                                         .text = mqtt->target.text,
                                         .host = mqtt->target.host,
                                         .port = mqtt->target.port,
                                         .secure = mqtt->target.secure,
                                         .tls = tls,
                                         .connect_ms = MQTT_CONNECT_MS };
    struct connector_callbacks callbacks = { .on_try = on_try,
                                             .on_connected = on_connected,
                                             .on_readable = on_readable,
                                             .on_deadline = on_deadline,
                                             .on_down = on_down,
                                             .arg = mqtt };

    return connector_create(base, dns, &options, &callbacks);
}

struct mqtt *mqtt_create(struct event_base *base, struct evdns_base *dns,
                         const struct mqtt_options *options, const struct mqtt_callbacks *callbacks)
{
    struct mqtt *mqtt = calloc(1, sizeof *mqtt);

    if (mqtt == NULL)
        return NULL;
    *mqtt = (struct mqtt){ .target = options->target,
                           .topics = options->topics,
                           .callbacks = *callbacks };
    snprintf(mqtt->client, sizeof mqtt->client, "%s", options->client);
    snprintf(mqtt->password, sizeof mqtt->password, "%s", options->password);
    mqtt_receipts_init(&mqtt->waiting);
    mqtt->connector = connect_to(mqtt, base, dns, options->tls);
    if (mqtt->connector == NULL) {
        mqtt_destroy(mqtt);
        return NULL;
    }
    return mqtt;
}

void mqtt_destroy(struct mqtt *mqtt)
{
    if (mqtt == NULL)
        return;
    connector_destroy(mqtt->connector);
    mqtt_receipts_orphan(&mqtt->waiting);
    explicit_bzero(mqtt->password, sizeof mqtt->password);
    free(mqtt);
}

void mqtt_stop(struct mqtt *mqtt)
{
    mqtt->stopped = true;
    connector_stop(mqtt->connector);
    if (bev_of(mqtt) != NULL)
        set_reading(mqtt);
}

bool mqtt_is_up(const struct mqtt *mqtt)
{
    return mqtt != NULL && connector_is_up(mqtt->connector);
}

const char *mqtt_why_down(const struct mqtt *mqtt)
{
    return connector_why_down(mqtt->connector);
}
