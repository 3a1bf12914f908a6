/* SPDX-License-Identifier: Apache-2.0 */
/* mqtt.h - a house whose breachd is subscribed to a mosquitto, and its figures. */
#ifndef LIVE_MQTT_H
#define LIVE_MQTT_H

#include "support/house.h"

#define UP      "breachd_mqtt_connected"
#define TAKEN   "breachd_pings_total{class=\"new\"}"
#define REFUSED "breachd_pings_total{class=\"refused\"}"

static inline void subscribe(struct house *house)
{
    house_start(house, NULL);
    house_await_metric(house, UP, 1);
}

static inline void open_the_house(struct house *house)
{
    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, "");
    house_broker_start(house, "");
    house_broker_use(house, "mqtt://", "127.0.0.1");
    subscribe(house);
}

#endif
