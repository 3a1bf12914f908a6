/* SPDX-License-Identifier: Apache-2.0 */
/* ping_json.h - bytes to checked pings. Pure; jansson reads. */
#ifndef ADAPTER_PING_JSON_H
#define ADAPTER_PING_JSON_H

#include "core/fault.h"
#include "core/ping.h"

#include <stddef.h>

/*
 * Number `index` of the body, from 0: a ping, or NULL with the reason ("lat: 151.5 is outside
 * -90..90").
 */
typedef void ping_taker(const struct ping *ping, size_t index, const char *why, void *arg);

/*
 * Hands over each ping of one object or one array, or with `lines` of one object a line (blank
 * lines do not count). False, with nothing handed over, when the body as a whole is no JSON of
 * these kinds.
 */
bool ping_json_read(const char *bytes, size_t n, bool lines, ping_taker *take, void *arg,
                    struct fault *why);

#endif
