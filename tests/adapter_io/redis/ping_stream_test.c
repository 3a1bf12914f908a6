/* SPDX-License-Identifier: Apache-2.0 */
/* What is read of the ping stream, when, and how much; what is acknowledged, and not before. */
#include "adapter/redis/ping_stream.h"
#include "core/track.h"

#include "intake.h"
#include "loop.h"

#include <stdlib.h>

#include "support/test.h"

#define ASKS     "XREADGROUP GROUP breachd essex COUNT 500 "
#define ASKS_NEW ASKS "BLOCK 1000 STREAMS breachd:pings >"

static void ours_comes_first_then_the_dead_ones_then_what_is_new(void **state)
{
    (void)state;
    intake_read_says(INTAKE_OPENING "*1\r\n" INTAKE_ENTRY("2-1"), 1);
    intake_read_says(INTAKE_NOTHING, 1);
    intake_read_says(INTAKE_OPENING "*1\r\n" INTAKE_ENTRY("1-1"), 1);
    intake_start("");
    loop_until(intake.base, intake.given == 2 && intake_heard(ASKS_NEW) == 2);
    loop_for(intake.base, 20);
    assert_int_equal(intake_heard(ASKS_NEW), 2); // without a backlog one at a time: two would block
    assert_int_equal(intake_heard("XGROUP CREATE breachd:pings breachd 0 MKSTREAM"), 1);
    assert_int_equal(intake_heard(ASKS "STREAMS breachd:pings 0-0"), 1);
    assert_int_equal(intake_heard(ASKS "STREAMS breachd:pings 1-1"), 1);
    assert_int_equal(intake_heard("XAUTOCLAIM breachd:pings breachd essex 60000 0-0 COUNT 500"), 1);
    assert_true(ping_stream_is_up(intake.stream));
}

static void a_batch_is_acknowledged_when_it_is_kept_and_not_before(void **state)
{
    (void)state;
    intake_read_says(INTAKE_OPENING "*2\r\n" INTAKE_ENTRY("1-1") INTAKE_ENTRY("1-2"), 1);
    intake_start("");
    loop_until(intake.base, intake.given == 2);
    loop_for(intake.base, 20);
    assert_int_equal(intake_heard("XACK"), 0);
    assert_false(ping_stream_idle(intake.stream));
    intake_settle(0, true);
    loop_until(intake.base, intake_heard("XACK breachd:pings breachd 1-1 1-2") == 1);
    loop_until(intake.base, ping_stream_idle(intake.stream));
}

static void what_is_not_kept_is_read_again_from_the_beginning(void **state)
{
    (void)state;
    intake_read_says(INTAKE_OPENING "*1\r\n" INTAKE_ENTRY("1-1"), 2);
    intake_start("");
    loop_until(intake.base, intake.given == 2); // the second page of ours
    intake_settle(0, false);
    ping_stream_pump(intake.stream);
    loop_for(intake.base, 20);
    assert_int_equal(intake_heard("XGROUP"),
                     1); // while another one is in hand, it would come twice
    intake_settle(0, true);
    loop_until(intake.base, intake_heard("XACK") == 1);
    fake_redis_hang_up(intake.fake); // the question under way is still without an answer
    loop_until(intake.base, intake_heard("XGROUP") == 2);
}

static void when_too_much_is_in_hand_nothing_is_read(void **state)
{
    enum { BATCHES = PING_STREAM_HAND_MAX / PING_STREAM_COUNT };
    char *said = intake_long_answer(PING_STREAM_COUNT, PING_STREAM_COUNT);

    (void)state;
    intake_read_says(said, 0);
    intake_start("");
    loop_until(intake.base, intake.n == BATCHES);
    loop_for(intake.base, 20);
    assert_int_equal(intake_heard("XREADGROUP"), BATCHES);
    ping_stream_pump(intake.stream);
    loop_for(intake.base, 20);
    assert_int_equal(intake.n, BATCHES);
    intake_settle(0, true);
    loop_until(intake.base, intake.n == BATCHES); // one more
    assert_int_equal(intake_heard("XACK"), 1);
    free(said);
}

static void while_the_door_is_shut_nothing_is_read(void **state)
{
    (void)state;
    intake.ready = false;
    intake_start("");
    loop_until(intake.base, ping_stream_is_up(intake.stream));
    loop_for(intake.base, 20);
    assert_int_equal(intake_heard("XGROUP") + intake_heard("XREADGROUP"), 0);
    intake.ready = true;
    ping_stream_pump(intake.stream);
    loop_until(intake.base, intake_heard("XREADGROUP") > 0);
}

/* It shut while the answer was under way: what came is ours, and comes again. */
static void what_finds_the_door_full_is_read_again(void **state)
{
    (void)state;
    intake.full = true;
    intake_read_says(INTAKE_OPENING "*1\r\n" INTAKE_ENTRY("1-1"), 2);
    intake_start("");
    loop_until(intake.base, intake_heard("XREADGROUP") > 0);
    loop_for(intake.base, 20);
    assert_int_equal(intake_heard("XREADGROUP"), 1); // not before it is asked to
    intake.full = false;
    ping_stream_pump(intake.stream);
    loop_until(intake.base, intake.given == 1);
    assert_int_equal(intake_heard("XGROUP"), 2);
}

static void once_stopped_nothing_is_read_and_what_was_is_acknowledged(void **state)
{
    (void)state;
    intake_read_says(INTAKE_OPENING "*1\r\n" INTAKE_ENTRY("1-1"), 1);
    intake_start("");
    loop_until(intake.base, intake.given == 1);
    ping_stream_stop(intake.stream);
    ping_stream_pump(intake.stream);
    intake_settle(0, true);
    loop_until(intake.base, intake_heard("XACK breachd:pings breachd 1-1") == 1);
    loop_until(intake.base, ping_stream_idle(intake.stream));
}

static void receipts_outlive_the_reader(void **state)
{
    (void)state;
    intake_read_says(INTAKE_OPENING "*1\r\n" INTAKE_ENTRY("1-1"), 1);
    intake_start("");
    loop_until(intake.base, intake.given == 1);
    ping_stream_destroy(intake.stream);
    intake.stream = NULL;
    intake_settle(0, true);
}

static void how_much_there_is_is_told_when_redis_knows(void **state)
{
    (void)state;
    intake_start("");
    loop_until(intake.base,
               intake_heard("XGROUP") == 1); // of the stream itself it was asked before
    fake_redis_habit(intake.fake,
                     (struct fake_habit){ "XINFO", FAKE_SAYS,
                                          "*2\r\n*2\r\n$4\r\nname\r\n$5\r\nother\r\n*6\r\n"
                                          "$4\r\nname\r\n$7\r\nbreachd\r\n$7\r\npending\r\n:3\r\n"
                                          "$3\r\nlag\r\n:12\r\n",
                                          1 });
    ping_stream_pump(intake.stream);
    loop_until(intake.base, ping_stream_lag(intake.stream) == 12);
    assert_true(ping_stream_pending(intake.stream) == 3);
    fake_redis_habit(intake.fake, (struct fake_habit){ "XINFO", FAKE_SAYS, "-NOPERM no\r\n", 0 });
    ping_stream_pump(intake.stream);
    loop_until(intake.base, ping_stream_lag(intake.stream) != ping_stream_lag(intake.stream));
    assert_true(ping_stream_is_up(intake.stream));
}

/*
 * If we died now, all of them would come again, and of a device so many are known as such. The
 * rest is asked for anew when what was taken is acknowledged.
 */
static void of_a_device_no_more_is_taken_than_is_known_again(void **state)
{
    char *said = intake_long_answer(30, 2);

    (void)state;
    intake_read_says(said, 2);
    intake_start("");
    loop_until(intake.base, intake.given == 2 * DEVICE_RECENT);
    ping_stream_pump(intake.stream);
    loop_for(intake.base, 20);
    assert_int_equal(intake_heard("XREADGROUP"), 1);
    intake_settle(0, true);
    loop_until(intake.base, intake.given == 4 * DEVICE_RECENT);
    assert_int_equal(intake_heard("XACK"), 1);
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        intake_test(ours_comes_first_then_the_dead_ones_then_what_is_new),
        intake_test(a_batch_is_acknowledged_when_it_is_kept_and_not_before),
        intake_test(what_is_not_kept_is_read_again_from_the_beginning),
        intake_test(when_too_much_is_in_hand_nothing_is_read),
        intake_test(while_the_door_is_shut_nothing_is_read),
        intake_test(what_finds_the_door_full_is_read_again),
        intake_test(once_stopped_nothing_is_read_and_what_was_is_acknowledged),
        intake_test(receipts_outlive_the_reader),
        intake_test(how_much_there_is_is_told_when_redis_knows),
        intake_test(of_a_device_no_more_is_taken_than_is_known_again),
    };

    return cmocka_run_group_tests_name("ping_stream", tests, NULL, NULL);
}
