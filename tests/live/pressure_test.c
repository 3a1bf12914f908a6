/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accept under pressure, with numbers that a test can bear; tests/bench/flood has the large ones:
 * an honest sender is served, and the metrics say what happened.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/house.h"
#include "support/test.h"

enum { HTTP_QUOTA_MAX = 3000 };

struct crowd_of_sockets {
    int fds[HTTP_QUOTA_MAX];
    size_t n;
};

static void settle(struct house *house, const char *max_connections, const char *per_address)
{
    char listen[64];

    house->http_port = house_free_port();
    snprintf(listen, sizeof(listen), "127.0.0.1:%d, unix:http.sock", house->http_port);
    house_set(house, "breachd.conf", "http", "listen", listen);
    house_set(house, "breachd.conf", "http", "max-connections", max_connections);
    house_set(house, "breachd.conf", "http", "max-per-address", per_address);
    house_order(house, "A", "tag-1", 0, 200, "");
}

/* A connection from 127.1.X.Y, of which nothing more is heard; -1 when it is not to be had. */
static int connect_to(const struct house *house, size_t nth, const char *words)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = from;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    from.sin_addr.s_addr = htonl(0x7f010001 + (uint32_t)nth);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)house->http_port);
    if (fd < 0 || bind(fd, (void *)&from, sizeof(from)) != 0)
        fail_msg("no socket for sender %zu", nth);
    if (connect(fd, (void *)&to, sizeof(to)) == 0 || wait_for(fd, POLLOUT, now_ms() + 1000))
        (void)!send(fd, words, strlen(words), MSG_NOSIGNAL);
    return fd;
}

static void crowd_comes(struct house *house, struct crowd_of_sockets *crowd, size_t n,
                        const char *words)
{
    for (; crowd->n < n; crowd->n++)
        crowd->fds[crowd->n] = connect_to(house, crowd->n, words);
}

static void crowd_goes(struct crowd_of_sockets *crowd)
{
    while (crowd->n > 0)
        close(crowd->fds[--crowd->n]);
}

static void expect_served(struct house *house)
{
    for (int i = 0; i < 5; i++)
        assert_int_equal(house_ping(house, "tag-1", i, 2000), 200);
}

static void with_a_thousand_idle_ones_and_room_for_fewer_the_honest_is_served(void **state)
{
    struct house *house = *state;
    static struct crowd_of_sockets crowd;

    settle(house, "300", "1000");
    house_start(house, NULL);
    crowd_comes(house, &crowd, 1000, "");
    expect_served(house);
    assert_in_range((int)house_metric(house, "breachd_http_connections"), 1, 300);
    assert_true(house_metric(house, "breachd_http_ended_total{why=\"crowded\"}") > 0);
    assert_true(house_metric(house, "breachd_http_pauses_total{why=\"full\"}") > 0);
    crowd_goes(&crowd);
    house_close(house);
}

static void of_one_address_only_so_many_come_in(void **state)
{
    struct house *house = *state;
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fds[50];

    settle(house, "1000", "10");
    house_start(house, NULL);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)house->http_port);
    for (size_t i = 0; i < 50; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fds[i], (void *)&to, sizeof(to)), 0);
    }
    house_await_metric(house, "breachd_http_ended_total{why=\"address\"}", 40);
    expect_served(house);
    for (size_t i = 0; i < 50; i++)
        close(fds[i]);
    house_close(house);
}

static void a_flood_of_attempts_does_not_keep_the_honest_out(void **state)
{
    struct house *house = *state;

    settle(house, "200", "1000");
    house_start(house, NULL);
    for (size_t i = 0; i < 2000; i++) {
        close(connect_to(house, i, i % 2 ? "GET /healthz HT" : ""));
        if (i % 500 == 0)
            expect_served(house);
    }
    expect_served(house);
    assert_true(house_metric(house, "breachd_http_accepted_total") >= 2000);
    house_close(house);
}

/* ---- what the kernel does not give ---- */

static void limit_descriptors(struct house *house, rlim_t n)
{
    struct rlimit limit;

    assert_int_equal(prlimit(house->breachd.pid, RLIMIT_NOFILE, NULL, &limit), 0);
    limit.rlim_cur = n;
    assert_int_equal(prlimit(house->breachd.pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

static void out_of_descriptors_it_waits_and_goes_on(void **state)
{
    struct house *house = *state;
    static struct crowd_of_sockets crowd;

    settle(house, "1000", "1000");
    house_start(house, NULL);
    expect_served(house);
    limit_descriptors(house, 40);
    crowd_comes(house, &crowd, 100, "");
    house_await_log(house, "http: cannot accept: Too many open files");
    limit_descriptors(house, 1100);
    expect_served(house); // who had waited in the backlog comes in too
    assert_true(house_metric(house, "breachd_http_pauses_total{why=\"descriptors\"}") > 0);
    crowd_goes(&crowd);
    house_close(house);
}

#ifndef __SANITIZE_ADDRESS__ // which takes terabytes of addresses
static void limit_memory(struct house *house, rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(prlimit(house->breachd.pid, RLIMIT_AS, NULL, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(prlimit(house->breachd.pid, RLIMIT_AS, &limit, NULL), 0);
}

static rlim_t memory_used(const struct house *house)
{
    unsigned long pages;
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/statm", house->breachd.pid);
    file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu", &pages), 1);
    fclose(file);
    return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Bodies that never end fill what memory there is. */
static void out_of_memory_it_lives_and_goes_on(void **state)
{
    static char half_a_body[64 * 1024];
    struct house *house = *state;
    static struct crowd_of_sockets crowd;

    settle(house, "1000", "1000");
    house_start(house, NULL);
    expect_served(house);
    limit_memory(house, memory_used(house) + 256 * 1024);
    crowd_comes(house, &crowd, 300,
                "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    memset(half_a_body, ' ', sizeof(half_a_body));
    for (size_t i = 0; i < crowd.n; i++)
        (void)!send(crowd.fds[i], half_a_body, sizeof(half_a_body), MSG_NOSIGNAL | MSG_DONTWAIT);
    for (int i = 0; i < 20; i++) // whatever is answered: it answers, or hangs up, and lives
        house_get(house, "/healthz");
    assert_true(child_lives(&house->breachd));
    crowd_goes(&crowd);
    limit_memory(house, RLIM_INFINITY);
    house_await_code(house, "/readyz", 200);
    expect_served(house);
    house_close(house);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(with_a_thousand_idle_ones_and_room_for_fewer_the_honest_is_served),
        house_test(of_one_address_only_so_many_come_in),
        house_test(a_flood_of_attempts_does_not_keep_the_honest_out),
        house_test(out_of_descriptors_it_waits_and_goes_on),
#ifndef __SANITIZE_ADDRESS__
        house_test(out_of_memory_it_lives_and_goes_on),
#endif
    };

    return cmocka_run_group_tests_name("pressure", tests, NULL, NULL);
}
