/* SPDX-License-Identifier: Apache-2.0 */
#include "app/service.h"

#include "adapter/answer_json.h"
#include "adapter/clock.h"
#include "adapter/log.h"
#include "app/api.h"
#include "app/reload.h"
#include "app/supervise.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SPARE_DESCRIPTORS = 64, DRAIN_STEP_MS = 20 };

/* ---- the ledger speaks ---- */

static void note_lag(struct service *service)
{
    if (service->publisher == NULL || publisher_caught_up(service->publisher))
        service->behind_since.ms = 0;
    else if (service->behind_since.ms == 0)
        service->behind_since = clock_tick();
}

static void on_alerts(const struct row *alerts, void *arg)
{
    struct service *service = arg;

    if (service->publisher != NULL)
        publisher_offer(service->publisher, alerts);
    note_lag(service);
}

static void on_fetched(const struct row *alerts, void *arg)
{
    struct service *service = arg;

    if (service->publisher != NULL)
        publisher_fetched(service->publisher, alerts);
}

/* Only now an alert is one: it is counted and logged. */
static void on_committed(const struct row *alerts, void *arg)
{
    struct service *service = arg;

    service->stats.commits++;
    for (const struct row *row = alerts; row != NULL; row = row->next) {
        stats_count_alert(&service->stats, row->alert.type, clock_utc());
        log_info("%s: %s %s", row->alert.id, row->alert.type, row->alert.severity);
    }
}

static void on_blind(const char *why, void *arg)
{
    struct service *service = arg;

    service->stats.ledger_errors++;
    blindness_begin(&service->blindness, why);
    supervise_status("blind: %s", why);
}

static void on_words(bool ok, void *arg)
{
    struct service *service = arg;

    blindness_words(&service->blindness, ok);
}

static void on_probed(bool ok, void *arg)
{
    struct service *service = arg;

    blindness_probed(&service->blindness, ok);
    if (!service->blindness.now)
        supervise_status("watching");
}

/* ---- the publisher asks ---- */

static uint64_t newest(void *arg)
{
    struct service *service = arg;

    return ledger_sequence(service->ledger);
}

static void fetch(uint64_t after, unsigned limit, void *arg)
{
    struct service *service = arg;

    ledger_fetch(service->ledger, after, limit);
}

static void confirmed(uint64_t sequence, void *arg)
{
    struct service *service = arg;

    ledger_mark_published(service->ledger, sequence, clock_utc());
    note_lag(service);
}

static void renumber(uint64_t from, void *arg)
{
    struct service *service = arg;

    ledger_renumber(service->ledger, from);
}

int64_t service_lag_ms(const struct service *service)
{
    return service->behind_since.ms == 0 ? 0 : clock_tick().ms - service->behind_since.ms;
}

static void beat(char text[PUBLISHER_BEAT_MAX], void *arg)
{
    struct service *service = arg;
    struct beat now = { .site = service->config->settings.site,
                        .now = clock_utc(),
                        .sequence = ledger_sequence(service->ledger),
                        .lag_ms = service_lag_ms(service),
                        .open = pipeline_open_incidents(service->pipeline),
                        .blind = service->blindness.now,
                        .exercise = service->rehearse };
    char *printed = beat_print(&now);

    strncpy(text, printed ? printed : "{}", PUBLISHER_BEAT_MAX - 1);
    free(printed);
}

struct publisher *service_make_publisher(struct service *service)
{
    const struct settings *settings = &service->config->settings;
    struct publisher_wish wish = { .target = settings->redis,
                                   .password = settings->password,
                                   .prefix = settings->prefix,
                                   .site = settings->site,
                                   .alerts_keep = settings->alerts_keep,
                                   .heartbeat_ms = settings->heartbeat_ms };
    struct publisher_calls calls = { newest, fetch, confirmed, renumber, beat, service };

    return publisher_create(service->base, service->dns, &wish, &calls,
                            ledger_published(service->ledger));
}

/* ---- time and signals ---- */

static void on_second(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;

    (void)fd;
    (void)what;
    pipeline_tick(service->pipeline);
    blindness_tick(&service->blindness);
    publisher_pump(service->publisher);
    ledger_flush(service->ledger); // the mark of what is published, when nothing else took it along
}

/* Until all is on disk and in Redis as far as that can be had, twice in a row, or the time is over.
 */
static void on_drain(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;
    bool done = ledger_idle(service->ledger) && (publisher_caught_up(service->publisher) ||
                                                 !publisher_connected(service->publisher));
    bool late = clock_tick().ms - service->stopping.ms > SERVICE_DRAIN_MS;

    (void)fd;
    (void)what;
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
    supervise_stopping();
    service->stopping = clock_tick();
    http_stop_listening(service->door);
    pipeline_close(service->pipeline, "stopping");
    event_add(service->drain, &step);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
    struct service *service = arg;

    (void)what;
    if (number == SIGHUP)
        reload(service);
    else
        begin_stop(service);
}

/* ---- starting, in order ---- */

static bool load(struct service *service)
{
    struct complaints complaints = { 0 };

    service->config = config_load(service->path, NULL, &complaints);
    reload_log(&complaints);
    complaints_fini(&complaints);
    service->started = service->loaded = clock_utc();
    return service->config != NULL;
}

/* The kernel's limit of descriptors, as far as we may raise it. */
static void make_room(const struct settings *settings)
{
    rlim_t wanted = (rlim_t)settings->max_connections + SPARE_DESCRIPTORS;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log_warning("http: only %llu descriptors may be open, %llu are wanted",
                    (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
}

static bool start_memory(struct service *service, struct fault *why)
{
    struct ledger_calls calls = { on_alerts, on_fetched, on_committed, on_blind,
                                  on_words,  on_probed,  service };

    if (!ledger_open(service->base, service->config->settings.ledger, &calls, &service->ledger,
                     why))
        return false;
    service->blindness =
        (struct blindness){ .pipeline = service->pipeline, .ledger = service->ledger };
    if (!pipeline_start(service->pipeline, service->ledger, service->config, why))
        return false;
    blindness_recall(&service->blindness);
    pipeline_judge_all(service->pipeline);
    return true;
}

static bool start_doors(struct service *service, struct fault *why)
{
    const struct settings *settings = &service->config->settings;
    struct http_wish wish = { .listen = settings->listen,
                              .n_listen = settings->n_listen,
                              .max_body = settings->max_body,
                              .max_connections = settings->max_connections,
                              .idle_ms = settings->idle_ms };

    make_room(settings);
    service->publisher = service_make_publisher(service);
    if (service->publisher == NULL)
        return fault_set(why, "out of memory");
    return http_open(service->base, &wish, api_handle, service, &service->door, why);
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
    service->drain = event_new(service->base, -1, EV_PERSIST, on_drain, service);
    if (service->second == NULL || service->drain == NULL ||
        event_add(service->second, &second) != 0)
        return fault_set(why, "out of memory");
    service->watchdog = supervise_watchdog(service->base);
    return true;
}

static bool start(struct service *service, struct fault *why)
{
    service->base = event_base_new();
    service->dns = service->base
                       ? evdns_base_new(service->base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
                                                           EVDNS_BASE_DISABLE_WHEN_INACTIVE)
                       : NULL;
    service->pipeline = pipeline_create(&service->stats, service->rehearse);
    if (service->base == NULL || service->pipeline == NULL)
        return fault_set(why, "out of memory");
    return start_memory(service, why) && start_events(service, why) && start_doors(service, why);
}

static void free_event(struct event *one)
{
    if (one != NULL)
        event_free(one);
}

static void stop(struct service *service)
{
    http_close(service->door);
    publisher_destroy(service->publisher);
    free_event(service->watchdog);
    free_event(service->drain);
    free_event(service->second);
    for (size_t i = 0; i < SERVICE_SIGNALS; i++)
        free_event(service->signals[i]);
    ledger_close(service->ledger);
    pipeline_destroy(service->pipeline);
    if (service->dns != NULL)
        evdns_base_free(service->dns, 0);
    if (service->base != NULL)
        event_base_free(service->base);
    config_destroy(service->config);
}

int service_run(const char *path, bool rehearse)
{
    struct service service = { .path = path, .rehearse = rehearse };
    struct fault why;
    bool ok = load(&service);

    if (ok && !start(&service, &why)) {
        log_error("%s", why.text);
        ok = false;
    }
    if (ok) {
        log_info("ready: site %s, %zu orders%s", service.config->settings.site,
                 rulebook_counts(service.config->rules).orders, rehearse ? ", an exercise" : "");
        supervise_status("watching");
        supervise_ready();
        event_base_dispatch(service.base);
        log_info("stopped");
    }
    stop(&service);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
