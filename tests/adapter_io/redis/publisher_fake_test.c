/* SPDX-License-Identifier: Apache-2.0 */
/* The publisher and a Redis that loses replies, lies, or says nothing. */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "publisher_fixture.h"
#include "support/fake_redis.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static struct fake_redis *fake;

static int setup(void **state)
{
    void *testbed = NULL;
    struct redis_target target = { .text = "the fake" };

    (void)state; // the row
    testbed_setup(&testbed);
    publisher_fixture_open_at(testbed, &target);
    fake = fake_redis_create(publisher_under_test.base, testbed_path(testbed, "redis.sock").text);
    publisher_under_test.options.target = fake_redis_target(fake);
    return 0;
}

static int teardown(void **state)
{
    void *testbed = publisher_under_test.testbed;

    (void)state;
    publisher_destroy(publisher_under_test.publisher);
    publisher_under_test.publisher = NULL;
    fake_redis_destroy(fake);
    publisher_fixture_close();
    return testbed_teardown(&testbed);
}

static void expect_each_once(int n)
{
    publisher_fixture_until_caught_up();
    assert_int_equal(fake_redis_last(fake), n);
    for (int nth = 1; nth <= n; nth++)
        assert_int_equal(fake_redis_times(fake, (uint64_t)nth), 1);
    assert_int_equal(publisher_under_test.confirmed, n);
    testbed_close(publisher_under_test.testbed);
}

/*
 * What Redis does once to a command, before it is well again; each alert stands once all the same.
 */
static const struct mishap {
    const char *says;
    struct fake_habit habit;
    const char *why;
} mishaps[] = {
    { "does it, and the reply is lost", { "EVALSHA", FAKE_DOES_AND_CLOSES, NULL, 1 }, "closed" },
    { "does it three times, and the reply is lost",
      { "EVALSHA", FAKE_DOES_AND_CLOSES, NULL, 3 },
      "closed" },
    { "hangs up before it is done", { "EVALSHA", FAKE_SAYS_AND_CLOSES, "", 2 }, "closed" },
    { "an error", { "EVALSHA", FAKE_SAYS, "-ERR no\r\n", 2 }, "ERR no" },
    { "does not know the function",
      { "EVALSHA", FAKE_SAYS, "-NOSCRIPT No matching\r\n", 1 },
      "NOSCRIPT" },
    { "nothing", { "EVALSHA", FAKE_SAYS, "$-1\r\n", 1 }, "no number" },
    { "a number of another kind", { "EVALSHA", FAKE_SAYS, ":5\r\n", 1 }, "no number" },
    { "a text", { "EVALSHA", FAKE_SAYS, "$1\r\nx\r\n", 1 }, "no number" },
    { "a number with a tail", { "EVALSHA", FAKE_SAYS, "+5x\r\n", 1 }, "no number" },
    { "a number never sent", { "EVALSHA", FAKE_SAYS, "+999\r\n", 1 }, "never sent" },
    { "a number past counting",
      { "EVALSHA", FAKE_SAYS, "+99999999999999999999999\r\n", 1 },
      "never sent" },
    { "a number below nothing", { "EVALSHA", FAKE_SAYS, "+-1\r\n", 1 }, "no number" },
    { "no digest", { "SCRIPT", FAKE_SAYS, "$-1\r\n", 1 }, "no digest" },
    { "a digest too long",
      { "SCRIPT", FAKE_SAYS, "+0123456789012345678901234567890123456789012345678901\r\n", 1 },
      "no digest" },
    { "no functions", { "SCRIPT", FAKE_SAYS, "-ERR unknown command\r\n", 1 }, "unknown command" },
    { "a gap", { "EVALSHA", FAKE_SAYS, "-GAP no\r\n", 1 }, "GAP no" },
    { "where it is as a number", { "EVAL", FAKE_SAYS, ":0\r\n", 1 }, "does not say" },
    { "where it is as nothing", { "EVAL", FAKE_SAYS, "$-1\r\n", 1 }, "does not say" },
    { "half of where it is", { "EVAL", FAKE_SAYS, "+5 5 1-1 1 id at 1-1 stands 0\r\n", 1 }, "does not say" },
    { "more than where it is", { "EVAL", FAKE_SAYS, "+5 5 1-1 1 a b 1-1 stands 0 0 0 0 c\r\n", 1 }, "does not say" },
    { "a number below nothing as the last one",
      { "EVAL", FAKE_SAYS, "+-5 0 - 1 - - - denied 0 0 0 0\r\n", 1 },
      "does not say" },
    { "a last number that Lua cannot count",
      { "EVAL", FAKE_SAYS, "+1000000000000000 0 - 1 - - - denied 0 0 0 0\r\n", 1 },
      "does not say" },
    { "a witness that nobody knows",
      { "EVAL", FAKE_SAYS, "+0 0 - 1 - - - perhaps 0 0 0 0\r\n", 1 },
      "does not say" },
    { "where it is refused", { "EVAL", FAKE_SAYS, "-ERR no\r\n", 1 }, "ERR no" },
    { "where it is lost", { "EVAL", FAKE_DOES_AND_CLOSES, NULL, 1 }, "closed" },
}, beginnings[] = {
    // Not the first EVAL, which asks where it is, but the second one.
    { "a text", { "EVAL", FAKE_SAYS, "+1\r\n", 1 }, "no number to begin" },
    { "refused", { "EVAL", FAKE_SAYS, "-GAP no\r\n", 1 }, "GAP no" },
    { "lost", { "EVAL", FAKE_DOES_AND_CLOSES, NULL, 1 }, "closed" },
};

static void row_holds(void **state)
{
    const struct mishap *row = *state;

    fake_redis_habit(fake, row->habit);
    publisher_fixture_keep(5);
    publisher_fixture_start();
    publisher_fixture_until_away(row->why);
    publisher_fixture_offer(2); // while it is away
    expect_each_once(7);
}

static void it_begins_all_the_same(void **state)
{
    const struct mishap *row = *state;

    fake_redis_habit(fake, row->habit);
    fake_redis_habit(fake, (struct fake_habit){ "EVAL", FAKE_ANSWERS, NULL, 1 });
    publisher_fixture_keep(5);
    publisher_fixture_start();
    publisher_fixture_until_away(row->why);
    expect_each_once(5);
}

static void byte_by_byte_it_goes_on(void **state)
{
    (void)state;
    fake_redis_habit(fake, (struct fake_habit){ NULL, FAKE_DRIBBLES, NULL, 0 });
    publisher_fixture_keep(20);
    publisher_fixture_start();
    expect_each_once(20);
}

static void a_reply_that_never_comes_is_given_up(void **state)
{
    (void)state;
    fake_redis_habit(fake, (struct fake_habit){ "EVALSHA", FAKE_SILENT, NULL, 1 });
    publisher_fixture_keep(5);
    publisher_fixture_start();
    loop_until(publisher_under_test.base, fake_redis_heard(fake, "EVALSHA") == 1);
    loop_hurry(publisher_under_test.base);
    publisher_fixture_until_away("no reply in time");
    expect_each_once(5);
}

/* However many wait, so many are under way and no more. */
static void the_window_is_bounded(void **state)
{
    enum { COMMANDS = PUBLISHER_WINDOW / PUBLISHER_ALERTS_MAX };

    (void)state;
    fake_redis_habit(fake, (struct fake_habit){ "EVALSHA", FAKE_SILENT, NULL, COMMANDS });
    publisher_fixture_keep(2 * PUBLISHER_WINDOW);
    publisher_fixture_start();
    loop_until(publisher_under_test.base, fake_redis_heard(fake, "EVALSHA") >= COMMANDS);
    publisher_fixture_offer(100);
    publisher_pump(publisher_under_test.publisher);
    loop_for(publisher_under_test.base, 50);
    assert_int_equal(fake_redis_heard(fake, "EVALSHA"), COMMANDS);
    assert_int_equal(publisher_under_test.fetches, 1);
    assert_int_equal(publisher_under_test.confirmed, 0);
    fake_redis_hang_up(fake);
    expect_each_once(2 * PUBLISHER_WINDOW + 100);
}

/* A reply of a mebibyte would be as many questions to the pipeline in one turn of the loop. */
static void where_alerts_stand_is_heard_of_no_more_than_were_sent(void **state)
{
    char reply[64 + 4 * PUBLISHER_ALERTS_MAX * 16] = "+5 1 5-0";
    size_t length = strlen(reply);

    (void)state;
    for (int i = 0; i < 4 * PUBLISHER_ALERTS_MAX; i++)
        length += (size_t)snprintf(reply + length, sizeof reply - length, " A/home/1 1-0");
    snprintf(reply + length, sizeof reply - length, "\r\n");
    fake_redis_habit(fake, (struct fake_habit){ "EVALSHA", FAKE_SAYS, reply, 1 });
    publisher_fixture_publish(5);
    assert_int_equal(publisher_under_test.stood, PUBLISHER_ALERTS_MAX);
    testbed_close(publisher_under_test.testbed);
}

static void the_numbers_confirmed_never_go_back_over_a_lost_connection(void **state)
{
    (void)state;
    publisher_fixture_start();
    for (int i = 0; i < 3; i++) {
        publisher_fixture_offer(2);
        publisher_fixture_until_caught_up();
        fake_redis_hang_up(fake);
        loop_until(publisher_under_test.base, !publisher_connected(publisher_under_test.publisher));
    }
    publisher_fixture_until_caught_up();
    assert_string_equal(publisher_under_test.story, "confirmed:2 confirmed:4 confirmed:6 ");
    expect_each_once(6);
}

/* A reload made a new publisher while the ledger was still looking for the old one's alerts. */
static void a_fetch_answered_for_an_older_publisher_makes_no_gap(void **state)
{
    struct fetch asked;

    (void)state;
    publisher_under_test.mute = true;
    publisher_fixture_keep(300);
    publisher_fixture_start();
    loop_until(publisher_under_test.base, publisher_under_test.fetches == 1);
    publisher_fixture_stop();
    publisher_fixture_start();
    loop_until(publisher_under_test.base, publisher_under_test.fetches == 2);
    asked = publisher_under_test.asked;
    publisher_under_test.asked.after = 100; // the old one's question, answered to the new one
    publisher_fixture_answer();
    loop_for(publisher_under_test.base, 20);
    assert_int_equal(fake_redis_last(fake), 0);
    publisher_under_test.asked = asked;
    publisher_fixture_answer();
    publisher_under_test.mute = false;
    expect_each_once(300);
}

static void what_is_not_next_is_not_sent(void **state)
{
    (void)state;
    publisher_under_test.mute = true;
    publisher_fixture_start();
    loop_until(publisher_under_test.base,
               fake_redis_heard(fake, "EVALSHA") == 1); // a look, as there is nothing
    publisher_fixture_keep(3);
    publisher_fixture_offer(2); // four and five, while the ledger still looks for one
    loop_until(publisher_under_test.base, publisher_under_test.fetches == 1);
    loop_for(publisher_under_test.base, 20);
    assert_int_equal(publisher_under_test.asked.after, 0);
    assert_int_equal(fake_redis_last(fake), 0);
    publisher_under_test.mute = false;
    publisher_fixture_answer();
    expect_each_once(5);
}

static void a_ledger_that_cannot_be_read_is_asked_now_and_then_and_not_for_ever(void **state)
{
    (void)state;
    publisher_fixture_start();
    loop_until(publisher_under_test.base, fake_redis_heard(fake, "EVALSHA") == 1);
    publisher_under_test.unreadable = true;
    publisher_fixture_keep(3);
    publisher_pump(publisher_under_test.publisher);
    loop_for(publisher_under_test.base, 50);
    assert_int_equal(publisher_under_test.fetches, 1);
    publisher_pump(publisher_under_test.publisher);
    assert_int_equal(publisher_under_test.fetches, 2);
    loop_for(publisher_under_test.base, 20);
    publisher_under_test.unreadable = false;
    publisher_pump(publisher_under_test.publisher);
    expect_each_once(3);
}

static void where_it_is_while_the_ledger_cannot_be_read_is_asked_again(void **state)
{
    (void)state;
    publisher_under_test.unreadable = true;
    publisher_fixture_keep(3);
    publisher_fixture_start();
    publisher_fixture_until_away("cannot be compared");
    publisher_under_test.unreadable = false;
    expect_each_once(3);
}

/* The retention took them, or the ledger was renumbered: what is left goes out all the same. */
static void numbers_that_the_ledger_has_no_more_are_passed_over(void **state)
{
    (void)state;
    publisher_fixture_keep(200);
    for (int nth = 1; nth <= 200; nth++)
        publisher_under_test.rows[nth].alert.sequence += nth <= 50 ? 40 : nth <= 150 ? 3000 : 5000;
    publisher_under_test.newest = 5300; // and the newest ones are gone too
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    for (int nth = 1; nth <= 200; nth++)
        assert_int_equal(fake_redis_times(fake, publisher_under_test.rows[nth].alert.sequence), 1);
    assert_int_equal(fake_redis_last(fake), 5200);
    publisher_fixture_offer(1);
    publisher_fixture_until_caught_up();
    assert_int_equal(fake_redis_last(fake), 5301);
    testbed_close(publisher_under_test.testbed);
}

static void it_may_be_destroyed_at_any_moment(void **state)
{
    (void)state;
    publisher_destroy(NULL);
    publisher_fixture_keep(300);
    for (int turns = 0; turns < 60; turns++) {
        publisher_fixture_start();
        for (int turn = 0; turn < turns; turn++)
            event_base_loop(publisher_under_test.base, EVLOOP_NONBLOCK);
        publisher_fixture_stop();
    }
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    for (uint64_t nth = 1; nth <= 300; nth++)
        assert_int_equal(fake_redis_times(fake, nth), 1);
    testbed_close(publisher_under_test.testbed);
}

#define fake_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest sentences[] = {
        fake_test(byte_by_byte_it_goes_on),
        fake_test(a_reply_that_never_comes_is_given_up),
        fake_test(the_window_is_bounded),
        fake_test(where_alerts_stand_is_heard_of_no_more_than_were_sent),
        fake_test(the_numbers_confirmed_never_go_back_over_a_lost_connection),
        fake_test(a_fetch_answered_for_an_older_publisher_makes_no_gap),
        fake_test(what_is_not_next_is_not_sent),
        fake_test(a_ledger_that_cannot_be_read_is_asked_now_and_then_and_not_for_ever),
        fake_test(where_it_is_while_the_ledger_cannot_be_read_is_asked_again),
        fake_test(numbers_that_the_ledger_has_no_more_are_passed_over),
        fake_test(it_may_be_destroyed_at_any_moment),
    };

    return rows_hold_in("publisher_fake_mishaps", mishaps, row_holds, setup, teardown) +
           rows_hold_in("publisher_fake_beginnings", beginnings, it_begins_all_the_same, setup,
                        teardown) +
           cmocka_run_group_tests(sentences, NULL, NULL);
}
