/* SPDX-License-Identifier: Apache-2.0 */
#include "app/api.h"

#include "adapter/clock.h"
#include "adapter/json/answer.h"
#include "adapter/query.h"
#include "adapter/redis/acks.h"
#include "app/api_parts.h"
#include "app/pipeline_state.h"
#include "app/pipeline_time.h"
#include "app/stream_door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTED_MS = 10 * 1000 };

static const char form[] = "application/x-www-form-urlencoded"; // Traccar Client from 10.1 on
static const char json[] = API_JSON, plain[] = "text/plain; charset=utf-8";

static void answer(const struct api_request *request, int code, const char *type, const char *body)
{
    http_answer(request->service->door, request->exchange, code, type, body, strlen(body));
}

static void say_healthy(const struct api_request *request)
{
    answer(request, 200, plain, "ok\n");
}

static void say_ready(const struct api_request *request)
{
    struct service *service = request->service;
    const char *closed = pipeline_closed(service->pipeline);
    char body[FAULT_TEXT_MAX];

    snprintf(body, sizeof body, "%s\n", closed ? closed : "ready");
    answer(request, closed ? 503 : 200, plain, body);
}

/* All orders are looked at, so no more often than each ten seconds, or at a reload. */
static size_t count_in_force(struct service *service, struct utc now)
{
    int64_t age = now.ms - service->counted_at.ms;

    if (service->counted_loaded.ms != service->loaded.ms || age < 0 || age >= COUNTED_MS) {
        service->in_force = config_in_force(service->config, now);
        service->counted_loaded = service->loaded;
        service->counted_at = now;
    }
    return service->in_force;
}

static void say_status(const struct api_request *request)
{
    struct service *service = request->service;
    struct rulebook_counts counts = rulebook_counts(service->config->rules);
    char redis[REDIS_WHY_MAX + 16] = "connected", mqtt[MQTT_WHY_MAX + 16] = "off";
    char stream[FAULT_TEXT_MAX], clock[FAULT_TEXT_MAX];
    char acks[REDIS_WHY_MAX + 16] = "heard";
    struct status status = { .site = service->config->settings.site,
                             .version = BREACHD_VERSION,
                             .started = service->started,
                             .now = pipeline_now(service->pipeline),
                             .loaded = service->loaded,
                             .exercise = service->rehearse,
                             .blind = service->blindness.now,
                             .disk = room_name(ledger_room(service->ledger)),
                             .ledger_bytes = ledger_size(service->ledger).file,
                             .ledger_growth = service_growth(service),
                             .orders = counts.orders,
                             .respondents = counts.respondents,
                             .devices = counts.devices,
                             .zones = counts.exclusions,
                             .revised = service->revised,
                             .refused = &service->result.refusal,
                             .text = service_text(service),
                             .open = pipeline_open_incidents(service->pipeline),
                             .saving = !ledger_idle(service->ledger),
                             .sequence = ledger_sequence(service->ledger),
                             .published = publisher_confirmed(service->publisher),
                             .redis = redis,
                             .mqtt = mqtt,
                             .pings = stream,
                             .clock = clock,
                             .redis_losses = service->stats.redis_losses,
                             .acks = acks,
                             .redis_disbelieved = service->stats.redis_disbelieved,
                             .memory = *publisher_memory(service->publisher),
                             .troubles = service_troubles(service) };
    char *body;

    status.in_force = count_in_force(service, status.now);
    if (!publisher_connected(service->publisher))
        snprintf(redis, sizeof redis, "away: %s", publisher_why_away(service->publisher));
    if (acks_why_deaf(service->acks)[0] != '\0')
        snprintf(acks, sizeof acks, "deaf: %s", acks_why_deaf(service->acks));
    if (mqtt_is_up(service->mqtt))
        snprintf(mqtt, sizeof mqtt, "subscribed");
    else if (service->mqtt != NULL)
        snprintf(mqtt, sizeof mqtt, "away: %s", mqtt_why_down(service->mqtt));
    stream_door_say(service, stream, sizeof stream);
    timekeeper_say(clock);
    body = answer_print_status(&status);
    answer(request, body ? 200 : 503, json, body ? body : "{}");
    free(body);
}

static void say_metrics(const struct api_request *request)
{
    struct service *service = request->service;
    struct rulebook_counts counts = rulebook_counts(service->config->rules);
    uint64_t newest = ledger_sequence(service->ledger);
    uint64_t published = publisher_confirmed(service->publisher);
    struct gauges gauges = { .now = clock_utc(),
                             .open = pipeline_open_incidents(service->pipeline),
                             .queue = newest > published ? (size_t)(newest - published) : 0,
                             .connections = http_connections(service->door),
                             .orders = counts.orders,
                             .respondents = counts.respondents,
                             .lag_seconds = (double)service_lag_ms(service) / 1000,
                             .clock_apart_seconds = (double)clock_skew()->apart / 1000,
                             .clock_doubted = clock_skew()->doubt != SKEW_SURE,
                             .behind_seconds = pipeline_behind_seconds(service->pipeline),
                             .redis_connected = publisher_connected(service->publisher),
                             .acks_heard = acks_why_deaf(service->acks)[0] == '\0',
                             .memory = *publisher_memory(service->publisher),
                             .mqtt_connected = mqtt_is_up(service->mqtt),
                             .blind = service->blindness.now,
                             .room = ledger_room(service->ledger),
                             .ledger_bytes = (double)ledger_size(service->ledger).file,
                             .ledger_growth = service_growth(service),
                             .answers = http_counts(service->door),
                             .pressure = http_pressure(service->door) };
    struct evbuffer *text = evbuffer_new();
    const char *page;

    if (text == NULL) {
        api_answer_why(request, 503, "out of memory");
        return;
    }
    stream_door_measure(service, &gauges);
    stats_print(&service->stats, &gauges, text);
    page = (const char *)evbuffer_pullup(text, -1);
    if (page != NULL)
        http_answer(service->door, request->exchange, 200,
                    "text/plain; version=0.0.4; charset=utf-8", page, evbuffer_get_length(text));
    else
        api_answer_why(request, 503, "out of memory");
    evbuffer_free(text);
}

static const struct route {
    const char *path, *method, *allow;
    void (*handle)(const struct api_request *request);
    enum access_need need;
} routes[] = {
    { "/v1/pings", "POST", "POST", api_take_pings, NEED_PINGS },
    { "/owntracks", "POST", "POST", api_take_owntracks, NEED_PINGS },
    { "/osmand", "POST", "GET, POST", api_take_osmand, NEED_PINGS },
    { "/osmand", "GET", "GET, POST", api_take_osmand, NEED_PINGS },
    { "/", "POST", "GET, POST", api_take_osmand, NEED_PINGS },
    { "/", "GET", "GET, POST", api_take_osmand, NEED_PINGS },
    { "/traccar", "POST", "POST", api_take_traccar, NEED_PINGS },
    { "/overland", "POST", "POST", api_take_overland, NEED_PINGS },
    { "/healthz", "GET", "GET, HEAD", say_healthy, NEED_NOTHING },
    { "/readyz", "GET", "GET, HEAD", say_ready, NEED_NOTHING },
    { "/v1/status", "GET", "GET, HEAD", say_status, NEED_OPERATOR },
    { "/metrics", "GET", "GET, HEAD", say_metrics, NEED_OPERATOR },
    { "/v1/incidents", "GET", "GET, HEAD", api_say_incidents, NEED_ROOM },
    { "/v1/incidents/ID/map", "GET", "GET", api_say_map, NEED_MAP },
    { "/v1/incidents/ID", "GET", "GET, HEAD", api_say_incident, NEED_ROOM },
    { "/v1/devices", "GET", "GET, HEAD", api_say_devices, NEED_ROOM },
    { "/v1/devices/ID", "GET", "GET, HEAD", api_say_device, NEED_ROOM },
};

static void answer_no_such_path(const struct api_request *request)
{
    char why[FAULT_TEXT_MAX] = "no such path; there are:";
    size_t length = strlen(why);

    for (size_t i = 0; i < sizeof routes / sizeof *routes && length < sizeof why; i++) {
        if (i == 0 || strcmp(routes[i].path, routes[i - 1].path) != 0)
            length += (size_t)snprintf(why + length, sizeof why - length, " %s", routes[i].path);
    }
    api_answer_why(request, 404, why);
}

static bool knows_method(const struct route *route, const char *method)
{
    return strcmp(method, route->method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strstr(route->allow, method) != NULL);
}

/*
 * Trackers that can be given no path send to the root; whoever else comes there is told the paths.
 */
static bool is_tracker(const struct http_exchange *exchange)
{
    char id[NAME_MAX_CHARS + 1];

    return query_value(http_query(exchange), "id", id, sizeof id) ||
           query_value(http_query(exchange), "deviceid", id, sizeof id) ||
           (strcmp(http_method(exchange), "POST") == 0 &&
            (api_is_of_type(exchange, json) || api_is_of_type(exchange, form)));
}

static bool leads_to(const struct http_exchange *exchange, const struct route *route)
{
    char id[API_ID_MAX];

    return (strcmp(route->path, http_path(exchange)) == 0 || api_id(exchange, route->path, id)) &&
           (strcmp(route->path, "/") != 0 || is_tracker(exchange));
}

/* The route of path and method, or else one of the path, or NULL. */
static const struct route *find_route(const struct http_exchange *exchange)
{
    const struct route *of_path = NULL;

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const struct route *route = &routes[i];

        if (!leads_to(exchange, route))
            continue;
        if (knows_method(route, http_method(exchange)))
            return route;
        of_path = route;
    }
    return of_path;
}

/* Answered already, when it may not come in. */
static bool let_in(const struct api_request *request, const struct route *route)
{
    int code = access_grant(request->service, request->exchange, route ? route->need : NEED_ANY,
                            request->grant);

    if (code == 200)
        return true;
    api_answer_why(request, code, code == 429 ? "too much: wait" : "not allowed");
    return false;
}

bool api_gate(struct http_exchange *exchange, void *service)
{
    struct grant grant;
    struct api_request request = { service, exchange, &grant };

    return let_in(&request, find_route(exchange));
}

static void follow(const struct api_request *request, const struct route *route)
{
    if (route == NULL) {
        answer_no_such_path(request);
    } else if (knows_method(route, http_method(request->exchange))) {
        route->handle(request);
    } else {
        http_add_header(request->exchange, "Allow", route->allow);
        api_answer_why(request, 405, "this path does not know that method");
    }
}

void api_handle(struct http_exchange *exchange, void *service)
{
    const struct route *route = find_route(exchange);
    struct grant grant;
    struct api_request request = { service, exchange, &grant };

    if (!let_in(&request, route))
        return;
    if (access_of_devices(&grant))
        http_delay(exchange);
    follow(&request, route); // the exchange may be gone
    access_charge(&grant);
}
