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

#include "support/house.h"
#include "support/test.h"

#define DURABLE "appendonly yes\nappendfsync always\n"

/* In and out so many times from so many rounds on, a minute a step. */
static void come_and_go(struct house *house, int from, int rounds)
{
    for (int i = 2 * from; i < 2 * (from + rounds); i++)
        assert_int_equal(house_ping(house, "tag-1", 60 * i, i % 2 == 0 ? 10 : 900), 200);
}

/* The number that incidents of this ledger begin with: 1, unless Redis was away at its start. */
static int first_number(const struct house *house)
{
    static const char says[] = "incidents are numbered from ";
    char *log = house_read(house, "log"), *at = log ? strstr(log, says) : NULL;
    int first = at ? (int)strtol(at + strlen(says), NULL, 10) : 1;

    free(log);
    return first;
}

/* `others` are alerts that the story leaves out. */
static void expect_rounds_and(struct house *house, int rounds, int others)
{
    int first = first_number(house);
    char want[1024] = "";

    for (int i = first; i < first + rounds; i++)
        snprintf(want + strlen(want), sizeof(want) - strlen(want),
                 "breach A/home/%d/1\ncleared A/home/%d/2\n", i, i);
    house_expect(house, want);
    assert_int_equal(house_redis_number(house, "XLEN {breachd}:alerts"), 2 * rounds + others);
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
}

static void expect_rounds(struct house *house, int rounds)
{
    expect_rounds_and(house, rounds, 0);
}

static void absent_at_the_start_it_gets_everything_later(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_start(house, NULL);
    come_and_go(house, 0, 3);
    assert_int_equal(house_get(house, "/readyz"), 200);
    assert_true(house_metric(house, "breachd_redis_connected") == 0);
    assert_true(house_metric(house, "breachd_publish_queue_length") == 6);
    assert_in_range(first_number(house), 28000000, INT32_MAX); // seconds since 2026
    house_redis_start(house, "");
    expect_rounds(house, 3);
    house_await_metric(house, "breachd_redis_connected", 1);
    house_await_metric(house, "breachd_publish_queue_length", 0);
    house_close(house);
}

static void killed_in_the_middle_it_tells_each_once(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, DURABLE);
    house_start(house, NULL);
    for (int i = 0; i < 3; i++) {
        come_and_go(house, 2 * i, 1);
        house_redis_kill(house);
        come_and_go(house, 2 * i + 1, 1);
        house_redis_start(house, DURABLE);
    }
    expect_rounds(house, 6);
    house_close(house);
}

static void forget(struct house *house)
{
    json_array_clear(house->alerts);
    house->first = 1;
    strcpy(house->newest, "0-0");
}

/* In the open connection, with nothing to send: the heartbeat asks. */
static void what_redis_lost_is_noticed_told_and_sent_again(void **state)
{
    struct house *house = *state;
    json_t *status;

    house_open(house, "", NULL);
    come_and_go(house, 0, 2);
    assert_int_equal(house_ping(house, "tag-1", 240, 10), 200);
    assert_int_equal(house_gather(house), 5);
    assert_true(house_metric(house, "breachd_redis_losses_total") == 0);
    freeReplyObject(house_redis(house, "FLUSHALL"));
    house_await_metric(house, "breachd_redis_losses_total", 1);
    house_await_log(house, "it lost data: its stream ends with alert 0 of 5");
    forget(house);
    assert_int_equal(house_gather(house), 5);
    assert_int_equal(house_redis_number(house, "HEXISTS {breachd}:open A/home/3"), 1);
    assert_int_equal(house_get(house, "/v1/status"), 200);
    status = house_json(house);
    assert_int_equal(json_integer_value(json_object_get(status, "redis_losses")), 1);
    json_decref(status);
    house_close(house);
}

/* A Redis that keeps nothing is killed; it comes back empty. */
static void a_redis_that_comes_back_empty_gets_it_all_again(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    come_and_go(house, 0, 1);
    assert_int_equal(house_gather(house), 2);
    house_redis_kill(house);
    come_and_go(house, 1, 1);
    house_redis_start(house, "");
    forget(house);
    expect_rounds(house, 2);
    assert_true(house_metric(house, "breachd_redis_losses_total") == 1);
    house_close(house);
}

static void breachd_killed_while_redis_is_away_keeps_it_all(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_start(house, NULL);
    come_and_go(house, 0, 2);
    house_kill(house);
    house_start(house, NULL);
    come_and_go(house, 2, 1);
    house_redis_start(house, "");
    expect_rounds_and(house, 3, 2);
    house_close(house);
}

static void a_wrong_password_is_complained_of_and_mended(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_print(house, "password", "right\n");
    house_set(house, "breachd.conf", "redis", "password-file", "password");
    house_redis_start(house, "requirepass wrong\n");
    house_start(house, NULL);
    house_await_log(house, "WRONGPASS");
    come_and_go(house, 0, 1);
    assert_true(house_metric(house, "breachd_redis_connected") == 0);
    assert_false(house_log_has(house, "right")); // a password is nobody's news

    freeReplyObject(house_redis(house, "AUTH wrong"));
    freeReplyObject(house_redis(house, "CONFIG SET requirepass right"));
    expect_rounds(house, 1);
    house_await_metric(house, "breachd_redis_connected", 1);
    house_close(house);
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
    struct house *house = *state;
    char url[64];
    int port, listener = listen_on(&port), peer;

    house_order(house, "A", "tag-1", 0, 200, "");
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d/0", port);
    house_set(house, "breachd.conf", "redis", "url", url);
    house_start(house, NULL);
    close(take_peer(listener));               // what the ledger asked, as it was new, and gave up
    for (int tries = 0; tries < 2; tries++) { // it comes again, and is not angry
        peer = take_peer(listener);
        assert_int_equal(send(peer, answer, sizeof(answer) - 1, MSG_NOSIGNAL), sizeof(answer) - 1);
        house_await_log(house, "no Redis");
        come_and_go(house, tries, 1);
        close(peer);
    }
    assert_true(house_metric(house, "breachd_redis_connected") == 0);
    assert_int_equal(house_get(house, "/readyz"), 200);
    close(listener);
    house_close(house);
}

static void over_tcp_with_a_database_number_it_is_the_same(void **state)
{
    struct house *house = *state;
    char url[64];

    house_order(house, "A", "tag-1", 0, 200, "");
    house->redis_port = house_free_port();
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d/3", house->redis_port);
    house_set(house, "breachd.conf", "redis", "url", url);
    house_redis_start(house, "");
    freeReplyObject(house_redis(house, "SELECT 3"));
    house_start(house, NULL);
    come_and_go(house, 0, 1);
    expect_rounds(house, 1);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(absent_at_the_start_it_gets_everything_later),
        house_test(killed_in_the_middle_it_tells_each_once),
        house_test(what_redis_lost_is_noticed_told_and_sent_again),
        house_test(a_redis_that_comes_back_empty_gets_it_all_again),
        house_test(breachd_killed_while_redis_is_away_keeps_it_all),
        house_test(a_wrong_password_is_complained_of_and_mended),
        house_test(a_peer_that_is_no_redis_is_a_complaint_not_an_end),
        house_test(over_tcp_with_a_database_number_it_is_the_same),
    };

    return cmocka_run_group_tests_name("redis_away", tests, NULL, NULL);
}
