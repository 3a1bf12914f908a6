/* SPDX-License-Identifier: Apache-2.0 */
/* traccar_json.h - what a Traccar server forwards (forward.type=json), to checked pings. Pure. */
#ifndef ADAPTER_TRACCAR_JSON_H
#define ADAPTER_TRACCAR_JSON_H

#include "adapter/ping_reader.h"

/*
 * {"position":{…},"device":{"uniqueId":…}}, or an array of them. The time is that of the fix. A
 * forwarded event without a position is handed over as no ping.
 */
ping_reader traccar_json_read;

#endif
