/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http.h"

#include "adapter/log.h"

#include <dirent.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LISTENERS_MAX = 8, BACKLOG = 1024, PAUSE_MS = 100 };

static const int all_methods = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
                               EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
                               EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH;

struct http_door {
    struct event_base *base;
    struct evhttp *http;
    http_handler *handler;
    void *arg;
    struct evconnlistener *listeners[LISTENERS_MAX];
    struct endpoint listening[LISTENERS_MAX];
    size_t n_listeners;
    size_t max_connections;
    size_t now; // an upper bound of the connections that are open
    struct event *resume;
    bool stopped;
    struct http_count counts[HTTP_CODES_MAX + 1];
};

/* evhttp's request under our name, so that nobody else needs evhttp. */
static struct evhttp_request *request_of(const struct http_exchange *exchange)
{
    union {
        const struct http_exchange *ours;
        struct evhttp_request *theirs;
    } same = { exchange };

    return same.theirs;
}

static void on_request(struct evhttp_request *request, void *arg)
{
    struct http_door *door = arg;

    door->handler((struct http_exchange *)request, door->arg);
}

/* Whether `fd` is a socket at one of our addresses: accepted there, or listening. */
static bool is_ours(const struct http_door *door, int fd)
{
    struct sockaddr_storage at = { 0 };
    socklen_t length = sizeof at;

    if (getsockname(fd, (struct sockaddr *)&at, &length) != 0)
        return false;
    for (size_t i = 0; i < door->n_listeners; i++) {
        const struct sockaddr_storage *listening = &door->listening[i].address;
        const struct sockaddr_un *un = (const void *)&at, *ours = (const void *)listening;
        const struct sockaddr_in *in = (const void *)&at, *in_ours = (const void *)listening;

        if (at.ss_family != listening->ss_family)
            continue;
        // IPv4 and IPv6 have the port at the same place.
        if (at.ss_family == AF_UNIX ? strcmp(un->sun_path, ours->sun_path) == 0
                                    : in->sin_port == in_ours->sin_port)
            return true;
    }
    return false;
}

/* evhttp does not tell when a connection closes; the kernel knows what is open. */
static void recount(struct http_door *door)
{
    DIR *folder = opendir("/proc/self/fd");
    const struct dirent *entry;
    size_t n = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        n += is_ours(door, atoi(entry->d_name));
    if (folder != NULL)
        closedir(folder);
    door->now = n > door->n_listeners ? n - door->n_listeners : 0;
}

static void set_listening(struct http_door *door, bool listening)
{
    for (size_t i = 0; i < door->n_listeners; i++) {
        if (listening)
            evconnlistener_enable(door->listeners[i]);
        else
            evconnlistener_disable(door->listeners[i]);
    }
}

/* Full: whoever knocks waits in the backlog until somebody has gone. */
static void pause_listening(struct http_door *door)
{
    struct timeval soon = { 0, PAUSE_MS * 1000 };

    set_listening(door, false);
    event_add(door->resume, &soon);
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
{
    struct http_door *door = arg;

    (void)fd;
    (void)what;
    recount(door);
    if (door->stopped)
        return;
    if (door->now >= door->max_connections)
        pause_listening(door);
    else
        set_listening(door, true);
}

/* evhttp asks for the transport of a connection just accepted: the place to count. */
static struct bufferevent *on_connection(struct event_base *base, void *arg)
{
    struct http_door *door = arg;

    if (++door->now >= door->max_connections) {
        recount(door);
        if (door->now >= door->max_connections)
            pause_listening(door);
    }
    return bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
}

static void on_accept_error(struct evconnlistener *listener, void *arg)
{
    (void)listener;
    log_error("http: cannot accept: %s", evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
    pause_listening(arg);
}

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
    bool local = at->address.ss_family == AF_UNIX;
    const struct sockaddr_un *un = (const void *)&at->address;
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
    struct evconnlistener *listener;
    int one = 1;

    if (local && !clear_stale(at, why))
        return false;
    listener = evconnlistener_new_bind(door->base, NULL, NULL, flags, BACKLOG,
                                       (const struct sockaddr *)&at->address, (int)at->length);
    if (listener == NULL)
        return fault_set(why, "http: %s: %s", at->text, strerror(errno));
    // evhttp never sets it, and pipelined requests then crawl; accepted sockets inherit it.
    if (!local)
        setsockopt(evconnlistener_get_fd(listener), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    else if (chmod(un->sun_path, 0660) != 0)
        log_warning("http: %s: only its owner may use it: %s", at->text, strerror(errno));
    if (evhttp_bind_listener(door->http, listener) == NULL) {
        evconnlistener_free(listener);
        return fault_set(why, "http: %s: out of memory", at->text);
    }
    evconnlistener_set_error_cb(listener, on_accept_error);
    door->listening[door->n_listeners] = *at;
    door->listeners[door->n_listeners++] = listener; // evhttp frees it
    return true;
}

bool http_open(struct event_base *base, const struct http_wish *wish, http_handler *handler,
               void *arg, struct http_door **out_door, struct fault *why)
{
    struct http_door *door = calloc(1, sizeof *door);

    if (door == NULL)
        return fault_set(why, "out of memory");
    door->base = base;
    door->handler = handler;
    door->arg = arg;
    door->http = evhttp_new(base);
    door->resume = event_new(base, -1, 0, on_resume, door);
    if (door->http == NULL || door->resume == NULL) {
        http_close(door);
        return fault_set(why, "out of memory");
    }
    evhttp_set_gencb(door->http, on_request, door);
    evhttp_set_bevcb(door->http, on_connection, door);
    evhttp_set_allowed_methods(door->http, (uint16_t)all_methods); // 405 is ours to say
    evhttp_set_max_headers_size(door->http, HTTP_HEADERS_MAX);
    evhttp_set_default_content_type(door->http, NULL);
    http_set_limits(door, wish->max_body, wish->max_connections, wish->idle_ms);
    for (size_t i = 0; i < wish->n_listen && i < LISTENERS_MAX; i++) {
        if (!listen_at(door, &wish->listen[i], why)) {
            http_close(door);
            return false;
        }
    }
    *out_door = door;
    return true;
}

void http_close(struct http_door *door)
{
    if (door == NULL)
        return;
    if (door->resume != NULL)
        event_free(door->resume);
    if (door->http != NULL)
        evhttp_free(door->http);
    for (size_t i = 0; i < door->n_listeners; i++) {
        const struct sockaddr_un *un = (const void *)&door->listening[i].address;

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

void http_set_limits(struct http_door *door, int64_t max_body, int64_t max_connections,
                     int64_t idle_ms)
{
    struct timeval idle = { idle_ms / 1000, idle_ms % 1000 * 1000 };

    evhttp_set_max_body_size(door->http, max_body);
    evhttp_set_timeout_tv(door->http, &idle);
    door->max_connections = (size_t)max_connections;
}

const char *http_method(const struct http_exchange *exchange)
{
    switch (evhttp_request_get_command(request_of(exchange))) {
    case EVHTTP_REQ_GET:
        return "GET";
    case EVHTTP_REQ_HEAD:
        return "HEAD";
    case EVHTTP_REQ_POST:
        return "POST";
    default:
        return "?";
    }
}

const char *http_path(const struct http_exchange *exchange)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request_of(exchange));
    const char *path = uri ? evhttp_uri_get_path(uri) : NULL;

    return path ? path : "";
}

const char *http_query(const struct http_exchange *exchange)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request_of(exchange));
    const char *query = uri ? evhttp_uri_get_query(uri) : NULL;

    return query ? query : "";
}

const char *http_header(const struct http_exchange *exchange, const char *name)
{
    return evhttp_find_header(evhttp_request_get_input_headers(request_of(exchange)), name);
}

const char *http_body(struct http_exchange *exchange, size_t *out_length)
{
    struct evbuffer *body = evhttp_request_get_input_buffer(request_of(exchange));

    *out_length = evbuffer_get_length(body);
    return *out_length == 0 ? "" : (const char *)evbuffer_pullup(body, -1);
}

void http_add_header(struct http_exchange *exchange, const char *name, const char *value)
{
    evhttp_add_header(evhttp_request_get_output_headers(request_of(exchange)), name, value);
}

static void count(struct http_door *door, int code)
{
    size_t i = 0;

    while (i < HTTP_CODES_MAX && door->counts[i].code != 0 && door->counts[i].code != code)
        i++;
    if (i == HTTP_CODES_MAX)
        return;
    door->counts[i].code = code;
    door->counts[i].n++;
}

void http_answer(struct http_door *door, struct http_exchange *exchange, int code, const char *type,
                 const char *body, size_t length)
{
    struct evhttp_request *request = request_of(exchange);
    char size[24];

    http_add_header(exchange, "Content-Type", type);
    if (door->stopped)
        http_add_header(exchange, "Connection", "close");
    // evhttp would send a body behind HEAD too, and the next answer would be read as its end.
    if (evhttp_request_get_command(request) == EVHTTP_REQ_HEAD) {
        snprintf(size, sizeof size, "%zu", length);
        http_add_header(exchange, "Content-Length", size);
    } else {
        evbuffer_add(evhttp_request_get_output_buffer(request), body, length);
    }
    count(door, code);
    evhttp_send_reply(request, code, NULL, NULL);
}

const struct http_count *http_counts(const struct http_door *door)
{
    return door->counts;
}

size_t http_connections(struct http_door *door)
{
    recount(door);
    return door->now;
}
