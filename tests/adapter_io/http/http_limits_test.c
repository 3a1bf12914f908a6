/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP door under pressure: slow senders, too many of them, those who never listen. */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

#define POST_100 "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"

static uint64_t ended(enum http_end end)
{
    return http_pressure(http_under_test.door)->ends[end];
}

/* A request must be whole in 300 ms; nobody idles for a minute. */
static void open_for_the_quick(void)
{
    struct http_limits limits = http_fixture_limits(10, 60000);

    limits.request_ms = 300;
    http_fixture_open_with(&limits);
}

/* ---- slow ---- */

static const struct row {
    const char *says, *begin, *again; // said on and on
} rows[] = {
    { "a request line that dribbles", "GET /", "a" },
    { "a head that dribbles", "GET /a HTTP/1.1\r\nHost: x\r\n", "A: b\r\n" },
    { "line breaks that dribble", "\r\n", "\r\n" },
    { "a body that dribbles", POST_100, "a" },
    { "chunks that dribble", "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
      "1\r\na\r\n" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct http_client *client;

    open_for_the_quick();
    client = http_fixture_call(0, 0, row->begin);
    while (!client->gone) {
        loop_for(http_under_test.base, 20);
        http_client_say(client, row->again);
    }
    assert_int_equal(ended(HTTP_END_SLOW), 1);
    assert_int_equal(http_under_test.asked, 0);
    http_client_until(http_fixture_call(1, 0, GET), "{GET /a 0}"); // nobody else suffers
}

static void who_has_asked_may_be_silent_for_longer(void **state)
{
    struct http_client *client;

    (void)state;
    open_for_the_quick();
    client = http_fixture_call(0, 0, GET);
    http_client_until(client, "{GET /a 0}");
    loop_for(http_under_test.base, 500);
    http_client_say(client, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na");
    http_client_until(client, "{POST /p 1}");
    assert_int_equal(ended(HTTP_END_SLOW), 0);
}

static void an_answer_that_is_slowed_down_takes_a_second_and_is_the_last(void **state)
{
    int64_t begin = now_ms();
    struct http_client *client;

    (void)state;
    http_under_test.slow = true;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 0, GET GET);
    http_client_until(client, "{GET /a 0}");
    http_client_until_gone(client);
    assert_in_range(now_ms() - begin, 900, 5000);
    assert_int_equal(http_under_test.asked, 1);
}

/* ---- many ---- */

static void one_address_has_its_share_and_unix_sockets_have_none(void **state)
{
    struct http_limits limits = http_fixture_limits(100, 60000);

    (void)state;
    limits.max_per_address = 3;
    http_fixture_open_with(&limits);
    for (int i = 0; i < 3; i++)
        http_client_until(http_fixture_call(i, 1, GET), "{GET /a 0}");
    http_client_until_gone(http_fixture_call(3, 1, GET));
    assert_int_equal(ended(HTTP_END_ADDRESS), 1);
    for (int i = 10; i < 20; i++)
        http_client_until(http_fixture_call(i, 0, GET), "{GET /a 0}");
    http_client_leave(&http_under_test.clients[0]);
    loop_until(http_under_test.base, http_connections(http_under_test.door) == 12);
    http_client_until(http_fixture_call(3, 1, GET), "{GET /a 0}");
}

static void the_longest_idle_are_evicted_for_who_connects(void **state)
{
    (void)state;
    http_fixture_open(3, 60000);
    http_fixture_call(0, 0, "GET /half"); // begun and never brought to an end
    for (int i = 1; i < 3; i++)
        http_client_until(http_fixture_call(i, 0, GET), "{GET /a 0}");
    http_client_until(http_fixture_call(3, 1, GET), "{GET /a 0}"); // a second later
    assert_true(http_under_test.clients[0].gone);
    assert_false(http_under_test.clients[1].gone || http_under_test.clients[2].gone);
    assert_int_equal(ended(HTTP_END_CROWDED), 1);
    assert_true(http_pressure(http_under_test.door)->pauses[HTTP_PAUSE_FULL] > 0);
    loop_for(http_under_test.base, 1500); // nobody connects: nobody must go
    assert_int_equal(ended(HTTP_END_CROWDED), 1);
}

static void who_waits_for_his_answer_is_not_evicted(void **state)
{
    (void)state;
    http_under_test.holds = true;
    http_fixture_open(1, 60000);
    http_fixture_call(0, 0, GET);
    loop_until(http_under_test.base, http_under_test.asked == 1);
    http_fixture_call(1, 0, GET);
    loop_for(http_under_test.base, 1500);
    assert_false(http_under_test.clients[0].gone);
    http_fixture_answer();
    http_client_until(&http_under_test.clients[0], "{GET /a 0}");
}

/* ---- who is told before he sends ---- */

static void who_waits_to_go_on_is_told_to(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 0,
                               "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                               "Content-Length: 3\r\n\r\n");
    http_client_until(client, "HTTP/1.1 100 Continue\r\n\r\n");
    http_client_say(client, "abc");
    http_client_until(client, "{POST /p 3}");
    assert_int_equal(http_client_heard(client, "100 Continue"), 1);
    assert_int_equal(http_under_test.gated, 1);
    client = http_fixture_call(1, 0,
                               "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                               "Content-Length: 3\r\n\r\nabc");
    http_client_until(client, "{POST /p 3}");
    assert_int_equal(http_client_heard(client, "100 Continue"), 0); // he has not waited
    assert_int_equal(http_under_test.gated, 1);
}

static void who_may_not_come_in_is_not_waited_for(void **state)
{
    struct http_client *client;

    (void)state;
    http_under_test.shut = true;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 0,
                               "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                               "Content-Length: 3\r\n\r\n");
    http_client_until(client, "{shut}");
    assert_int_equal(http_client_heard(client, "100 Continue"), 0);
    http_client_say(client, "abc" GET);
    http_client_until_gone(client);
    assert_int_equal(http_under_test.asked, 0);
}

/* ---- who says more than he should, or does not listen ---- */

static void the_reason_arrives_however_much_is_still_said(void **state)
{
    enum { MUCH = 4 * 1024 * 1024 };
    char *much = calloc(1, MUCH);
    struct http_client *client;

    (void)state;
    assert_non_null(much);
    http_fixture_open(10, 60000);
    for (int endpoint = 0; endpoint < 2; endpoint++) {
        client = http_fixture_call(
            endpoint, endpoint, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\n");
        bufferevent_write(client->bev, much, MUCH);
        http_client_until(client, "{\"error\":\"body: too large\"}");
        http_client_until_gone(client);
    }
    free(much);
}

static void who_does_not_read_his_answers_is_not_read_either(void **state)
{
    enum { MANY = 100000 };
    struct http_client *client;
    int asked;

    (void)state;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 0, "");
    bufferevent_disable(client->bev, EV_READ);
    for (int i = 0; i < MANY; i++)
        http_client_say(client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    do {
        asked = http_under_test.asked;
        loop_for(http_under_test.base, 200);
    } while (http_under_test.asked > asked);
    assert_in_range(http_under_test.asked, 1, MANY / 2);
    bufferevent_enable(client->bev, EV_READ);
    loop_until(http_under_test.base, http_under_test.asked == MANY);
    loop_until(http_under_test.base, evbuffer_get_length(bufferevent_get_input(client->bev)) > 0 &&
                                         http_client_heard(client, "{GET /a 0}") == MANY);
}

/* ---- TLS ---- */

static void open_with_tls(void)
{
    struct http_limits limits = http_fixture_limits(10, 60000);
    struct fault why;

    testbed_make_ca(http_under_test.testbed, "ca");
    testbed_make_certificate(http_under_test.testbed, "ca", "server", "/CN=localhost",
                             "DNS:localhost");
    http_under_test.tls = tls_create();
    if (!tls_load_server(http_under_test.tls,
                         testbed_path(http_under_test.testbed, "server.pem").text,
                         testbed_path(http_under_test.testbed, "server.key").text, "", &why))
        fail_msg("%s", why.text);
    limits.request_ms = 300;
    http_fixture_open_with(&limits);
}

static void who_speaks_no_tls_is_sent_away_and_who_says_nothing_too(void **state)
{
    (void)state;
    open_with_tls();
    http_client_until_gone(http_fixture_call(0, 1, GET));
    assert_int_equal(ended(HTTP_END_TLS), 1);
    http_client_until_gone(http_fixture_call(1, 1, "\x16\x03\x01")); // and no more of it
    assert_int_equal(ended(HTTP_END_SLOW), 1);
    assert_int_equal(http_under_test.asked, 0);
    http_client_until(http_fixture_call(2, 0, GET), "{GET /a 0}"); // a unix socket stays plain
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        http_fixture_test(who_has_asked_may_be_silent_for_longer),
        http_fixture_test(an_answer_that_is_slowed_down_takes_a_second_and_is_the_last),
        http_fixture_test(one_address_has_its_share_and_unix_sockets_have_none),
        http_fixture_test(the_longest_idle_are_evicted_for_who_connects),
        http_fixture_test(who_waits_for_his_answer_is_not_evicted),
        http_fixture_test(who_waits_to_go_on_is_told_to),
        http_fixture_test(who_may_not_come_in_is_not_waited_for),
        http_fixture_test(the_reason_arrives_however_much_is_still_said),
        http_fixture_test(who_does_not_read_his_answers_is_not_read_either),
        http_fixture_test(who_speaks_no_tls_is_sent_away_and_who_says_nothing_too),
    };

    return rows_hold_in("http_limits_rows", rows, row_holds, http_fixture_setup,
                        http_fixture_teardown) +
           cmocka_run_group_tests_name("http_limits", tests, NULL, NULL);
}
