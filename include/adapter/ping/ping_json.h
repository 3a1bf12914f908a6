/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_json.h - breachd's own pings (CONTRACT 4): bytes to checked pings. Pure; ping_scan reads the
 * plain ones, jansson all else.
 */
#ifndef ADAPTER_PING_PING_JSON_H
#define ADAPTER_PING_PING_JSON_H

#include "adapter/ping/ping_reader.h"

struct json_t;

ping_reader ping_json_read; /* one object, or one array of them */

/* One object a line; blank lines do not count. Never false but for want of memory. */
ping_reader ping_json_read_lines;

/* One object and nothing else. */
bool ping_json_read_one(const char *bytes, size_t n, struct ping *out, struct fault *why);

/* One object, or an array of them, of JSON that is read already. */
void ping_json_take(const struct json_t *value, ping_taker *take, void *arg);

#endif
