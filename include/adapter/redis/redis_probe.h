/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redis_probe.h - whether a Redis knows of alerts of a site, and how many: asked at a start, as a
 * ledger that is new, or an older copy, must give no number again. It is waited for, but not for
 * long: an alert does not depend on Redis.
 */
#ifndef ADAPTER_REDIS_REDIS_PROBE_H
#define ADAPTER_REDIS_REDIS_PROBE_H

#include "adapter/redis_target.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <stdint.h>

enum { REDIS_PROBE_MS = 2000 }; /* then it counts as one that did not answer */

enum site_use { SITE_NEW, SITE_USED, SITE_UNSURE };

/* What it shows of the site. */
struct redis_seen {
    uint32_t number;   /* the highest in an id among the newest 1000 entries, or 0 */
    uint64_t sequence; /* of the newest alert that stands in the stream, or 0 */
};

/* Turns the loop until it is known. SITE_UNSURE: it is away, silent, or says something else. */
enum site_use redis_probe(struct event_base *base, struct evdns_base *dns,
                          const struct redis_target *target, const char *password,
                          const char *prefix, const char *site, struct redis_seen *out_seen);

#endif
