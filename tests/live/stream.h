/* SPDX-License-Identifier: Apache-2.0 */
/* stream.h - pings into the stream of a testbed, and what became of them. */
#ifndef LIVE_STREAM_H
#define LIVE_STREAM_H

#include "support/testbed.h"

#define STREAM_UP      "breachd_stream_connected"
#define STREAM_REFUSED "breachd_stream_refused_total"
#define PINGS(class)   "breachd_pings_total{class=\"" class "\"}"
#define ALERTS_BREACH  "breachd_alerts_total{type=\"breach\"}" /* counted once it is on disk */

/* Redis, order A over tag-1 and `pings = on`; breachd is not started. */
void stream_open(struct testbed *testbed);
void stream_start(struct testbed *testbed); /* breachd, until it reads */

/* An entry of flat fields, or of one field with JSON: so many metres north of the zone's middle. */
void stream_flat(struct testbed *testbed, const char *device, int second, double north);
void stream_json(struct testbed *testbed, const char *device, int second, double north);
/* An entry of one field. */
void stream_field(struct testbed *testbed, const char *name, const void *value, size_t size);

long long stream_pending(struct testbed *testbed); /* delivered and not acknowledged */
void stream_await_read(struct testbed *testbed);   /* until every entry has been delivered */
/* Until every entry has been delivered and acknowledged. */
void stream_await_acknowledged(struct testbed *testbed);

/* Entry `nth` of breachd:pings:refused as "why; name=value name=value …", without its own id. */
const char *stream_refused(struct testbed *testbed, size_t nth, char *text, size_t size);

#endif
