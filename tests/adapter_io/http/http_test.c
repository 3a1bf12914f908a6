/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP door on a unix socket and on loopback, and callers of every kind. */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include <event2/bufferevent.h>
#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

/* ---- what is asked is answered ---- */

/* Of what no answer is due to, `answer` is NULL. */
static const struct row {
    const char *says, *request, *answer;
    bool closes;
} rows[] = {
    { "a GET", GET, "{GET /a 0}", false },
    { "a POST", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "{POST /p 3}",
      false },
    { "a body in chunks",
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      "{POST /p 5}", false },
    { "bare line feeds", "GET /a HTTP/1.1\nHost: x\n\n", " 400 ", true },
    { "an old client", "GET /a HTTP/1.0\r\n\r\n", "{GET /a 0}", true },
    { "who asks to close", "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "{GET /a 0}",
      true },
    { "a body of the largest size but one more, announced",
      "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", " 413 ", true },
    { "a huge body, announced",
      "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n", " 413 ", true },
    { "a length that is none", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", " 400 ",
      true },
    { "a length below nothing", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      " 400 ", true },
    { "a chunk too long",
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n", " 413 ",
      true },
    { "a chunk of no length",
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", " 400 ", true },
    { "a PUT", "PUT /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na", "{? /p 1}", false },
    { "a DELETE", "DELETE /p HTTP/1.1\r\nHost: x\r\n\r\n", "{? /p 0}", false },
    { "an OPTIONS", "OPTIONS /p HTTP/1.1\r\nHost: x\r\n\r\n", "{? /p 0}", false },
    { "a PATCH", "PATCH /p HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "{? /p 0}", false },
    { "a method of nobody", "FROB /p HTTP/1.1\r\nHost: x\r\n\r\n", " 501 ", true },
    { "a path without a slash", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", " 400 ", true },
    { "a whole address", "GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n", "{GET /a 0}", false },
    { "no HTTP", "hello\r\n\r\n", " 400 ", true },
    { "a ping of Redis", "*1\r\n$4\r\nPING\r\n\r\n", " 400 ", true },
    { "another version", "GET /a HTTP/9.9\r\n\r\n", " 505 ", true },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    http_fixture_open(10, 60000);
    for (int endpoint = 0; endpoint < 2; endpoint++) {
        struct http_client *client = http_fixture_call(endpoint, endpoint, row->request);

        if (row->answer != NULL)
            http_client_until(client, row->answer);
        if (row->closes)
            http_client_until_gone(client);
        client = http_fixture_call(10 + endpoint, endpoint, GET); // nobody else suffers
        http_client_until(client, "{GET /a 0}");
    }
}

static void who_asks_many_at_once_is_answered_in_order(void **state)
{
    struct http_client *client;
    char request[64];

    (void)state;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 1, "");
    for (int i = 0; i < 200; i++) {
        snprintf(request, sizeof request,
                 "POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab", i);
        http_client_say(client, request);
    }
    http_client_until(client, "{POST /199 2}");
    assert_int_equal(http_client_heard(client, "HTTP/1.1 200"), 200);
    assert_int_equal(http_client_heard(client, "{POST /7 2}"), 1);
    assert_int_equal(http_connections(http_under_test.door), 1);
}

static void a_request_letter_by_letter_is_one_request(void **state)
{
    const char *request = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 0, "");
    for (const char *at = request; *at != '\0'; at++) {
        http_client_say(client, (char[]){ *at, '\0' });
        event_base_loop(http_under_test.base, EVLOOP_NONBLOCK);
    }
    http_client_until(client, "{POST /p 3}");
    assert_int_equal(http_under_test.asked, 1);
}

static void a_head_has_no_body_and_the_next_answer_follows(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 1, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" GET);
    http_client_until(client, "{GET /a 0}");
    assert_int_equal(http_client_heard(client, "HTTP/1.1 200"), 2);
    assert_int_equal(http_client_heard(client, "{HEAD /a 0}"), 0);
}

static void a_body_may_be_of_the_largest_size_and_no_more(void **state)
{
    char body[1102];
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    memset(body, 'x', sizeof body);
    body[1000] = '\0';
    client = http_fixture_call(0, 0, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    http_client_say(client, body);
    http_client_until(client, "{POST /p 1000}");
    client = http_fixture_call(1, 0,
                               "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 2; i++) {
        http_client_say(client, "1f4\r\n");
        bufferevent_write(client->bev, body, 500);
        http_client_say(client, "\r\n");
    }
    http_client_say(client, "1\r\nx\r\n0\r\n\r\n");
    http_client_until(client, " 413 ");
    assert_int_equal(http_under_test.asked, 1);
}

static void headers_have_a_limit(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 1, "GET /a HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 600; i++)
        http_client_say(client, "X-Some-Header: with a value of some length\r\n");
    http_client_until(client, "HTTP/1.1 4");
    http_client_until_gone(client);
    client = http_fixture_call(1, 1, "GET /");
    for (int i = 0; i < 600; i++) // one line without an end
        http_client_say(client, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    http_client_until_gone(client);
    assert_int_equal(http_under_test.asked, 0);
}

static void answers_are_counted_by_code(void **state)
{
    const struct http_count *counts;

    (void)state;
    http_fixture_open(10, 60000);
    assert_int_equal(http_counts(http_under_test.door)->code, 0);
    http_client_until(http_fixture_call(0, 0, GET GET "PUT /p HTTP/1.1\r\nHost: x\r\n\r\n"),
                      " 405 ");
    counts = http_counts(http_under_test.door);
    assert_int_equal(counts[0].code, 200);
    assert_int_equal(counts[0].n, 2);
    assert_int_equal(counts[1].code, 405);
    assert_int_equal(counts[1].n, 1);
    assert_int_equal(counts[2].code, 0);
}

int main(void)
{
    const struct CMUnitTest sentences[] = {
        http_fixture_test(who_asks_many_at_once_is_answered_in_order),
        http_fixture_test(a_request_letter_by_letter_is_one_request),
        http_fixture_test(a_head_has_no_body_and_the_next_answer_follows),
        http_fixture_test(a_body_may_be_of_the_largest_size_and_no_more),
        http_fixture_test(headers_have_a_limit),
        http_fixture_test(answers_are_counted_by_code),
    };

    return rows_hold_in("http_rows", rows, row_holds, http_fixture_setup, http_fixture_teardown) +
           cmocka_run_group_tests(sentences, NULL, NULL);
}
