/* SPDX-License-Identifier: Apache-2.0 */
#include "app/service.h"

#include "adapter/clock.h"
#include "adapter/confine.h"
#include "adapter/log.h"
#include "adapter/resolver.h"
#include "adapter/signals.h"
#include "adapter/supervise.h"
#include "app/api.h"
#include "app/ledger_door.h"
#include "app/mqtt_door.h"
#include "app/pipeline.h"
#include "app/pipeline_round.h"
#include "app/pipeline_rules.h"
#include "app/pipeline_state.h"
#include "app/reload.h"
#include "app/service_stop.h"
#include "app/stream_door.h"
#include "core/plural.h"

#include <stdlib.h>

/* The times that are shown were given by it. */
static void on_clock(int64_t by, void *arg)
{
    struct service *service = arg;

    service->started = utc_plus(service->started, by);
    service->loaded = utc_plus(service->loaded, by);
    service_say_status(service);
}

/* ---- starting, in order ---- */

/* Polled between the steps of a start, when the event loop does not run yet. */
static bool is_unwanted(struct service *service)
{
    service->unwanted = service->unwanted || signals_stop_waits();
    return service->unwanted;
}

/* Everything is built by the builder, so that all of it lies in one place of malloc's. */
static bool load(struct service *service, struct prepared *out)
{
    struct fault why;

    signals_hold();
    service->stop_fd = signals_stop_fd(&why);
    if (service->stop_fd < 0 || !builder_start(service->path, &service->builder, &why)) {
        log_error("%s", why.text);
        return false;
    }
    builder_ask(service->builder,
                &(struct prepare_options){ .now = service->rehearse ? UTC_ALWAYS : clock_utc(),
                                           .at = clock_utc(),
                                           .exercise = service->rehearse });
    if (!builder_await(service->builder, service->stop_fd, out)) {
        service->unwanted = true;
        return false;
    }
    service->config = out->config;
    service->started = service->loaded = clock_utc();
    return service->config != NULL;
}

/* What there is to tell of the start is on disk before anybody hears that we are ready. */
static void judge_at_start(struct service *service)
{
    pipeline_judge_all(service->pipeline);
    // As many steps as the round has, and the doors are shut until then.
    while (!is_unwanted(service) &&
           (!ledger_idle(service->ledger) ||
            (pipeline_judging(service->pipeline) && !service->blindness.now))) {
        bool waits = pipeline_step(service->pipeline) == 0;

        supervise_starting();
        event_base_loop(service->base, waits ? EVLOOP_ONCE : EVLOOP_NONBLOCK);
    }
}

static bool start_memory(struct service *service, struct prepared *fresh, struct fault *why)
{
    struct ledger_callbacks callbacks = service_ledger_callbacks(service);

    if (!ledger_open(service->base, service->config->settings.ledger, &callbacks, &service->ledger,
                     why) ||
        is_unwanted(service))
        return false;
    if (!service->rehearse) // once the ledger is ours, and with it what lies beside it
        builder_keep(service->builder, &fresh->copy, service->config->by_last);
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
        service->rules_alerts =
            (struct rules_alerts){ .pipeline = service->pipeline, .ledger = service->ledger };
    if (!service->rehearse)
        timekeeper_begin(&service->timekeeper, ledger_alive(service->ledger));
    service->started = service->loaded = clock_utc();
    // Nothing of this start is told before here.
    if (!pipeline_start(service->pipeline, service->ledger, fresh, why) || is_unwanted(service))
        return false;
    // A rehearsal knows its time only by its first ping.
    if (!service->rehearse &&
        !ledger_put_state(service->ledger, pipeline_now(service->pipeline), true))
        return fault_set(why, "out of memory");
    if (!service_start_numbering(service))
        return fault_set(why, "out of memory");
    // A rehearsal's clock is not the one that stood still meanwhile.
    blindness_recall(&service->blindness,
                     service->rehearse ? UTC_ALWAYS : ledger_alive(service->ledger));
    judge_at_start(service);
    return true;
}

static bool start_doors(struct service *service, struct fault *why)
{
    const struct settings *settings = &service->config->settings;
    struct http_options options = { .listen = settings->listen,
                                    .n_listen = settings->n_listen,
                                    .tls = service->http_tls,
                                    .limits = service_limits(service),
                                    .handler = api_handle,
                                    .gate = api_gate,
                                    .arg = service };

    service->http_pings =
        (struct http_pings){ .pipeline = service->pipeline, .stats = &service->stats };
    service->publisher = service_make_publisher(service);
    service->acks = service_make_acks(service);
    service->reports = service_make_reports(service);
    if (service->publisher == NULL || service->acks == NULL ||
        (service->reports == NULL && !service->rehearse))
        return fault_set(why, "out of memory");
    ledger_door_open(service);
    return http_open(service->base, &options, &service->door, why) &&
           ((mqtt_door_open(service) && stream_door_open(service)) ||
            fault_set(why, "out of memory"));
}

static void on_stop_waits(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg; // that the loop has turned is all
}

static bool start(struct service *service, struct prepared *fresh, struct fault *why)
{
    service->mqtt_tls = tls_create();
    service->http_tls = tls_create();
    service->redis_tls = tls_create();
    service->base = event_base_new();
    service->dns = service->base ? resolver_create(service->base) : NULL;
    service->pipeline = pipeline_create(&service->stats, service->rehearse);
    if (service->base == NULL || service->pipeline == NULL || service->http_tls == NULL ||
        service->redis_tls == NULL || service->mqtt_tls == NULL)
        return fault_set(why, "out of memory");
    service->stop_waits = event_new(service->base, service->stop_fd, EV_READ, on_stop_waits, NULL);
    if (service->stop_waits == NULL || event_add(service->stop_waits, NULL) != 0)
        return fault_set(why, "out of memory");
    service_adopt_tls(service);
    return start_memory(service, fresh, why) && service_start_events(service, why) &&
           start_doors(service, why);
}

/* Until it is told to stop; whoever has said so during the start is obeyed without a READY=1. */
static void serve(struct service *service)
{
    size_t orders = rulebook_counts(service->config->rules).orders;

    confine_for_good(); // all threads run by now
    if (!is_unwanted(service)) {
        reload_result_listen(service, reload_ask);
        reload_result_start(service);
        service_log_start(service);
        log_info("ready: site %s, %zu order%s%s", service->config->settings.site, orders,
                 plural(orders), service->rehearse ? ", an exercise" : "");
        service_say_status(service);
        supervise_ready();
    }
    signals_release();
    event_base_dispatch(service->base);
}

int service_run(const char *path, bool rehearse)
{
    struct service service = { .path = path, .rehearse = rehearse };
    struct prepared fresh = { 0 };
    struct fault why;
    bool loaded = load(&service, &fresh), ok;

    reload_result_note(&service, &fresh);
    ok = loaded && start(&service, &fresh, &why);

    if (loaded && !ok && !service.unwanted)
        log_error("%s", why.text);
    fresh.config = NULL; // the service's
    prepared_fini(&fresh);
    if (ok)
        serve(&service);
    else if (service.unwanted)
        supervise_stopping();
    if (ok || service.unwanted)
        log_info("stopped%s", service.unwanted ? " before it was ready" : "");
    service_stop(&service);
    return ok || service.unwanted ? EXIT_SUCCESS : EXIT_FAILURE;
}
