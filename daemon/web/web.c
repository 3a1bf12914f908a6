/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include "adapter/clock.h"
#include "adapter/confine.h"
#include "adapter/descriptors.h"
#include "adapter/log.h"
#include "adapter/resolver.h"
#include "adapter/secret.h"
#include "adapter/supervise.h"
#include "web/routes.h"
#include "web/web_events.h"

#include <stdlib.h>

/* ---- starting, in order ---- */

static struct redis *connect_to_redis(struct web *web, void (*on_up)(void *arg),
                                      void (*on_down)(const char *why, void *arg), int64_t texts)
{
    const struct resp_filter_limits limits = { texts, WEB_MEMBERS_MAX };
    const struct redis_callbacks callbacks = { on_up, on_down, web };
    struct redis *redis = redis_create(web->base, web->dns, &web->settings.redis,
                                       web->settings.redis_password, &callbacks, WEB_REPLY_MS);

    if (redis != NULL)
        redis_take_lists(redis, &limits);
    return redis;
}

static bool start_redis(struct web *web)
{
    struct board_callbacks of_board = web_events_of_board(web);
    struct feed_callbacks of_feed = web_events_of_feed(web);

    web->settings.redis.tls = web->redis_tls;
    web->settings.redis.voice = &web->redis_voice;
    web->redis = (struct web_redis){ .base = web->base,
                                     .dns = web->dns,
                                     .target = &web->settings.redis,
                                     .password = web->settings.redis_password,
                                     .prefix = web->settings.prefix };
    web->talk = connect_to_redis(web, web_events_talk_up, web_events_talk_down, WEB_SCAN_MAX);
    web->past = connect_to_redis(web, web_events_past_up, web_events_past_down, WEB_ALERT_MAX);
    web->talk_pending = pending_create(web->talk, routes_redis_gone, web);
    web->past_pending = pending_create(web->past, routes_redis_gone, web);
    web->record = record_create(&web->redis, web->talk);
    web->board = board_create(&web->redis, web->talk, &of_board);
    web->feed = feed_create(&web->redis, &of_feed);
    return web->talk != NULL && web->past != NULL && web->talk_pending != NULL &&
           web->past_pending != NULL && web->record != NULL && web->board != NULL &&
           web->feed != NULL;
}

static bool start_people(struct web *web, struct fault *why)
{
    const struct session_limits limits = { web->settings.idle_ms, web->settings.absolute_ms };
    const struct listeners_options options = { .redis = &web->redis,
                                               .talk = web->past,
                                               .feed = web->feed,
                                               .on_left = web_events_left,
                                               .arg = web };

    web->sessions = sessions_create(&limits);
    web->listeners = listeners_create(&options);
    if (web->sessions == NULL || web->listeners == NULL)
        return fault_set(why, FAULT_MEMORY);
    if (!secret_fill(web->nobody.salt, sizeof web->nobody.salt) ||
        !secret_fill(web->nobody.hash, sizeof web->nobody.hash))
        return fault_set(why, "no randomness to be had");
    web->hasher = hasher_create(web->base, why);
    return web->hasher != NULL;
}

static bool start_door(struct web *web, struct fault *why)
{
    const struct web_settings *settings = &web->settings;
    const struct http_options options = {
        .listen = settings->listen,
        .n_listen = settings->n_listen,
        .tls = web->http_tls,
        .limits = { .max_body = WEB_BODY_MAX,
                    .max_connections =
                        descriptors_allow(settings->max_events + WEB_SPARE_CONNECTIONS),
                    .max_per_address = settings->max_per_address,
                    .idle_ms = WEB_IDLE_MS,
                    .request_ms = WEB_REQUEST_MS },
        .handler = routes_handle,
        .arg = web,
    };

    return http_open(web->base, &options, &web->door, why);
}

static bool start(struct web *web, struct fault *why)
{
    struct fault refused;

    signals_hold();               // before the first thread
    clock_kernel_tells(&refused); // asked once: the unit refuses it, and then nothing is said of it
    TAILQ_INIT(&web->requests);
    web->base = event_base_new();
    web->dns = web->base != NULL ? resolver_create(web->base) : NULL;
    if (web->base == NULL || !start_redis(web))
        return fault_set(why, FAULT_MEMORY);
    return start_people(web, why) && web_events_start(web, why) && start_door(web, why);
}

/* Who waits is answered as long as there is a door. */
static void stop(struct web *web)
{
    signals_hold();
    hasher_destroy(web->hasher);
    if (web->base != NULL)
        routes_drop_requests(web);
    if (web->talk_pending != NULL)
        pending_down(web->talk_pending);
    if (web->past_pending != NULL)
        pending_down(web->past_pending);
    listeners_destroy(web->listeners);
    http_close(web->door);
    feed_destroy(web->feed);
    redis_destroy(web->talk);
    redis_destroy(web->past);
    board_destroy(web->board);
    record_destroy(web->record);
    pending_destroy(web->talk_pending);
    pending_destroy(web->past_pending);
    web_events_stop(web);
    resolver_destroy(web->dns, web->base);
    sessions_destroy(web->sessions);
}

static void serve(struct web *web)
{
    confine_for_good(); // all threads run by now
    for (size_t i = 0; i < web->settings.n_listen; i++)
        log_info("start: listens at %s", web->settings.listen[i].text);
    log_info("ready: breachd-web %s by %s, %zu users", BREACHD_VERSION, web->settings.file,
             users_count(web->users));
    record_report(web->record, "started", "", clock_utc());
    supervise_status("serving");
    supervise_ready();
    signals_release();
    event_base_dispatch(web->base);
}

static bool load(struct web *web, const char *path)
{
    struct complaints complaints = { 0 };
    bool good;

    web_settings_load(path, &web->settings, &complaints);
    good = complaints.errors == 0 && web_load(web, &complaints);
    complaints_log(&complaints);
    complaints_fini(&complaints);
    return good;
}

int web_run(const char *path)
{
    struct web *web = calloc(1, sizeof *web);
    struct fault why = { .text = FAULT_MEMORY };
    bool loaded = web != NULL && load(web, path), ok = loaded && start(web, &why);

    if (web == NULL || (loaded && !ok))
        log_error("%s", why.text);
    if (ok) {
        serve(web);
        log_info("stopped");
    }
    if (loaded)
        stop(web);
    if (web != NULL)
        web_unload(web);
    free(web);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
