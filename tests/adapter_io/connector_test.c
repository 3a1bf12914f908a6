/* SPDX-License-Identifier: Apache-2.0 */
/* One connection that is wanted for ever: found, or not found for a reason that is told once. */
#include "adapter/connector.h"
#include "adapter/tls.h"

#include "loop.h"
#include "peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/logged.h"
#include "support/rows.h"
#include "support/test.h"

/* ---- there it is ---- */

static void a_port_is_reached_and_no_byte_waits_for_another(void **state)
{
    int no_delay = 0;
    socklen_t size = sizeof no_delay;
    char got[8] = "";

    (void)state;
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    getsockopt(bufferevent_getfd(connector_bev(peer.connector)), IPPROTO_TCP, TCP_NODELAY,
               &no_delay, &size);
    assert_int_equal(no_delay, 1);
    assert_int_equal(bufferevent_write(connector_bev(peer.connector), "hello", 5), 0);
    peer_say("you too");
    loop_until(peer.base, strcmp(peer.heard, "you too") == 0);
    assert_int_equal(recv(peer.guest, got, sizeof got, 0), 5);
    assert_string_equal(got, "hello");
    assert_int_equal(peer.downs, 0);
}

static void a_socket_of_a_path_is_reached(void **state)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/tmp/breachd-connector-XXXXXX" };
    int made = mkstemp(un.sun_path);

    (void)state;
    close(made);
    unlink(un.sun_path);
    peer_listen(AF_UNIX, (struct sockaddr *)&un, sizeof un, 8);
    peer.options.path = un.sun_path;
    peer_call();
    peer_let_in();
    peer_say("hello");
    loop_until(peer.base, strcmp(peer.heard, "hello") == 0);
    unlink(un.sun_path);
}

static void it_is_up_when_its_owner_says_so(void **state)
{
    (void)state;
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    assert_false(connector_is_up(peer.connector));
    peer_let_out();
    peer_until_down("closed the connection");
    assert_int_equal(peer.downs_from_up, 0);
    loop_hurry(peer.base);
    peer_let_in();
    assert_string_equal(connector_why_down(peer.connector), "closed the connection");
    connector_up(peer.connector, "greeted");
    assert_true(connector_is_up(peer.connector));
    assert_string_equal(connector_why_down(peer.connector), "");
    peer_let_out();
    peer_until_down("closed the connection");
    assert_int_equal(peer.downs_from_up, 1);
}

/* ---- why it is not ---- */

static void nobody_at_the_port(void)
{
    peer.options.port = testbed_free_port();
}

static void nobody_at_the_path(void)
{
    peer.options.path = "/nowhere/peer.sock";
}

static void no_tls_to_call_with(void)
{
    peer_listen_at_loopback(8);
    peer.options.secure = true; // and tls NULL: as when memory is out for it
}

static void no_such_host(void)
{
    peer.options.host = "a..b"; // refused before anybody is asked
    peer.options.port = 1;
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
    peer_call();
    for (int i = 0; i < 3; i++) {
        peer_until_down(row->why);
        assert_int_equal(peer.tries, i + 1);
        assert_int_equal(peer.downs, i + 1); // once, however often libevent tells it
        peer_expect_wait(CONNECTOR_BACKOFF_MIN_MS << i);
        loop_hurry(peer.base);
    }
    assert_int_equal(peer.downs_from_up, 0);
}

static void who_speaks_no_tls_is_told_by_tls(void **state)
{
    struct tls *tls = tls_create();
    struct fault why;

    (void)state;
    assert_true(tls_load_client(tls, "", "", "", &why));
    peer.options.secure = true;
    peer.options.tls = tls;
    peer_listen_at_loopback(8);
    peer_call();
    loop_poll(peer.base, (peer.guest = accept4(peer.listener, NULL, NULL, SOCK_CLOEXEC)) >= 0);
    peer_say("220 mx ESMTP\r\n");
    peer_until_down("tls: wrong version number");
    assert_int_equal(peer.connected, 0);
    connector_destroy(peer.connector);
    peer.connector = NULL;
    tls_destroy(tls);
}

static void a_reason_may_stand_in_what_goes_with_the_connection(void **state)
{
    (void)state;
    peer.choosy = true;
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    peer_say("nonsense");
    peer_until_down("nonsense");
}

static void a_long_reason_is_cut(void **state)
{
    char why[2 * CONNECTOR_WHY_MAX];

    (void)state;
    memset(why, 'x', sizeof why - 1);
    why[sizeof why - 1] = '\0';
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    connector_reset(peer.connector, why);
    assert_int_equal(strlen(connector_why_down(peer.connector)), CONNECTOR_WHY_MAX - 1);
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
    connector_reset(peer.connector, why);
    loop_hurry(peer.base);
    peer_let_out();
    peer_let_in();
}

static void the_same_reason_is_logged_once_until_it_was_up(void **state)
{
    struct logged logged;

    (void)state;
    peer_listen_at_loopback(8);
    peer_call();
    peer_let_in();
    logged_begin(&logged);
    for (int i = 0; i < 3; i++)
        lose("bored");
    lose("cross");
    lose("bored");
    connector_up(peer.connector, "greeted");
    lose("bored");
    logged_end(&logged);
    assert_int_equal(times_in(logged.text, "peer: here: bored\n"), 3);
    assert_int_equal(times_in(logged.text, "peer: here: cross\n"), 1);
    assert_int_equal(times_in(logged.text, "peer: here: greeted\n"), 1);
    assert_int_equal(times_in(logged.text, "\n"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        peer_test(a_port_is_reached_and_no_byte_waits_for_another),
        peer_test(a_socket_of_a_path_is_reached),
        peer_test(it_is_up_when_its_owner_says_so),
        peer_test(who_speaks_no_tls_is_told_by_tls),
        peer_test(a_reason_may_stand_in_what_goes_with_the_connection),
        peer_test(a_long_reason_is_cut),
        peer_test(the_same_reason_is_logged_once_until_it_was_up),
    };

    return rows_hold_in("connector_rows", rows, the_reason_is_told_and_it_tries_again, peer_setup,
                        peer_teardown) +
           cmocka_run_group_tests_name("connector", tests, NULL, NULL);
}
