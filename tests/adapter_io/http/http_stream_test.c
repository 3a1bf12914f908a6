/* SPDX-License-Identifier: Apache-2.0 */
/* Answers without an end: what is written comes, who leaves is told of, who takes nothing goes. */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include <event2/bufferevent.h>
#include <string.h>

#include "support/test.h"

enum { LARGE = 256 * 1024 };

static struct {
    struct http_stream *stream;
    int gone, taken;
} heard;

static void on_gone(void *arg)
{
    assert_ptr_equal(arg, &heard);
    heard.gone++;
    heard.stream = NULL;
}

static void on_taken(void *arg)
{
    assert_ptr_equal(arg, &heard);
    heard.taken++;
}

static const struct http_stream_callbacks callbacks = { on_gone, on_taken, &heard };

/* Caller 0 has asked, and is answered without an end; nothing for `idle_ms` ends others. */
static struct http_client *listen_to(int64_t idle_ms)
{
    struct http_client *client;

    memset(&heard, 0, sizeof heard);
    http_fixture_open(10, idle_ms);
    http_under_test.holds = true;
    client = http_fixture_call(0, 0, GET);
    loop_until(http_under_test.base, http_under_test.held[0] != NULL);
    http_add_header(http_under_test.held[0], "X-Own", "yes");
    heard.stream = http_stream_begin(http_under_test.held[0], "text/event-stream", &callbacks);
    http_under_test.held[0] = NULL;
    assert_non_null(heard.stream);
    return client;
}

static void what_is_written_comes_with_a_head_of_no_length(void **state)
{
    struct http_client *client = listen_to(60000);

    (void)state;
    http_client_until(client, "X-Own: yes\r\nConnection: close\r\n\r\n");
    assert_int_equal(http_client_heard(client, "Content-Length"), 0);
    assert_true(http_stream_write(heard.stream, "data: 1\n\n", 9));
    http_client_until(client, "data: 1\n\n");
    loop_until(http_under_test.base, heard.taken > 0 && http_stream_waiting(heard.stream) == 0);
    assert_int_equal(http_counts(http_under_test.door)[0].code, 200);
    assert_int_equal(heard.gone, 0);
}

static void who_leaves_is_told_of_once(void **state)
{
    struct http_client *client = listen_to(60000);

    (void)state;
    http_client_until(client, "200 OK");
    http_client_leave(client);
    loop_until(http_under_test.base, heard.gone == 1);
    assert_int_equal(http_connections(http_under_test.door), 0);
}

/* On an ordinary connection that would be a request, and an answer amid the other. */
static void what_its_sender_goes_on_to_say_is_let_go(void **state)
{
    struct http_client *client = listen_to(60000);

    (void)state;
    http_client_say(client, GET);
    http_stream_write(heard.stream, "first", 5);
    http_client_until(client, "first");
    http_stream_write(heard.stream, "second", 6);
    http_client_until(client, "second");
    assert_int_equal(http_under_test.asked, 1);
}

static void who_only_listens_is_not_idle(void **state)
{
    struct http_client *client = listen_to(50);

    (void)state;
    loop_for(http_under_test.base, 300);
    assert_int_equal(heard.gone, 0);
    http_stream_write(heard.stream, "late", 4);
    http_client_until(client, "late");
}

static void who_takes_nothing_is_sent_away_in_time(void **state)
{
    static const char bytes[LARGE];
    struct http_client *client = listen_to(100);

    (void)state;
    http_client_until(client, "200 OK");
    bufferevent_disable(client->bev, EV_READ);
    for (int i = 0; i < 64; i++) // more than any socket buffer
        assert_true(http_stream_write(heard.stream, bytes, sizeof bytes));
    loop_until(http_under_test.base, heard.gone == 1);
    assert_int_equal(http_pressure(http_under_test.door)->ends[HTTP_END_IDLE], 1);
}

static void an_end_sends_what_waits_and_a_drop_does_not_wait(void **state)
{
    struct http_client *client = listen_to(60000);

    (void)state;
    http_stream_write(heard.stream, "last", 4);
    http_stream_end(heard.stream);
    http_client_until(client, "last");
    http_client_until_gone(client);

    client = http_fixture_call(0, 0, GET);
    loop_until(http_under_test.base, http_under_test.held[0] != NULL);
    heard.stream = http_stream_begin(http_under_test.held[0], "text/plain", &callbacks);
    http_under_test.held[0] = NULL;
    http_stream_drop(heard.stream);
    http_client_until_gone(client);
    loop_until(http_under_test.base, http_connections(http_under_test.door) == 0);
    assert_int_equal(heard.gone, 0); // who ends it knows
}

static void a_door_that_closes_tells_of_each(void **state)
{
    (void)state;
    listen_to(60000);
    http_close(http_under_test.door);
    http_under_test.door = NULL;
    assert_int_equal(heard.gone, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        http_fixture_test(what_is_written_comes_with_a_head_of_no_length),
        http_fixture_test(who_leaves_is_told_of_once),
        http_fixture_test(what_its_sender_goes_on_to_say_is_let_go),
        http_fixture_test(who_only_listens_is_not_idle),
        http_fixture_test(who_takes_nothing_is_sent_away_in_time),
        http_fixture_test(an_end_sends_what_waits_and_a_drop_does_not_wait),
        http_fixture_test(a_door_that_closes_tells_of_each),
    };

    return cmocka_run_group_tests_name("http_stream", tests, NULL, NULL);
}
