/* SPDX-License-Identifier: Apache-2.0 */
#include "app/stats.h"

#include <inttypes.h>
#include <string.h>

void stats_count_alert(struct stats *stats, const char *type)
{
    for (int i = 0; i < ALERT_TYPES; i++)
        stats->alerts[i] += strcmp(alert_type_name((enum alert_type)i), type) == 0;
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
    one(out, "messages_ignored_total", "counter", "Messages of trackers that are no pings.",
        (double)stats->ignored);
    head(out, "alerts_total", "counter", "Alerts by type.");
    for (int i = 0; i < ALERT_TYPES; i++)
        labelled(out, "alerts_total", "type", alert_type_name((enum alert_type)i),
                 stats->alerts[i]);
    one(out, "ledger_commits_total", "counter", "Commits on disk.", (double)stats->commits);
    one(out, "ledger_errors_total", "counter", "Commits that failed.",
        (double)stats->ledger_errors);
    one(out, "redis_losses_total", "counter", "Times that Redis had lost data.",
        (double)stats->redis_losses);
    head(out, "reloads_total", "counter", "Reloads asked for.");
    labelled(out, "reloads_total", "result", "done", stats->reloads_done);
    labelled(out, "reloads_total", "result", "refused", stats->reloads_refused);
    one(out, "clock_jumps_total", "counter", "Jumps of the clock on the wall, not followed.",
        (double)stats->clock_jumps);
}

static void print_door(const struct gauges *gauges, struct evbuffer *out)
{
    const struct http_pressure *pressure = gauges->pressure;
    char code[16];

    head(out, "http_requests_total", "counter", "Requests by the code they were answered with.");
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

void stats_print(const struct stats *stats, const struct gauges *gauges, struct evbuffer *out)
{
    print_counters(stats, out);
    print_door(gauges, out);
    one(out, "incidents_open", "gauge", "Zones with an incident going on.", (double)gauges->open);
    one(out, "publish_queue_length", "gauge", "Alerts on disk that Redis has not confirmed.",
        (double)gauges->queue);
    one(out, "publish_lag_seconds", "gauge", "For how long some alert has waited for Redis.",
        gauges->lag_seconds);
    one(out, "redis_connected", "gauge", "1 while Redis answers.", gauges->redis_connected);
    one(out, "mqtt_connected", "gauge", "1 while subscribed to the MQTT broker.",
        gauges->mqtt_connected);
    one(out, "blind", "gauge", "1 while the ledger cannot commit and pings are refused.",
        gauges->blind);
    one(out, "clock_apart_seconds", "gauge",
        "How far the clock on the wall is ahead while it is not believed.",
        gauges->clock_apart_seconds);
    one(out, "orders", "gauge", "Orders in the rulebook.", (double)gauges->orders);
    one(out, "respondents", "gauge", "Respondents in the rulebook.", (double)gauges->respondents);
}
