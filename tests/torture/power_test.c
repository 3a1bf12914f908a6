/* SPDX-License-Identifier: Apache-2.0 */
/* What is in the stream is on the disk, whenever the power fails. */
#include "power.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "support/test.h"

/* Two people, and a breachd whose writes can be taken back. */
static void open_the_house(struct house *house)
{
    static char notes[300];

    power_begin(house);
    house_disk_fit(house);
    snprintf(notes, sizeof notes, "POWERCUT_NOTES=%s", house_path(house, "notes").text);
    house_environment(house, "LD_PRELOAD=" POWER_SHIMS); // over that of fulldisk alone
    house_environment(house, notes);
    house_order(house, "A", "tag-1", 0, 200, "");
    house_order(house, "B", "tag-2", 0, 200, "");
    house_redis_start(house, "");
    house_start(house, NULL);
}

/* kill -9 between the write of a commit and its sync: in the file, not on the disk. */
static void die_before_the_sync(struct house *house)
{
    house_print(house, "full", "kill\n");
    assert_int_equal(house_ping(house, "tag-2", 0, 10), 0);
    house_kill(house);
}

static bool stream_has(struct house *house, long long n)
{
    return house_redis_number(house, "XLEN {breachd}:alerts") >= n;
}

/* A breachd on a disk that syncs nothing; until it ends, or has told an alert that is the `n`th. */
static void live_without_syncs(struct house *house, long long n)
{
    struct path settings = house_path(house, "breachd.conf"), log = house_path(house, "log");
    const char *argv[] = { BREACHD_PROGRAM, "-c", settings.text, NULL };
    int64_t deadline = now_ms() + PATIENCE_MS;
    int status;

    house_print(house, "full", "sync\n");
    house->breachd = child_start(
        &(struct command){ .argv = argv, .err = log.text, .environment = house->environment });
    while (!child_ends(&house->breachd, 10, &status) && !stream_has(house, n))
        assert_true(now_ms() < deadline);
    house_kill(house);
}

static void lose_the_power(const struct house *house)
{
    struct dice dice = { 0 };

    while (dice_below(&(struct dice){ dice.state }, 2) != 0)
        dice.state++; // until they say: all that was not synced
    assert_true(power_fail(house, &dice) > 0);
    house_remove(house, "full");
}

/*
 * It was: what a killed breachd had written and not synced was read by the next one, and told. The
 * power failed, its number went to another alert, and all that was not marked as published was
 * told once more, after a hole in the sequence.
 */
static void nothing_is_told_that_the_disk_may_lose(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    house_expect(house, "breach A/home/1/1\n");
    die_before_the_sync(house);
    live_without_syncs(house, 2);
    lose_the_power(house);
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-2", 0, 10), 200);
    house_expect(house, "breach A/home/1/1\nbreach B/home/1/1\n");
    assert_false(house_log_has(house, "not this ledger's"));
    house_close(house);
}

/*
 * With a disk that works it is told, though nobody had an answer for
 * it: what is sent again is nothing new.
 */
static void what_a_killed_one_wrote_is_synced_before_it_is_told(void **state)
{
    struct house *house = *state;
    struct dice dice = { 1 };

    open_the_house(house);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    die_before_the_sync(house);
    house_remove(house, "full");
    house_start(house, NULL);
    house_expect(house, "breach A/home/1/1\nbreach B/home/1/1\n");
    house_kill(house);
    power_fail(house, &dice);
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-2", 0, 10), 200);
    house_expect(house, "breach A/home/1/1\nbreach B/home/1/1\n");
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(nothing_is_told_that_the_disk_may_lose),
        house_test(what_a_killed_one_wrote_is_synced_before_it_is_told),
    };

    return cmocka_run_group_tests_name("power", tests, NULL, NULL);
}
