/* SPDX-License-Identifier: Apache-2.0 */
/* osmand.h - the JSON of newer Traccar Clients and of Home Assistant's app, to pings. Pure. */
#ifndef ADAPTER_PING_OSMAND_H
#define ADAPTER_PING_OSMAND_H

#include "adapter/ping/ping_reader.h"

/*
 * {"device_id":…,"location":{"timestamp":…,"coords":{…},"battery":{"level":0.79},"mock":…}}; an
 * array of locations too. Speed in metres a second, battery from 0 to 1, -1 for what is not known.
 * And what Home Assistant's app posts, {"type":"update_location","data":{"gps":[LAT,LON],…}}, with
 * `gps_accuracy`, speed in metres a second, battery in per cent; its other types are no pings, and
 * one without `gps` is a ping without a fix. Where there is no device_id it is the first of
 * body->names that is known. Without a time it is of its arrival.
 */
ping_reader osmand_read;

struct json_t;

/* One such location into a zeroed ping, all but its device. */
bool osmand_location(const struct json_t *location, struct ping *out, struct fault *why);

#endif
