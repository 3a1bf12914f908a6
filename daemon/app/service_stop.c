/* SPDX-License-Identifier: Apache-2.0 */
#include "app/service_stop.h"

#include "adapter/log.h"
#include "adapter/redis/acks.h"
#include "adapter/redis/reports.h"
#include "adapter/resolver.h"
#include "app/api.h"
#include "app/ledger_door.h"
#include "app/mqtt_door.h"
#include "app/pipeline.h"
#include "app/pipeline_save.h"
#include "app/pipeline_state.h"
#include "app/reload.h"
#include "app/stream_door.h"

#include <stdlib.h>
#include <unistd.h>

typedef void step(struct service *service);

static void run(step *const *steps, size_t n, struct service *service)
{
    for (size_t i = 0; i < n; i++)
        steps[i](service);
}

static void free_event(struct event *one)
{
    if (one != NULL)
        event_free(one);
}

/* ---- when somebody asks for it ---- */

static void shut_http(struct service *service)
{
    http_stop_listening(service->door);
}

static void shut_mqtt(struct service *service)
{
    if (service->mqtt != NULL)
        mqtt_stop(service->mqtt);
}

static void save_known(struct service *service)
{
    pipeline_save_all(service->pipeline);
}

static void link_state(struct service *service)
{
    ledger_put_state(service->ledger, pipeline_now(service->pipeline), false);
}

static void close_pipeline(struct service *service)
{
    pipeline_close(service->pipeline, "stopping");
}

static step *const shut[] = {
    reload_stop, // no rules come into force any more, and what is judged anew ends
    shut_http,   // new ones go to whoever is there next; those that are open are answered
    shut_mqtt,
    stream_door_stop, // its place is the last that a door puts
    save_known,       // after the doors: what a ping changed behind it, the next start would lack
    link_state,       // says what all of that comes to
    close_pipeline,   // what comes now is refused
};

void service_shut(struct service *service)
{
    run(shut, sizeof shut / sizeof *shut, service);
}

/* ---- once the loop has ended ---- */

/* One signal more ends no stop half-way. */
static void hold_signals(struct service *service)
{
    (void)service;
    signals_hold();
}

static void stop_control(struct service *service)
{
    control_close(service->result.control);
}

static void stop_mqtt(struct service *service)
{
    mqtt_destroy(service->mqtt);
}

static void stop_http(struct service *service)
{
    http_close(service->door);
}

static void stop_reports(struct service *service)
{
    reports_destroy(service->reports);
}

static void stop_acks(struct service *service)
{
    acks_destroy(service->acks);
}

static void stop_publisher(struct service *service)
{
    publisher_destroy(service->publisher);
    service->publisher = NULL; // what the ledger still keeps has nobody to be told to
}

static void stop_timekeeper(struct service *service)
{
    timekeeper_end(&service->timekeeper);
}

static void stop_events(struct service *service)
{
    free_event(service->watchdog);
    reload_close(service);
    api_devices_close(service);
    free_event(service->drain);
    free_event(service->rest);
    free_event(service->second);
    for (size_t i = SIGNALS; i > 0; i--)
        free_event(service->signals[i - 1]);
}

static void stop_ledger(struct service *service)
{
    ledger_close(service->ledger);
}

static void stop_pipeline(struct service *service)
{
    pipeline_destroy(service->pipeline);
}

static void stop_base(struct service *service)
{
    free_event(service->stop_waits);
    resolver_destroy(service->dns, service->base);
}

static void stop_tls(struct service *service)
{
    tls_destroy(service->redis_tls);
    tls_destroy(service->http_tls);
    tls_destroy(service->mqtt_tls);
}

static void stop_builder(struct service *service)
{
    if (!builder_stop(service->builder)) {
        log_warning("stopped while files that cannot be read are waited for");
        _exit(EXIT_SUCCESS); // all is on disk, and nothing that the thread looks at may be freed
    }
    if (service->stop_fd >= 0)
        close(service->stop_fd);
}

static void free_rules(struct service *service)
{
    for (size_t i = 0; i < SERVICE_LEAVING_MAX; i++)
        config_destroy(service->leaving[i]);
    config_destroy(service->config);
}

static step *const down[] = {
    hold_signals,
    stop_control,      // nobody asks for a reload any more
    stream_door_close, // doors before whom they give to; what the stream has comes again
    stop_mqtt,
    stop_http, // an open exchange goes unanswered: its sender sends again
    ledger_door_close,
    stop_reports, // who reads Redis before who writes it
    stop_acks,
    stop_publisher,  // before the ledger, which it asks for alerts and tells what Redis has
    stop_timekeeper, // who tells of breachd itself before whom it tells
    stop_events,     // nothing is due any more; the ledger may still call
    stop_ledger,     // before the pipeline: the commit in flight is waited for, and calls it
    stop_pipeline,   // before the rules that it judges by, and the loop that it has events in
    stop_base,
    stop_tls,     // with all connections gone
    stop_builder, // before the rules, which its thread looks at
    free_rules,
};

void service_stop(struct service *service)
{
    run(down, sizeof down / sizeof *down, service);
}
