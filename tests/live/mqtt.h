/* SPDX-License-Identifier: Apache-2.0 */
/* mqtt.h - a testbed whose breachd is subscribed to a mosquitto, and its figures. */
#ifndef LIVE_MQTT_H
#define LIVE_MQTT_H

#include "support/testbed.h"

#define UP      "breachd_mqtt_connected"
#define TAKEN   "breachd_pings_total{class=\"new\"}"
#define REFUSED "breachd_pings_total{class=\"refused\"}"

static inline void subscribe(struct testbed *testbed)
{
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, UP, 1);
}

static inline void open_the_testbed(struct testbed *testbed)
{
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, "");
    testbed_broker_start(testbed, "");
    testbed_broker_use(testbed, "mqtt://", "127.0.0.1");
    subscribe(testbed);
}

#endif
