/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One turn of the loop: what plain sockets say is read first, worked at then, and answered last.
 * The test stands between the door and the kernel.
 */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include <event2/bufferevent.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test.h"

#define CHUNK "a\r\n0123456789\r\n"

enum { WRITES = 4 }; // of the first so many it is known how many had been asked then

static int reads, writes, asked_at_last_read, asked_at_write[WRITES];

ssize_t __real_recv(int fd, void *room, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *room, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *room, size_t n, int flags)
{
    reads++;
    asked_at_last_read = http_under_test.asked;
    return __real_recv(fd, room, n, flags);
}

ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (writes < WRITES)
        asked_at_write[writes] = http_under_test.asked;
    writes++;
    return __real_sendmsg(fd, message, flags);
}

/* Caller `nth` is let in, and has been served once. */
static struct http_client *served(int nth)
{
    struct http_client *client = http_fixture_call(nth, 0, GET);

    http_client_until(client, "{GET /a 0}");
    return client;
}

/* Past the loop, so that the door finds it with whatever else the next turn brings. */
static void say_now(const struct http_client *client, const char *bytes)
{
    ssize_t n = (ssize_t)strlen(bytes);

    assert_int_equal(write(bufferevent_getfd(client->bev), bytes, (size_t)n), n);
}

/* Nobody turns the loop for so long. */
static void pass(int64_t ms)
{
    int64_t until = now_ms() + ms;

    while (now_ms() < until)
        continue;
}

static void begin(void)
{
    reads = writes = http_under_test.asked = 0;
}

static void a_request_costs_one_read_and_one_write(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    client = served(0);
    begin();
    say_now(client, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n01234");
    http_client_until(client, "{POST /p 5}");
    assert_int_equal(reads, 1);
    assert_int_equal(writes, 1);
}

static void pipelined_requests_are_answered_by_one_write(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    client = served(0);
    begin();
    say_now(client, GET GET GET GET "GET /last HTTP/1.1\r\nHost: x\r\n\r\n");
    http_client_until(client, "{GET /last 0}");
    assert_int_equal(http_client_heard(client, "{GET /a 0}"), 5);
    assert_int_equal(reads, 1);
    assert_int_equal(writes, 1);
}

static void all_are_read_before_any_is_served_and_served_before_any_is_answered(void **state)
{
    struct http_client *clients[CALLERS];

    (void)state;
    http_fixture_open(CALLERS, 60000);
    for (int i = 0; i < CALLERS; i++)
        clients[i] = served(i);
    begin();
    for (int i = 0; i < CALLERS; i++)
        say_now(clients[i], "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    event_base_loop(http_under_test.base, EVLOOP_ONCE);
    for (int i = 0; i < CALLERS; i++)
        http_client_until(clients[i], "{GET /b 0}");
    assert_int_equal(reads, CALLERS);
    // One turn of the loop sees 32 sockets at first (libevent 2.1, INITIAL_NEVENT).
    assert_true(asked_at_last_read == 0 || asked_at_last_read == 32);
    assert_true(asked_at_write[0] >= 32);
}

/* Of the others in its turn nobody waits for a body that is worked at for long. */
static void answers_do_not_wait_for_a_long_body(void **state)
{
    struct http_limits limits = http_fixture_limits(10, 60000);
    struct http_client *first, *second;
    char body[10001] = "";

    (void)state;
    limits.max_body = 10000;
    http_fixture_open_with(&limits);
    first = served(0);
    second = served(1);
    memset(body, 'a', 10000);
    begin();
    say_now(first, GET);
    say_now(second, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n");
    say_now(second, body);
    http_client_until(second, "{POST /p 10000}");
    http_client_until(first, "{GET /a 0}");
    assert_int_equal(asked_at_write[0], 1);
}

/* Whose request must be whole within 100 ms; it has begun, and its time is over. */
static struct http_client *overdue(const char *bytes)
{
    struct http_limits limits = http_fixture_limits(10, 60000);
    struct http_client *client;

    limits.request_ms = 100;
    http_fixture_open_with(&limits);
    client = served(0);
    http_client_say(client, bytes);
    loop_until(http_under_test.base, http_under_test.gated == 1);
    pass(150); // the loop sees its time run out and what comes of it now at once
    return client;
}

static void a_request_that_is_whole_as_its_time_runs_out_is_heard(void **state)
{
    struct http_client *client =
        overdue("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNK);

    (void)state;
    say_now(client, "0\r\n\r\n");
    http_client_until(client, "{POST /p 10}");
    assert_int_equal(http_pressure(http_under_test.door)->ends[HTTP_END_SLOW], 0);
    say_now(client, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    http_client_until(client, "{GET /b 0}");
}

static void but_none_that_goes_on_then(void **state)
{
    struct http_client *client =
        overdue("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNK);

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        say_now(client, CHUNK);
        event_base_loop(http_under_test.base, EVLOOP_ONCE);
    }
    assert_int_equal(http_pressure(http_under_test.door)->ends[HTTP_END_SLOW], 1);
    http_client_until_gone(client);
    assert_int_equal(http_client_heard(client, "{POST"), 0);
}

static void who_speaks_as_his_time_runs_out_is_heard(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 100);
    client = served(0);
    pass(150);
    say_now(client, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    http_client_until(client, "{GET /b 0}");
    assert_false(client->gone);
    http_client_until_gone(client); // and is silent then
    assert_int_equal(http_pressure(http_under_test.door)->ends[HTTP_END_IDLE], 1);
}

/* ---- answers that wait for their slot ---- */

/* Else when the first one leaves would tell how long the second takes. */
static void what_is_pipelined_is_worked_at_when_the_answer_before_it_has_left(void **state)
{
    struct http_client *client;

    (void)state;
    http_under_test.slots = true;
    http_fixture_open(10, 60000);
    client = served(0);
    begin();
    say_now(client, GET GET GET);
    loop_until(http_under_test.base, http_client_heard(client, "{GET /a 0}") == 4);
    for (int i = 0; i < 3; i++)
        assert_int_equal(asked_at_write[i], i + 1);
}

static void and_when_those_of_others_have_left_that_are_due(void **state)
{
    struct http_client *clients[2];

    (void)state;
    http_under_test.slots = true;
    http_fixture_open(10, 60000);
    for (int i = 0; i < 2; i++)
        clients[i] = served(i);
    begin();
    for (int i = 0; i < 2; i++)
        say_now(clients[i], GET GET);
    loop_until(http_under_test.base, http_n_delayed(http_under_test.door) == 2);
    pass(HTTP_SLOT_MS + 10);
    for (int i = 0; i < 2; i++)
        loop_until(http_under_test.base, http_client_heard(clients[i], "{GET /a 0}") == 3);
    assert_int_equal(asked_at_write[0], 2);
    assert_int_equal(asked_at_write[1], 2);
    assert_int_equal(http_under_test.asked, 4);
}

/* Two answers, the second of which is the last: what waits goes first. */
static void the_last_answer_comes_behind_those_that_wait(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(10, 60000);
    client = served(0);
    say_now(client, GET "GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    http_client_until(client, "{GET /end 0}");
    http_client_until_gone(client);
    assert_int_equal(http_client_heard(client, "{GET /a 0}"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        http_fixture_test(a_request_costs_one_read_and_one_write),
        http_fixture_test(pipelined_requests_are_answered_by_one_write),
        http_fixture_test(all_are_read_before_any_is_served_and_served_before_any_is_answered),
        http_fixture_test(answers_do_not_wait_for_a_long_body),
        http_fixture_test(a_request_that_is_whole_as_its_time_runs_out_is_heard),
        http_fixture_test(but_none_that_goes_on_then),
        http_fixture_test(who_speaks_as_his_time_runs_out_is_heard),
        http_fixture_test(what_is_pipelined_is_worked_at_when_the_answer_before_it_has_left),
        http_fixture_test(and_when_those_of_others_have_left_that_are_due),
        http_fixture_test(the_last_answer_comes_behind_those_that_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
