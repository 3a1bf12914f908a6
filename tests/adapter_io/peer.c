/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include "loop.h"

#include <event2/buffer.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

struct peer peer;

static bool on_try(void *arg)
{
    (void)arg;
    peer.tries++;
    return !peer.unwilling;
}

static void on_connected(void *arg)
{
    (void)arg;
    peer.connected++;
}

static void on_readable(void *arg)
{
    struct evbuffer *input = bufferevent_get_input(connector_bev(peer.connector));

    (void)arg;
    if (peer.choosy) // what it says goes with the connection
        connector_reset(peer.connector, (const char *)evbuffer_pullup(input, -1));
    else
        peer.heard[evbuffer_remove(input, peer.heard, sizeof peer.heard - 1)] = '\0';
}

static void on_deadline(void *arg)
{
    (void)arg;
    peer.deadlines++;
}

static void on_down(bool was_up, void *arg)
{
    (void)arg;
    assert_null(connector_bev(peer.connector));
    peer.downs++;
    peer.downs_from_up += was_up;
}

void peer_listen(int family, const struct sockaddr *at, socklen_t size, int backlog)
{
    peer.listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    assert_int_equal(bind(peer.listener, at, size), 0);
    assert_int_equal(listen(peer.listener, backlog), 0);
}

void peer_listen_at_loopback(int backlog)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;

    peer_listen(AF_INET, (struct sockaddr *)&at, size, backlog);
    assert_int_equal(getsockname(peer.listener, (struct sockaddr *)&at, &size), 0);
    peer.options.port = ntohs(at.sin_port);
}

int peer_setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN); // as in service
    memset(&peer, 0, sizeof peer);
    peer.base = event_base_new();
    peer.listener = peer.guest = -1;
    peer.options = (struct connector_options){
        .name = "peer", .text = "here", .host = "127.0.0.1", .connect_ms = 3000
    };
    return 0;
}

void peer_let_out(void)
{
    if (peer.guest >= 0)
        close(peer.guest);
    peer.guest = -1;
}

int peer_teardown(void **state)
{
    (void)state;
    connector_destroy(peer.connector);
    peer_let_out();
    if (peer.listener >= 0)
        close(peer.listener);
    event_base_free(peer.base);
    return 0;
}

void peer_call(void)
{
    struct connector_callbacks callbacks = { on_try,      on_connected, on_readable,
                                             on_deadline, on_down,      NULL };

    peer.connector = connector_create(peer.base, NULL, &peer.options, &callbacks);
    assert_non_null(peer.connector);
}

void peer_let_in(void)
{
    int before = peer.connected;

    loop_until(peer.base, peer.connected > before);
    peer.guest = accept4(peer.listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(peer.guest >= 0);
}

void peer_say(const char *text)
{
    size_t n = strlen(text) + 1;

    assert_int_equal(send(peer.guest, text, n, MSG_NOSIGNAL), n);
}

void peer_until_down(const char *why)
{
    int before = peer.downs;

    loop_until(peer.base, peer.downs > before);
    assert_string_equal(connector_why_down(peer.connector), why);
    assert_false(connector_is_up(peer.connector));
}

void peer_expect_wait(int ms)
{
    int wait = loop_timer_ms(peer.base);

    assert_true(wait <= ms + 20);
    assert_true(ms < 1000 || wait >= ms / 4);
}
