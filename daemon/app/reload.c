/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reload.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/redis/acks.h"
#include "adapter/supervise.h"
#include "app/mqtt_door.h"
#include "app/pipeline_round.h"
#include "app/pipeline_rules.h"
#include "app/pipeline_state.h"
#include "app/stream_door.h"
#include "core/plural.h"

#include <string.h>

enum { FULL_PAUSE_MS = 5 };

static void adopt_redis(struct service *service)
{
    struct publisher *fresh = service_make_publisher(service);
    struct acks *acks = service_make_acks(service);
    struct reports *reports = service_make_reports(service);

    if (fresh == NULL || acks == NULL || (reports == NULL && !service->rehearse)) {
        log_error("redis: out of memory: the old connection stays");
        publisher_destroy(fresh);
        acks_destroy(acks);
        reports_destroy(reports);
        return;
    }
    publisher_destroy(service->publisher);
    acks_destroy(service->acks);
    reports_destroy(service->reports);
    service->publisher = fresh;
    service->acks = acks;
    service->reports = reports;
    outputs_begin(&service->outputs); // it may be another Redis
}

/* All but the rules: doors, connections, certificates. */
static void adopt_settings(struct service *service, const struct settings *old)
{
    unsigned anew = settings_anew(old, &service->config->settings);
    struct http_limits limits;

    ledger_set_spare(service->ledger, (uint64_t)service->config->settings.spare);
    service_adopt_tls(service); // always: other certificates may stand under the same names
    if (anew & SETTINGS_ALERTS)
        adopt_redis(service);
    if (anew & SETTINGS_MQTT)
        mqtt_door_adopt(service);
    if (anew & SETTINGS_PINGS)
        stream_door_adopt(service);
    limits = service_limits(service);
    http_set_limits(service->door, &limits);
}

/* Rules by which nothing will be told any more. */
static void let_go(struct service *service)
{
    for (size_t i = 0; i < SERVICE_LEAVING_MAX; i++) {
        struct prepared junk = { .config = service->leaving[i] };

        if (junk.config == NULL || pipeline_needs(service->pipeline, junk.config->rules))
            continue;
        service->leaving[i] = NULL;
        builder_discard(service->builder, &junk);
    }
}

/* There is room: the pipeline needs no more of them than there are places, but for this one. */
static void keep(struct service *service, struct config *old)
{
    size_t i = 0;

    while (service->leaving[i] != NULL) // there is a free place, as said above
        i++;
    service->leaving[i] = old;
    let_go(service);
}

static void adopt(struct service *service, struct prepared *fresh)
{
    struct config *old = service->config;

    pipeline_adopt(service->pipeline, fresh);
    service->config = fresh->config;
    fresh->config = NULL;
    reload_result_note(service, fresh);
    if (!service->rehearse)
        builder_keep(service->builder, &fresh->copy, false);
    service->adopted = true;
    service->loaded = clock_utc();
    service->revised = fresh->revised;
    adopt_settings(service, &old->settings);
    keep(service, old);
}

/* ---- when it is over ---- */

static void begin(struct service *service)
{
    bool waits = pipeline_judging(service->pipeline) && !service->blindness.now;
    struct prepare_options wanted;

    if (!service->reload_wanted || waits || builder_busy(service->builder) ||
        service->stopping.ms != 0)
        return;
    service->reload_wanted = false;
    service->result.begun++;
    wanted = (struct prepare_options){ .running = service->config,
                                       .now = pipeline_now(service->pipeline),
                                       .at = clock_utc(),
                                       .exercise = service->rehearse };
    strcpy(wanted.really, service->result.really);
    builder_ask(service->builder, &wanted);
    service->result.really[0] = '\0';
}

/* Systemd's `reload` waits for it. */
static void finish(struct service *service)
{
    if (!service->reload_wanted)
        supervise_ready();
    begin(service);
}

static void tell_done(struct service *service)
{
    const struct revision_counts *revised = &service->revised;
    size_t orders = rulebook_counts(service->config->rules).orders;
    char lost[REVISION_LOST_MAX], settings[REVISION_SETTINGS_MAX];

    service->adopted = false;
    service->stats.reloads_done++;
    log_info("reload: done: %zu order%s; %zu added, %zu ended, %zu changed, %zu zones moved%s%s%s",
             orders, plural(orders), revised->added, revised->ended, revised->changed,
             revised->moved, revision_lost(revised, lost), revision_settings(revised, settings),
             service->blindness.now ? "; judged by when we see again" : "");
    reload_result_done(service);
    finish(service);
}

static void tell_refused(struct service *service, const struct prepared *refused)
{
    const struct complaints *complaints = &refused->complaints;

    service->stats.reloads_refused++;
    log_error("reload: refused, %zu complaint%s: the old rules stay", complaints->errors,
              plural(complaints->errors));
    reload_result_refused(service, refused);
    finish(service);
}

/* ---- the builder, and the round ---- */

static void on_built(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;
    struct prepared fresh;

    (void)fd;
    (void)what;
    if (!builder_take(service->builder, &fresh))
        return;
    if (service->stopping.ms != 0) {
        prepared_fini(&fresh);
        return;
    }
    if (fresh.config == NULL) {
        tell_refused(service, &fresh);
    } else {
        adopt(service, &fresh);
        reload_go_on(service);
    }
    builder_discard(service->builder, &fresh);
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
    struct service *service = arg;
    size_t units = pipeline_step(service->pipeline);
    // Each turn of the loop in between serves the doors; where the disk is behind, it is waited
    // for.
    struct timeval pause = { 0, units > 0 ? 0 : FULL_PAUSE_MS * 1000 };

    (void)fd;
    (void)what;
    if (pipeline_judging(service->pipeline)) {
        if (!service->blindness.now && service->stopping.ms == 0)
            event_add(service->step, &pause);
        return;
    }
    let_go(service);
    if (service->adopted) // else it was a round for another reason
        tell_done(service);
    else
        begin(service);
}

void reload_go_on(struct service *service)
{
    struct timeval now = { 0, 0 };

    if (service->blindness.now && service->adopted) // nobody can be judged now
        tell_done(service);
    else if (pipeline_judging(service->pipeline) && !event_pending(service->step, EV_TIMEOUT, NULL))
        event_add(service->step, &now);
    begin(service);
}

void reload_ask(struct service *service)
{
    if (service->stopping.ms != 0)
        return;
    supervise_reloading();
    if (!service->blindness.now)
        supervise_status("reading settings and orders, judging by the old ones");
    service->reload_wanted = true;
    begin(service);
}

void reload_stop(struct service *service)
{
    if (service->builder != NULL)
        builder_cancel(service->builder);
}

bool reload_open(struct service *service)
{
    service->built = event_new(service->base, builder_fd(service->builder), EV_READ | EV_PERSIST,
                               on_built, service);
    service->step = event_new(service->base, -1, 0, on_step, service);
    return service->built != NULL && service->step != NULL && event_add(service->built, NULL) == 0;
}

void reload_close(struct service *service)
{
    if (service->built != NULL)
        event_free(service->built);
    if (service->step != NULL)
        event_free(service->step);
}
