/* SPDX-License-Identifier: Apache-2.0 */
/* When a connection is tried again, how long it is waited for, and what ends that. */
#include "adapter/connector.h"

#include "loop.h"
#include "peer.h"

#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

/* ---- back-off ---- */

static void it_waits_ever_longer_but_ten_seconds_at_most(void **state)
{
    (void)state;
    peer.options.port = testbed_free_port();
    peer_call();
    for (int tries = 1; tries <= 12; tries++) {
        peer_until_down("Connection refused");
        peer_expect_wait(tries <= 7 ? CONNECTOR_BACKOFF_MIN_MS << (tries - 1)
                                    : CONNECTOR_BACKOFF_MAX_MS);
        loop_hurry(peer.base);
    }
}

/* Up, and down again: as bad as no connection. */
static void only_who_calls_it_healthy_lets_it_hurry_again(void **state)
{
    (void)state;
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    for (int i = 0; i < 5; i++) {
        connector_up(peer.connector, "greeted");
        connector_reset(peer.connector, "a whim");
        peer_expect_wait(CONNECTOR_BACKOFF_MIN_MS << i);
        loop_hurry(peer.base);
        peer_let_out();
        peer_let_in();
    }
    connector_healthy(peer.connector);
    connector_reset(peer.connector, "a whim");
    peer_expect_wait(CONNECTOR_BACKOFF_MIN_MS);
}

static void who_is_not_ready_tries_nothing_and_backs_off_too(void **state)
{
    (void)state;
    peer_listen_at_loopback(8);
    peer.unwilling = true;
    peer_call();
    for (int tries = 1; tries <= 5; tries++) {
        loop_until(peer.base, peer.tries == tries);
        peer_expect_wait(CONNECTOR_BACKOFF_MIN_MS << (tries - 1));
        loop_hurry(peer.base);
    }
    assert_int_equal(peer.connected, 0);
    assert_int_equal(peer.downs, 0);
    peer.unwilling = false;
    peer_let_in();
}

/* ---- a host of more than one address ---- */

static const char *homes[2]; // of the host, in this order; NULL: as the resolver says

int __real_evutil_getaddrinfo(const char *host, const char *port,
                              const struct evutil_addrinfo *wanted, struct evutil_addrinfo **out);
int __wrap_evutil_getaddrinfo(const char *host, const char *port,
                              const struct evutil_addrinfo *wanted, struct evutil_addrinfo **out);

int __wrap_evutil_getaddrinfo(const char *host, const char *port,
                              const struct evutil_addrinfo *wanted, struct evutil_addrinfo **out)
{
    if (homes[0] == NULL)
        return __real_evutil_getaddrinfo(host, port, wanted, out);
    assert_int_equal(__real_evutil_getaddrinfo(homes[0], port, wanted, out), 0);
    return __real_evutil_getaddrinfo(homes[1], port, wanted, &(*out)->ai_next);
}

static void its_addresses_are_tried_in_turn(void **state)
{
    (void)state;
    homes[0] = "127.0.0.2"; // nobody is there
    homes[1] = "127.0.0.1";
    peer_listen_at_loopback(8);
    peer_call();
    peer_until_down("Connection refused");
    loop_hurry(peer.base);
    peer_let_in();
    connector_healthy(peer.connector);
    connector_reset(peer.connector, "a whim"); // it was good: the same again
    loop_hurry(peer.base);
    peer_let_out();
    peer_let_in();
    connector_reset(peer.connector, "a whim"); // it was not, this time: round to the first
    loop_hurry(peer.base);
    peer_until_down("Connection refused");
    homes[0] = NULL;
}

static bool on_try(void *arg)
{
    (void)arg;
    return true;
}

static void on_any(void *arg)
{
    ++*(int *)arg;
}

static void on_down(bool was_up, void *arg)
{
    *(int *)arg += 1 + was_up;
}

/* The name server is a socket that nobody reads. */
static void destroyed_while_its_host_is_looked_up_it_calls_nobody(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct evdns_base *dns = evdns_base_new(peer.base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    int silent = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), calls = 0;
    const struct connector_callbacks callbacks = {
        on_try, on_any, on_any, on_any, on_down, &calls
    };
    socklen_t length = sizeof at;

    (void)state;
    assert_int_equal(bind(silent, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(silent, (struct sockaddr *)&at, &length), 0);
    assert_int_equal(evdns_base_nameserver_sockaddr_add(dns, (struct sockaddr *)&at, length, 0), 0);
    peer.options.host = "nowhere.example";
    peer.connector = connector_create(peer.base, dns, &peer.options, &callbacks);
    loop_for(peer.base, 20);
    connector_destroy(peer.connector);
    peer.connector = NULL;
    loop_for(peer.base, 20);
    assert_int_equal(calls, 0);
    evdns_base_free(dns, 1);
    loop_for(peer.base, 20);
    close(silent);
}

/* ---- deadlines ---- */

static void a_peer_that_lets_nobody_in_is_given_its_time(void **state)
{
    int waiting[4];

    (void)state;
    peer_listen_at_loopback(0);
    for (int i = 0; i < 4; i++) { // fill its queue
        struct sockaddr_in at = { .sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((in_port_t)peer.options.port) };

        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(waiting[i], (struct sockaddr *)&at, sizeof at);
    }
    peer_call();
    loop_until(peer.base, peer.tries == 1);
    assert_in_range(loop_timer_ms(peer.base), 2500, 3020);
    loop_hurry(peer.base);
    peer_until_down("no connection in time");
    assert_int_equal(peer.deadlines, 0);
    for (int i = 0; i < 4; i++)
        close(waiting[i]);
}

static void the_time_of_connecting_runs_on_until_the_owner_sets_another(void **state)
{
    (void)state;
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    assert_in_range(loop_timer_ms(peer.base), 2500, 3020);
    loop_hurry(peer.base);
    loop_until(peer.base, peer.deadlines == 1);
    connector_deadline(peer.connector, 60000);
    assert_in_range(loop_timer_ms(peer.base), 59000, 60020);
    connector_deadline(peer.connector, 0);
    assert_int_equal(loop_timer_ms(peer.base), -1);
    connector_deadline(peer.connector, 60000);
    connector_reset(peer.connector, "a whim");
    loop_hurry(peer.base); // the next try, and not the deadline of what is gone
    loop_until(peer.base, peer.tries == 2);
    assert_int_equal(peer.deadlines, 1);
}

/* ---- its end ---- */

static void once_stopped_it_goes_on_but_tries_no_more(void **state)
{
    (void)state;
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    connector_stop(peer.connector);
    peer_say("still here");
    loop_until(peer.base, strcmp(peer.heard, "still here") == 0);
    peer_let_out();
    peer_until_down("closed the connection");
    assert_int_equal(loop_timer_ms(peer.base), -1);
    assert_int_equal(peer.tries, 1);
}

static void stopped_while_down_it_tries_no_more(void **state)
{
    (void)state;
    peer.options.port = testbed_free_port();
    peer_call();
    peer_until_down("Connection refused");
    connector_stop(peer.connector);
    assert_int_equal(loop_timer_ms(peer.base), -1);
}

static void it_may_be_destroyed_at_any_moment_and_calls_nobody(void **state)
{
    (void)state;
    peer_listen_at_loopback(64);
    connector_destroy(NULL);
    for (int turns = 0; turns < 20; turns++) {
        peer_call();
        for (int turn = 0; turn < turns; turn++)
            event_base_loop(peer.base, EVLOOP_NONBLOCK);
        connector_destroy(peer.connector);
    }
    peer.connector = NULL;
    peer.tries = peer.connected = 0;
    loop_for(peer.base, 20);
    assert_int_equal(peer.tries + peer.connected + peer.downs, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        peer_test(it_waits_ever_longer_but_ten_seconds_at_most),
        peer_test(only_who_calls_it_healthy_lets_it_hurry_again),
        peer_test(who_is_not_ready_tries_nothing_and_backs_off_too),
        peer_test(its_addresses_are_tried_in_turn),
        peer_test(destroyed_while_its_host_is_looked_up_it_calls_nobody),
        peer_test(a_peer_that_lets_nobody_in_is_given_its_time),
        peer_test(the_time_of_connecting_runs_on_until_the_owner_sets_another),
        peer_test(once_stopped_it_goes_on_but_tries_no_more),
        peer_test(stopped_while_down_it_tries_no_more),
        peer_test(it_may_be_destroyed_at_any_moment_and_calls_nobody),
    };

    return cmocka_run_group_tests_name("connector_retry", tests, NULL, NULL);
}
