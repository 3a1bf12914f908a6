/* SPDX-License-Identifier: Apache-2.0 */
/* traccar.h - what a Traccar server forwards (forward.type=json), to checked pings. Pure. */
#ifndef ADAPTER_PING_TRACCAR_H
#define ADAPTER_PING_TRACCAR_H

#include "adapter/ping/ping_reader.h"

/*
 * {"position":{…},"device":{"uniqueId":…}}, or an array of them. The time is that of the fix. A
 * forwarded event without a position is handed over as no ping.
 */
ping_reader traccar_read;

#endif
