/* SPDX-License-Identifier: Apache-2.0 */
/* stats.h - counters, and their print as Prometheus reads it. */
#ifndef APP_STATS_H
#define APP_STATS_H

#include "adapter/http/http.h"
#include "adapter/ledger/room.h"
#include "adapter/redis_memory.h"
#include "app/histogram.h"
#include "core/alert.h"

#include <event2/buffer.h>

/*
 * EEMUA Publication 191: about 6 alarms an hour and operator are well borne; 10 in 10 minutes
 * are a flood, in which alarms are missed.
 */
enum { FLOOD_ALERTS = 10, FLOOD_MS = 10 * 60 * 1000, HOUR_MINUTES = 60 };

struct stats {
    uint64_t pings[ARRIVALS];
    uint64_t held;     /* pings of devices that send more than their rate */
    uint64_t ignored;  /* messages that are no pings and need not be */
    uint64_t unjudged; /* times that something of one respondent could not be judged or kept */
    uint64_t alerts[ALERT_TYPES];
    uint32_t by_minute[HOUR_MINUTES]; /* a ring: alerts of each of the last minutes, */
    int64_t minute;                   /* and the newest minute in it, since 1970 */
    struct utc newest[FLOOD_ALERTS];  /* a ring: when the newest alerts were told, */
    unsigned newest_next;
    struct utc flood_until; /* and until when that is a flood */
    uint64_t floods;
    uint64_t commits, ledger_errors;
    uint64_t redis_losses;                           /* times that Redis lacked what it had had */
    uint64_t redis_disbelieved;                      /* times that it said what is not true */
    uint64_t acks_taken, acks_refused, acks_skipped; /* of the control room */
    uint64_t reloads_done, reloads_refused;
    uint64_t clock_jumps, clock_moves;
    uint64_t time_questions; /* respondents judged because time had come to a boundary, */
    uint64_t turn_units;     /* and the most that one turn of the loop took, see pipeline_tick */
    uint64_t save_scans;     /* respondents looked at whether a far position is to be saved */
    uint64_t stream_refused; /* entries of the ping stream that were moved away */
    uint64_t stream_losses;  /* times that the ping stream was not as it was left */
    /* From when we knew of an alert until Redis has it; of those by real clocks. */
    struct histogram to_publish;
    struct histogram to_ack; /* from a critical alert until somebody took it */
};

/* What is so at this moment, beside what was counted. */
struct gauges {
    struct utc now;
    size_t open, queue, connections, orders, respondents;
    double lag_seconds, clock_apart_seconds, clock_doubted, behind_seconds;
    enum room room;
    double ledger_bytes, ledger_growth; /* bytes a day; NaN: not known yet */
    double stream_lag, stream_pending;  /* NaN: not known */
    bool redis_connected, mqtt_connected, stream_connected, blind;
    bool acks_heard;
    struct redis_memory memory;       /* of Redis */
    const struct http_count *answers; /* up to code 0 */
    const struct http_pressure *pressure;
};

/* Counts an alert by its type's name, at our clock; times never go back. */
void stats_count_alert(struct stats *stats, const char *type, struct utc now);

/* Our clock has been set right by `by` ms: what was counted by it moves along. */
void stats_correct_clock(struct stats *stats, int64_t by);

/* Alerts told in the hour before `now`, by whole minutes. */
uint64_t stats_alerts_last_hour(const struct stats *stats, struct utc now);
bool stats_flood(const struct stats *stats, struct utc now);

/* Prometheus text format 0.0.4. */
void stats_print(const struct stats *stats, const struct gauges *gauges, struct evbuffer *out);

#endif
