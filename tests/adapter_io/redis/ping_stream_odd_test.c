/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that are no pings, a group that is gone, and a Redis that is none. */
#include "adapter/redis/ping_stream.h"

#include "intake.h"
#include "loop.h"

#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static void what_is_refused_is_moved_at_once(void **state)
{
    (void)state;
    intake_read_says(INTAKE_OPENING
                     "*2\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$3\r\nlat\r\n$1\r\nx\r\n" INTAKE_ENTRY("1-2"),
                     1);
    intake_start("");
    loop_until(intake.base, intake_heard("EVAL") == 1);
    assert_string_equal(intake.why, "device: missing");
    assert_int_equal(intake.given, 1);
    intake_settle(0, true);
    loop_until(intake.base, intake_heard("XACK breachd:pings breachd 1-2") == 1);
}

static void a_group_that_is_gone_is_made_again(void **state)
{
    static const char *const said[] = {
        "-NOGROUP No such key 'breachd:pings' or consumer group\r\n",
        "-UNBLOCKED the stream key no longer exists\r\n",
    };

    (void)state;
    intake_read_says(said[1], 1);
    intake_read_says(said[0], 1);
    fake_redis_habit(intake.fake, (struct fake_habit){ "XGROUP", FAKE_SAYS,
                                                       "-BUSYGROUP Consumer Group name already "
                                                       "exists\r\n",
                                                       1 });
    intake_start("");
    loop_until(intake.base, intake_heard("XGROUP") == 3);
    assert_int_equal(fake_redis_connections(intake.fake), 2);
}

static void more_entries_than_were_asked_for_are_no_answer(void **state)
{
    char *said = intake_long_answer(PING_STREAM_COUNT + 1, 1);

    (void)state;
    intake_read_says(said, 1);
    intake_start("");
    loop_until(intake.base, strstr(ping_stream_why_down(intake.stream), "no entries") != NULL);
    assert_int_equal(intake.given, 0);
    free(said);
}

/* What a Redis that is none says to the first XREADGROUP, and how that is complained of. */
static const struct row {
    const char *says, *said, *why;
} rows[] = {
    { "an error", "-NOPERM this user has no permissions\r\n", "NOPERM" },
    { "an entry that is a text", INTAKE_OPENING "*1\r\n$3\r\n1-1\r\n", "no entries" },
    { "an entry that is a number", INTAKE_OPENING "*1\r\n:1\r\n", "no entries" },
    { "an entry without an id", INTAKE_OPENING "*1\r\n*2\r\n:1\r\n*0\r\n", "no entries" },
    { "an entry of nothing", INTAKE_OPENING "*1\r\n*0\r\n", "no entries" },
    { "an id that is very long",
      INTAKE_OPENING
      "*1\r\n*2\r\n$60\r\n012345678901234567890123456789012345678901234567890123456789"
      "\r\n*0\r\n",
      "no entries" },
    { "texts all the way", "*1\r\n*2\r\n$1\r\na\r\n$2\r\nbc\r\n", "no entries" },
    { "no RESP", "HTTP/1.1 400 Bad Request\r\n", "is no Redis" },
    { "no length", "*1\r\n*x\r\n", "is no Redis" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    intake_read_says(row->said, 1);
    intake_start("");
    loop_until(intake.base, strstr(ping_stream_why_down(intake.stream), row->why) != NULL);
    assert_false(ping_stream_is_up(intake.stream));
    assert_int_equal(intake.given, 0);
    loop_until(intake.base, intake_heard("XGROUP") == 2); // it tries again
    loop_until(intake.base, ping_stream_is_up(intake.stream));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        intake_test(what_is_refused_is_moved_at_once),
        intake_test(a_group_that_is_gone_is_made_again),
        intake_test(more_entries_than_were_asked_for_are_no_answer),
    };

    return rows_hold_in("ping_stream_rows", rows, row_holds, intake_setup, intake_teardown) +
           cmocka_run_group_tests_name("ping_stream_odd", tests, NULL, NULL);
}
