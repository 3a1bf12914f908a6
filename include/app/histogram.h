/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.h - how long things took, counted by bounds, as Prometheus reads it. */
#ifndef APP_HISTOGRAM_H
#define APP_HISTOGRAM_H

#include "core/instant.h"

#include <event2/buffer.h>

enum { HISTOGRAM_BOUNDS = 14, WAITING_MAX = 4096 };

/* Zeroed is empty; the bounds are named at each call, in milliseconds, rising. */
struct histogram {
    uint64_t below[HISTOGRAM_BOUNDS]; /* at most so long, and over the bound before */
    uint64_t n;                       /* all of them */
    double sum_ms;
};

/* From a ping to Redis's confirmation; from a critical alert to its ack. */
extern const int64_t histogram_publish[HISTOGRAM_BOUNDS], histogram_ack[HISTOGRAM_BOUNDS];

/* What is under 0 counts as 0. */
void histogram_add(struct histogram *histogram, const int64_t bounds[HISTOGRAM_BOUNDS], int64_t ms);

/* Its series `name`_bucket, _sum and _count, in seconds, without HELP and TYPE. */
void histogram_print(const struct histogram *histogram, const int64_t bounds[HISTOGRAM_BOUNDS],
                     const char *name, struct evbuffer *out);

/*
 * Alerts that wait for Redis, by sequence, so that their times can be taken: a ring. When more
 * wait, the oldest are not timed.
 */
struct waiting_alerts {
    struct waiting_alert {
        uint64_t sequence;
        struct utc received;
    } of[WAITING_MAX];
    uint64_t put, taken; /* how many ever */
};

void waiting_put(struct waiting_alerts *waiting, uint64_t sequence, struct utc received);

/* The oldest, if it is at most `sequence`; false: there is none. */
bool waiting_take(struct waiting_alerts *waiting, uint64_t sequence, struct utc *out_received);

#endif
