/* SPDX-License-Identifier: Apache-2.0 */
/* A Redis that refuses a part of it: nothing is lost, and nothing stands in the stream twice. */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "publisher_fixture.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

/* Three alerts: of no effect on `open`, one that opens, one that closes. */
static void keep_three(void)
{
    publisher_fixture_keep(3);
    publisher_under_test.rows[1].alert.effect = EFFECT_NONE;
    publisher_under_test.rows[2].alert.effect = EFFECT_OPEN;
    publisher_under_test.rows[3].alert.effect = EFFECT_CLOSE;
    publisher_under_test.rows[3].alert.incident = publisher_under_test.rows[2].alert.incident;
}

/* ---- a key that holds something else ---- */

static const char *const keys[] = { "{breachd}:alerts", "{breachd}:open", "{breachd}:last",
                                    "{breachd}:todo" };

static void a_key_of_another_type_is_moved_aside_as_it_is(void **state)
{
    const char *const *key = *state;
    redisReply *kept;

    publisher_under_test.options.heartbeat_ms = 50;
    keep_three();
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    for (int i = 0; i < 2; i++) { // and again, with something there already
        freeReplyObject(testbed_redis(publisher_under_test.testbed, "SET %s theirs", *key));
        loop_until(publisher_under_test.base, publisher_under_test.lies == i + 1);
        publisher_fixture_offer(1);
        publisher_fixture_until_caught_up();
    }
    kept = testbed_redis(publisher_under_test.testbed, "GET %s:displaced", *key);
    assert_string_equal(kept->str, "theirs");
    freeReplyObject(kept);
    publisher_fixture_expect_stream(1, 5);
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:open"), 1);
    publisher_fixture_expect_todo();
    testbed_close(publisher_under_test.testbed);
}

/* ---- a command that the user may not give ---- */

static const struct acl_row {
    const char *command;
    int at_most; // so many alerts may reach the stream without it
} commands[] = {
    // hdel, rename: `open` is made anew, and then there is nothing to delete.
    { "hmget", 0 },   { "hset", 0 },   { "hdel", 3 },        { "xadd", 0 },   { "xrevrange", 0 },
    { "xrange", 3 },  { "del", 0 },    { "exists", 0 },      { "eval", 0 },   { "evalsha", 0 },
    { "publish", 3 }, { "script", 0 }, { "script|load", 0 }, { "rename", 3 }, { "ping", 0 },
    { "info", 3 },    { "xinfo", 3 },
};

static void a_command_denied_makes_no_alert_stand_twice(void **state)
{
    const struct acl_row *row = *state;
    long long length;

    freeReplyObject(testbed_redis(publisher_under_test.testbed,
                                  "ACL SETUSER ann on >secret ~* &* +@all -%s", row->command));
    publisher_fixture_as_ann();
    publisher_fixture_start();
    loop_for(publisher_under_test.base, 20); // most of them are denied right here
    keep_three();
    publisher_pump(publisher_under_test.publisher);
    for (int i = 0; i < 4; i++) {
        loop_until(publisher_under_test.base,
                   publisher_why_away(publisher_under_test.publisher)[0] != '\0' ||
                       publisher_confirmed(publisher_under_test.publisher) == 3);
        if (!publisher_connected(publisher_under_test.publisher))
            loop_hurry(publisher_under_test.base);
        loop_for(publisher_under_test.base, 20);
    }
    length = testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts");
    assert_in_range(length, 0, row->at_most);
    publisher_fixture_redis("ACL SETUSER ann +@all");
    if (!publisher_connected(publisher_under_test.publisher))
        loop_hurry(publisher_under_test.base);
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 3);
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "EXISTS {breachd}:open"),
                     0);
    testbed_close(publisher_under_test.testbed);
}

/* The stream is the record: who may not hear of an alert at once must still find it there soon. */
static void without_publish_the_stream_goes_on(void **state)
{
    (void)state;
    publisher_fixture_redis("ACL SETUSER ann on >secret ~* resetchannels +@all");
    publisher_fixture_as_ann();
    publisher_fixture_publish(3);
    publisher_fixture_expect_stream(1, 3);
    testbed_close(publisher_under_test.testbed);
}

/* ---- a wrong password, and then the right one ---- */

static void a_wrong_password_is_told_and_mended_on_the_other_side(void **state)
{
    (void)state;
    publisher_fixture_redis("ACL SETUSER ann on >other ~* &* +@all");
    publisher_fixture_as_ann();
    publisher_fixture_keep(3);
    publisher_fixture_start();
    publisher_fixture_until_away("WRONGPASS");
    publisher_fixture_redis("ACL SETUSER ann >secret");
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 3);
    testbed_close(publisher_under_test.testbed);
}

static void a_redis_without_room_is_waited_for(void **state)
{
    (void)state;
    publisher_fixture_redis("CONFIG SET maxmemory 1");
    keep_three();
    publisher_fixture_start();
    publisher_fixture_until_away("OOM");
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "EXISTS {breachd}:alerts"),
                     0);
    publisher_fixture_redis("CONFIG SET maxmemory 0");
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 3);
    testbed_close(publisher_under_test.testbed);
}

static void a_redis_that_only_reads_is_waited_for(void **state)
{
    (void)state;
    publisher_fixture_redis("REPLICAOF 127.0.0.1 1");
    keep_three();
    publisher_fixture_start();
    loop_until(publisher_under_test.base,
               publisher_why_away(publisher_under_test.publisher)[0] != '\0');
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "EXISTS {breachd}:alerts"),
                     0);
    publisher_fixture_redis("REPLICAOF NO ONE");
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 3);
    testbed_close(publisher_under_test.testbed);
}

/* ---- a last number that is none ---- */

static const char *const no_numbers[] = { "abc", "",   "12x",
                                          "-1",  " 7", "1e3",
                                          "4.5", "+3", "99999999999999999999" };

static void a_last_number_that_is_none_is_put_right(void **state)
{
    const char *const *number = *state;
    redisReply *kept;

    freeReplyObject(
        testbed_redis(publisher_under_test.testbed, "HSET {breachd}:last essex %s", *number));
    publisher_fixture_publish(3);
    kept = testbed_redis(publisher_under_test.testbed, "HGET {breachd}:last essex");
    assert_string_equal(kept->str, "3");
    freeReplyObject(kept);
    assert_int_equal(publisher_under_test.lies, 1);
    publisher_fixture_expect_stream(1, 3);
    testbed_close(publisher_under_test.testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        publisher_fixture_test(without_publish_the_stream_goes_on),
        publisher_fixture_test(a_wrong_password_is_told_and_mended_on_the_other_side),
        publisher_fixture_test(a_redis_without_room_is_waited_for),
        publisher_fixture_test(a_redis_that_only_reads_is_waited_for),
    };

    return rows_hold_in("publisher_denied_keys", keys,
                        a_key_of_another_type_is_moved_aside_as_it_is, publisher_fixture_setup,
                        publisher_fixture_teardown) +
           rows_hold_in("publisher_denied_commands", commands,
                        a_command_denied_makes_no_alert_stand_twice, publisher_fixture_setup,
                        publisher_fixture_teardown) +
           rows_hold_in("publisher_denied_numbers", no_numbers,
                        a_last_number_that_is_none_is_put_right, publisher_fixture_setup,
                        publisher_fixture_teardown) +
           cmocka_run_group_tests_name("publisher_denied", tests, NULL, NULL);
}
