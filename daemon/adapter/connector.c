/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/connector.h"

#include "adapter/log.h"
#include "adapter/resolver.h"
#include "adapter/tls.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

enum state { DOWN, CONNECTING, CONNECTED, UP };

struct connector {
    struct event_base *base;
    struct evdns_base *dns;
    struct connector_options options;
    struct connector_callbacks callbacks;

    enum state state;
    struct bufferevent *bev;                  // NULL: down
    struct evdns_getaddrinfo_request *lookup; // under way; NULL: none
    struct resolver_address last;             // that was tried of the host's
    struct resolver_files files;              // by which hosts are looked up
    bool healthy, was_healthy;                // the connection is, and the one before was
    struct event *retry;                      // while down
    struct event *deadline;                   // of connecting, then the owner's
    int backoff_ms;
    bool stopped;
    char why[CONNECTOR_WHY_MAX];
};

static void start_timer(struct event *timer, int ms)
{
    event_add(timer, &(struct timeval){ ms / 1000, ms % 1000 * 1000 });
}

/*
 * At least half of the back-off, and of the rest so much as chance gives, so that not all who lost
 * the same server come back at once.
 */
static void try_later(struct connector *connector)
{
    int half = connector->backoff_ms / 2;

    if (!connector->stopped)
        start_timer(connector->retry, half + (int)arc4random_uniform((uint32_t)half + 1));
    connector->backoff_ms *= 2;
    if (connector->backoff_ms > CONNECTOR_BACKOFF_MAX_MS)
        connector->backoff_ms = CONNECTOR_BACKOFF_MAX_MS;
}

static void drop(struct connector *connector)
{
    if (connector->lookup != NULL)
        evdns_getaddrinfo_cancel(connector->lookup); // on_found is called once more
    if (connector->bev != NULL)
        bufferevent_free(connector->bev);
    connector->lookup = NULL;
    connector->bev = NULL;
}

/* True but when that was what was said of the place last. */
static bool is_news(const struct connector *connector, const char *word)
{
    struct connector_voice *voice = connector->options.voice;
    char says[sizeof voice->said];

    if (voice == NULL)
        return true;
    snprintf(says, sizeof says, "%.200s: %s", connector->options.text, word);
    if (strcmp(voice->said, says) == 0)
        return false;
    strcpy(voice->said, says);
    return true;
}

void connector_reset(struct connector *connector, const char *why)
{
    bool was_up = connector->state == UP;
    char kept[CONNECTOR_WHY_MAX]; // what it stands in may go with the connection

    snprintf(kept, sizeof kept, "%s", why);
    drop(connector);
    connector->state = DOWN;
    event_del(connector->deadline);
    if (strcmp(connector->why, kept) != 0 && is_news(connector, kept))
        log_error("%s: %s: %s", connector->options.name, connector->options.text, kept);
    strcpy(connector->why, kept);
    try_later(connector);
    connector->callbacks.on_down(was_up, connector->callbacks.arg);
}

/* By the reason of TLS, or else of the socket. */
static void fail(struct connector *connector)
{
    const char *socket_says = evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR());
    char tls_says[CONNECTOR_WHY_MAX] = "";

    if (connector->options.secure)
        tls_why(connector->bev, tls_says, sizeof tls_says);
    connector_reset(connector, tls_says[0] != '\0' ? tls_says : socket_says);
}

static bool is_unix(const struct connector *connector)
{
    return connector->options.path != NULL && connector->options.path[0] != '\0';
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct connector *connector = arg;
    int one = 1;

    if (what & BEV_EVENT_CONNECTED) {
        connector->state = CONNECTED;
        if (!is_unix(connector))
            setsockopt(bufferevent_getfd(bev), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connector->callbacks.on_connected(connector->callbacks.arg);
    } else if (what & BEV_EVENT_EOF) {
        connector_reset(connector, "closed the connection");
    } else {
        fail(connector);
    }
}

static void on_readable(struct bufferevent *bev, void *arg)
{
    struct connector *connector = arg;

    (void)bev;
    connector->callbacks.on_readable(connector->callbacks.arg);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct connector *connector = arg;

    (void)fd;
    (void)what;
    if (connector->state == CONNECTING)
        connector_reset(connector, "no connection in time");
    else
        connector->callbacks.on_deadline(connector->callbacks.arg);
}

static void connect_to(struct connector *connector, struct sockaddr *address, socklen_t length)
{
    // A failure at once is told twice, here and by the callback: only the first counts.
    if (bufferevent_socket_connect(connector->bev, address, (int)length) != 0 &&
        connector->state == CONNECTING)
        fail(connector);
}

/*
 * The host's addresses in turn, one a try: of two homes one may be dead. Of one that was good the
 * next try is at the same.
 */
static void try_one(struct connector *connector, const struct evutil_addrinfo *found)
{
    const struct evutil_addrinfo *one =
        resolver_pick(found, &connector->last, connector->was_healthy);

    connector->last.length = one->ai_addrlen;
    memcpy(&connector->last.at, one->ai_addr, one->ai_addrlen);
    connect_to(connector, (struct sockaddr *)&connector->last.at, connector->last.length);
}

static void on_found(int error, struct evutil_addrinfo *found, void *arg)
{
    struct connector *connector = arg;

    if (error == EVUTIL_EAI_CANCEL)
        return; // the connector may be gone
    connector->lookup = NULL;
    if (error != 0 || found == NULL) {
        connector_reset(connector, evutil_gai_strerror(error != 0 ? error : EVUTIL_EAI_NODATA));
        return;
    }
    try_one(connector, found);
    evutil_freeaddrinfo(found);
}

static void look_up(struct connector *connector)
{
    const struct evutil_addrinfo wanted = { .ai_family = AF_UNSPEC,
                                            .ai_socktype = SOCK_STREAM,
                                            .ai_protocol = IPPROTO_TCP,
                                            .ai_flags = EVUTIL_AI_ADDRCONFIG };
    const char *host = connector->options.host;
    struct evutil_addrinfo *found = NULL;
    struct evdns_getaddrinfo_request *lookup;
    char port[16];
    int error;

    snprintf(port, sizeof port, "%d", connector->options.port);
    if (connector->dns == NULL) {
        error = evutil_getaddrinfo(host, port, &wanted, &found);
        on_found(error, found, connector);
        return;
    }
    resolver_refresh(connector->dns, &connector->files);
    lookup = evdns_getaddrinfo(connector->dns, host, port, &wanted, on_found, connector);
    if (lookup != NULL) // else on_found was called already
        connector->lookup = lookup;
}

static void start_connect(struct connector *connector)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };

    if (!is_unix(connector)) {
        look_up(connector);
        return;
    }
    snprintf(un.sun_path, sizeof un.sun_path, "%s", connector->options.path);
    connect_to(connector, (struct sockaddr *)&un, sizeof un);
}

static struct bufferevent *make_bev(const struct connector *connector)
{
    const struct connector_options *to = &connector->options;
    const int options = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;

    return to->secure ? tls_call(to->tls, connector->base, to->host, options)
                      : bufferevent_socket_new(connector->base, -1, options);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
    struct connector *connector = arg;

    (void)fd;
    (void)what;
    if (!connector->callbacks.on_try(connector->callbacks.arg)) {
        try_later(connector);
        return;
    }
    connector->state = CONNECTING;
    connector->was_healthy = connector->healthy;
    connector->healthy = false;
    connector->bev = make_bev(connector);
    if (connector->bev == NULL) {
        connector_reset(connector, "out of memory");
        return;
    }
    bufferevent_setcb(connector->bev, on_readable, NULL, on_event, connector);
    // No mark of libevent's own: it ends the process when memory is out, see http_read.c.
    bufferevent_enable(connector->bev, EV_READ | EV_WRITE);
    connector_deadline(connector, connector->options.connect_ms);
    start_connect(connector);
}

struct connector *connector_create(struct event_base *base, struct evdns_base *dns,
                                   const struct connector_options *options,
                                   const struct connector_callbacks *callbacks)
{
    struct connector *connector = calloc(1, sizeof *connector);
    struct timeval at_once = { 0, 0 };

    if (connector == NULL)
        return NULL;
    connector->base = base;
    connector->dns = dns;
    connector->options = *options;
    connector->callbacks = *callbacks;
    connector->backoff_ms = CONNECTOR_BACKOFF_MIN_MS;
    resolver_note(&connector->files);
    connector->retry = event_new(base, -1, 0, on_retry, connector);
    connector->deadline = event_new(base, -1, 0, on_deadline, connector);
    if (connector->retry == NULL || connector->deadline == NULL ||
        event_add(connector->retry, &at_once) != 0) {
        connector_destroy(connector);
        return NULL;
    }
    return connector;
}

void connector_destroy(struct connector *connector)
{
    if (connector == NULL)
        return;
    drop(connector);
    if (connector->retry != NULL)
        event_free(connector->retry);
    if (connector->deadline != NULL)
        event_free(connector->deadline);
    free(connector);
}

struct bufferevent *connector_bev(const struct connector *connector)
{
    return connector->bev;
}

void connector_deadline(struct connector *connector, int ms)
{
    if (ms == 0)
        event_del(connector->deadline);
    else
        start_timer(connector->deadline, ms);
}

void connector_up(struct connector *connector, const char *word)
{
    connector->state = UP;
    if (is_news(connector, word))
        log_info("%s: %s: %s", connector->options.name, connector->options.text, word);
    connector->why[0] = '\0';
}

void connector_healthy(struct connector *connector)
{
    connector->backoff_ms = CONNECTOR_BACKOFF_MIN_MS;
    connector->healthy = true;
}

void connector_stop(struct connector *connector)
{
    connector->stopped = true;
    event_del(connector->retry);
}

bool connector_is_up(const struct connector *connector)
{
    return connector->state == UP;
}

const char *connector_why_down(const struct connector *connector)
{
    return connector->state == UP ? "" : connector->why;
}
