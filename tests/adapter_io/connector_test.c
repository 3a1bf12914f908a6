/* SPDX-License-Identifier: Apache-2.0 */
/* One connection that is wanted for ever: found, lost with a reason, and found again. */
#include "adapter/connector.h"
#include "adapter/tls.h"

#include "loop.h"

#include <event2/buffer.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/logged.h"
#include "support/rows.h"
#include "support/test.h"

static struct {
    struct event_base *base;
    int listener, port, guest; // guest -1: nobody was let in
    struct connector *connector;
    struct connector_options options;
    bool unwilling; // to try now
    bool choosy;    // resets whatever it hears
    int tries, connected, deadlines, downs, downs_from_up;
    char heard[32];
} it;

static bool on_try(void *arg)
{
    (void)arg;
    it.tries++;
    return !it.unwilling;
}

static void on_connected(void *arg)
{
    (void)arg;
    it.connected++;
}

static void on_readable(void *arg)
{
    struct evbuffer *input = bufferevent_get_input(connector_bev(it.connector));

    (void)arg;
    if (it.choosy) // what it says goes with the connection
        connector_reset(it.connector, (const char *)evbuffer_pullup(input, -1));
    else
        it.heard[evbuffer_remove(input, it.heard, sizeof it.heard - 1)] = '\0';
}

static void on_deadline(void *arg)
{
    (void)arg;
    it.deadlines++;
}

static void on_down(bool was_up, void *arg)
{
    (void)arg;
    assert_null(connector_bev(it.connector));
    it.downs++;
    it.downs_from_up += was_up;
}

static int bound(int family, const struct sockaddr *at, socklen_t size, int backlog)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    assert_int_equal(bind(fd, at, size), 0);
    assert_int_equal(listen(fd, backlog), 0);
    return fd;
}

static void listen_at_loopback(int backlog)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;

    it.listener = bound(AF_INET, (struct sockaddr *)&at, size, backlog);
    assert_int_equal(getsockname(it.listener, (struct sockaddr *)&at, &size), 0);
    it.options.port = ntohs(at.sin_port);
}

static int setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN); // as in service
    memset(&it, 0, sizeof it);
    it.base = event_base_new();
    it.listener = it.guest = -1;
    it.options = (struct connector_options){
        .name = "peer", .text = "here", .host = "127.0.0.1", .connect_ms = 3000
    };
    return 0;
}

static void let_out(void)
{
    if (it.guest >= 0)
        close(it.guest);
    it.guest = -1;
}

static int teardown(void **state)
{
    (void)state;
    connector_destroy(it.connector);
    let_out();
    if (it.listener >= 0)
        close(it.listener);
    event_base_free(it.base);
    return 0;
}

static void call(void)
{
    struct connector_callbacks callbacks = { on_try,      on_connected, on_readable,
                                             on_deadline, on_down,      NULL };

    it.connector = connector_create(it.base, NULL, &it.options, &callbacks);
    assert_non_null(it.connector);
}

static void let_in(void)
{
    int before = it.connected;

    loop_until(it.base, it.connected > before);
    it.guest = accept4(it.listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(it.guest >= 0);
}

static void say(const char *text) // with its NUL
{
    size_t n = strlen(text) + 1;

    assert_int_equal(send(it.guest, text, n, MSG_NOSIGNAL), n);
}

static void until_down(const char *why)
{
    int before = it.downs;

    loop_until(it.base, it.downs > before);
    assert_string_equal(connector_why_down(it.connector), why);
    assert_false(connector_is_up(it.connector));
}

/* Asserts that it tries again after `ms`, or down to half of that; a busy machine took some. */
static void expect_wait(int ms)
{
    int wait = loop_timer_ms(it.base);

    assert_true(wait <= ms + 20);
    assert_true(ms < 1000 || wait >= ms / 4);
}

/* ---- there it is ---- */

static void a_port_is_reached_and_no_byte_waits_for_another(void **state)
{
    int no_delay = 0;
    socklen_t size = sizeof no_delay;
    char got[8] = "";

    (void)state;
    listen_at_loopback(8);
    call();
    let_in();
    getsockopt(bufferevent_getfd(connector_bev(it.connector)), IPPROTO_TCP, TCP_NODELAY, &no_delay,
               &size);
    assert_int_equal(no_delay, 1);
    assert_int_equal(bufferevent_write(connector_bev(it.connector), "hello", 5), 0);
    say("you too");
    loop_until(it.base, strcmp(it.heard, "you too") == 0);
    assert_int_equal(recv(it.guest, got, sizeof got, 0), 5);
    assert_string_equal(got, "hello");
    assert_int_equal(it.downs, 0);
}

static void a_socket_of_a_path_is_reached(void **state)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/tmp/breachd-connector-XXXXXX" };
    int made = mkstemp(un.sun_path);

    (void)state;
    close(made);
    unlink(un.sun_path);
    it.listener = bound(AF_UNIX, (struct sockaddr *)&un, sizeof un, 8);
    it.options.path = un.sun_path;
    call();
    let_in();
    say("hello");
    loop_until(it.base, strcmp(it.heard, "hello") == 0);
    unlink(un.sun_path);
}

static void it_is_up_when_its_owner_says_so(void **state)
{
    (void)state;
    listen_at_loopback(8);
    call();
    let_in();
    assert_false(connector_is_up(it.connector));
    let_out();
    until_down("closed the connection");
    assert_int_equal(it.downs_from_up, 0);
    loop_hurry(it.base);
    let_in();
    assert_string_equal(connector_why_down(it.connector), "closed the connection");
    connector_up(it.connector, "greeted");
    assert_true(connector_is_up(it.connector));
    assert_string_equal(connector_why_down(it.connector), "");
    let_out();
    until_down("closed the connection");
    assert_int_equal(it.downs_from_up, 1);
}

/* ---- why it is not ---- */

static void nobody_at_the_port(void)
{
    it.options.port = house_free_port();
}

static void nobody_at_the_path(void)
{
    it.options.path = "/nowhere/peer.sock";
}

static void no_tls_to_call_with(void)
{
    listen_at_loopback(8);
    it.options.secure = true; // and tls NULL: as when memory is out for it
}

static void no_such_host(void)
{
    it.options.host = "a..b"; // refused before anybody is asked
    it.options.port = 1;
}

static const struct row {
    const char *says;
    void (*arrange)(void);
    const char *why;
} rows[] = {
    { "nobody at the port", nobody_at_the_port, "Connection refused" },
    { "nobody at the path", nobody_at_the_path, "No such file or directory" },
    { "no memory for TLS", no_tls_to_call_with, "out of memory" },
    { "no such host", no_such_host, "nodename nor servname provided, or not known" },
};

static void the_reason_is_told_and_it_tries_again(void **state)
{
    const struct row *row = *state;

    row->arrange();
    call();
    for (int i = 0; i < 3; i++) {
        until_down(row->why);
        assert_int_equal(it.tries, i + 1);
        assert_int_equal(it.downs, i + 1); // once, however often libevent tells it
        expect_wait(CONNECTOR_BACKOFF_MIN_MS << i);
        loop_hurry(it.base);
    }
    assert_int_equal(it.downs_from_up, 0);
}

static void who_speaks_no_tls_is_told_by_tls(void **state)
{
    struct tls *tls = tls_create();
    struct fault why;

    (void)state;
    assert_true(tls_load_client(tls, "", "", "", &why));
    it.options.secure = true;
    it.options.tls = tls;
    listen_at_loopback(8);
    call();
    loop_poll(it.base, (it.guest = accept4(it.listener, NULL, NULL, SOCK_CLOEXEC)) >= 0);
    say("220 mx ESMTP\r\n");
    until_down("tls: wrong version number");
    assert_int_equal(it.connected, 0);
    connector_destroy(it.connector);
    it.connector = NULL;
    tls_destroy(tls);
}

static void a_reason_may_stand_in_what_goes_with_the_connection(void **state)
{
    (void)state;
    it.choosy = true;
    listen_at_loopback(8);
    call();
    let_in();
    say("nonsense");
    until_down("nonsense");
}

static void a_long_reason_is_cut(void **state)
{
    char why[2 * CONNECTOR_WHY_MAX];

    (void)state;
    memset(why, 'x', sizeof why - 1);
    why[sizeof why - 1] = '\0';
    listen_at_loopback(8);
    call();
    let_in();
    connector_reset(it.connector, why);
    assert_int_equal(strlen(connector_why_down(it.connector)), CONNECTOR_WHY_MAX - 1);
}

/* ---- the log ---- */

static int times_in(const char *text, const char *what)
{
    int times = 0;

    while ((text = strstr(text, what)) != NULL) {
        text += strlen(what);
        times++;
    }
    return times;
}

static void lose(const char *why)
{
    connector_reset(it.connector, why);
    loop_hurry(it.base);
    let_out();
    let_in();
}

static void the_same_reason_is_logged_once_until_it_was_up(void **state)
{
    struct logged logged;

    (void)state;
    listen_at_loopback(8);
    call();
    let_in();
    logged_begin(&logged);
    for (int i = 0; i < 3; i++)
        lose("bored");
    lose("cross");
    lose("bored");
    connector_up(it.connector, "greeted");
    lose("bored");
    logged_end(&logged);
    assert_int_equal(times_in(logged.text, "peer: here: bored\n"), 3);
    assert_int_equal(times_in(logged.text, "peer: here: cross\n"), 1);
    assert_int_equal(times_in(logged.text, "peer: here: greeted\n"), 1);
    assert_int_equal(times_in(logged.text, "\n"), 5);
}

/* ---- back-off ---- */

static void it_waits_ever_longer_but_ten_seconds_at_most(void **state)
{
    (void)state;
    it.options.port = house_free_port();
    call();
    for (int tries = 1; tries <= 12; tries++) {
        until_down("Connection refused");
        expect_wait(tries <= 7 ? CONNECTOR_BACKOFF_MIN_MS << (tries - 1)
                               : CONNECTOR_BACKOFF_MAX_MS);
        loop_hurry(it.base);
    }
}

/* Up, and down again: as bad as no connection. */
static void only_who_calls_it_healthy_lets_it_hurry_again(void **state)
{
    (void)state;
    listen_at_loopback(8);
    call();
    let_in();
    for (int i = 0; i < 5; i++) {
        connector_up(it.connector, "greeted");
        connector_reset(it.connector, "a whim");
        expect_wait(CONNECTOR_BACKOFF_MIN_MS << i);
        loop_hurry(it.base);
        let_out();
        let_in();
    }
    connector_healthy(it.connector);
    connector_reset(it.connector, "a whim");
    assert_true(loop_timer_ms(it.base) <= CONNECTOR_BACKOFF_MIN_MS);
}

static void who_is_not_ready_tries_nothing_and_backs_off_too(void **state)
{
    (void)state;
    listen_at_loopback(8);
    it.unwilling = true;
    call();
    for (int tries = 1; tries <= 5; tries++) {
        loop_until(it.base, it.tries == tries);
        expect_wait(CONNECTOR_BACKOFF_MIN_MS << (tries - 1));
        loop_hurry(it.base);
    }
    assert_int_equal(it.connected, 0);
    assert_int_equal(it.downs, 0);
    it.unwilling = false;
    let_in();
}

/* ---- deadlines ---- */

static void a_peer_that_lets_nobody_in_is_given_its_time(void **state)
{
    int waiting[4];

    (void)state;
    listen_at_loopback(0);
    for (int i = 0; i < 4; i++) { // fill its queue
        struct sockaddr_in at = { .sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((in_port_t)it.options.port) };

        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(waiting[i], (struct sockaddr *)&at, sizeof at);
    }
    call();
    loop_until(it.base, it.tries == 1);
    assert_in_range(loop_timer_ms(it.base), 2500, 3000);
    loop_hurry(it.base);
    until_down("no connection in time");
    assert_int_equal(it.deadlines, 0);
    for (int i = 0; i < 4; i++)
        close(waiting[i]);
}

static void the_time_of_connecting_runs_on_until_the_owner_sets_another(void **state)
{
    (void)state;
    listen_at_loopback(8);
    call();
    let_in();
    assert_in_range(loop_timer_ms(it.base), 2500, 3000);
    loop_hurry(it.base);
    loop_until(it.base, it.deadlines == 1);
    connector_deadline(it.connector, 60000);
    assert_in_range(loop_timer_ms(it.base), 59000, 60000);
    connector_deadline(it.connector, 0);
    assert_int_equal(loop_timer_ms(it.base), -1);
    connector_deadline(it.connector, 60000);
    connector_reset(it.connector, "a whim");
    loop_hurry(it.base); // the next try, and not the deadline of what is gone
    loop_until(it.base, it.tries == 2);
    assert_int_equal(it.deadlines, 1);
}

/* ---- its end ---- */

static void once_stopped_it_goes_on_but_tries_no_more(void **state)
{
    (void)state;
    listen_at_loopback(8);
    call();
    let_in();
    connector_stop(it.connector);
    say("still here");
    loop_until(it.base, strcmp(it.heard, "still here") == 0);
    let_out();
    until_down("closed the connection");
    assert_int_equal(loop_timer_ms(it.base), -1);
    assert_int_equal(it.tries, 1);
}

static void stopped_while_down_it_tries_no_more(void **state)
{
    (void)state;
    it.options.port = house_free_port();
    call();
    until_down("Connection refused");
    connector_stop(it.connector);
    assert_int_equal(loop_timer_ms(it.base), -1);
}

static void it_may_be_destroyed_at_any_moment_and_calls_nobody(void **state)
{
    (void)state;
    listen_at_loopback(64);
    connector_destroy(NULL);
    for (int turns = 0; turns < 20; turns++) {
        call();
        for (int turn = 0; turn < turns; turn++)
            event_base_loop(it.base, EVLOOP_NONBLOCK);
        connector_destroy(it.connector);
    }
    it.connector = NULL;
    it.tries = it.connected = 0;
    loop_for(it.base, 20);
    assert_int_equal(it.tries + it.connected + it.downs, 0);
}

#define io_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        io_test(a_port_is_reached_and_no_byte_waits_for_another),
        io_test(a_socket_of_a_path_is_reached),
        io_test(it_is_up_when_its_owner_says_so),
        io_test(who_speaks_no_tls_is_told_by_tls),
        io_test(a_reason_may_stand_in_what_goes_with_the_connection),
        io_test(a_long_reason_is_cut),
        io_test(the_same_reason_is_logged_once_until_it_was_up),
        io_test(it_waits_ever_longer_but_ten_seconds_at_most),
        io_test(only_who_calls_it_healthy_lets_it_hurry_again),
        io_test(who_is_not_ready_tries_nothing_and_backs_off_too),
        io_test(a_peer_that_lets_nobody_in_is_given_its_time),
        io_test(the_time_of_connecting_runs_on_until_the_owner_sets_another),
        io_test(once_stopped_it_goes_on_but_tries_no_more),
        io_test(stopped_while_down_it_tries_no_more),
        io_test(it_may_be_destroyed_at_any_moment_and_calls_nobody),
    };

    return rows_hold_in("connector_rows", rows, the_reason_is_told_and_it_tries_again, setup,
                        teardown) +
           cmocka_run_group_tests_name("connector", tests, NULL, NULL);
}
