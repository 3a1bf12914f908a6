/* SPDX-License-Identifier: Apache-2.0 */
#include "app/stats.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Empties the places of minutes in which nothing was told. */
static void turn_to(struct stats *stats, int64_t minute)
{
    int64_t first = stats->minute + 1;

    if (first < minute - HOUR_MINUTES + 1)
        first = minute - HOUR_MINUTES + 1;
    for (int64_t i = first; i <= minute; i++)
        stats->by_minute[i % HOUR_MINUTES] = 0;
    if (minute > stats->minute)
        stats->minute = minute;
}

void stats_count_alert(struct stats *stats, const char *type, struct utc now)
{
    struct utc *tenth = &stats->newest[stats->newest_next];

    for (int i = 0; i < ALERT_TYPES; i++)
        stats->alerts[i] += strcmp(alert_type_name((enum alert_type)i), type) == 0;
    turn_to(stats, now.ms / 60000);
    stats->by_minute[stats->minute % HOUR_MINUTES]++;
    *tenth = now;
    stats->newest_next = (stats->newest_next + 1) % FLOOD_ALERTS;
    tenth = &stats->newest[stats->newest_next]; // now the oldest of ten
    if (tenth->ms == 0 || now.ms - tenth->ms > FLOOD_MS)
        return;
    stats->floods += !stats_flood(stats, now);
    stats->flood_until = utc_plus(now, FLOOD_MS);
}

void stats_correct_clock(struct stats *stats, int64_t by)
{
    struct stats before = *stats;
    int64_t minutes = by / 60000;

    stats->minute += stats->minute != 0 ? minutes : 0;
    for (int64_t i = 0; i < HOUR_MINUTES; i++)
        stats->by_minute[((i + minutes) % HOUR_MINUTES + HOUR_MINUTES) % HOUR_MINUTES] =
            before.by_minute[i];
    for (size_t i = 0; i < FLOOD_ALERTS; i++)
        stats->newest[i].ms += stats->newest[i].ms != 0 ? by : 0;
    stats->flood_until.ms += stats->flood_until.ms != 0 ? by : 0;
}

uint64_t stats_alerts_last_hour(const struct stats *stats, struct utc now)
{
    uint64_t n = 0;

    int64_t hour = now.ms / 60000 - HOUR_MINUTES, ring = stats->minute - HOUR_MINUTES;

    // At most HOUR_MINUTES, wherever our clock may have gone since.
    for (int64_t i = (hour > ring ? hour : ring) + 1; i <= stats->minute; i++)
        n += stats->by_minute[i % HOUR_MINUTES];
    return n;
}

bool stats_flood(const struct stats *stats, struct utc now)
{
    return now.ms < stats->flood_until.ms;
}

static void head(struct evbuffer *out, const char *name, const char *type, const char *help)
{
    evbuffer_add_printf(out, "# HELP breachd_%s %s\n# TYPE breachd_%s %s\n", name, help, name,
                        type);
}

static void one(struct evbuffer *out, const char *name, const char *type, const char *help,
                double value)
{
    head(out, name, type, help);
    evbuffer_add_printf(out, "breachd_%s %.10g\n", name, value);
}

static void labelled(struct evbuffer *out, const char *name, const char *label, const char *value,
                     uint64_t n)
{
    evbuffer_add_printf(out, "breachd_%s{%s=\"%s\"} %" PRIu64 "\n", name, label, value, n);
}

static void print_counters(const struct stats *stats, struct evbuffer *out)
{
    head(out, "pings_total", "counter", "Pings by class.");
    for (int i = 0; i < ARRIVALS; i++)
        labelled(out, "pings_total", "class", arrival_name((enum arrival)i), stats->pings[i]);
    one(out, "pings_held_total", "counter", "Pings of devices that send more than their rate.",
        (double)stats->held);
    one(out, "messages_ignored_total", "counter", "Messages of trackers that are no pings.",
        (double)stats->ignored);
    one(out, "unjudged_total", "counter",
        "Times that something of one respondent could not be judged or kept.",
        (double)stats->unjudged);
    head(out, "alerts_total", "counter", "Alerts by type.");
    for (int i = 0; i < ALERT_TYPES; i++)
        labelled(out, "alerts_total", "type", alert_type_name((enum alert_type)i),
                 stats->alerts[i]);
    one(out, "alert_floods_total", "counter", "Times at which 10 alerts came in 10 minutes.",
        (double)stats->floods);
    one(out, "ledger_commits_total", "counter", "Commits on disk.", (double)stats->commits);
    one(out, "ledger_errors_total", "counter", "Commits that failed.",
        (double)stats->ledger_errors);
    one(out, "redis_losses_total", "counter", "Times that Redis had lost data.",
        (double)stats->redis_losses);
    one(out, "redis_disbelieved_total", "counter", "Times that Redis said what is not true.",
        (double)stats->redis_disbelieved);
    head(out, "words_total", "counter", "Words of the control room, and what came of them.");
    labelled(out, "words_total", "result", "taken", stats->acks_taken);
    labelled(out, "words_total", "result", "refused", stats->acks_refused);
    labelled(out, "words_total", "result", "skipped", stats->acks_skipped);
    one(out, "stream_refused_total", "counter", "Entries of the ping stream that are no pings.",
        (double)stats->stream_refused);
    one(out, "stream_losses_total", "counter",
        "Times that the ping stream was not as it was left: pings may be lost.",
        (double)stats->stream_losses);
    head(out, "reloads_total", "counter", "Reloads asked for.");
    labelled(out, "reloads_total", "result", "done", stats->reloads_done);
    labelled(out, "reloads_total", "result", "refused", stats->reloads_refused);
    one(out, "clock_jumps_total", "counter", "Jumps of the clock on the wall, not followed.",
        (double)stats->clock_jumps);
    one(out, "time_questions_total", "counter",
        "Times that somebody was judged because time had come to a boundary.",
        (double)stats->time_questions);
    one(out, "clock_moves_total", "counter", "Times that our own time was moved by 5 s or more.",
        (double)stats->clock_moves);
}

static void print_door(const struct gauges *gauges, struct evbuffer *out)
{
    const struct http_pressure *pressure = gauges->pressure;
    char code[16];

    head(out, "http_requests_total", "counter", "Requests by the code they were answered with.");
    // HTTP_CODES_MAX.
    for (const struct http_count *count = gauges->answers; count->code != 0; count++) {
        evutil_snprintf(code, sizeof code, "%d", count->code);
        labelled(out, "http_requests_total", "code", code, count->n);
    }
    one(out, "http_connections", "gauge", "Connections open.", (double)gauges->connections);
    one(out, "http_accepted_total", "counter", "Connections let in.", (double)pressure->accepted);
    head(out, "http_ended_total", "counter", "Connections ended or refused, and why.");
    for (int i = 0; i < HTTP_ENDS; i++)
        labelled(out, "http_ended_total", "why", http_end_name((enum http_end)i),
                 pressure->ends[i]);
    head(out, "http_pauses_total", "counter", "Times that nobody was let in, and why.");
    for (int i = 0; i < HTTP_PAUSES; i++)
        labelled(out, "http_pauses_total", "why", http_pause_name((enum http_pause)i),
                 pressure->pauses[i]);
}

static void print_redis(const struct gauges *gauges, struct evbuffer *out)
{
    bool known = gauges->memory.policy[0] != '\0';

    one(out, "redis_connected", "gauge", "1 while Redis answers.", gauges->redis_connected);
    one(out, "redis_memory_bytes", "gauge", "What Redis uses; NaN: it may not be asked.",
        known ? (double)gauges->memory.used : NAN);
    one(out, "redis_memory_max_bytes", "gauge", "What Redis may use; 0: no limit.",
        known ? (double)gauges->memory.most : NAN);
    one(out, "redis_memory_short", "gauge", "1 while Redis has little memory left.",
        gauges->memory.short_of);
    one(out, "redis_evicts", "gauge", "1 while Redis may throw alerts away when it is full.",
        redis_memory_evicts(&gauges->memory));
    one(out, "acks_heard", "gauge", "1 while the control room's words are heard.",
        gauges->acks_heard);
}

static void print_times(const struct stats *stats, struct evbuffer *out)
{
    head(out, "publish_seconds", "histogram", "From a ping, once it was read, to Redis's word.");
    histogram_print(&stats->to_publish, histogram_publish, "publish_seconds", out);
    head(out, "ack_seconds", "histogram", "From a critical alert until somebody took it.");
    histogram_print(&stats->to_ack, histogram_ack, "ack_seconds", out);
}

void stats_print(const struct stats *stats, const struct gauges *gauges, struct evbuffer *out)
{
    print_counters(stats, out);
    print_times(stats, out);
    print_door(gauges, out);
    one(out, "incidents_open", "gauge", "Zones with an incident going on.", (double)gauges->open);
    one(out, "alerts_last_hour", "gauge",
        "Alerts told in the last hour; 6 an operator are well borne.",
        (double)stats_alerts_last_hour(stats, gauges->now));
    one(out, "alert_flood", "gauge", "1 while 10 alerts came in 10 minutes.",
        stats_flood(stats, gauges->now));
    one(out, "publish_queue_length", "gauge", "Alerts on disk that Redis has not confirmed.",
        (double)gauges->queue);
    one(out, "publish_lag_seconds", "gauge", "For how long some alert has waited for Redis.",
        gauges->lag_seconds);
    print_redis(gauges, out);
    one(out, "mqtt_connected", "gauge", "1 while subscribed to the MQTT broker.",
        gauges->mqtt_connected);
    one(out, "stream_connected", "gauge", "1 while the ping stream is read.",
        gauges->stream_connected);
    one(out, "stream_lag", "gauge", "Entries of the ping stream that nobody has read yet.",
        gauges->stream_lag);
    one(out, "stream_pending", "gauge", "Entries of it that are read and not acknowledged.",
        gauges->stream_pending);
    one(out, "blind", "gauge", "1 while the ledger cannot commit and pings are refused.",
        gauges->blind);
    one(out, "ledger_room", "gauge",
        "Of the ledger's disk: 0 ample, 1 tight (nothing is told again), 2 nearly full.",
        gauges->room);
    one(out, "ledger_bytes", "gauge", "Size of the ledger's file, with its log.",
        gauges->ledger_bytes);
    one(out, "ledger_bytes_a_day", "gauge", "How much what it holds grows a day, by the last day.",
        gauges->ledger_growth);
    one(out, "clock_apart_seconds", "gauge",
        "How far the clock on the wall is ahead while it is not believed.",
        gauges->clock_apart_seconds);
    one(out, "time_behind_seconds", "gauge",
        "For how long the oldest boundary that is due has not been judged.",
        gauges->behind_seconds);
    one(out, "clock_doubted", "gauge", "1 while our own time is in doubt.", gauges->clock_doubted);
    one(out, "orders", "gauge", "Orders in the rulebook.", (double)gauges->orders);
    one(out, "respondents", "gauge", "Respondents in the rulebook.", (double)gauges->respondents);
}
