/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP door's limits, who leaves too early, and whose socket it is. */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

/* ---- how many ---- */

static void serve_one_after_another(int64_t limit, int n)
{
    http_fixture_open(limit, 60000);
    for (int i = 0; i < n; i++)
        http_fixture_call(i, i % 2, "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < n; i++) {
        http_client_until(&http_under_test.clients[i], "{GET /a 0}");
        assert_in_range(http_connections(http_under_test.door), 0, limit);
    }
    for (int i = 0; i < n; i++)
        http_client_until_gone(&http_under_test.clients[i]);
    assert_int_equal(http_under_test.asked, n);
    assert_int_equal(http_connections(http_under_test.door), 0);
}

static void one_at_a_time_everybody_is_served_in_the_end(void **state)
{
    (void)state;
    serve_one_after_another(1, 8);
}

static void three_at_a_time_everybody_is_served_in_the_end(void **state)
{
    (void)state;
    serve_one_after_another(3, CALLERS);
}

static void whoever_stays_keeps_his_place_until_he_goes(void **state)
{
    (void)state;
    http_fixture_open(2, 60000);
    http_client_until(http_fixture_call(0, 0, GET), "{GET /a 0}");
    http_client_until(http_fixture_call(1, 1, GET), "{GET /a 0}");
    http_fixture_call(2, 0, GET);
    http_fixture_call(3, 1, GET);
    loop_for(http_under_test.base, 150);
    assert_int_equal(http_under_test.asked, 2);
    assert_int_equal(http_connections(http_under_test.door), 2);
    http_client_leave(&http_under_test.clients[0]);
    loop_until(http_under_test.base, http_under_test.asked == 3);
    loop_for(http_under_test.base, 150);
    assert_int_equal(http_under_test.asked, 3);
    http_client_leave(&http_under_test.clients[1]);
    http_client_until(&http_under_test.clients[2], "{GET /a 0}");
    http_client_until(&http_under_test.clients[3], "{GET /a 0}");
    assert_int_equal(http_connections(http_under_test.door), 2);
}

static void the_limit_may_be_raised_while_it_is_reached(void **state)
{
    struct http_limits more = http_fixture_limits(3, 60000);

    (void)state;
    http_fixture_open(1, 60000);
    http_client_until(http_fixture_call(0, 0, GET), "{GET /a 0}");
    http_fixture_call(1, 0, GET);
    http_fixture_call(2, 0, GET);
    loop_for(http_under_test.base, 20);
    assert_int_equal(http_under_test.asked, 1);
    http_set_limits(http_under_test.door, &more);
    http_client_until(&http_under_test.clients[1], "{GET /a 0}");
    http_client_until(&http_under_test.clients[2], "{GET /a 0}");
}

static void connections_are_counted_as_they_come_and_go(void **state)
{
    (void)state;
    http_fixture_open(100, 60000);
    assert_int_equal(http_connections(http_under_test.door), 0);
    for (int i = 0; i < 10; i++)
        http_client_until(http_fixture_call(i, i % 2, GET), "{GET /a 0}");
    assert_int_equal(http_connections(http_under_test.door), 10);
    for (int i = 0; i < 4; i++)
        http_client_leave(&http_under_test.clients[i]);
    loop_until(http_under_test.base, http_connections(http_under_test.door) == 6);
}

/* ---- how long ---- */

static void the_idle_are_sent_away(void **state)
{
    int64_t begin = now_ms();

    (void)state;
    http_fixture_open(10, 1000);
    http_fixture_call(0, 0, "");
    http_fixture_call(1, 1, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
    http_client_until(http_fixture_call(2, 1, GET), "{GET /a 0}");
    for (int i = 0; i < 3; i++)
        http_client_until_gone(&http_under_test.clients[i]);
    assert_in_range(now_ms() - begin, 900, 5000);
    assert_int_equal(http_connections(http_under_test.door), 0);
    assert_int_equal(http_under_test.asked, 1);
}

/* The disk may be slow; who waits for an answer does not idle. */
static void who_waits_for_an_answer_is_not_idle(void **state)
{
    (void)state;
    http_under_test.holds = true;
    http_fixture_open(10, 300);
    http_fixture_call(0, 1, GET);
    loop_until(http_under_test.base, http_under_test.asked == 1);
    loop_for(http_under_test.base, 700);
    assert_false(http_under_test.clients[0].gone);
    http_fixture_answer();
    http_client_until(&http_under_test.clients[0], "{GET /a 0}");
}

/* ---- gone before the answer ---- */

static void the_exchange_outlives_its_sender(void **state)
{
    (void)state;
    http_under_test.holds = true;
    http_fixture_open(CALLERS, 60000);
    for (int i = 0; i < 10; i++)
        http_fixture_call(i, i % 2,
                          "POST /p HTTP/1.1\r\nHost: x\r\nX-A: b\r\nContent-Length: 3\r\n\r\nabc");
    loop_until(http_under_test.base, http_under_test.asked == 10);
    for (int i = 0; i < 10; i++)
        http_client_leave(&http_under_test.clients[i]);
    loop_for(http_under_test.base, 50);
    for (int i = 0; i < 10; i++) {
        size_t length;

        assert_string_equal(http_method(http_under_test.held[i]), "POST");
        assert_string_equal(http_path(http_under_test.held[i]), "/p");
        assert_string_equal(http_header(http_under_test.held[i], "x-a"), "b");
        assert_memory_equal(http_body(http_under_test.held[i], &length), "abc", 3);
        assert_int_equal(length, 3);
        http_add_header(http_under_test.held[i], "X-B", "c");
    }
    http_fixture_answer();
    loop_until(http_under_test.base, http_connections(http_under_test.door) == 0);
    http_under_test.holds = false;
    http_client_until(http_fixture_call(0, 0, GET), "{GET /a 0}");
}

static void half_a_request_and_gone_is_nobodys_request(void **state)
{
    (void)state;
    http_fixture_open(10, 60000);
    http_fixture_call(0, 0, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
    http_fixture_call(1, 1, "POST /p HT");
    http_fixture_call(2, 1,
                      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab");
    loop_until(http_under_test.base, http_connections(http_under_test.door) == 3);
    loop_for(http_under_test.base, 20);
    for (int i = 0; i < 3; i++)
        http_client_leave(&http_under_test.clients[i]);
    loop_until(http_under_test.base, http_connections(http_under_test.door) == 0);
    assert_int_equal(http_under_test.asked, 0);
}

/* ---- the end ---- */

static void stopped_it_takes_nobody_new_and_answers_who_waits(void **state)
{
    (void)state;
    http_fixture_open(10, 60000);
    http_client_until(http_fixture_call(0, 0, GET), "{GET /a 0}"); // stays, and asks nothing
    http_under_test.holds = true;
    http_fixture_call(1, 1, GET GET);
    loop_until(http_under_test.base, http_under_test.asked == 2);
    http_stop_listening(http_under_test.door);
    http_fixture_call(2, 0, GET);
    loop_for(http_under_test.base, 150);
    assert_int_equal(http_under_test.asked, 2);
    http_fixture_answer();
    http_client_until(&http_under_test.clients[1], "{GET /a 0}");
    http_client_until(&http_under_test.clients[1], "Connection: close");
    http_client_until_gone(&http_under_test.clients[1]);
    assert_int_equal(http_under_test.asked, 2);
}

static void closed_with_callers_of_every_kind_it_leaves_nothing(void **state)
{
    (void)state;
    http_under_test.holds = true;
    http_fixture_open(4, 60000);
    http_fixture_call(0, 0, GET); // waits for its answer
    http_fixture_call(1, 1, "POST /p HT");
    http_fixture_call(2, 1, "");
    loop_until(http_under_test.base,
               http_under_test.asked == 1 && http_connections(http_under_test.door) == 3);
    http_fixture_call(3, 0, GET);
    http_fixture_call(4, 0, GET); // one too many
    loop_until(http_under_test.base, http_under_test.asked == 2);
    http_close(http_under_test.door);
    http_under_test.door = NULL;
    http_close(NULL);
    assert_int_equal(access(testbed_path(http_under_test.testbed, "http.sock").text, F_OK), -1);
    for (int i = 0; i < 4; i++)
        http_client_until_gone(&http_under_test.clients[i]);
}

/* ---- whose socket it is ---- */

static void leave_dead_socket(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (void *)&http_under_test.at[0].address, http_under_test.at[0].length),
                     0);
    assert_int_equal(listen(fd, 1), 0);
    close(fd);
}

static void a_dead_socket_is_replaced(void **state)
{
    struct stat about;

    (void)state;
    leave_dead_socket();
    http_fixture_open(10, 60000);
    http_client_until(http_fixture_call(0, 0, GET), "{GET /a 0}");
    assert_int_equal(stat(testbed_path(http_under_test.testbed, "http.sock").text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0660);
}

static void expect_refused(const char *reason)
{
    struct http_limits limits = http_fixture_limits(10, 60000);
    struct http_door *mine = http_under_test.door;
    struct fault why;

    assert_false(http_fixture_try(&limits, &why));
    assert_ptr_equal(http_under_test.door, mine);
    if (strstr(why.text, reason) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", why.text, reason);
}

static void a_socket_that_somebody_listens_at_is_left_to_him(void **state)
{
    (void)state;
    http_fixture_open(10, 60000);
    expect_refused("somebody listens there already");
    http_client_until(http_fixture_call(0, 0, GET), "{GET /a 0}");
}

static void a_file_is_left_as_it_is(void **state)
{
    char *kept;

    (void)state;
    testbed_write(http_under_test.testbed, "http.sock", "mine", 4);
    expect_refused("no socket");
    kept = testbed_read(http_under_test.testbed, "http.sock");
    assert_string_equal(kept, "mine");
    free(kept);
    testbed_remove(http_under_test.testbed, "http.sock");
    assert_int_equal(symlink("elsewhere", testbed_path(http_under_test.testbed, "http.sock").text),
                     0);
    expect_refused("no socket");
    testbed_remove(http_under_test.testbed, "http.sock");
    http_fixture_open(10, 60000);
}

static void a_port_that_is_taken_leaves_no_socket_behind(void **state)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)state;
    assert_int_equal(bind(fd, (void *)&http_under_test.at[1].address, http_under_test.at[1].length),
                     0);
    assert_int_equal(listen(fd, 1), 0);
    expect_refused(strerror(EADDRINUSE));
    assert_int_equal(access(testbed_path(http_under_test.testbed, "http.sock").text, F_OK), -1);
    close(fd);
    http_fixture_open(10, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        http_fixture_test(one_at_a_time_everybody_is_served_in_the_end),
        http_fixture_test(three_at_a_time_everybody_is_served_in_the_end),
        http_fixture_test(whoever_stays_keeps_his_place_until_he_goes),
        http_fixture_test(the_limit_may_be_raised_while_it_is_reached),
        http_fixture_test(connections_are_counted_as_they_come_and_go),
        http_fixture_test(the_idle_are_sent_away),
        http_fixture_test(who_waits_for_an_answer_is_not_idle),
        http_fixture_test(the_exchange_outlives_its_sender),
        http_fixture_test(half_a_request_and_gone_is_nobodys_request),
        http_fixture_test(stopped_it_takes_nobody_new_and_answers_who_waits),
        http_fixture_test(closed_with_callers_of_every_kind_it_leaves_nothing),
        http_fixture_test(a_dead_socket_is_replaced),
        http_fixture_test(a_socket_that_somebody_listens_at_is_left_to_him),
        http_fixture_test(a_file_is_left_as_it_is),
        http_fixture_test(a_port_that_is_taken_leaves_no_socket_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
