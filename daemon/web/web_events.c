/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_events.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/supervise.h"
#include "web/routes.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRAIN_STEP_MS = 20 };

/* ---- Redis ---- */

void web_events_talk_up(void *arg)
{
    struct web *web = arg;

    record_go_on(web->record);
    board_tick(web->board);
}

void web_events_talk_down(const char *why, void *arg)
{
    struct web *web = arg;

    (void)why; // redis.c has logged it
    record_down(web->record);
    pending_down(web->talk_pending);
    board_down(web->board);
}

void web_events_past_up(void *arg)
{
    listeners_go_on(((struct web *)arg)->listeners);
}

void web_events_past_down(const char *why, void *arg)
{
    struct web *web = arg;

    (void)why;
    pending_down(web->past_pending);
    listeners_down(web->listeners);
}

static void on_alert(const char *id, const char *event, void *arg)
{
    struct web *web = arg;

    listeners_alert(web->listeners, id, event);
    board_refresh(web->board);
}

static void say(struct web *web, const char *event, const char *data)
{
    char *text = NULL;

    if (asprintf(&text, "event: %s\ndata: %s\n\n", event, data) < 0)
        return; // memory: nobody waits for a refusal alone
    listeners_say(web->listeners, text);
    free(text);
}

static void on_refusal(const char *json, void *arg)
{
    say(arg, "refused", json);
}

static void on_gap(const char *after, void *arg)
{
    struct web *web = arg;

    log_warning("alerts: entries behind %s are gone from Redis", after);
    record_report(web->record, "lost", "alerts", clock_utc());
    listeners_gap(web->listeners, after);
}

static void on_state(bool up, void *arg)
{
    struct web *web = arg;

    board_hear(web->board, up);
    listeners_go_on(web->listeners);
}

static void on_todo(const char *event, void *arg)
{
    listeners_say(((struct web *)arg)->listeners, event);
}

static void on_status(const char *event, void *arg)
{
    struct web *web = arg;
    bool lost = board_is_lost(web->board);

    listeners_say(web->listeners, event);
    if (lost == web->lost)
        return;
    web->lost = lost;
    log_info("%s", lost ? "lost: breachd is not heard of" : "found: breachd is heard of");
    record_report(web->record, lost ? "lost" : "found", "breachd", clock_utc());
    supervise_status("%s", lost ? "breachd is not heard of" : "serving");
}

struct board_callbacks web_events_of_board(struct web *web)
{
    return (struct board_callbacks){ on_todo, on_status, web };
}

struct feed_callbacks web_events_of_feed(struct web *web)
{
    return (struct feed_callbacks){ on_alert, on_refusal, on_gap, on_state, web };
}

void web_events_left(uint64_t number, void *arg)
{
    struct web *web = arg;
    struct session *session = session_numbered(web->sessions, number);

    if (session == NULL)
        return;
    session->streams--;
    session->used = clock_tick(); // from now on it idles
}

/* ---- each second ---- */

/* A bad file changes nothing, and is told once a change. */
static bool read_users(struct web *web)
{
    struct complaints complaints = { 0 };
    struct users *fresh = users_load(web->settings.users, &complaints), *before = web->users;

    complaints_log(&complaints);
    complaints_fini(&complaints);
    if (fresh == NULL)
        return false;
    web->users = fresh;
    users_destroy(before);
    log_info("users: %zu, read again", users_count(fresh));
    if (sessions_check(web->sessions, fresh))
        routes_end_streams(web);
    return true;
}

static void check_users(struct web *web)
{
    const struct stat *seen = &web->users_seen;
    struct stat now;

    if (stat(web->settings.users, &now) != 0 ||
        (now.st_ino == seen->st_ino && now.st_size == seen->st_size &&
         now.st_mtim.tv_sec == seen->st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == seen->st_mtim.tv_nsec))
        return;
    web->users_seen = now;
    read_users(web);
}

static void on_second(evutil_socket_t fd, short what, void *arg)
{
    struct web *web = arg;

    (void)fd;
    (void)what;
    supervise_go_on();
    clock_check();
    check_users(web);
    if (sessions_expire(web->sessions, clock_tick()))
        routes_end_streams(web);
    board_tick(web->board);
    record_go_on(web->record);
    if (--web->until_comment <= 0) {
        web->until_comment = WEB_COMMENT_S;
        listeners_say(web->listeners, ":\n\n");
    }
}

/* ---- signals ---- */

static bool reload_page(struct web *web)
{
    struct page *page;
    struct fault why;
    const struct tiles_facts *tiles;
    const char *tiles_why;

    if (!page_load(web->settings.page, web->settings.tiles, &page, &why)) {
        log_error("page: %s", why.text);
        return false;
    }
    page_destroy(web->page);
    web->page = page;
    tiles = page_tiles(page, &tiles_why);
    if (tiles != NULL)
        log_info("tiles: %s, zoom %d to %d", tiles->kind, tiles->min_zoom, tiles->max_zoom);
    else if (tiles_why[0] != '\0')
        log_warning("tiles: %s: %s: the map is a grid", web->settings.tiles, tiles_why);
    return true;
}

static bool reload_certificate(struct web *web)
{
    const struct web_settings *settings = &web->settings;
    struct tls *tls;
    struct fault why;
    bool ok;

    if (settings->tls_certificate[0] == '\0')
        return true;
    tls = tls_create();
    ok = tls != NULL ? tls_load_server(tls, settings->tls_certificate, settings->tls_key, "", &why)
                     : fault_set(&why, FAULT_MEMORY);
    if (ok)
        tls_swap(web->http_tls, tls);
    else
        log_error("tls-certificate: %s", why.text);
    tls_destroy(tls);
    return ok;
}

/* What is wrong leaves its part as it is, and no other part. */
static void reload(struct web *web)
{
    bool users, page, certificate;

    supervise_reloading();
    users = read_users(web);
    page = reload_page(web);
    certificate = reload_certificate(web);
    if (users && page && certificate)
        log_info("reloaded: users, page and certificate; other settings need a restart");
    else
        log_error("not reloaded:%s%s%s; what was before goes on", users ? "" : " users",
                  page ? "" : " page", certificate ? "" : " certificate");
    supervise_ready();
}

static void on_drain(evutil_socket_t fd, short what, void *arg)
{
    struct web *web = arg;
    bool late = clock_tick().ms - web->stopping.ms > WEB_DRAIN_MS;

    (void)fd;
    (void)what;
    if (late || ((record_is_idle(web->record) || !redis_is_up(web->talk)) &&
                 listeners_count(web->listeners) == 0))
        event_base_loopbreak(web->base);
}

static bool none_lives(uint64_t session, void *arg)
{
    (void)session;
    (void)arg;
    return false;
}

static void begin_stop(struct web *web)
{
    struct timeval step = { 0, DRAIN_STEP_MS * 1000 };

    if (web->stopping.ms != 0)
        return;
    log_info("stopping");
    supervise_stopping();
    web->stopping = clock_tick();
    http_stop_listening(web->door);
    record_report(web->record, "stopped", "", clock_utc());
    listeners_end(web->listeners, none_lives, NULL, ":\n\n");
    event_add(web->drain, &step);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
    (void)what;
    if (number == SIGHUP)
        reload(arg);
    else
        begin_stop(arg);
}

bool web_events_start(struct web *web, struct fault *why)
{
    struct timeval second = { 1, 0 };

    for (size_t i = 0; i < SIGNALS; i++) {
        web->signals[i] = evsignal_new(web->base, signals_numbers[i], on_signal, web);
        if (web->signals[i] == NULL || event_add(web->signals[i], NULL) != 0)
            return fault_set(why, "signals cannot be caught");
    }
    web->second = event_new(web->base, -1, EV_PERSIST, on_second, web);
    web->drain = event_new(web->base, -1, EV_PERSIST, on_drain, web);
    if (web->second == NULL || web->drain == NULL || event_add(web->second, &second) != 0)
        return fault_set(why, FAULT_MEMORY);
    web->until_comment = WEB_COMMENT_S;
    web->watchdog = supervise_watchdog(web->base);
    return true;
}

static void free_event(struct event *one)
{
    if (one != NULL)
        event_free(one);
}

void web_events_stop(struct web *web)
{
    free_event(web->watchdog);
    free_event(web->drain);
    free_event(web->second);
    for (size_t i = 0; i < SIGNALS; i++)
        free_event(web->signals[i]);
}
