/* SPDX-License-Identifier: Apache-2.0 */
/* osmand.h - the JSON body of newer Traccar Clients, to checked pings. Pure. */
#ifndef ADAPTER_PING_OSMAND_H
#define ADAPTER_PING_OSMAND_H

#include "adapter/ping/ping_reader.h"

/*
 * {"device_id":…,"location":{"timestamp":…,"coords":{…},"battery":{"level":0.79},"mock":…}}; an
 * array of locations too. Speed in metres a second, battery from 0 to 1, -1 for what is not known.
 */
ping_reader osmand_read;

struct json_t;

/* One such location into a zeroed ping, all but its device. */
bool osmand_location(const struct json_t *location, struct ping *out, struct fault *why);

#endif
