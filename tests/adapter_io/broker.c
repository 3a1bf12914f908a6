/* SPDX-License-Identifier: Apache-2.0 */
#include "broker.h"

#include "loop.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

static void hear(struct broker *broker, const char *word)
{
    size_t n = strlen(broker->heard);

    assert_true(n + strlen(word) + 2 < sizeof broker->heard);
    snprintf(broker->heard + n, sizeof broker->heard - n, "%s%s", n ? " " : "", word);
}

/* One packet of the guest's, of which all is there. */
static void on_packet(struct broker *broker, const uint8_t *packet, size_t n)
{
    char word[32];

    switch (packet[0]) {
    case 0x10:
        hear(broker, "connect");
        if (broker->welcome != NULL)
            broker_say_hex(broker, broker->welcome);
        break;
    case 0x82:
        hear(broker, "subscribe");
        if (broker->granted != NULL)
            broker_say_hex(broker, broker->granted);
        break;
    case 0x40:
        assert_int_equal(n, 4);
        snprintf(word, sizeof word, "puback:%d", packet[2] << 8 | packet[3]);
        hear(broker, word);
        break;
    case 0xc0:
        hear(broker, "pingreq");
        break;
    default:
        fail_msg("the guest said 0x%02x", packet[0]);
    }
}

static void on_heard(struct bufferevent *bev, void *arg)
{
    struct broker *broker = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    size_t n;

    while ((n = evbuffer_get_length(input)) >= 2 && broker->guest == bev) {
        const uint8_t *bytes = evbuffer_pullup(input, -1);
        bool two = (bytes[1] & 0x80) != 0; // never longer in these tests
        size_t size =
            two ? 3 + (size_t)(bytes[1] & 0x7f) + (size_t)bytes[2] * 128 : 2 + (size_t)bytes[1];

        if (n < size)
            return;
        on_packet(broker, bytes, size);
        if (broker->guest == bev)
            evbuffer_drain(input, size);
    }
}

static void on_gone(struct bufferevent *bev, short what, void *arg)
{
    struct broker *broker = arg;

    (void)what;
    bufferevent_free(bev);
    if (broker->guest == bev)
        broker->guest = NULL;
}

static void on_guest(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
                     int length, void *arg)
{
    struct broker *broker = arg;

    (void)listener;
    (void)from;
    (void)length;
    broker_hang_up(broker);
    broker->guests++;
    broker->guest = bufferevent_socket_new(broker->base, fd, BEV_OPT_CLOSE_ON_FREE);
    assert_non_null(broker->guest);
    bufferevent_setcb(broker->guest, on_heard, NULL, on_gone, broker);
    bufferevent_enable(broker->guest, EV_READ | EV_WRITE);
}

static void on_dribble(evutil_socket_t fd, short what, void *arg)
{
    struct broker *broker = arg;
    struct timeval soon = { 0, 0 };
    char piece[16];
    int n;

    (void)fd;
    (void)what;
    if (broker->guest == NULL)
        return;
    n = evbuffer_remove(broker->unsaid, piece, broker->bite);
    if (n > 0) {
        bufferevent_write(broker->guest, piece, (size_t)n);
        event_add(broker->dribble, &soon);
    }
}

static bool ready(void *arg)
{
    return ((const struct broker *)arg)->ready;
}

static void take(const struct mqtt_message *message, struct mqtt_receipt *receipt, void *arg)
{
    struct broker *broker = arg;

    if (broker->settles) {
        mqtt_settle(receipt, true);
        return;
    }
    assert_true(broker->taken < BROKER_HELD_MAX);
    broker->held[broker->taken++] = receipt;
    snprintf(broker->newest, sizeof broker->newest, "%.*s %.*s", (int)message->topic_n,
             message->topic, (int)message->payload_n, message->payload);
}

static void too_large(const char *topic, size_t topic_n, void *arg)
{
    struct broker *broker = arg;

    broker->large++;
    snprintf(broker->newest, sizeof broker->newest, "%.*s too large", (int)topic_n, topic);
}

void broker_setup(struct broker *broker)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;

    signal(SIGPIPE, SIG_IGN); // as in service
    *broker = (struct broker){ .base = event_base_new(),
                               .ready = true,
                               .welcome = "20020000",
                               .granted = "9003000101",
                               .unsaid = evbuffer_new() };
    broker->dribble = event_new(broker->base, -1, 0, on_dribble, broker);
    broker->listener =
        evconnlistener_new_bind(broker->base, on_guest, broker, LEV_OPT_CLOSE_ON_FREE, 8,
                                (struct sockaddr *)&at, sizeof at);
    assert_non_null(broker->listener);
    getsockname(evconnlistener_get_fd(broker->listener), (struct sockaddr *)&at, &size);
    broker->port = ntohs(at.sin_port);
}

void broker_teardown(struct broker *broker)
{
    mqtt_destroy(broker->mqtt);
    for (size_t i = 0; i < broker->taken; i++) {
        if (broker->held[i] != NULL)
            mqtt_settle(broker->held[i], true); // finds nobody
    }
    broker_hang_up(broker);
    evconnlistener_free(broker->listener);
    event_free(broker->dribble);
    evbuffer_free(broker->unsaid);
    event_base_free(broker->base);
}

void broker_subscribe(struct broker *broker)
{
    struct mqtt_options options = { .topics = { { "owntracks/+/+" }, 1 },
                                    .client = "test",
                                    .password = "secret" };
    struct mqtt_callbacks callbacks = { ready, take, too_large, broker };
    struct fault why;
    char url[64];

    snprintf(url, sizeof url, "mqtt://ann@127.0.0.1:%d", broker->port);
    assert_true(mqtt_target_parse(url, &options.target, &why));
    broker->mqtt = mqtt_create(broker->base, NULL, &options, &callbacks);
    assert_non_null(broker->mqtt);
}

void broker_up(struct broker *broker)
{
    broker_subscribe(broker);
    loop_until(broker->base, mqtt_is_up(broker->mqtt));
}

void broker_say(struct broker *broker, const void *bytes, size_t n)
{
    struct timeval soon = { 0, 0 };

    if (broker->bite == 0) {
        bufferevent_write(broker->guest, bytes, n);
        return;
    }
    evbuffer_add(broker->unsaid, bytes, n);
    event_add(broker->dribble, &soon);
}

void broker_say_hex(struct broker *broker, const char *hex)
{
    uint8_t bytes[256];
    size_t n = 0;

    for (; *hex != '\0'; hex += 2)
        sscanf(hex, "%2hhx", &bytes[n++]);
    broker_say(broker, bytes, n);
}

void broker_publish(struct broker *broker, const char *topic, unsigned id, const char *payload,
                    size_t n)
{
    uint8_t head[300];
    size_t at = 1, length = 2 + strlen(topic) + (id > 0 ? 2 : 0) + n;

    head[0] = id > 0 ? 0x32 : 0x30;
    do {
        head[at++] = (uint8_t)((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
        length >>= 7;
    } while (length > 0);
    head[at++] = 0;
    head[at++] = (uint8_t)strlen(topic);
    memcpy(head + at, topic, strlen(topic));
    at += strlen(topic);
    if (id > 0) {
        head[at++] = (uint8_t)(id >> 8);
        head[at++] = (uint8_t)id;
    }
    broker_say(broker, head, at);
    broker_say(broker, payload, n);
}

void broker_hang_up(struct broker *broker)
{
    if (broker->guest != NULL)
        bufferevent_free(broker->guest);
    broker->guest = NULL;
    evbuffer_drain(broker->unsaid, evbuffer_get_length(broker->unsaid));
}

void broker_go_deaf(struct broker *broker)
{
    int small = 4096;

    setsockopt(bufferevent_getfd(broker->guest), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    bufferevent_disable(broker->guest, EV_READ);
}

void broker_settle(struct broker *broker, size_t nth, bool kept)
{
    struct mqtt_receipt *receipt = broker->held[nth];

    assert_non_null(receipt);
    broker->held[nth] = NULL;
    mqtt_settle(receipt, kept);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), end_n = strlen(end);

    return n >= end_n && strcmp(text + n - end_n, end) == 0;
}

void broker_until_heard(struct broker *broker, const char *text)
{
    loop_until(broker->base, ends_with(broker->heard, text));
}

void broker_until_down(struct broker *broker, const char *why)
{
    loop_until(broker->base, mqtt_why_down(broker->mqtt)[0] != '\0');
    if (strstr(mqtt_why_down(broker->mqtt), why) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", mqtt_why_down(broker->mqtt), why);
    assert_false(mqtt_is_up(broker->mqtt));
}
