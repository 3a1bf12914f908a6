/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/connector.h"

#include "adapter/log.h"
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
    struct bufferevent *bev; // NULL: down
    struct event *retry;     // while down
    struct event *deadline;  // of connecting, then the owner's
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

void connector_reset(struct connector *connector, const char *why)
{
    bool was_up = connector->state == UP;
    char kept[CONNECTOR_WHY_MAX]; // what it stands in may go with the connection

    snprintf(kept, sizeof kept, "%s", why);
    if (connector->bev != NULL)
        bufferevent_free(connector->bev);
    connector->bev = NULL;
    connector->state = DOWN;
    event_del(connector->deadline);
    if (strcmp(connector->why, kept) != 0)
        log_error("%s: %s: %s", connector->options.name, connector->options.text, kept);
    strcpy(connector->why, kept);
    try_later(connector);
    connector->callbacks.on_down(was_up, connector->callbacks.arg);
}

/* By the reason of the resolver, of TLS, or else of the socket. */
static void fail(struct connector *connector)
{
    const char *socket_says = evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR());
    int dns = bufferevent_socket_get_dns_error(connector->bev);
    char tls_says[CONNECTOR_WHY_MAX] = "";

    if (connector->options.secure)
        tls_why(connector->bev, tls_says, sizeof tls_says);
    if (dns != 0)
        connector_reset(connector, evutil_gai_strerror(dns));
    else
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

static int start_connect(struct connector *connector)
{
    const struct connector_options *to = &connector->options;
    struct sockaddr_un un = { .sun_family = AF_UNIX };

    if (!is_unix(connector))
        return bufferevent_socket_connect_hostname(connector->bev, connector->dns, AF_UNSPEC,
                                                   to->host, to->port);
    snprintf(un.sun_path, sizeof un.sun_path, "%s", to->path);
    return bufferevent_socket_connect(connector->bev, (struct sockaddr *)&un, sizeof un);
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
    connector->bev = make_bev(connector);
    if (connector->bev == NULL) {
        connector_reset(connector, "out of memory");
        return;
    }
    bufferevent_setcb(connector->bev, on_readable, NULL, on_event, connector);
    // No mark of libevent's own: it ends the process when memory is out, see http_read.c.
    bufferevent_enable(connector->bev, EV_READ | EV_WRITE);
    connector_deadline(connector, connector->options.connect_ms);
    // A failure at once is told twice, here and by the callback: only the first counts.
    if (start_connect(connector) != 0 && connector->state == CONNECTING)
        fail(connector);
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
    if (connector->bev != NULL)
        bufferevent_free(connector->bev);
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
    log_info("%s: %s: %s", connector->options.name, connector->options.text, word);
    connector->why[0] = '\0';
}

void connector_healthy(struct connector *connector)
{
    connector->backoff_ms = CONNECTOR_BACKOFF_MIN_MS;
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
