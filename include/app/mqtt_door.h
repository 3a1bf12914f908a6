/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt_door.h - what comes by MQTT goes through the pipeline, and is acknowledged when it is kept.
 */
#ifndef APP_MQTT_DOOR_H
#define APP_MQTT_DOOR_H

#include "app/service.h"

/* Subscribes as the settings in force say; without a url nothing happens. False: memory is out. */
bool mqtt_door_open(struct service *service);

/* After a reload that changed the settings of [mqtt]: another subscription in its place. */
void mqtt_door_adopt(struct service *service);

#endif
