/* SPDX-License-Identifier: Apache-2.0 */
/* service_events.c - what the loop does each second, and at a signal, until all is on disk. */
#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/redis/acks.h"
#include "adapter/supervise.h"
#include "app/api.h"
#include "app/frugality.h"
#include "app/pipeline_save.h"
#include "app/pipeline_state.h"
#include "app/pipeline_time.h"
#include "app/reload.h"
#include "app/service_stop.h"
#include "app/stream_door.h"

#include <signal.h>

enum { DRAIN_STEP_MS = 20, RETAIN_MS = 60 * 1000 };

/* Who is blind, or takes nothing any more, watches nobody: the gap told later begins there. */
static void note_life(const struct service *service)
{
    if (!service->blindness.now && service->stopping.ms == 0)
        ledger_touch(service->ledger, clock_utc());
}

/* Once a minute: what is too old and no evidence may go. */
static void retain(struct service *service)
{
    struct tick now = clock_tick();
    struct retention by = { pipeline_now(service->pipeline), service->config->settings.retention_ms,
                            service->config->settings.evidence_ms };

    // What is too old is not known while our own time is in doubt.
    if (now.ms - service->retained.ms < RETAIN_MS ||
        (!service->rehearse && clock_skew()->doubt != SKEW_SURE))
        return;
    service->retained = now;
    ledger_retain(service->ledger, &by);
}

static void on_rest(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;

    (void)fd;
    (void)what;
    pipeline_go_on(service->pipeline);
    pipeline_save_more(service->pipeline);
}

/* Who watches hears at once that no order is in force, and not an interval later. */
static void check_rules(struct service *service)
{
    bool was = service->rules_alerts.none;

    rules_alerts_tick(&service->rules_alerts, service->config->rules);
    if (service->rules_alerts.none != was)
        publisher_heartbeat(service->publisher);
}

static void on_second(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;

    (void)fd;
    (void)what;
    supervise_go_on();
    pipeline_tick(service->pipeline);
    pipeline_save(service->pipeline);
    if (!service->rehearse) { // its clock is the pings'
        timekeeper_tick(&service->timekeeper);
        anchor_tick(&service->anchor);
        service_tell_ailments(service);
        check_rules(service);
    }
    blindness_tick(&service->blindness);
    reload_go_on(service);
    note_life(service);
    growth_note(&service->growth, clock_tick(), (double)ledger_size(service->ledger).used);
    frugality_tick(service);
    retain(service);
    publisher_pump(service->publisher);
    acks_pump(service->acks);
    stream_door_pump(service);
    ledger_flush(service->ledger); // the mark of what is published, when nothing else took it along
}

/* The last heartbeat, which expires by itself, says so; true once Redis has or cannot have it. */
static bool say_farewell(struct service *service)
{
    if (!service->farewell) {
        service->farewell = true;
        publisher_heartbeat(service->publisher);
    }
    return publisher_heartbeat_answered(service->publisher);
}

/*
 * Until all is on disk and in Redis as far as that can be had, twice in a row, or the time is over.
 */
static void on_drain(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;
    bool late = clock_tick().ms - service->stopping.ms > SERVICE_DRAIN_MS, done;

    (void)fd;
    (void)what;
    ledger_flush(service->ledger); // the mark of what is published
    done = ledger_idle(service->ledger) && stream_door_idle(service) &&
           http_n_delayed(service->door) == 0 &&
           (publisher_caught_up(service->publisher) || !publisher_connected(service->publisher));
    if ((done && service->idle_once && say_farewell(service)) || late)
        event_base_loopbreak(service->base);
    service->idle_once = done;
}

static void begin_stop(struct service *service)
{
    struct timeval step = { 0, DRAIN_STEP_MS * 1000 };

    if (service->stopping.ms != 0)
        return;
    log_info("stopping");
    note_life(service);
    supervise_stopping();
    service->stopping = clock_tick();
    service_shut(service);
    event_add(service->drain, &step);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
    struct service *service = arg;

    (void)what;
    if (number == SIGHUP)
        reload_ask(service);
    else
        begin_stop(service);
}

bool service_start_events(struct service *service, struct fault *why)
{
    struct timeval second = { 1, 0 };

    for (size_t i = 0; i < SIGNALS; i++) {
        service->signals[i] = evsignal_new(service->base, signals_numbers[i], on_signal, service);
        if (service->signals[i] == NULL || event_add(service->signals[i], NULL) != 0)
            return fault_set(why, "signals cannot be caught");
    }
    service->second = event_new(service->base, -1, EV_PERSIST, on_second, service);
    service->rest = event_new(service->base, -1, 0, on_rest, service);
    service->drain = event_new(service->base, -1, EV_PERSIST, on_drain, service);
    if (service->second == NULL || service->rest == NULL || service->drain == NULL ||
        event_add(service->second, &second) != 0 || !api_devices_open(service) ||
        !reload_open(service))
        return fault_set(why, "out of memory");
    pipeline_call_when_behind(service->pipeline, service_on_behind, service);
    service->watchdog = supervise_watchdog(service->base);
    if (!service->rehearse)
        timekeeper_listen(&service->timekeeper, service->base);
    return true;
}
