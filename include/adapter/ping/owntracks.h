/* SPDX-License-Identifier: Apache-2.0 */
/* owntracks.h - messages of the OwnTracks apps, by HTTP or MQTT, to checked pings. Pure. */
#ifndef ADAPTER_PING_OWNTRACKS_H
#define ADAPTER_PING_OWNTRACKS_H

#include "adapter/ping/ping_reader.h"

/*
 * One message or an array of them; nothing but blanks is none. A `"_type":"location"` is a ping, as
 * is what has a place and no type, and every other type is handed over as none. Its device is the
 * first of these that is known: body->names, the device of the topic (owntracks/USER/DEVICE; by
 * HTTP the message's `topic`), its user; and `tid` only when there is none of them. If none is
 * known, it is the first that could be a device's id. What has no time is of its arrival.
 */
ping_reader owntracks_read;

/* By MQTT: what has a `_type` is OwnTracks', everything else is breachd's own (ping_json). */
ping_reader owntracks_read_any;

#endif
