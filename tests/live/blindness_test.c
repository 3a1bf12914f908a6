/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever is blind watched nobody: what is told of it afterwards, whatever ended it. */
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "support/test.h"
#include "support/testbed.h"

static void open_the_testbed(struct testbed *testbed)
{
    testbed_disk_fit(testbed);
    testbed_open(testbed, "", NULL);
}

static void go_blind(struct testbed *testbed)
{
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 503);
    assert_true(testbed_has_header(testbed, "Retry-After"));
    assert_int_equal(testbed_get(testbed, "/readyz"), 503);
}

static int64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* When the lock's file says that breachd lived, in ms since 1970. */
static int64_t last_life(const struct testbed *testbed)
{
    struct stat about;

    assert_int_equal(stat(testbed_path(testbed, "ledger.db-lock").text, &about), 0);
    return about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1000000;
}

/* One a second, as the mark of life would be. */
static void await_next_heartbeat(struct testbed *testbed)
{
    redisReply *first = testbed_redis(testbed, "GET {breachd}:heartbeat"), *next;
    int64_t deadline = now_ms() + PATIENCE_MS;
    bool same;

    do {
        next = testbed_redis(testbed, "GET {breachd}:heartbeat");
        same = next->str == NULL || (first->str != NULL && strcmp(next->str, first->str) == 0);
        freeReplyObject(next);
        if (now_ms() > deadline)
            fail_msg("no heartbeat follows");
    } while (same);
    freeReplyObject(first);
}

static void systemd_is_told_why_and_that_it_is_over(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    go_blind(testbed);
    testbed_hear(testbed);
    assert_non_null(strstr(testbed->notes, "STATUS=blind: ledger: "));
    testbed_reload(testbed);
    assert_null(strstr(testbed->notes, "STATUS=watching")); // a reload makes nobody see
    testbed_hear(testbed);
    assert_null(strstr(testbed->notes, "STATUS=watching"));
    testbed_disk_drain(testbed);
    testbed_await_note(testbed, "STATUS=watching");
    testbed_await_code(testbed, "/readyz", 200);
    testbed_close(testbed);
}

/* Its last words were kept, so the blindness that it died in is ended by the next one. */
static void killed_while_blind_the_gap_begins_with_the_blindness(void **state)
{
    struct testbed *testbed = *state;
    int64_t before = wall_ms(), blind;
    const json_t *alert;

    open_the_testbed(testbed);
    go_blind(testbed);
    blind = wall_ms();
    for (int i = 0; i < 3; i++) // it goes on living, and watching nobody
        await_next_heartbeat(testbed);
    assert_true(last_life(testbed) <= blind);
    assert_true(last_life(testbed) >= before - 2000);
    testbed_kill(testbed);
    testbed_disk_drain(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"sighted\"}", 1);
    testbed_gather(testbed);
    alert = json_array_get(testbed->alerts, json_array_size(testbed->alerts) - 1);
    assert_string_equal(alert_text(alert, "type"), "breachd.sighted");
    assert_non_null(strstr(alert_text(alert, "data.reason"), "nobody watched for "));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(systemd_is_told_why_and_that_it_is_over),
        testbed_test(killed_while_blind_the_gap_begins_with_the_blindness),
    };

    return cmocka_run_group_tests_name("blindness", tests, NULL, NULL);
}
