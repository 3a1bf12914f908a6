/* SPDX-License-Identifier: Apache-2.0 */
#include "app/api.h"

#include "adapter/answer_json.h"
#include "adapter/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char json[] = "application/json", plain[] = "text/plain; charset=utf-8";
static const char retry_after[] = "5"; // seconds: a commit that failed is tried again every second

static void answer(struct service *service, struct http_exchange *exchange, int code,
                   const char *type, const char *body)
{
    if (code == 503)
        http_add_header(exchange, "Retry-After", retry_after);
    http_answer(service->door, exchange, code, type, body, strlen(body));
}

static void answer_why(struct service *service, struct http_exchange *exchange, int code,
                       const char *why)
{
    char *body = answer_print_error(why);

    answer(service, exchange, code, json, body ? body : "{}");
    free(body);
}

/* A body of pings that waits for the disk. */
struct waiting {
    struct service *service;
    struct http_exchange *exchange;
};

static void on_answer(int code, const char *body, void *arg)
{
    struct waiting *waiting = arg;

    answer(waiting->service, waiting->exchange, code, json, body);
    free(waiting);
}

static void take_pings(struct service *service, struct http_exchange *exchange)
{
    const char *type = http_header(exchange, "Content-Type");
    bool lines = type != NULL && strncasecmp(type, "application/x-ndjson", 20) == 0;
    struct waiting *waiting = malloc(sizeof *waiting);
    size_t length;
    const char *body = http_body(exchange, &length);

    if (waiting == NULL || body == NULL) {
        free(waiting);
        answer_why(service, exchange, 503, "out of memory");
        return;
    }
    *waiting = (struct waiting){ service, exchange };
    pipeline_take(service->pipeline, body, length, lines, on_answer, waiting);
}

static void say_healthy(struct service *service, struct http_exchange *exchange)
{
    answer(service, exchange, 200, plain, "ok\n");
}

static void say_ready(struct service *service, struct http_exchange *exchange)
{
    const char *closed = pipeline_closed(service->pipeline);
    char body[FAULT_TEXT_MAX];

    snprintf(body, sizeof body, "%s\n", closed ? closed : "ready");
    answer(service, exchange, closed ? 503 : 200, plain, body);
}

static void say_status(struct service *service, struct http_exchange *exchange)
{
    struct rulebook_counts counts = rulebook_counts(service->config->rules);
    char redis[REDIS_WHY_MAX + 16] = "connected";
    struct status status = { .site = service->config->settings.site,
                             .version = BREACHD_VERSION,
                             .started = service->started,
                             .now = pipeline_now(service->pipeline),
                             .loaded = service->loaded,
                             .exercise = service->rehearse,
                             .blind = service->blindness.now,
                             .orders = counts.orders,
                             .respondents = counts.respondents,
                             .devices = counts.devices,
                             .zones = counts.exclusions,
                             .open = pipeline_open_incidents(service->pipeline),
                             .sequence = ledger_sequence(service->ledger),
                             .published = publisher_confirmed(service->publisher),
                             .redis = redis };
    char *body;

    status.in_force = config_in_force(service->config, status.now);
    if (!publisher_connected(service->publisher))
        snprintf(redis, sizeof redis, "away: %s", publisher_why_away(service->publisher));
    body = status_print(&status);
    answer(service, exchange, body ? 200 : 503, json, body ? body : "{}");
    free(body);
}

static void say_metrics(struct service *service, struct http_exchange *exchange)
{
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
                             .redis_connected = publisher_connected(service->publisher),
                             .blind = service->blindness.now,
                             .answers = http_counts(service->door) };
    struct evbuffer *text = evbuffer_new();

    if (text == NULL) {
        answer_why(service, exchange, 503, "out of memory");
        return;
    }
    stats_print(&service->stats, &gauges, text);
    http_answer(service->door, exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
                (const char *)evbuffer_pullup(text, -1), evbuffer_get_length(text));
    evbuffer_free(text);
}

static const struct route {
    const char *path, *method, *allow;
    void (*handle)(struct service *service, struct http_exchange *exchange);
} routes[] = {
    { "/v1/pings", "POST", "POST", take_pings },
    { "/healthz", "GET", "GET, HEAD", say_healthy },
    { "/readyz", "GET", "GET, HEAD", say_ready },
    { "/v1/status", "GET", "GET, HEAD", say_status },
    { "/metrics", "GET", "GET, HEAD", say_metrics },
};

void api_handle(struct http_exchange *exchange, void *arg)
{
    struct service *service = arg;
    const char *path = http_path(exchange), *method = http_method(exchange);

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const struct route *route = &routes[i];

        if (strcmp(route->path, path) != 0)
            continue;
        if (strcmp(method, route->method) == 0 ||
            (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0)) {
            route->handle(service, exchange);
            return;
        }
        http_add_header(exchange, "Allow", route->allow);
        answer_why(service, exchange, 405, "this path does not know that method");
        return;
    }
    answer_why(service, exchange, 404,
               "no such path: /v1/pings /v1/status /healthz /readyz /metrics");
}
