/* SPDX-License-Identifier: Apache-2.0 */
/* A turn of the loop that brings more than it has room for, and what one request does to others. */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include <event2/bufferevent.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test.h"

static int reads, asked_at_last_read;

ssize_t __real_recv(int fd, void *room, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *room, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *room, size_t n, int flags)
{
    reads++;
    asked_at_last_read = http_under_test.asked;
    return __real_recv(fd, room, n, flags);
}

static void begin(void)
{
    reads = http_under_test.asked = 0;
}

enum { MANY = 100, ROOM = 64 }; // of which the inbox has room for HTTP_INBOX_ROWS

static int callers[MANY];

/* Sockets outside of the loop, so that it sees nothing but the door's. */
static void gather(void)
{
    const struct endpoint *at = &http_under_test.at[0];

    for (size_t i = 0; i < MANY; i++) {
        callers[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(callers[i], (const void *)&at->address, at->length), 0);
    }
}

static void disperse(void)
{
    for (size_t i = 0; i < MANY; i++)
        close(callers[i]);
}

static void say_all(size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(write(callers[i], GET, strlen(GET)), strlen(GET));
}

static void hear_all(size_t n)
{
    char heard[1024];

    for (size_t i = 0; i < n; i++)
        assert_true(read(callers[i], heard, sizeof heard) > 0);
}

/* So often that one turn sees them all: libevent asks for twice as many each time. */
static void warm_up(void)
{
    for (int round = 0; round < 4; round++) {
        begin();
        say_all(MANY);
        loop_until(http_under_test.base, http_under_test.asked == MANY);
        hear_all(MANY);
    }
}

static void a_turn_that_brings_more_than_there_is_room_for_serves_all(void **state)
{
    (void)state;
    http_fixture_open(MANY + 1, 60000);
    gather();
    warm_up();
    begin();
    say_all(MANY);
    event_base_loop(http_under_test.base, EVLOOP_ONCE);
    assert_int_equal(reads, MANY);
    assert_int_equal(asked_at_last_read, ROOM);
    assert_int_equal(http_under_test.asked, MANY); // nobody waits for another turn
    hear_all(MANY);
    disperse();
}

/* ---- a connection that another's request ends ---- */

static struct http_stream *stream;

static void on_gone(void *arg)
{
    (void)arg;
    stream = NULL;
}

static const struct http_stream_callbacks callbacks = { .on_gone = on_gone };

/* Caller 0 is told without an end. */
static struct http_client *listener(void)
{
    struct http_client *client;

    http_under_test.holds = true;
    client = http_fixture_call(0, 0, GET);
    loop_until(http_under_test.base, http_under_test.held[0] != NULL);
    stream = http_stream_begin(http_under_test.held[0], "text/event-stream", &callbacks);
    http_under_test.held[0] = NULL;
    http_under_test.holds = false;
    http_client_until(client, "200 OK");
    return client;
}

/* Which is let go: it is only read. */
static void say_x(const struct http_client *client)
{
    assert_int_equal(write(bufferevent_getfd(client->bev), "x", 1), 1);
}

static void drop(void)
{
    if (stream != NULL)
        http_stream_drop(stream);
    stream = NULL;
}

/* Whose turn to be read it is when there is no room: there is some before. */
static void who_would_be_read_next_may_go(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(MANY + 1, 60000);
    client = listener();
    gather();
    warm_up();
    begin();
    http_under_test.meanwhile = drop;
    say_all(ROOM);
    say_x(client);
    event_base_loop(http_under_test.base, EVLOOP_ONCE);
    assert_int_equal(reads, ROOM);
    assert_int_equal(http_under_test.asked, ROOM);
    http_client_until_gone(client);
    hear_all(ROOM);
    disperse();
}

static void what_was_said_by_who_is_ended_by_another_is_let_go(void **state)
{
    struct http_client *client;

    (void)state;
    http_fixture_open(MANY + 1, 60000);
    client = listener();
    gather();
    warm_up();
    begin();
    http_under_test.meanwhile = drop;
    say_all(1);
    say_x(client);
    event_base_loop(http_under_test.base, EVLOOP_ONCE);
    assert_int_equal(reads, 2);
    http_client_until_gone(client);
    hear_all(1);
    disperse();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        http_fixture_test(a_turn_that_brings_more_than_there_is_room_for_serves_all),
        http_fixture_test(who_would_be_read_next_may_go),
        http_fixture_test(what_was_said_by_who_is_ended_by_another_is_let_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
