/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redis_lived.h - whether a Redis knows of alerts of a site: asked once, when a ledger is new. It
 * is waited for, but not for long: an alert does not depend on Redis.
 */
#ifndef ADAPTER_REDIS_REDIS_LIVED_H
#define ADAPTER_REDIS_REDIS_LIVED_H

#include "adapter/redis_target.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <stdint.h>

enum { REDIS_LIVED_MS = 2000 }; /* then it counts as one that did not answer */

enum lived { LIVED_NOT, LIVED, LIVED_UNKNOWN };

/*
 * Turns the loop until it is known. LIVED_UNKNOWN: it is away, silent, or says something else.
 * *out_seen is the highest number in an id of the site among the newest 1000 entries, or 0.
 */
enum lived redis_lived(struct event_base *base, struct evdns_base *dns,
                       const struct redis_target *target, const char *password, const char *prefix,
                       const char *site, uint32_t *out_seen);

#endif
