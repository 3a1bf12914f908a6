/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redis absent, killed, locked, or something else altogether: pings go on, and nothing gets lost.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test.h"
#include "support/testbed.h"

#define DURABLE "appendonly yes\nappendfsync always\n"

/* In and out so many times from so many rounds on, 220 s a step. */
static void come_and_go(struct testbed *testbed, int from, int rounds)
{
    for (int i = 2 * from; i < 2 * (from + rounds); i++)
        assert_int_equal(testbed_ping(testbed, "tag-1", 220 * i, i % 2 == 0 ? 10 : 500), 200);
}

/* The number that incidents of this ledger begin with: 1, unless Redis was away at its start. */
static int first_number(const struct testbed *testbed)
{
    static const char says[] = "incidents are numbered from ";
    char *log = testbed_read(testbed, "log"), *at = log ? strstr(log, says) : NULL;
    int first = at ? (int)strtol(at + strlen(says), NULL, 10) : 1;

    free(log);
    return first;
}

/* `others` are alerts that the story leaves out. */
static void expect_rounds_and(struct testbed *testbed, int rounds, int others)
{
    int first = first_number(testbed);
    char want[1024] = "";

    for (int i = first; i < first + rounds; i++)
        snprintf(want + strlen(want), sizeof(want) - strlen(want),
                 "breach A/home/%d/1\ncleared A/home/%d/2\n", i, i);
    testbed_expect(testbed, want);
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:alerts"), 2 * rounds + others);
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
}

static void expect_rounds(struct testbed *testbed, int rounds)
{
    expect_rounds_and(testbed, rounds, 0);
}

static void absent_at_the_start_it_gets_everything_later(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_start(testbed, NULL);
    come_and_go(testbed, 0, 3);
    assert_int_equal(testbed_get(testbed, "/readyz"), 200);
    assert_true(testbed_metric(testbed, "breachd_redis_connected") == 0);
    assert_true(testbed_metric(testbed, "breachd_publish_queue_length") == 6);
    assert_in_range(first_number(testbed), 28000000, INT32_MAX); // seconds since 2026
    testbed_redis_start(testbed, "");
    expect_rounds(testbed, 3);
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
    testbed_await_metric(testbed, "breachd_publish_queue_length", 0);
    testbed_close(testbed);
}

static size_t count_in_log(struct testbed *testbed, const char *line)
{
    char *log = testbed_read(testbed, "log");
    size_t n = 0;

    for (const char *at = log; at != NULL && (at = strstr(at, line)) != NULL; at++)
        n++;
    free(log);
    return n;
}

/* Four connections have lost the same Redis: that is one fact, and so is that it is back. */
static void what_is_lost_is_logged_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "redis", "pings", "on");
    testbed_open(testbed, "", NULL);
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
    testbed_await_metric(testbed, "breachd_stream_connected", 1);
    testbed_await_metric(testbed, "breachd_acks_heard", 1);
    testbed_redis_kill(testbed);
    testbed_await_metric(testbed, "breachd_redis_connected", 0);
    testbed_await_metric(testbed, "breachd_stream_connected", 0);
    testbed_await_metric(testbed, "breachd_acks_heard", 0);
    testbed_redis_start(testbed, "");
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
    testbed_await_metric(testbed, "breachd_stream_connected", 1);
    testbed_await_metric(testbed, "breachd_acks_heard", 1);
    assert_int_equal(count_in_log(testbed, "redis.sock: closed the connection\n"), 1);
    assert_in_range(count_in_log(testbed, "redis.sock: Connection refused\n"), 0, 1);
    assert_int_equal(count_in_log(testbed, "redis.sock: connected\n"), 2);
    testbed_close(testbed);
}

static void killed_in_the_middle_it_tells_each_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, DURABLE);
    testbed_start(testbed, NULL);
    for (int i = 0; i < 3; i++) {
        come_and_go(testbed, 2 * i, 1);
        testbed_redis_kill(testbed);
        come_and_go(testbed, 2 * i + 1, 1);
        testbed_redis_start(testbed, DURABLE);
    }
    expect_rounds(testbed, 6);
    testbed_close(testbed);
}

static void forget(struct testbed *testbed)
{
    json_array_clear(testbed->alerts);
    testbed->first = 1;
    strcpy(testbed->newest, "0-0");
}

/* In the open connection, with nothing to send: the heartbeat asks. */
static void what_redis_lost_is_noticed_told_and_sent_again(void **state)
{
    struct testbed *testbed = *state;
    json_t *status;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    come_and_go(testbed, 0, 2);
    assert_int_equal(testbed_ping(testbed, "tag-1", 880, 10), 200);
    assert_int_equal(testbed_gather(testbed), 5);
    assert_true(testbed_metric(testbed, "breachd_redis_losses_total") == 0);
    freeReplyObject(testbed_redis(testbed, "FLUSHALL"));
    testbed_await_metric(testbed, "breachd_redis_losses_total", 1);
    testbed_await_log(testbed, "it lost data: its stream ends with alert 0 of 5");
    forget(testbed);
    assert_int_equal(testbed_gather(testbed), 5);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open A/home/3"), 1);
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    assert_int_equal(json_integer_value(json_object_get(status, "redis_losses")), 1);
    json_decref(status);
    testbed_close(testbed);
}

/* A Redis that keeps nothing is killed; it comes back empty. */
static void a_redis_that_comes_back_empty_gets_it_all_again(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_open(testbed, "", NULL);
    come_and_go(testbed, 0, 1);
    assert_int_equal(testbed_gather(testbed), 2);
    testbed_redis_kill(testbed);
    come_and_go(testbed, 1, 1);
    testbed_redis_start(testbed, "");
    forget(testbed);
    expect_rounds(testbed, 2);
    assert_true(testbed_metric(testbed, "breachd_redis_losses_total") == 1);
    testbed_close(testbed);
}

static void breachd_killed_while_redis_is_away_keeps_it_all(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_start(testbed, NULL);
    come_and_go(testbed, 0, 2);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    come_and_go(testbed, 2, 1);
    testbed_redis_start(testbed, "");
    expect_rounds_and(testbed, 3, 2);
    testbed_close(testbed);
}

static void a_wrong_password_is_complained_of_and_mended(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_print(testbed, "password", "right\n");
    testbed_set(testbed, "breachd.conf", "redis", "password-file", "password");
    testbed_redis_start(testbed, "requirepass wrong\n");
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "WRONGPASS");
    come_and_go(testbed, 0, 1);
    assert_true(testbed_metric(testbed, "breachd_redis_connected") == 0);
    assert_false(testbed_log_has(testbed, "right")); // a password is nobody's news

    freeReplyObject(testbed_redis(testbed, "AUTH wrong"));
    freeReplyObject(testbed_redis(testbed, "CONFIG SET requirepass right"));
    expect_rounds(testbed, 1);
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
    testbed_close(testbed);
}

static int listen_on(int *out_port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 8), 0);
    getsockname(fd, (struct sockaddr *)&at, &size);
    *out_port = ntohs(at.sin_port);
    return fd;
}

static int take_peer(int listener)
{
    assert_true(wait_for(listener, POLLIN, now_ms() + PATIENCE_MS));
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

static void a_peer_that_is_no_redis_is_a_complaint_not_an_end(void **state)
{
    static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    struct testbed *testbed = *state;
    char url[64];
    int port, listener = listen_on(&port), peer;

    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d/0", port);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    testbed_start(testbed, NULL);
    close(take_peer(listener));               // what the ledger asked, as it was new, and gave up
    for (int tries = 0; tries < 2; tries++) { // it comes again, and is not angry
        peer = take_peer(listener);
        assert_int_equal(send(peer, answer, sizeof(answer) - 1, MSG_NOSIGNAL), sizeof(answer) - 1);
        testbed_await_log(testbed, "no Redis");
        come_and_go(testbed, tries, 1);
        close(peer);
    }
    assert_true(testbed_metric(testbed, "breachd_redis_connected") == 0);
    assert_int_equal(testbed_get(testbed, "/readyz"), 200);
    close(listener);
    testbed_close(testbed);
}

static void over_tcp_with_a_database_number_it_is_the_same(void **state)
{
    struct testbed *testbed = *state;
    char url[64];

    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed->redis_port = testbed_free_port();
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d/3", testbed->redis_port);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    testbed_redis_start(testbed, "");
    freeReplyObject(testbed_redis(testbed, "SELECT 3"));
    testbed_start(testbed, NULL);
    come_and_go(testbed, 0, 1);
    expect_rounds(testbed, 1);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(absent_at_the_start_it_gets_everything_later),
        testbed_test(what_is_lost_is_logged_once),
        testbed_test(killed_in_the_middle_it_tells_each_once),
        testbed_test(what_redis_lost_is_noticed_told_and_sent_again),
        testbed_test(a_redis_that_comes_back_empty_gets_it_all_again),
        testbed_test(breachd_killed_while_redis_is_away_keeps_it_all),
        testbed_test(a_wrong_password_is_complained_of_and_mended),
        testbed_test(a_peer_that_is_no_redis_is_a_complaint_not_an_end),
        testbed_test(over_tcp_with_a_database_number_it_is_the_same),
    };

    return cmocka_run_group_tests_name("redis_away", tests, NULL, NULL);
}
