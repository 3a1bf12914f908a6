/* SPDX-License-Identifier: Apache-2.0 */
#include "app/service.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "app/api.h"
#include "app/confine.h"
#include "app/frugality.h"
#include "app/mqtt_door.h"
#include "app/reload.h"
#include "app/stream_door.h"
#include "app/supervise.h"
#include "core/plural.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SPARE_DESCRIPTORS = 64, DRAIN_STEP_MS = 20, RETAIN_MS = 60 * 1000 };

void service_say_status(const struct service *service)
{
    if (service->blindness.now)
        supervise_status("blind: %s", service->blindness.why);
    else if (!service->rehearse && clock_skew()->doubt != SKEW_SURE)
        supervise_status("watching; the clock is in doubt");
    else
        supervise_status("watching");
}

/* The times that are shown were given by it. */
static void on_clock(int64_t by, void *arg)
{
    struct service *service = arg;

    service->started = utc_plus(service->started, by);
    service->loaded = utc_plus(service->loaded, by);
    service_say_status(service);
}

void service_adopt_tls(struct service *service)
{
    tls_swap(service->http_tls, service->config->http_tls);
    tls_swap(service->redis_tls, service->config->redis_tls);
}

/* ---- time and signals ---- */

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
    struct retention by = { pipeline_now(service->pipeline),
                            service->config->settings.retention_ms };

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

static void on_second(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;

    (void)fd;
    (void)what;
    pipeline_tick(service->pipeline);
    pipeline_save(service->pipeline);
    if (!service->rehearse) { // its clock is the pings'
        timekeeper_tick(&service->timekeeper);
        anchor_tick(&service->anchor);
    }
    blindness_tick(&service->blindness);
    reload_go_on(service);
    note_life(service);
    frugality_tick(service);
    retain(service);
    publisher_pump(service->publisher);
    acks_pump(service->acks);
    stream_door_pump(service);
    ledger_flush(service->ledger); // the mark of what is published, when nothing else took it along
}

/* Until all is on disk and in Redis as far as that can be had, twice in a row, or the time is over.
 */
static void on_drain(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;
    bool late = clock_tick().ms - service->stopping.ms > SERVICE_DRAIN_MS, done;

    (void)fd;
    (void)what;
    ledger_flush(service->ledger); // the mark of what is published
    done = ledger_idle(service->ledger) && stream_door_idle(service) &&
           http_held(service->door) == 0 &&
           (publisher_caught_up(service->publisher) || !publisher_connected(service->publisher));
    if ((done && service->drained) || late)
        event_base_loopbreak(service->base);
    service->drained = done;
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
    reload_stop(service);
    http_stop_listening(service->door);
    if (service->mqtt != NULL)
        mqtt_stop(service->mqtt);
    stream_door_stop(service);
    pipeline_save_all(service->pipeline);
    ledger_put_state(service->ledger, pipeline_now(service->pipeline), false);
    pipeline_close(service->pipeline, "stopping");
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

/* ---- starting, in order ---- */

/* Everything is built by the builder, so that all of it lies in one place of malloc's. */
static bool load(struct service *service, struct prepared *out)
{
    struct fault why;

    if (!builder_start(service->path, &service->builder, &why)) {
        log_error("%s", why.text);
        return false;
    }
    builder_ask(service->builder, NULL);
    builder_await(service->builder, out);
    service->config = out->config;
    service->started = service->loaded = clock_utc();
    return service->config != NULL;
}

/*
 * The kernel's limit of descriptors, as far as we may raise it. Some are never the door's: the
 * ledger, Redis and a reload need theirs however many knock.
 */
struct http_limits service_limits(const struct service *service)
{
    struct http_limits limits = service->config->settings.limits;
    rlim_t wanted = (rlim_t)limits.max_connections + SPARE_DESCRIPTORS;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return limits;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted)
        return limits;
    log_warning("http: only %llu descriptors may be open, %llu are wanted",
                (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
    limits.max_connections =
        limit.rlim_cur > 2 * SPARE_DESCRIPTORS ? (int64_t)limit.rlim_cur - SPARE_DESCRIPTORS : 1;
    return limits;
}

static bool start_memory(struct service *service, struct prepared *fresh, struct fault *why)
{
    struct ledger_calls calls = service_ledger_calls(service);

    if (!ledger_open(service->base, service->config->settings.ledger, &calls, &service->ledger,
                     why))
        return false;
    ledger_set_spare(service->ledger, (uint64_t)service->config->settings.spare);
    service->blindness =
        (struct blindness){ .pipeline = service->pipeline, .ledger = service->ledger };
    service->timekeeper = (struct timekeeper){ .pipeline = service->pipeline,
                                               .ledger = service->ledger,
                                               .stats = &service->stats,
                                               .on_change = on_clock,
                                               .arg = service,
                                               .watch = -1 };
    service->anchor =
        (struct anchor_teller){ .pipeline = service->pipeline, .ledger = service->ledger };
    if (!service->rehearse)
        timekeeper_begin(&service->timekeeper, ledger_alive(service->ledger));
    service->started = service->loaded = clock_utc();
    if (!pipeline_start(service->pipeline, service->ledger, fresh, why))
        return false;
    // A rehearsal knows its time only by its first ping.
    if (!service->rehearse &&
        !ledger_put_state(service->ledger, pipeline_now(service->pipeline), true))
        return fault_set(why, "out of memory");
    if (!service_be_born(service))
        return fault_set(why, "out of memory");
    // A rehearsal's clock is not the one that stood still meanwhile.
    blindness_recall(&service->blindness,
                     service->rehearse ? UTC_ALWAYS : ledger_alive(service->ledger));
    pipeline_judge_all(service->pipeline);
    // What there is to tell of the start is on disk before anybody hears that we are ready: as many
    // steps as the round has, and the doors are shut until then.
    while (!ledger_idle(service->ledger) ||
           (pipeline_judging(service->pipeline) && !service->blindness.now)) {
        bool waits = pipeline_step(service->pipeline) == 0;

        event_base_loop(service->base, waits ? EVLOOP_ONCE : EVLOOP_NONBLOCK);
    }
    return true;
}

static bool start_doors(struct service *service, struct fault *why)
{
    const struct settings *settings = &service->config->settings;
    struct http_wish wish = { .listen = settings->listen,
                              .n_listen = settings->n_listen,
                              .tls = service->http_tls,
                              .limits = service_limits(service),
                              .handler = api_handle,
                              .gate = api_gate,
                              .arg = service };

    service->publisher = service_make_publisher(service);
    service->acks = service_make_acks(service);
    if (service->publisher == NULL || service->acks == NULL)
        return fault_set(why, "out of memory");
    return http_open(service->base, &wish, &service->door, why) &&
           ((mqtt_door_open(service) && stream_door_open(service)) ||
            fault_set(why, "out of memory"));
}

static bool start_events(struct service *service, struct fault *why)
{
    static const int numbers[SERVICE_SIGNALS] = { SIGHUP, SIGTERM, SIGINT };
    struct timeval second = { 1, 0 };

    for (size_t i = 0; i < SERVICE_SIGNALS; i++) {
        service->signals[i] = evsignal_new(service->base, numbers[i], on_signal, service);
        if (service->signals[i] == NULL || event_add(service->signals[i], NULL) != 0)
            return fault_set(why, "signals cannot be caught");
    }
    service->second = event_new(service->base, -1, EV_PERSIST, on_second, service);
    service->rest = event_new(service->base, -1, 0, on_rest, service);
    service->drain = event_new(service->base, -1, EV_PERSIST, on_drain, service);
    if (service->second == NULL || service->rest == NULL || service->drain == NULL ||
        event_add(service->second, &second) != 0 || !reload_open(service))
        return fault_set(why, "out of memory");
    pipeline_call_when_behind(service->pipeline, service_on_behind, service);
    service->watchdog = supervise_watchdog(service->base);
    if (!service->rehearse)
        timekeeper_listen(&service->timekeeper, service->base);
    return true;
}

static bool start(struct service *service, struct prepared *fresh, struct fault *why)
{
    service->base = event_base_new();
    service->dns = service->base
                       ? evdns_base_new(service->base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
                                                           EVDNS_BASE_DISABLE_WHEN_INACTIVE)
                       : NULL;
    service->pipeline = pipeline_create(&service->stats, service->rehearse);
    service->mqtt_tls = tls_create();
    service->http_tls = tls_create();
    service->redis_tls = tls_create();
    if (service->base == NULL || service->pipeline == NULL || service->http_tls == NULL ||
        service->redis_tls == NULL || service->mqtt_tls == NULL)
        return fault_set(why, "out of memory");
    service_adopt_tls(service);
    return start_memory(service, fresh, why) && start_events(service, why) &&
           start_doors(service, why);
}

static void free_event(struct event *one)
{
    if (one != NULL)
        event_free(one);
}

static void stop(struct service *service)
{
    http_close(service->door);
    acks_destroy(service->acks);
    mqtt_destroy(service->mqtt);
    stream_door_close(service);
    publisher_destroy(service->publisher);
    timekeeper_end(&service->timekeeper);
    free_event(service->watchdog);
    free_event(service->drain);
    free_event(service->second);
    free_event(service->rest);
    for (size_t i = 0; i < SERVICE_SIGNALS; i++)
        free_event(service->signals[i]);
    reload_close(service);
    ledger_close(service->ledger);
    pipeline_destroy(service->pipeline);
    if (service->dns != NULL)
        evdns_base_free(service->dns, 0);
    if (service->base != NULL) {
        event_base_loop(service->base, EVLOOP_NONBLOCK); // what a bufferevent put off holds it
        event_base_free(service->base);
    }
    if (!builder_stop(service->builder)) {
        log_warning("stopped while files that cannot be read are waited for");
        _exit(EXIT_SUCCESS); // all is on disk, and nothing that the thread looks at may be freed
    }
    for (size_t i = 0; i < SERVICE_LEAVING_MAX; i++)
        config_destroy(service->leaving[i]);
    config_destroy(service->config);
    tls_destroy(service->mqtt_tls);
    tls_destroy(service->http_tls);
    tls_destroy(service->redis_tls);
}

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#define UNDER_SANITIZER __has_feature(address_sanitizer)
#else
#define UNDER_SANITIZER 0
#endif

/* All threads run by now. Without it she is watched over as well, so nothing stops for it. */
static void confine_it(void)
{
    struct fault why;

    if (UNDER_SANITIZER)
        log_info("confine: not under a sanitizer: it looks for leaks by ptrace");
    else if (!confine(&why))
        log_warning("confine: %s: what breachd never asks of the kernel is not denied", why.text);
}

int service_run(const char *path, bool rehearse)
{
    struct service service = { .path = path, .rehearse = rehearse };
    struct prepared fresh = { 0 };
    struct fault why;
    bool ok = load(&service, &fresh);
    size_t orders;

    if (ok && !start(&service, &fresh, &why)) {
        log_error("%s", why.text);
        ok = false;
    }
    fresh.config = NULL; // the service's
    prepared_fini(&fresh);
    if (ok) {
        confine_it();
        orders = rulebook_counts(service.config->rules).orders;
        log_info("ready: site %s, %zu order%s%s", service.config->settings.site, orders,
                 plural(orders), rehearse ? ", an exercise" : "");
        service_say_status(&service);
        supervise_ready();
        event_base_dispatch(service.base);
        log_info("stopped");
    }
    stop(&service);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
