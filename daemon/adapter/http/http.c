/* SPDX-License-Identifier: Apache-2.0 */
/* http.c - listening, accepting, limits, and what is done when all connections are in use. */
#include "adapter/http/http.h"

#include "adapter/clock.h"
#include "adapter/http/http_parts.h"
#include "adapter/log.h"
#include "adapter/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 4096, PAUSE_MS = 50, IN_A_ROW_MAX = 256, EVICTED_MAX = 1024 };

/* ---- letting in, or not ---- */

static void set_listening(struct http_door *door, bool listening)
{
    for (size_t i = 0; i < door->n_listeners; i++) {
        if (listening)
            evconnlistener_enable(door->listeners[i].listener);
        else
            evconnlistener_disable(door->listeners[i].listener);
    }
    door->paused = !listening;
    door->in_a_row = 0;
}

/* New connections wait in the backlog until listening goes on. */
static void pause_listening(struct http_door *door, enum http_pause pause)
{
    struct timeval soon = { 0, PAUSE_MS * 1000 };

    door->pressure.pauses[pause]++;
    set_listening(door, false);
    event_add(door->resume, &soon);
}

static bool is_full(const struct http_door *door)
{
    return door->open >= (size_t)door->limits.max_connections;
}

/* Round robin: the next listener whose backlog is not empty; false when all are. */
static bool find_pending(struct http_door *door)
{
    struct pollfd at[HTTP_LISTENERS_MAX];

    for (size_t i = 0; i < door->n_listeners; i++)
        at[i] = (struct pollfd){ evconnlistener_get_fd(door->listeners[i].listener), POLLIN, 0 };
    if (poll(at, door->n_listeners, 0) <= 0)
        return false;
    do { // one of HTTP_LISTENERS_MAX has something, as poll says
        door->turn = (door->turn + 1) % door->n_listeners;
    } while (at[door->turn].revents == 0);
    return true;
}

/* Closes the longest idle eighth, as far as idle for HTTP_EVICT_MS: so that a backlog gets in. */
static bool evict_idle(struct http_door *door)
{
    int64_t now = clock_tick().ms;
    size_t n = (size_t)door->limits.max_connections / 8 + 1;
    struct http_conn *longest;

    n = n < EVICTED_MAX ? n : EVICTED_MAX; // in one turn of the loop
    door->evicting = true;
    while (n > 0 && (longest = TAILQ_FIRST(&door->idle)) != NULL &&
           now - longest->idle_since.ms >= HTTP_EVICT_MS) {
        http_conn_end(longest, HTTP_END_CROWDED);
        n--;
    }
    door->evicting = false;
    return !is_full(door);
}

/*
 * While full, listeners accept one after the other, so that a flood at one of them does not take
 * all the places that were freed: each until the door is full again, or for a pause.
 */
static void on_resume(evutil_socket_t fd, short what, void *arg)
{
    struct timeval soon = { 0, PAUSE_MS * 1000 };
    struct http_door *door = arg;

    (void)fd;
    (void)what;
    if (door->stopped)
        return;
    if (!is_full(door)) {
        set_listening(door, true);
    } else if (find_pending(door) && evict_idle(door)) {
        evconnlistener_enable(door->listeners[door->turn].listener);
        event_add(door->resume, &soon);
    } else {
        pause_listening(door, HTTP_PAUSE_FULL);
    }
}

void http_door_left(struct http_door *door)
{
    door->open--;
    if (door->paused && !door->evicting && !door->troubled && !door->stopped)
        event_active(door->resume, EV_TIMEOUT, 1);
}

static void print_address(const struct sockaddr *address, char text[HTTP_ADDRESS_MAX])
{
    const struct sockaddr_in *in = (const void *)address;
    const struct sockaddr_in6 *in6 = (const void *)address;

    strcpy(text, "a unix socket");
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &in->sin_addr, text, HTTP_ADDRESS_MAX);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &in6->sin6_addr, text, HTTP_ADDRESS_MAX);
}

/* Unix sockets stay plain: nobody listens there. */
static bool let_in(const struct http_listener *at, int fd, const struct sockaddr *address,
                   uint64_t key)
{
    bool secure = at->at.address.ss_family != AF_UNIX && !tls_is_empty(at->door->tls);
    char text[HTTP_ADDRESS_MAX];

    print_address(address, text);
    if (http_conn_create(at->door, fd, key, text, secure))
        return true;
    http_quota_leave(at->door->quota, key);
    return false;
}

static void admit(const struct http_listener *at, int fd, const struct sockaddr *address)
{
    struct http_door *door = at->door;
    uint64_t key = http_quota_key(address);

    door->troubled = false;
    if (!http_quota_enter(door->quota, key, (size_t)door->limits.max_per_address)) {
        door->pressure.ends[HTTP_END_ADDRESS]++;
        close(fd);
        return;
    }
    if (!let_in(at, fd, address, key)) {
        close(fd);
        pause_listening(door, HTTP_PAUSE_MEMORY);
        return;
    }
    door->pressure.accepted++;
    if (is_full(door))
        pause_listening(door, HTTP_PAUSE_FULL);
}

/* However many connect, requests of those connected are served between them. */
static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *arg)
{
    struct http_door *door = ((struct http_listener *)arg)->door;

    (void)listener;
    (void)length;
    admit(arg, fd, address);
    if (++door->in_a_row < IN_A_ROW_MAX || door->paused)
        return;
    set_listening(door, false);
    event_active(door->resume, EV_TIMEOUT, 1);
}

/* Said once, until somebody could come in again. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
    struct http_door *door = ((struct http_listener *)arg)->door;
    int code = EVUTIL_SOCKET_ERROR();

    (void)listener;
    if (!door->troubled)
        log_error("http: cannot accept: %s", evutil_socket_error_to_string(code));
    door->troubled = true;
    pause_listening(door,
                    code == EMFILE || code == ENFILE ? HTTP_PAUSE_DESCRIPTORS : HTTP_PAUSE_MEMORY);
}

/* ---- opening and closing ---- */

/* A socket file that nobody answers at is a dead process's; anything else there is somebody's. */
static bool clear_stale(const struct endpoint *at, struct fault *why)
{
    const struct sockaddr_un *un = (const void *)&at->address;
    struct stat what;
    int probe;
    bool in_use;

    if (lstat(un->sun_path, &what) != 0)
        return true;
    if (!S_ISSOCK(what.st_mode))
        return fault_set(why, "http: %s: is there already, and no socket", at->text);
    probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    in_use = probe < 0 || connect(probe, (const void *)&at->address, at->length) == 0;
    if (probe >= 0)
        close(probe);
    if (in_use)
        return fault_set(why, "http: %s: somebody listens there already", at->text);
    unlink(un->sun_path);
    return true;
}

static bool listen_at(struct http_door *door, const struct endpoint *at, struct fault *why)
{
    struct http_listener *place = &door->listeners[door->n_listeners];
    bool local = at->address.ss_family == AF_UNIX;
    const struct sockaddr_un *un = (const void *)&at->address;
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
    int one = 1;

    if (local && !clear_stale(at, why))
        return false;
    *place = (struct http_listener){ .door = door, .at = *at };
    place->listener =
        evconnlistener_new_bind(door->base, on_accept, place, flags, BACKLOG,
                                (const struct sockaddr *)&at->address, (int)at->length);
    if (place->listener == NULL)
        return fault_set(why, "http: %s: %s", at->text, strerror(errno));
    // Pipelined requests crawl without it; accepted sockets inherit it.
    if (!local)
        setsockopt(evconnlistener_get_fd(place->listener), IPPROTO_TCP, TCP_NODELAY, &one,
                   sizeof one);
    else if (chmod(un->sun_path, 0660) != 0)
        log_warning("http: %s: only its owner may use it: %s", at->text, strerror(errno));
    evconnlistener_set_error_cb(place->listener, on_accept_error);
    door->n_listeners++;
    return true;
}

static struct http_door *door_create(struct event_base *base, const struct http_options *options)
{
    struct http_door *door = calloc(1, sizeof *door);

    if (door == NULL)
        return NULL;
    door->base = base;
    door->tls = options->tls;
    door->limits = options->limits;
    door->handler = options->handler;
    door->gate = options->gate;
    door->arg = options->arg;
    TAILQ_INIT(&door->conns);
    TAILQ_INIT(&door->idle);
    TAILQ_INIT(&door->exchanges);
    TAILQ_INIT(&door->spares);
    door->quota = http_quota_create();
    door->resume = event_new(base, -1, 0, on_resume, door);
    door->ready = http_slots_open(door) && http_inbox_open(&door->inbox, base) &&
                  http_outbox_open(&door->outbox, base) && door->quota != NULL &&
                  door->resume != NULL;
    return door;
}

bool http_open(struct event_base *base, const struct http_options *options,
               struct http_door **out_door, struct fault *why)
{
    struct http_door *door = door_create(base, options);

    if (door == NULL || !door->ready) {
        http_close(door);
        return fault_set(why, "out of memory, or of descriptors");
    }
    for (size_t i = 0; i < options->n_listen && i < HTTP_LISTENERS_MAX; i++) {
        if (!listen_at(door, &options->listen[i], why)) {
            http_close(door);
            return false;
        }
    }
    *out_door = door;
    return true;
}

void http_close(struct http_door *door)
{
    struct http_conn *conn;
    struct http_exchange *exchange;

    if (door == NULL)
        return;
    door->stopped = true;
    while ((conn = TAILQ_FIRST(&door->conns)) != NULL) // each is freed
        http_conn_free(conn);
    while ((exchange = TAILQ_FIRST(&door->exchanges)) != NULL) // each is freed
        http_exchange_free(exchange);
    http_exchange_free_spares(door);
    http_slots_close(door);
    http_inbox_close(&door->inbox);
    http_outbox_close(&door->outbox);
    if (door->resume != NULL)
        event_free(door->resume);
    http_quota_destroy(door->quota);
    for (size_t i = 0; i < door->n_listeners; i++) {
        const struct sockaddr_un *un = (const void *)&door->listeners[i].at.address;

        evconnlistener_free(door->listeners[i].listener);
        if (un->sun_family == AF_UNIX)
            unlink(un->sun_path);
    }
    free(door);
}

void http_stop_listening(struct http_door *door)
{
    door->stopped = true;
    set_listening(door, false);
}

void http_set_limits(struct http_door *door, const struct http_limits *limits)
{
    door->limits = *limits;
}

/* ---- what there is to tell ---- */

const struct http_count *http_counts(const struct http_door *door)
{
    return door->counts;
}

size_t http_connections(const struct http_door *door)
{
    return door->open;
}

size_t http_untaken(const struct http_door *door, uint64_t key)
{
    const struct http_conn *conn;
    size_t n = 0;

    TAILQ_FOREACH(conn, &door->conns, all) // max_connections at most
    {
        if (key == 0 || conn->key == key)
            n += evbuffer_get_length(bufferevent_get_output(conn->bev));
    }
    return n;
}

const struct http_pressure *http_pressure(const struct http_door *door)
{
    return &door->pressure;
}

const char *http_end_name(enum http_end end)
{
    static const char *const names[] = { "idle", "slow", "tls", "address", "crowded" };
    _Static_assert(sizeof names / sizeof *names == HTTP_ENDS, "a name for each end");

    return names[end];
}

const char *http_pause_name(enum http_pause pause)
{
    static const char *const names[] = { "full", "descriptors", "memory" };
    _Static_assert(sizeof names / sizeof *names == HTTP_PAUSES, "a name for each pause");

    return names[pause];
}
