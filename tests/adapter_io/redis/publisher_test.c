/* SPDX-License-Identifier: Apache-2.0 */
/* The publisher and a real Redis: each alert once, in sequence, whatever Redis is like. */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "publisher_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/test.h"

static void expect_reply(const char *command, const char *want)
{
    redisReply *reply = testbed_redis(publisher_under_test.testbed, command);

    if (want == NULL)
        assert_int_equal(reply->type, REDIS_REPLY_NIL);
    else
        assert_string_equal(reply->str, want);
    freeReplyObject(reply);
}

/* ---- what arrives ---- */

static void each_alert_stands_in_the_stream_once_in_sequence(void **state)
{
    (void)state;
    publisher_fixture_keep(300); // Redis was away
    publisher_fixture_start();
    for (int i = 0; i < 40; i++) {
        publisher_fixture_offer(i % 7 + 1);
        event_base_loop(publisher_under_test.base, EVLOOP_NONBLOCK);
    }
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, publisher_under_test.n);
    expect_reply("HGET {breachd}:last essex", "455");
    assert_int_equal(publisher_under_test.n, 455);
    testbed_close(publisher_under_test.testbed);
}

static void open_holds_the_newest_alert_of_what_goes_on(void **state)
{
    static const struct {
        enum alert_effect effect;
        const char *incident;
    } steps[] = { { EFFECT_OPEN, "A/home/1" },  { EFFECT_OPEN, "B/home/1" },
                  { EFFECT_OPEN, "A/home/1" },  { EFFECT_NONE, "C/home/1" },
                  { EFFECT_CLOSE, "B/home/1" }, { EFFECT_CLOSE, "D/home/1" } };
    redisReply *open;

    (void)state;
    publisher_fixture_keep(6);
    for (int i = 0; i < 6; i++) {
        publisher_under_test.rows[i + 1].alert.effect = steps[i].effect;
        publisher_under_test.rows[i + 1].alert.incident = steps[i].incident;
    }
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    open = testbed_redis(publisher_under_test.testbed, "HGETALL {breachd}:open");
    assert_int_equal(open->elements, 2);
    assert_string_equal(open->element[0]->str, "A/home/1");
    assert_non_null(strstr(open->element[1]->str, "{\"sequence\":\"3\","));
    freeReplyObject(open);
    testbed_close(publisher_under_test.testbed);
}

static void expect_message(redisContext *subscriber, const char *channel, const char *part)
{
    redisReply *message = NULL;

    assert_int_equal(redisGetReply(subscriber, (void **)&message), REDIS_OK);
    assert_string_equal(message->element[0]->str, "message");
    assert_string_equal(message->element[1]->str, channel);
    if (strstr(message->element[2]->str, part) == NULL)
        fail_msg("%s: \"%s\" lacks \"%s\"", channel, message->element[2]->str, part);
    freeReplyObject(message);
}

static void subscribers_hear_of_it_on_both_channels(void **state)
{
    redisContext *subscriber = testbed_redis_connect(publisher_under_test.testbed);

    (void)state;
    freeReplyObject(redisCommand(subscriber, "PSUBSCRIBE nothing"));
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts"));
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts:Basildon"));
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts:"));
    publisher_fixture_keep(3); // the second has an area
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    expect_message(subscriber, "{breachd}:alerts", "\"sequence\":\"1\"");
    expect_message(subscriber, "{breachd}:alerts", "\"sequence\":\"2\"");
    expect_message(subscriber, "{breachd}:alerts:Basildon", "\"sequence\":\"2\"");
    expect_message(subscriber, "{breachd}:alerts", "\"sequence\":\"3\"");
    redisFree(subscriber);
    testbed_close(publisher_under_test.testbed);
}

static void a_heartbeat_lives_for_three_intervals(void **state)
{
    redisContext *subscriber = testbed_redis_connect(publisher_under_test.testbed);

    (void)state;
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:heartbeat"));
    publisher_under_test.options.heartbeat_ms = 300;
    publisher_fixture_start();
    loop_poll(publisher_under_test.base, testbed_redis_number(publisher_under_test.testbed,
                                                              "EXISTS {breachd}:heartbeat") == 1);
    expect_reply("GET {breachd}:heartbeat", "{\"sequence\":0}");
    assert_in_range(testbed_redis_number(publisher_under_test.testbed, "PTTL {breachd}:heartbeat"),
                    300, 900);
    expect_message(subscriber, "{breachd}:heartbeat", "{\"sequence\":0}");
    publisher_fixture_stop();
    loop_poll(publisher_under_test.base, testbed_redis_number(publisher_under_test.testbed,
                                                              "EXISTS {breachd}:heartbeat") == 0);
    redisFree(subscriber);
    testbed_close(publisher_under_test.testbed);
}

static void the_stream_keeps_about_as_many_as_it_was_told(void **state)
{
    (void)state;
    publisher_under_test.options.alerts_keep = 100;
    publisher_fixture_publish(450);
    assert_in_range(testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts"),
                    100, 250);
    publisher_fixture_expect_stream(
        451 - (int)testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts"),
        450);
    testbed_close(publisher_under_test.testbed);
}

static void two_sites_share_a_redis_and_keep_their_own_numbers(void **state)
{
    (void)state;
    publisher_fixture_publish(5);
    publisher_fixture_stop();
    publisher_under_test.options.site = "kent";
    publisher_under_test.confirmed = 0;
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts"),
                     10);
    expect_reply("HGET {breachd}:last kent", "5");
    testbed_close(publisher_under_test.testbed);
}

/* ---- where to go on ---- */

static void after_a_restart_the_stream_says_where_to_go_on(void **state)
{
    (void)state;
    publisher_fixture_publish(5);
    publisher_fixture_stop();
    publisher_under_test.confirmed = 2; // the mark of the rest was not on disk yet
    publisher_fixture_publish(4);
    publisher_fixture_expect_stream(1, 9);
    assert_non_null(strstr(publisher_under_test.story, "confirmed:5 confirmed:9 "));
    assert_int_equal(publisher_under_test.stood, 5 + 3 + 4); // 3 to 5: of those the word was lost
    testbed_close(publisher_under_test.testbed);
}

static void a_redis_that_is_ahead_gives_the_ledger_its_numbers_first(void **state)
{
    (void)state;
    publisher_fixture_redis("HSET {breachd}:last essex 40");
    publisher_fixture_publish(3);
    assert_int_equal(strncmp(publisher_under_test.story, "renumber:40 confirmed:40 ", 25), 0);
    assert_int_equal(publisher_under_test.newest, 43);
    publisher_fixture_expect_stream(1, 3);
    expect_reply("HGET {breachd}:last essex", "43");
    testbed_close(publisher_under_test.testbed);
}

static void ahead_of_a_ledger_that_is_slow_nothing_goes_under_an_old_number(void **state)
{
    (void)state;
    publisher_fixture_redis("HSET {breachd}:last essex 40");
    publisher_under_test.slow_to_renumber = true;
    publisher_fixture_keep(3);
    publisher_fixture_start();
    loop_until(publisher_under_test.base,
               strstr(publisher_under_test.story, "confirmed:40 ") != NULL);
    publisher_fixture_offer(2);
    loop_for(publisher_under_test.base, 50);
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "EXISTS {breachd}:alerts"),
                     0);
    testbed_close(publisher_under_test.testbed);
}

/*
 * The ledger came out of a backup at 50, and went on to 110 while Redis was away: 51 to 100 in the
 * stream are others than ours.
 */
static void a_redis_that_was_ahead_at_the_start_does_not_swallow_what_came_since(void **state)
{
    (void)state;
    publisher_fixture_redis("HSET {breachd}:last essex 100");
    publisher_fixture_keep(50);
    publisher_under_test.confirmed = 50;
    publisher_fixture_start();
    publisher_fixture_keep(60);
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(51, 110);
    testbed_close(publisher_under_test.testbed);
}

static void a_long_event_of_any_letters_arrives_as_it_is(void **state)
{
    size_t size = 200 * 1000;
    char *event = malloc(size + 1);
    const char *arrived;
    redisReply *entry;

    (void)state;
    assert_non_null(event);
    for (size_t i = 0; i < size; i++)
        event[i] = (char)(i % 255 + 1);
    memcpy(event, "{\"", 2);
    event[size] = '\0';
    publisher_fixture_keep(1);
    publisher_under_test.rows[1].alert.event = event;
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    entry = testbed_redis(publisher_under_test.testbed, "XRANGE {breachd}:alerts - +");
    arrived = strstr(entry->element[0]->element[1]->element[9]->str, "\"age\":0,");
    assert_non_null(arrived);
    assert_string_equal(arrived + strlen("\"age\":0,"), event + 1);
    freeReplyObject(entry);
    free(event);
    testbed_close(publisher_under_test.testbed);
}

/* The age of the newest entry, which has no sequence above 9. */
static int64_t newest_age(void)
{
    redisReply *newest =
        testbed_redis(publisher_under_test.testbed, "XREVRANGE {breachd}:alerts + - COUNT 1");
    const char *event = newest->element[0]->element[1]->element[9]->str;
    long age = -1;

    assert_int_equal(sscanf(event, "{\"sequence\":\"%*1d\",\"age\":%ld,", &age), 1);
    freeReplyObject(newest);
    return age;
}

static void an_alert_says_how_old_it_is_when_it_goes_out(void **state)
{
    static const char old[] = "{\"data\":{\"received\":\"2020-06-23T20:14:06.250Z\"}}";
    const time_t received = 1592943246;
    time_t before = time(NULL);
    int64_t age;

    (void)state;
    publisher_fixture_keep(1);
    publisher_under_test.rows[1].alert.event = old;
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    age = newest_age();
    assert_in_range(age, before - received - 1, time(NULL) - received);
    publisher_fixture_stop();
    publisher_under_test.options.exercise = true; // whose clock is that of the pings
    publisher_fixture_start();
    publisher_fixture_keep(1);
    publisher_under_test.rows[2].alert.event = old;
    publisher_fixture_until_caught_up();
    assert_int_equal(newest_age(), 0);
    testbed_close(publisher_under_test.testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        publisher_fixture_test(each_alert_stands_in_the_stream_once_in_sequence),
        publisher_fixture_test(open_holds_the_newest_alert_of_what_goes_on),
        publisher_fixture_test(subscribers_hear_of_it_on_both_channels),
        publisher_fixture_test(a_heartbeat_lives_for_three_intervals),
        publisher_fixture_test(the_stream_keeps_about_as_many_as_it_was_told),
        publisher_fixture_test(two_sites_share_a_redis_and_keep_their_own_numbers),
        publisher_fixture_test(after_a_restart_the_stream_says_where_to_go_on),
        publisher_fixture_test(a_redis_that_is_ahead_gives_the_ledger_its_numbers_first),
        publisher_fixture_test(ahead_of_a_ledger_that_is_slow_nothing_goes_under_an_old_number),
        publisher_fixture_test(
            a_redis_that_was_ahead_at_the_start_does_not_swallow_what_came_since),
        publisher_fixture_test(an_alert_says_how_old_it_is_when_it_goes_out),
        publisher_fixture_test(a_long_event_of_any_letters_arrives_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
