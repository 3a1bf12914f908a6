/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reload.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "app/mqtt_door.h"
#include "app/stream_door.h"
#include "app/supervise.h"
#include "core/plural.h"

#include <string.h>

void reload_log(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->n; i++) {
        const struct complaint *complaint = &complaints->kept[i];
        const char *hint = complaint->secret ? COMPLAINT_HINT : "";

        if (complaint->is_error)
            log_error("%s%s", complaint->text, hint);
        else
            log_warning("%s%s", complaint->text, hint);
    }
    if (complaints->errors + complaints->warnings > complaints->n)
        log_error("and %zu more", complaints->errors + complaints->warnings - complaints->n);
}

/* The first error's text, for systemd's one line of status. */
static const char *first_error(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->n; i++) {
        if (complaints->kept[i].is_error)
            return complaints->kept[i].text;
    }
    return "out of memory";
}

static void adopt_redis(struct service *service, const struct settings *old)
{
    const struct settings *settings = &service->config->settings;
    struct publisher *fresh;
    struct acks *acks;

    if (settings_same_redis(old, settings) && old->alerts_keep == settings->alerts_keep &&
        old->heartbeat_ms == settings->heartbeat_ms)
        return;
    fresh = service_make_publisher(service);
    acks = service_make_acks(service);
    if (fresh == NULL || acks == NULL) {
        log_error("redis: out of memory: the old connection stays");
        publisher_destroy(fresh);
        acks_destroy(acks);
        return;
    }
    publisher_destroy(service->publisher);
    acks_destroy(service->acks);
    service->publisher = fresh;
    service->acks = acks;
}

static bool adopt(struct service *service, struct config *fresh)
{
    struct config *old = service->config;
    struct http_limits limits;

    if (!pipeline_adopt(service->pipeline, fresh)) {
        log_error("reload: out of memory");
        return false;
    }
    service->config = fresh;
    service->loaded = clock_utc();
    ledger_set_spare(service->ledger, (uint64_t)fresh->settings.spare);
    service_adopt_tls(service);
    adopt_redis(service, &old->settings);
    mqtt_door_adopt(service, &old->settings);
    stream_door_adopt(service, &old->settings);
    limits = service_limits(service);
    http_set_limits(service->door, &limits);
    config_destroy(old);
    return true;
}

enum { TOLD_MAX = 50 }; // of what changed; the ledger has the rest

static void tell_one(const struct revision *one, void *arg)
{
    int *told = arg;

    if (++*told > TOLD_MAX)
        return;
    switch (one->kind) {
    case REVISION_ADDED:
        log_info("reload: %s: added, text %s", one->order->id, one->order->digest);
        break;
    case REVISION_ENDED:
        log_info("reload: %s: ended, text %s", one->order->id, one->was);
        break;
    case REVISION_CHANGED:
        log_info("reload: %s: text %s, was %s", one->order->id, one->order->digest, one->was);
        break;
    case REVISION_ZONE_ADDED:
        log_info("reload: %s: added", one->zone);
        break;
    case REVISION_ZONE_ENDED:
        log_info("reload: %s: ended", one->zone);
        break;
    case REVISION_ZONE_MOVED:
        log_info("reload: %s: moved by %.1f m", one->zone, one->metres);
    }
}

/* What the operator is about to do, before it is done: ids, digests and metres, no places. */
static void tell_revision(const struct config *old, const struct config *fresh,
                          struct revision_counts *out)
{
    int told = 0;

    if (!revision_compare(old->rules, fresh->rules, tell_one, &told, out))
        log_error("reload: out of memory: what changes is not told");
    if (told > TOLD_MAX)
        log_info("reload: and %d more", told - TOLD_MAX);
}

void reload(struct service *service)
{
    struct complaints complaints = { 0 };
    struct revision_counts revised = { 0 };
    struct config *fresh;
    size_t orders;

    supervise_reloading();
    fresh = config_load(service->path, service->config, &complaints);
    reload_log(&complaints);
    if (fresh != NULL)
        tell_revision(service->config, fresh, &revised);
    if (fresh != NULL && adopt(service, fresh)) {
        service->stats.reloads_done++;
        service->revised = revised;
        orders = rulebook_counts(fresh->rules).orders;
        log_info("reload: done: %zu order%s; %zu added, %zu ended, %zu changed, %zu zones moved",
                 orders, plural(orders), revised.added, revised.ended, revised.changed,
                 revised.moved);
        service_say_status(service);
    } else {
        config_destroy(fresh);
        service->stats.reloads_refused++;
        log_error("reload: refused, %zu complaint%s: the old rules stay", complaints.errors,
                  plural(complaints.errors));
        if (!service->blindness.now) // which is graver
            supervise_status("reload refused, the old rules stay: %s", first_error(&complaints));
    }
    complaints_fini(&complaints);
    supervise_ready();
}
