/* SPDX-License-Identifier: Apache-2.0 */
/*
 * broker.h - an MQTT broker in the test's own loop that says what it is told to, and a subscription
 * to it with all that comes of it.
 */
#ifndef ADAPTER_IO_BROKER_H
#define ADAPTER_IO_BROKER_H

#include "adapter/mqtt/mqtt.h"

enum { BROKER_HELD_MAX = 2048 };

struct broker {
    struct event_base *base;
    struct evconnlistener *listener;
    struct bufferevent *guest; /* the one connection; NULL: nobody */
    int port, guests;          /* ever accepted */
    const char *welcome;       /* hex of what is said to CONNECT; NULL: nothing */
    const char *granted;       /* to SUBSCRIBE */
    size_t bite;               /* 0: writes at once; else so many bytes a turn */
    struct evbuffer *unsaid;
    struct event *dribble;
    char heard[64 * 1024]; /* packets as text: "connect subscribe puback:7 pingreq" */

    struct mqtt *mqtt;
    bool ready, settles; /* settles: everything, at once */
    int large;
    struct mqtt_receipt *held[BROKER_HELD_MAX]; /* by order of arrival; NULL: settled */
    size_t taken;
    char newest[256]; /* "topic payload" */
};

void broker_setup(struct broker *broker); /* welcomes and grants */
void broker_teardown(struct broker *broker);

/* Subscribes to it; and waits until that is so. */
void broker_subscribe(struct broker *broker);
void broker_up(struct broker *broker);

void broker_say(struct broker *broker, const void *bytes, size_t n);
void broker_say_hex(struct broker *broker, const char *hex);
void broker_publish(struct broker *broker, const char *topic, unsigned id, const char *payload,
                    size_t n); /* id 0: QoS 0 */
void broker_hang_up(struct broker *broker);
void broker_go_deaf(struct broker *broker); /* reads nothing more, and says on */

/* Settles number `nth` of what arrived. */
void broker_settle(struct broker *broker, size_t nth, bool kept);

/* Until it has heard this text at the end of `heard`; or until it is down with this reason. */
void broker_until_heard(struct broker *broker, const char *text);
void broker_until_down(struct broker *broker, const char *why);

#endif
