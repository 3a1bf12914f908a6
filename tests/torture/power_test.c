/* SPDX-License-Identifier: Apache-2.0 */
/* What is in the stream is on the disk, whenever the power fails. */
#include "power.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "support/test.h"

/* Two people, and a breachd whose writes can be taken back. */
static void open_the_testbed(struct testbed *testbed)
{
    static char notes[300];

    power_begin(testbed);
    testbed_disk_fit(testbed);
    snprintf(notes, sizeof notes, "POWERCUT_NOTES=%s", testbed_path(testbed, "notes").text);
    testbed_environment(testbed, "LD_PRELOAD=" POWER_SHIMS); // over that of fulldisk alone
    testbed_environment(testbed, notes);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
}

/* kill -9 between the write of a commit and its sync: in the file, not on the disk. */
static void die_before_the_sync(struct testbed *testbed)
{
    testbed_print(testbed, "full", "kill\n");
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 10), 0);
    testbed_kill(testbed);
}

static bool stream_has(struct testbed *testbed, long long n)
{
    return testbed_redis_number(testbed, "XLEN {breachd}:alerts") >= n;
}

/* A breachd on a disk that syncs nothing; until it ends, or has told an alert that is the `n`th. */
static void live_without_syncs(struct testbed *testbed, long long n)
{
    struct path settings = testbed_path(testbed, "breachd.conf"),
                log = testbed_path(testbed, "log");
    const char *argv[] = { BREACHD_PROGRAM, "-c", settings.text, NULL };
    int64_t deadline = now_ms() + PATIENCE_MS;
    int status;

    testbed_print(testbed, "full", "sync\n");
    testbed->breachd = child_start(
        &(struct command){ .argv = argv, .err = log.text, .environment = testbed->environment });
    while (!child_ends(&testbed->breachd, 10, &status) && !stream_has(testbed, n))
        assert_true(now_ms() < deadline);
    testbed_kill(testbed);
}

static void lose_the_power(const struct testbed *testbed)
{
    struct dice dice = { 0 };

    while (dice_below(&(struct dice){ dice.state }, 2) != 0)
        dice.state++; // until they say: all that was not synced
    assert_true(power_fail(testbed, &dice) > 0);
    testbed_remove(testbed, "full");
}

/*
 * It was: what a killed breachd had written and not synced was read by the next one, and told. The
 * power failed, its number went to another alert, and all that was not marked as published was
 * told once more, after a hole in the sequence.
 */
static void nothing_is_told_that_the_disk_may_lose(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    die_before_the_sync(testbed);
    live_without_syncs(testbed, 2);
    lose_the_power(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 10), 200);
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\n");
    assert_false(testbed_log_has(testbed, "not this ledger's"));
    testbed_close(testbed);
}

/*
 * With a disk that works it is told, though nobody had an answer for
 * it: what is sent again is nothing new.
 */
static void what_a_killed_one_wrote_is_synced_before_it_is_told(void **state)
{
    struct testbed *testbed = *state;
    struct dice dice = { 1 };

    open_the_testbed(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    die_before_the_sync(testbed);
    testbed_remove(testbed, "full");
    testbed_start(testbed, NULL);
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\n");
    testbed_kill(testbed);
    power_fail(testbed, &dice);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 10), 200);
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(nothing_is_told_that_the_disk_may_lose),
        testbed_test(what_a_killed_one_wrote_is_synced_before_it_is_told),
    };

    return cmocka_run_group_tests_name("power", tests, NULL, NULL);
}
