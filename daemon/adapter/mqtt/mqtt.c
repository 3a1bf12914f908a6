/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/mqtt/mqtt.h"

#include "adapter/backoff.h"
#include "adapter/log.h"
#include "adapter/mqtt/mqtt_packet.h"
#include "adapter/mqtt/mqtt_receipts.h"
#include "adapter/password.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUBSCRIBE_ID = 1, OUTPUT_MAX = 64 * 1024 };

enum phase_of_link { LINK_DOWN, LINK_CONNECTING, LINK_GREETING, LINK_SUBSCRIBING, LINK_UP };

struct mqtt {
    struct event_base *base;
    struct evdns_base *dns;
    struct mqtt_target target;
    struct mqtt_topics topics;
    char client[128], password[PASSWORD_MAX];
    const struct tls *tls;
    struct mqtt_calls calls;

    enum phase_of_link link;
    struct bufferevent *bev;
    struct event *retry;    // while down
    struct event *deadline; // until up; then the next question whether the broker is there
    int backoff_ms;
    char why[MQTT_WHY_MAX];
    bool heard, stopped;
    size_t to_skip; // bytes still to come of a message that is too large
    struct mqtt_receipts waiting;
};

/* ---- down, and up again ---- */

static void try_later(struct mqtt *mqtt)
{
    struct timeval later = backoff_next(&mqtt->backoff_ms, MQTT_BACKOFF_MAX_MS);

    if (!mqtt->stopped)
        event_add(mqtt->retry, &later);
}

/* Whatever happened: closes, and waits for a while that grows. */
static void go_down(struct mqtt *mqtt, const char *why)
{
    if (mqtt->bev != NULL)
        bufferevent_free(mqtt->bev);
    mqtt->bev = NULL;
    mqtt->link = LINK_DOWN;
    mqtt->to_skip = 0;
    event_del(mqtt->deadline);
    mqtt_receipts_orphan(&mqtt->waiting);
    if (strcmp(mqtt->why, why) != 0)
        log_error("mqtt: %s: %s", mqtt->target.text, why);
    snprintf(mqtt->why, sizeof mqtt->why, "%s", why);
    try_later(mqtt);
}

static void send_packet(struct mqtt *mqtt, const uint8_t *packet, size_t n)
{
    if (n == 0 || bufferevent_write(mqtt->bev, packet, n) != 0)
        go_down(mqtt, "out of memory");
    else if (evbuffer_get_length(bufferevent_get_output(mqtt->bev)) > OUTPUT_MAX)
        go_down(mqtt, "does not read what it is told");
}

static void greet(struct mqtt *mqtt)
{
    struct mqtt_login login = { mqtt->client, mqtt->target.user, mqtt->password, MQTT_KEEPALIVE_S };
    uint8_t packet[MQTT_SENT_MAX];

    mqtt->link = LINK_GREETING;
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
    mqtt->link = LINK_SUBSCRIBING;
    send_packet(mqtt, packet,
                mqtt_packet_subscribe(packet, SUBSCRIBE_ID, mqtt->topics.of, mqtt->topics.n));
}

static void take_suback(struct mqtt *mqtt, const struct mqtt_packet *answer)
{
    struct timeval soon = milliseconds(MQTT_KEEPALIVE_S * 1000 / 2);

    if (answer->code > 1) {
        go_down(mqtt, "does not let us subscribe to every topic");
        return;
    }
    if (answer->code == 0)
        log_warning("mqtt: %s: gives only QoS 0: what is lost on the way stays lost",
                    mqtt->target.text);
    log_info("mqtt: %s: subscribed", mqtt->target.text);
    mqtt->link = LINK_UP;
    mqtt->why[0] = '\0';
    mqtt->heard = true;
    event_add(mqtt->deadline, &soon);
}

/* ---- messages ---- */

/* Reading goes on while there is room for what comes of it. After it the link may be down. */
static void set_reading(struct mqtt *mqtt)
{
    bool room = mqtt->waiting.n < MQTT_WAITING_MAX && !mqtt->stopped;

    if (!room)
        bufferevent_disable(mqtt->bev, EV_READ);
    else if (bufferevent_enable(mqtt->bev, EV_READ) != 0)
        go_down(mqtt, "out of memory");
}

/* Acknowledges from the oldest on what is kept. */
static void acknowledge(struct mqtt *mqtt)
{
    uint8_t packet[MQTT_SENT_MAX];
    uint16_t id;

    // At most MQTT_WAITING_MAX.
    while (mqtt->bev != NULL && mqtt_receipts_next(&mqtt->waiting, &id)) {
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
                                    packet->payload_n };
    struct mqtt_receipt *receipt = make_receipt(mqtt, packet->id);

    if (receipt != NULL)
        mqtt->calls.take(&message, receipt, mqtt->calls.arg);
}

/* It would come again for ever, and hold up what stands behind it. */
static void pass_over(struct mqtt *mqtt, const struct mqtt_packet *packet, size_t size)
{
    struct mqtt_receipt *receipt = make_receipt(mqtt, packet->id);

    if (receipt == NULL)
        return;
    mqtt->to_skip = size;
    mqtt->calls.too_large(packet->topic, packet->topic_n, mqtt->calls.arg);
    mqtt_settle(receipt, true);
}

static void take_packet(struct mqtt *mqtt, const struct mqtt_packet *packet)
{
    if (packet->kind == MQTT_CONNACK && mqtt->link == LINK_GREETING)
        take_welcome(mqtt, packet);
    else if (packet->kind == MQTT_SUBACK && mqtt->link == LINK_SUBSCRIBING)
        take_suback(mqtt, packet);
    else if (packet->kind == MQTT_PUBLISH && mqtt->link >= LINK_SUBSCRIBING)
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
        return mqtt->bev != NULL;
    case MQTT_WHOLE:
        take_packet(mqtt, &packet);
        if (mqtt->bev != NULL)
            evbuffer_drain(input, size);
    }
    return mqtt->bev != NULL;
}

static void on_readable(struct bufferevent *bev, void *arg)
{
    struct mqtt *mqtt = arg;

    mqtt->heard = true;
    // No more than was read at once, some KiB, beside a packet of MQTT_PACKET_MAX; and at most
    // MQTT_WAITING_MAX messages that wait for the disk.
    while (take_next(mqtt, bufferevent_get_input(bev)))
        ;
    if (mqtt->bev != NULL)
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
    if (was_full && mqtt->bev != NULL && mqtt->waiting.n < MQTT_WAITING_MAX)
        bufferevent_trigger(mqtt->bev, EV_READ, BEV_TRIG_DEFER_CALLBACKS);
}

static void describe_failure(struct bufferevent *bev, bool secure, char text[MQTT_WHY_MAX])
{
    int dns = bufferevent_socket_get_dns_error(bev);

    text[0] = '\0';
    if (dns != 0)
        snprintf(text, MQTT_WHY_MAX, "%s", evutil_gai_strerror(dns));
    else if (secure)
        tls_why(bev, text, MQTT_WHY_MAX);
    if (text[0] == '\0')
        snprintf(text, MQTT_WHY_MAX, "%s", evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
}

static void on_link(struct bufferevent *bev, short what, void *arg)
{
    struct mqtt *mqtt = arg;
    char why[MQTT_WHY_MAX];
    int one = 1;

    if (what & BEV_EVENT_CONNECTED) {
        setsockopt(bufferevent_getfd(bev), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        greet(mqtt);
    } else if (what & BEV_EVENT_EOF) {
        go_down(mqtt, "closed the connection");
    } else {
        describe_failure(bev, mqtt->target.secure, why);
        go_down(mqtt, why);
    }
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
    struct mqtt *mqtt = arg;
    struct timeval limit = milliseconds(MQTT_CONNECT_MS);
    const int options = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;

    (void)fd;
    (void)what;
    if (!mqtt->calls.ready(mqtt->calls.arg)) {
        try_later(mqtt);
        return;
    }
    mqtt->link = LINK_CONNECTING;
    mqtt->bev = mqtt->target.secure ? tls_call(mqtt->tls, mqtt->base, mqtt->target.host, options)
                                    : bufferevent_socket_new(mqtt->base, -1, options);
    if (mqtt->bev == NULL) {
        go_down(mqtt, "out of memory");
        return;
    }
    bufferevent_setcb(mqtt->bev, on_readable, NULL, on_link, mqtt);
    // No mark of libevent's own: it ends the process when memory is out, see http_read.c. What is
    // in the buffer is a part of one packet that is not too large, or nothing is read.
    bufferevent_enable(mqtt->bev, EV_READ | EV_WRITE);
    event_add(mqtt->deadline, &limit);
    // A failure at once is told twice, here and by the callback: whoever is first has the word.
    if (bufferevent_socket_connect_hostname(mqtt->bev, mqtt->dns, AF_UNSPEC, mqtt->target.host,
                                            mqtt->target.port) != 0 &&
        mqtt->link == LINK_CONNECTING)
        go_down(mqtt, evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
}

/* Not up in time; or up, and it is time to ask whether the broker is still there. */
static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct mqtt *mqtt = arg;
    struct timeval soon = milliseconds(MQTT_KEEPALIVE_S * 1000 / 2);
    uint8_t packet[MQTT_SENT_MAX];

    (void)fd;
    (void)what;
    if (mqtt->link != LINK_UP || !mqtt->heard) {
        go_down(mqtt,
                mqtt->link == LINK_CONNECTING ? "no connection in time" : "no answer in time");
        return;
    }
    mqtt->heard = false;
    mqtt->backoff_ms = MQTT_BACKOFF_MIN_MS;
    event_add(mqtt->deadline, &soon);
    send_packet(mqtt, packet, mqtt_packet_pingreq(packet));
}

/* ---- made, stopped, gone ---- */

struct mqtt *mqtt_create(struct event_base *base, struct evdns_base *dns,
                         const struct mqtt_wish *wish, const struct mqtt_calls *calls)
{
    struct mqtt *mqtt = calloc(1, sizeof *mqtt);
    struct timeval at_once = { 0, 0 };

    if (mqtt == NULL)
        return NULL;
    *mqtt = (struct mqtt){ .base = base,
                           .dns = dns,
                           .target = wish->target,
                           .topics = wish->topics,
                           .tls = wish->tls,
                           .calls = *calls,
                           .backoff_ms = MQTT_BACKOFF_MIN_MS };
    snprintf(mqtt->client, sizeof mqtt->client, "%s", wish->client);
    snprintf(mqtt->password, sizeof mqtt->password, "%s", wish->password);
    mqtt_receipts_init(&mqtt->waiting);
    mqtt->retry = event_new(base, -1, 0, on_retry, mqtt);
    mqtt->deadline = event_new(base, -1, 0, on_deadline, mqtt);
    if (mqtt->retry == NULL || mqtt->deadline == NULL || event_add(mqtt->retry, &at_once) != 0) {
        mqtt_destroy(mqtt);
        return NULL;
    }
    return mqtt;
}

void mqtt_destroy(struct mqtt *mqtt)
{
    if (mqtt == NULL)
        return;
    if (mqtt->bev != NULL)
        bufferevent_free(mqtt->bev);
    mqtt_receipts_orphan(&mqtt->waiting);
    if (mqtt->retry != NULL)
        event_free(mqtt->retry);
    if (mqtt->deadline != NULL)
        event_free(mqtt->deadline);
    explicit_bzero(mqtt->password, sizeof mqtt->password);
    free(mqtt);
}

void mqtt_stop(struct mqtt *mqtt)
{
    mqtt->stopped = true;
    event_del(mqtt->retry);
    if (mqtt->bev != NULL)
        set_reading(mqtt);
}

bool mqtt_is_up(const struct mqtt *mqtt)
{
    return mqtt != NULL && mqtt->link == LINK_UP;
}

const char *mqtt_why_down(const struct mqtt *mqtt)
{
    return mqtt->link == LINK_UP ? "" : mqtt->why;
}
