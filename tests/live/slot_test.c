/* SPDX-License-Identifier: Apache-2.0 */
/* How long an answer takes tells the holder of a device's token nothing of where the zone lies. */
#include "support/testbed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"
#include "support/token_line.h"

enum { PAIRS = 40, SLOT_MS = 50 }; // HTTP_SLOT_MS of adapter/http/http.h

static void write_tokens(struct testbed *testbed, const char *scope)
{
    FILE *out = fopen(testbed_path(testbed, "tokens").text, "we");

    assert_non_null(out);
    token_line(out, "tag", "secret", scope);
    token_line(out, "ops", "ops", "operator");
    fclose(out);
    testbed_set(testbed, "breachd.conf", "http", "tokens", "tokens");
}

/* Commits so far, by the metrics. */
static int commits(struct testbed *testbed)
{
    static const char series[] = "\nbreachd_ledger_commits_total ";
    const struct request metrics = { .method = "GET", .path = "/metrics" };
    const char *at;

    assert_int_equal(
        testbed_ask_with(testbed, &metrics, "header = \"Authorization: Bearer ops\"\n"), 200);
    at = strstr(testbed->body, series);
    assert_non_null(at);
    return atoi(at + strlen(series));
}

/* Sends a ping so many metres north of the centre, on a connection kept alive: how long it took. */
static int64_t time_ping(const struct testbed *testbed, int fd, int second, double north)
{
    char ping[TESTBED_PING_MAX], request[512], answer[HTTP_CLIENT_ANSWER_MAX];
    int64_t begun;
    int n;

    testbed_ping_print(testbed, "tag-1", second, north, ping);
    n = snprintf(request, sizeof(request),
                 "POST /v1/pings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
                 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(ping), ping);
    begun = now_ms();
    assert_true(http_client_say(fd, request, (size_t)n));
    assert_int_equal(http_client_hear(fd, answer), 200);
    return now_ms() - begun;
}

static int by_size(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* In turn far from the zone and in its ring, so that the machine's moods meet both alike. */
static void measure(struct testbed *testbed, int64_t *far, int64_t *near)
{
    int fd = testbed_door(testbed), second = 0;

    for (int i = 0; i < PAIRS; i++) {
        far[i] = time_ping(testbed, fd, second += 60, 3000 + i);
        near[i] = time_ping(testbed, fd, second += 60, 700 + i);
    }
    qsort(far, PAIRS, sizeof(*far), by_size);
    qsort(near, PAIRS, sizeof(*near), by_size);
    close(fd);
}

static void settle(struct testbed *testbed, const char *scope)
{
    testbed_order(testbed, "A", "tag-1", 0, 200, "warn = 800 m\n");
    write_tokens(testbed, scope);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
}

static void near_and_far_are_answered_in_the_same_slots(void **state)
{
    struct testbed *testbed = *state;
    int64_t far[PAIRS], near[PAIRS];

    settle(testbed, "tag-1");
    measure(testbed, far, near);
    print_message("far %lld, %lld, %lld ms; near %lld, %lld, %lld ms (least, median, most)\n",
                  (long long)far[0], (long long)far[PAIRS / 2], (long long)far[PAIRS - 1],
                  (long long)near[0], (long long)near[PAIRS / 2], (long long)near[PAIRS - 1]);
    // No answer before the first slot, and both medians on the same one, however slow the machine.
    assert_true(far[0] >= SLOT_MS - 1 && near[0] >= SLOT_MS - 1);
    assert_int_equal((far[PAIRS / 2] + SLOT_MS / 2) / SLOT_MS,
                     (near[PAIRS / 2] + SLOT_MS / 2) / SLOT_MS);
    testbed_close(testbed);
}

/*
 * Far from everything for long, so that nothing of it must survive; and yet it waits for the disk.
 */
static void a_far_ping_waits_for_a_commit_like_a_near_one(void **state)
{
    struct testbed *testbed = *state;
    int fd, before, second = 0;

    settle(testbed, "tag-1");
    fd = testbed_door(testbed);
    for (; second < 120; second += 60)
        time_ping(testbed, fd, second, 20000);
    before = commits(testbed);
    for (int i = 0; i < PAIRS; i++)
        time_ping(testbed, fd, second += 60, 20000);
    assert_true(commits(testbed) >= before + PAIRS);
    close(fd);
    testbed_close(testbed);
}

static void a_gateway_does_not_wait(void **state)
{
    struct testbed *testbed = *state;
    int64_t far[PAIRS], near[PAIRS];

    settle(testbed, "*");
    measure(testbed, far, near);
    assert_true(far[0] < SLOT_MS); // the quickest: no time is asserted of a busy machine
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(near_and_far_are_answered_in_the_same_slots),
        testbed_test(a_far_ping_waits_for_a_commit_like_a_near_one),
        testbed_test(a_gateway_does_not_wait),
    };

    return cmocka_run_group_tests_name("slot", tests, NULL, NULL);
}
