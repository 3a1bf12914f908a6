/* SPDX-License-Identifier: Apache-2.0 */
/* stats.h - counters, and their print as Prometheus reads it. */
#ifndef APP_STATS_H
#define APP_STATS_H

#include "adapter/http.h"
#include "core/alert.h"

#include <event2/buffer.h>

struct stats {
    uint64_t pings[ARRIVALS];
    uint64_t ignored; /* messages that are no pings and need not be */
    uint64_t alerts[ALERT_TYPES];
    uint64_t commits, ledger_errors;
    uint64_t redis_losses; /* times that Redis lacked what it had had */
    uint64_t reloads_done, reloads_refused;
    uint64_t clock_jumps;
};

/* What is so at this moment, beside what was counted. */
struct gauges {
    size_t open, queue, connections, orders, respondents;
    double lag_seconds, clock_apart_seconds;
    bool redis_connected, mqtt_connected, blind;
    const struct http_count *answers; /* up to code 0 */
    const struct http_pressure *pressure;
};

/* Counts an alert by its type's name. */
void stats_count_alert(struct stats *stats, const char *type);

/* Prometheus text format 0.0.4. */
void stats_print(const struct stats *stats, const struct gauges *gauges, struct evbuffer *out);

#endif
