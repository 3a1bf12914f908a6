/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt_memory_test.c - memory runs out at each allocation of a session in turn, ours and
 * libevent's: the link goes down or goes on, and in the end the message is taken and acknowledged.
 * The broker is a bare socket, so that it needs no memory of libevent's.
 */
#include "adapter/mqtt/mqtt.h"

#include "loop.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/starve.h"
#include "support/test.h"

enum { SESSION_ALLOCATIONS_MAX = 300, QUIET_TURNS = 20 };

/* ---- a broker, and what comes of it ---- */

static struct {
    struct event_base *base;
    struct mqtt *mqtt;
    int listener, guest; // guest -1: nobody
    int starved_at;      // the allocation that fails
    int quiet;           // turns in which nothing came
    int taken;
    bool acknowledged;
} session;

static void say(const uint8_t *bytes, size_t n)
{
    assert_int_equal(send(session.guest, bytes, n, MSG_NOSIGNAL), n);
}

static void take_packet(uint8_t kind)
{
    static const uint8_t welcome[] = { 0x20, 2, 0, 0 };
    static const uint8_t granted_and_a_message[] = { 0x90, 3, 0,   1, 1, 0x32, 7,
                                                     0,    1, 't', 0, 7, 'h',  'i' };

    if (kind == 0x10)
        say(welcome, sizeof welcome);
    else if (kind == 0x82)
        say(granted_and_a_message, sizeof granted_and_a_message);
    session.acknowledged |= kind == 0x40;
}

/* Packets are short, and come whole. */
static void hear(void)
{
    uint8_t said[512];
    ssize_t n = recv(session.guest, said, sizeof said, MSG_DONTWAIT);

    if (n <= 0) {
        close(session.guest);
        session.guest = -1;
    }
    for (ssize_t at = 0; at + 1 < n; at += 2 + said[at + 1])
        take_packet(said[at]);
}

/* Serves who is there. Where nothing happens any more of itself, time passes. */
static void turn(int64_t deadline)
{
    struct pollfd wait[] = { { session.listener, POLLIN, 0 }, { session.guest, POLLIN, 0 } };

    event_base_loop(session.base, EVLOOP_NONBLOCK);
    if (now_ms() > deadline)
        fail_msg("allocation %d: never acknowledged: %s", session.starved_at,
                 mqtt_why_down(session.mqtt));
    session.quiet = poll(wait, 2, 1) == 0 ? session.quiet + 1 : 0;
    if (session.quiet == QUIET_TURNS) {
        loop_hurry(session.base);
        session.quiet = 0;
    }
    if (wait[1].revents != 0)
        hear();
    if (wait[0].revents != 0) {
        if (session.guest >= 0)
            close(session.guest);
        session.guest = accept4(session.listener, NULL, NULL, SOCK_CLOEXEC);
    }
}

static bool ready(void *arg)
{
    (void)arg;
    return true;
}

static void take(const struct mqtt_message *got, struct mqtt_receipt *receipt, void *arg)
{
    (void)arg;
    assert_int_equal(got->payload_n, 2);
    session.taken++;
    mqtt_settle(receipt, true);
}

static void too_large(const char *topic, size_t topic_n, void *arg)
{
    (void)arg;
    fail_msg("%.*s too large", (int)topic_n, topic);
}

static void open_session(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct mqtt_options options = { .topics = { { "t" }, 1 }, .client = "test", .password = "" };
    struct mqtt_callbacks callbacks = { ready, take, too_large, NULL };
    socklen_t size = sizeof at;
    struct fault why;
    char url[64];

    session.base = event_base_new();
    session.guest = -1;
    session.quiet = session.taken = 0;
    session.acknowledged = false;
    session.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(session.listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(session.listener, 8), 0);
    getsockname(session.listener, (struct sockaddr *)&at, &size);
    snprintf(url, sizeof url, "mqtt://127.0.0.1:%d", ntohs(at.sin_port));
    assert_true(mqtt_target_parse(url, &options.target, &why));
    session.mqtt = mqtt_create(session.base, NULL, &options, &callbacks);
    assert_non_null(session.mqtt);
}

static void close_session(void)
{
    mqtt_destroy(session.mqtt);
    if (session.guest >= 0)
        close(session.guest);
    close(session.listener);
    event_base_free(session.base);
}

/* False: there is no allocation of that number. */
static bool one_session(int n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int asked;

    open_session();
    session.starved_at = n;
    starve_begin(STARVE_ONE, n);
    while (!session.acknowledged)
        turn(deadline);
    asked = starve_end();
    assert_in_range(session.taken, 1, 2);
    close_session();
    return asked >= n;
}

static void the_message_is_acknowledged_whatever_found_no_memory(void **state)
{
    int n = 1;

    (void)state;
    while (n < SESSION_ALLOCATIONS_MAX && one_session(n))
        n++;
    print_message("%d allocations\n", n - 1);
    assert_in_range(n, 10, SESSION_ALLOCATIONS_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_message_is_acknowledged_whatever_found_no_memory),
    };

    signal(SIGPIPE, SIG_IGN); // as in service
    event_set_mem_functions(malloc, realloc, free);
    return cmocka_run_group_tests_name("mqtt_memory", tests, NULL, NULL);
}
