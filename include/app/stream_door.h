/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream_door.h - what comes by the ping stream goes through the pipeline, a batch at a time, and
 * is acknowledged when it is kept.
 */
#ifndef APP_STREAM_DOOR_H
#define APP_STREAM_DOOR_H

#include "app/service.h"

struct gauges;

/* Reads as the settings in force say; with `pings = off` nothing happens. False: memory is out. */
bool stream_door_open(struct service *service);

/* After a reload that changed the settings of the ping stream: another one in its place. */
void stream_door_adopt(struct service *service);

void stream_door_pump(struct service *service); /* call now and then */
void stream_door_stop(struct service *service); /* reads nothing more */
bool stream_door_idle(const struct service *service);
void stream_door_close(struct service *service);

/* "off", "reading", "waits: why" or "away: why". */
void stream_door_say(const struct service *service, char *text, size_t size);

/* Sets the gauges of the ping stream. */
void stream_door_measure(const struct service *service, struct gauges *gauges);

#endif
