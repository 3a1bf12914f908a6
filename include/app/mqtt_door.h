/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt_door.h - what comes by MQTT goes through the pipeline, and is acknowledged when it is kept.
 */
#ifndef APP_MQTT_DOOR_H
#define APP_MQTT_DOOR_H

#include "app/service.h"

enum {
    MQTT_AWAY_MS = 60 * 1000,  /* the broker may restart meanwhile, and nobody is told */
    MQTT_STEADY_MS = 10 * 1000 /* who is put out again at once is not back */
};

/* Subscribes as the settings in force say; without a url nothing happens. False: memory is out. */
bool mqtt_door_open(struct service *service);

/* After a reload that changed the settings of [mqtt]: another subscription in its place. */
void mqtt_door_adopt(struct service *service);

/*
 * The incident mqtt-away; call each second. Tells that the broker was never there for
 * MQTT_STEADY_MS at a stretch in MQTT_AWAY_MS, and that it is: another client of our client-id,
 * with whom it puts each of us out by turns, hears what is meant for us. So long as nothing can be
 * kept we call no broker ourselves, and that is told as what it is.
 */
void mqtt_door_tell(struct service *service, struct tick now);

#endif
