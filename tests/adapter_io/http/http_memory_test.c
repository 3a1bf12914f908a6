/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory runs out at each allocation of a session in turn, ours and libevent's: the sender is
 * answered or let go, and the next one is served. And no sender holds more than he sent.
 */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/starve.h"
#include "support/test.h"

enum { SESSION_ALLOCATIONS_MAX = 500 };

/* What libevent holds. */
static size_t live;

static void *count_in(void *at)
{
    live += at ? malloc_usable_size(at) : 0;
    return at;
}

static void *take_for_event(size_t n)
{
    return count_in(malloc(n));
}

static void *resize_for_event(void *at, size_t n)
{
    size_t had = at ? malloc_usable_size(at) : 0;
    void *got = realloc(at, n);

    live -= got ? had : 0;
    return count_in(got);
}

static void free_for_event(void *at)
{
    live -= at ? malloc_usable_size(at) : 0;
    free(at);
}

static const struct row {
    const char *says, *bytes, *rest; // the rest: when those have been read
} rows[] = {
    { "a GET", GET, "" },
    { "two at once", GET GET, "" },
    { "a body", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "" },
    { "a body in two, and a request behind it",
      "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", "defghij" GET },
    { "a body in chunks",
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      "" },
    { "what is refused", "hello\r\n\r\n", "" },
};

/* It may have hung up. */
static void say_the_rest(int fd, const char *rest)
{
    for (int i = 0; i < 3; i++) // lets him in, reads, and works at what it has read
        event_base_loop(http_under_test.base, EVLOOP_NONBLOCK);
    send(fd, rest, strlen(rest), MSG_NOSIGNAL);
}

/* The sender needs no memory: it is a socket. Turns until the door has answered or hung up. */
static void say(const struct row *row)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int64_t deadline = now_ms() + PATIENCE_MS;
    char heard[4096] = "";
    size_t n = 0;
    ssize_t got;

    assert_int_equal(
        connect(fd, (void *)&http_under_test.at[0].address, http_under_test.at[0].length), 0);
    assert_int_equal(send(fd, row->bytes, strlen(row->bytes), MSG_NOSIGNAL), strlen(row->bytes));
    if (*row->rest != '\0')
        say_the_rest(fd, row->rest);
    shutdown(fd, SHUT_WR);
    while ((got = recv(fd, heard + n, sizeof heard - 1 - n, MSG_DONTWAIT)) != 0) {
        n += got > 0 ? (size_t)got : 0;
        event_base_loop(http_under_test.base, EVLOOP_NONBLOCK);
        if (now_ms() > deadline)
            fail_msg("neither answered nor let go");
    }
    heard[n] = '\0';
    if (strncmp(heard, "HTTP/1.1 503", 12) == 0)
        assert_non_null(strstr(heard, "\r\nRetry-After: 5\r\n"));
    if (*row->rest != '\0')
        assert_null(strstr(heard, "HTTP/1.1 400")); // one taken for a part of another
    close(fd);
}

/* ---- what a body holds ---- */

/* Each byte with a read of its own, as over TLS each record: it may not keep the block it fills. */
static void a_body_that_comes_byte_by_byte_holds_no_more_than_it_is(void **state)
{
    enum { BYTES = 900, ROOM = 32 * 1024 };
    static const char *const pieces[] = { "1\r\n", "a", "\r\n" };
    struct http_client *client;
    size_t before;

    (void)state;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 0,
                               "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    loop_for(http_under_test.base, 5);
    before = live;
    for (int i = 0; i < 3 * BYTES; i++) {
        http_client_say(client, pieces[i % 3]);
        event_base_loop(http_under_test.base, EVLOOP_NONBLOCK); // goes out
        event_base_loop(http_under_test.base, EVLOOP_NONBLOCK); // comes in
    }
    loop_for(http_under_test.base, 5);
    assert_in_range(live, 0, before + ROOM);
    http_client_say(client, "0\r\n\r\n");
    http_client_until(client, "{POST /p 900}");
}

/* ---- memory runs out ---- */

static void row_holds(void **state)
{
    const struct row *row = *state;
    int failed = 0;

    http_fixture_open(10, 60000);
    for (int n = 1; n <= SESSION_ALLOCATIONS_MAX; n++) {
        int asked;

        starve_begin(STARVE_ONE, n);
        say(row);
        asked = starve_end();
        failed += asked >= n;
        http_client_until(http_fixture_call(0, 0, GET), "{GET /a 0}");
        http_client_leave(&http_under_test.clients[0]);
        loop_until(http_under_test.base, http_connections(http_under_test.door) == 0);
        if (asked < n)
            break; // all of them have failed once
    }
    assert_in_range(failed, 5, SESSION_ALLOCATIONS_MAX - 1);
    assert_true(http_pressure(http_under_test.door)->pauses[HTTP_PAUSE_MEMORY] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        http_fixture_test(a_body_that_comes_byte_by_byte_holds_no_more_than_it_is),
    };

    event_set_mem_functions(take_for_event, resize_for_event, free_for_event);
    return rows_hold_in("http_memory_rows", rows, row_holds, http_fixture_setup,
                        http_fixture_teardown) +
           cmocka_run_group_tests_name("http_memory", tests, NULL, NULL);
}
