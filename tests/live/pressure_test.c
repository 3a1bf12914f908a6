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

#include "support/test.h"
#include "support/testbed.h"

enum { HTTP_QUOTA_MAX = 3000 };

struct client_sockets {
    int fds[HTTP_QUOTA_MAX];
    size_t n;
};

static void settle(struct testbed *testbed, const char *max_connections, const char *per_address)
{
    char listen[64];

    testbed->http_port = testbed_free_port();
    snprintf(listen, sizeof(listen), "127.0.0.1:%d, unix:http.sock", testbed->http_port);
    testbed_set(testbed, "breachd.conf", "http", "listen", listen);
    testbed_set(testbed, "breachd.conf", "http", "max-connections", max_connections);
    testbed_set(testbed, "breachd.conf", "http", "max-per-address", per_address);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
}

/* A connection from 127.1.X.Y, of which nothing more is heard; -1 when it is not to be had. */
static int connect_to(const struct testbed *testbed, size_t nth, const char *words)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = from;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    from.sin_addr.s_addr = htonl(0x7f010001 + (uint32_t)nth);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)testbed->http_port);
    if (fd < 0 || bind(fd, (void *)&from, sizeof(from)) != 0)
        fail_msg("no socket for sender %zu", nth);
    if (connect(fd, (void *)&to, sizeof(to)) == 0 || wait_for(fd, POLLOUT, now_ms() + 1000))
        (void)!send(fd, words, strlen(words), MSG_NOSIGNAL);
    return fd;
}

static void sockets_comes(struct testbed *testbed, struct client_sockets *sockets, size_t n,
                          const char *words)
{
    for (; sockets->n < n; sockets->n++)
        sockets->fds[sockets->n] = connect_to(testbed, sockets->n, words);
}

static void sockets_goes(struct client_sockets *sockets)
{
    while (sockets->n > 0)
        close(sockets->fds[--sockets->n]);
}

static void expect_served(struct testbed *testbed)
{
    for (int i = 0; i < 5; i++)
        assert_int_equal(testbed_ping(testbed, "tag-1", i, 2000), 200);
}

static void with_a_thousand_idle_ones_and_room_for_fewer_the_honest_is_served(void **state)
{
    struct testbed *testbed = *state;
    static struct client_sockets sockets;

    settle(testbed, "300", "1000");
    testbed_start(testbed, NULL);
    sockets_comes(testbed, &sockets, 1000, "");
    expect_served(testbed);
    assert_in_range((int)testbed_metric(testbed, "breachd_http_connections"), 1, 300);
    assert_true(testbed_metric(testbed, "breachd_http_ended_total{why=\"crowded\"}") > 0);
    assert_true(testbed_metric(testbed, "breachd_http_pauses_total{why=\"full\"}") > 0);
    sockets_goes(&sockets);
    testbed_close(testbed);
}

static void of_one_address_only_so_many_come_in(void **state)
{
    struct testbed *testbed = *state;
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fds[50];

    settle(testbed, "1000", "10");
    testbed_start(testbed, NULL);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)testbed->http_port);
    for (size_t i = 0; i < 50; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fds[i], (void *)&to, sizeof(to)), 0);
    }
    testbed_await_metric(testbed, "breachd_http_ended_total{why=\"address\"}", 40);
    expect_served(testbed);
    for (size_t i = 0; i < 50; i++)
        close(fds[i]);
    testbed_close(testbed);
}

static void a_flood_of_attempts_does_not_keep_the_honest_out(void **state)
{
    struct testbed *testbed = *state;

    settle(testbed, "200", "1000");
    testbed_start(testbed, NULL);
    for (size_t i = 0; i < 2000; i++) {
        close(connect_to(testbed, i, i % 2 ? "GET /healthz HT" : ""));
        if (i % 500 == 0)
            expect_served(testbed);
    }
    expect_served(testbed);
    assert_true(testbed_metric(testbed, "breachd_http_accepted_total") >= 2000);
    testbed_close(testbed);
}

/* ---- what the kernel does not give ---- */

static void limit_descriptors(struct testbed *testbed, rlim_t n)
{
    struct rlimit limit;

    assert_int_equal(prlimit(testbed->breachd.pid, RLIMIT_NOFILE, NULL, &limit), 0);
    limit.rlim_cur = n;
    assert_int_equal(prlimit(testbed->breachd.pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

static void out_of_descriptors_it_waits_and_goes_on(void **state)
{
    struct testbed *testbed = *state;
    static struct client_sockets sockets;

    settle(testbed, "1000", "1000");
    testbed_start(testbed, NULL);
    expect_served(testbed);
    limit_descriptors(testbed, 40);
    sockets_comes(testbed, &sockets, 100, "");
    testbed_await_log(testbed, "http: cannot accept: Too many open files");
    limit_descriptors(testbed, 1100);
    expect_served(testbed); // who had waited in the backlog comes in too
    assert_true(testbed_metric(testbed, "breachd_http_pauses_total{why=\"descriptors\"}") > 0);
    sockets_goes(&sockets);
    testbed_close(testbed);
}

#ifndef __SANITIZE_ADDRESS__ // which takes terabytes of addresses
static void limit_memory(struct testbed *testbed, rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(prlimit(testbed->breachd.pid, RLIMIT_AS, NULL, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(prlimit(testbed->breachd.pid, RLIMIT_AS, &limit, NULL), 0);
}

static rlim_t memory_used(const struct testbed *testbed)
{
    unsigned long pages;
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/statm", testbed->breachd.pid);
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
    struct testbed *testbed = *state;
    static struct client_sockets sockets;

    settle(testbed, "1000", "1000");
    testbed_start(testbed, NULL);
    expect_served(testbed);
    limit_memory(testbed, memory_used(testbed) + 256 * 1024);
    sockets_comes(testbed, &sockets, 300,
                  "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    memset(half_a_body, ' ', sizeof(half_a_body));
    for (size_t i = 0; i < sockets.n; i++)
        (void)!send(sockets.fds[i], half_a_body, sizeof(half_a_body), MSG_NOSIGNAL | MSG_DONTWAIT);
    for (int i = 0; i < 20; i++) // whatever is answered: it answers, or hangs up, and lives
        testbed_get(testbed, "/healthz");
    assert_true(child_lives(&testbed->breachd));
    sockets_goes(&sockets);
    limit_memory(testbed, RLIM_INFINITY);
    testbed_await_code(testbed, "/readyz", 200);
    expect_served(testbed);
    testbed_close(testbed);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(with_a_thousand_idle_ones_and_room_for_fewer_the_honest_is_served),
        testbed_test(of_one_address_only_so_many_come_in),
        testbed_test(a_flood_of_attempts_does_not_keep_the_honest_out),
        testbed_test(out_of_descriptors_it_waits_and_goes_on),
#ifndef __SANITIZE_ADDRESS__
        testbed_test(out_of_memory_it_lives_and_goes_on),
#endif
    };

    return cmocka_run_group_tests_name("pressure", tests, NULL, NULL);
}
