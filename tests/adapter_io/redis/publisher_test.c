/* SPDX-License-Identifier: Apache-2.0 */
/* The publisher and a real Redis: each alert once, in sequence, whatever Redis is like. */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/test.h"

static void expect_reply(const char *command, const char *want)
{
    redisReply *reply = house_redis(press.house, command);

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
    press_keep(300); // Redis was away
    press_start();
    for (int i = 0; i < 40; i++) {
        press_offer(i % 7 + 1);
        event_base_loop(press.base, EVLOOP_NONBLOCK);
    }
    press_until_caught_up();
    press_expect_stream(1, press.n);
    expect_reply("HGET {breachd}:last essex", "455");
    assert_int_equal(press.n, 455);
    house_close(press.house);
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
    press_keep(6);
    for (int i = 0; i < 6; i++) {
        press.rows[i + 1].alert.effect = steps[i].effect;
        press.rows[i + 1].alert.incident = steps[i].incident;
    }
    press_start();
    press_until_caught_up();
    open = house_redis(press.house, "HGETALL {breachd}:open");
    assert_int_equal(open->elements, 2);
    assert_string_equal(open->element[0]->str, "A/home/1");
    assert_non_null(strstr(open->element[1]->str, "{\"sequence\":\"3\","));
    freeReplyObject(open);
    house_close(press.house);
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
    redisContext *subscriber = house_redis_connect(press.house);

    (void)state;
    freeReplyObject(redisCommand(subscriber, "PSUBSCRIBE nothing"));
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts"));
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts:Basildon"));
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts:"));
    press_keep(3); // the second has an area
    press_start();
    press_until_caught_up();
    expect_message(subscriber, "{breachd}:alerts", "\"sequence\":\"1\"");
    expect_message(subscriber, "{breachd}:alerts", "\"sequence\":\"2\"");
    expect_message(subscriber, "{breachd}:alerts:Basildon", "\"sequence\":\"2\"");
    expect_message(subscriber, "{breachd}:alerts", "\"sequence\":\"3\"");
    redisFree(subscriber);
    house_close(press.house);
}

static void the_heart_beats_with_a_time_to_live_of_three_beats(void **state)
{
    redisContext *subscriber = house_redis_connect(press.house);

    (void)state;
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:heartbeat"));
    press.options.heartbeat_ms = 300;
    press_start();
    loop_poll(press.base, house_redis_number(press.house, "EXISTS {breachd}:heartbeat") == 1);
    expect_reply("GET {breachd}:heartbeat", "{\"sequence\":0}");
    assert_in_range(house_redis_number(press.house, "PTTL {breachd}:heartbeat"), 300, 900);
    expect_message(subscriber, "{breachd}:heartbeat", "{\"sequence\":0}");
    press_stop();
    loop_poll(press.base, house_redis_number(press.house, "EXISTS {breachd}:heartbeat") == 0);
    redisFree(subscriber);
    house_close(press.house);
}

static void the_stream_keeps_about_as_many_as_it_was_told(void **state)
{
    (void)state;
    press.options.alerts_keep = 100;
    press_publish(450);
    assert_in_range(house_redis_number(press.house, "XLEN {breachd}:alerts"), 100, 250);
    press_expect_stream(451 - (int)house_redis_number(press.house, "XLEN {breachd}:alerts"), 450);
    house_close(press.house);
}

static void two_sites_share_a_redis_and_keep_their_own_numbers(void **state)
{
    (void)state;
    press_publish(5);
    press_stop();
    press.options.site = "kent";
    press.confirmed = 0;
    press_start();
    press_until_caught_up();
    assert_int_equal(house_redis_number(press.house, "XLEN {breachd}:alerts"), 10);
    expect_reply("HGET {breachd}:last kent", "5");
    house_close(press.house);
}

/* ---- where to go on ---- */

static void after_a_restart_the_stream_says_where_to_go_on(void **state)
{
    (void)state;
    press_publish(5);
    press_stop();
    press.confirmed = 2; // the mark of the rest was not on disk yet
    press_publish(4);
    press_expect_stream(1, 9);
    assert_non_null(strstr(press.story, "confirmed:5 confirmed:9 "));
    assert_int_equal(press.stood, 5 + 3 + 4); // 3 to 5: of those the word was lost
    house_close(press.house);
}

static void a_redis_that_is_ahead_gives_the_ledger_its_numbers_first(void **state)
{
    (void)state;
    press_redis("HSET {breachd}:last essex 40");
    press_publish(3);
    assert_int_equal(strncmp(press.story, "renumber:40 confirmed:40 ", 25), 0);
    assert_int_equal(press.newest, 43);
    press_expect_stream(1, 3);
    expect_reply("HGET {breachd}:last essex", "43");
    house_close(press.house);
}

static void ahead_of_a_ledger_that_is_slow_nothing_goes_under_an_old_number(void **state)
{
    (void)state;
    press_redis("HSET {breachd}:last essex 40");
    press.slow_to_renumber = true;
    press_keep(3);
    press_start();
    loop_until(press.base, strstr(press.story, "confirmed:40 ") != NULL);
    press_offer(2);
    loop_for(press.base, 50);
    assert_int_equal(house_redis_number(press.house, "EXISTS {breachd}:alerts"), 0);
    house_close(press.house);
}

/*
 * The ledger came out of a backup at 50, and went on to 110 while Redis was away: 51 to 100 in the
 * stream are others than ours.
 */
static void a_redis_that_was_ahead_at_the_start_does_not_swallow_what_came_since(void **state)
{
    (void)state;
    press_redis("HSET {breachd}:last essex 100");
    press_keep(50);
    press.confirmed = 50;
    press_start();
    press_keep(60);
    press_until_caught_up();
    press_expect_stream(51, 110);
    house_close(press.house);
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
    press_keep(1);
    press.rows[1].alert.event = event;
    press_start();
    press_until_caught_up();
    entry = house_redis(press.house, "XRANGE {breachd}:alerts - +");
    arrived = strstr(entry->element[0]->element[1]->element[9]->str, "\"age\":0,");
    assert_non_null(arrived);
    assert_string_equal(arrived + strlen("\"age\":0,"), event + 1);
    freeReplyObject(entry);
    free(event);
    house_close(press.house);
}

/* The age of the newest entry, which has no sequence above 9. */
static int64_t newest_age(void)
{
    redisReply *newest = house_redis(press.house, "XREVRANGE {breachd}:alerts + - COUNT 1");
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
    press_keep(1);
    press.rows[1].alert.event = old;
    press_start();
    press_until_caught_up();
    age = newest_age();
    assert_in_range(age, before - received - 1, time(NULL) - received);
    press_stop();
    press.options.exercise = true; // whose clock is that of the pings
    press_start();
    press_keep(1);
    press.rows[2].alert.event = old;
    press_until_caught_up();
    assert_int_equal(newest_age(), 0);
    house_close(press.house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        press_test(each_alert_stands_in_the_stream_once_in_sequence),
        press_test(open_holds_the_newest_alert_of_what_goes_on),
        press_test(subscribers_hear_of_it_on_both_channels),
        press_test(the_heart_beats_with_a_time_to_live_of_three_beats),
        press_test(the_stream_keeps_about_as_many_as_it_was_told),
        press_test(two_sites_share_a_redis_and_keep_their_own_numbers),
        press_test(after_a_restart_the_stream_says_where_to_go_on),
        press_test(a_redis_that_is_ahead_gives_the_ledger_its_numbers_first),
        press_test(ahead_of_a_ledger_that_is_slow_nothing_goes_under_an_old_number),
        press_test(a_redis_that_was_ahead_at_the_start_does_not_swallow_what_came_since),
        press_test(an_alert_says_how_old_it_is_when_it_goes_out),
        press_test(a_long_event_of_any_letters_arrives_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
