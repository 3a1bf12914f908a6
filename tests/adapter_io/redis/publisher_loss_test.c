/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Redis that lost data, all of it or a part: noticed while the connection stands, told once, and
 * what the ledger has is there again, each alert once, in sequence; `open` is what the ledger says.
 */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "publisher_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static bool redis_says(const char *command, const char *want)
{
    redisReply *reply = testbed_redis(publisher_under_test.testbed, command);
    bool says = reply->type == REDIS_REPLY_STRING && strcmp(reply->str, want) == 0;

    freeReplyObject(reply);
    return says;
}

/* A field an incident whose newest alert opens or updates it, and none besides. */
static void expect_open(void)
{
    long long open = 0;

    for (int nth = 1; nth <= publisher_under_test.n; nth++) {
        const struct kept_alert *alert = &publisher_under_test.rows[nth].alert;
        char want[32];
        redisReply *newest;

        if (alert->effect != EFFECT_OPEN)
            continue;
        open++;
        snprintf(want, sizeof want, "{\"sequence\":\"%d\",", (int)alert->sequence);
        newest =
            testbed_redis(publisher_under_test.testbed, "HGET {breachd}:open %s", alert->incident);
        assert_int_equal(newest->type, REDIS_REPLY_STRING);
        assert_memory_equal(newest->str, want, strlen(want));
        freeReplyObject(newest);
    }
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:open"),
                     open);
    assert_int_equal(
        testbed_redis_number(publisher_under_test.testbed, "EXISTS {breachd}:open:new"), 0);
    publisher_fixture_expect_todo();
}

static long long connections(void)
{
    redisReply *info = testbed_redis(publisher_under_test.testbed, "INFO stats");
    const char *at = strstr(info->str, "total_connections_received:");
    long long n;

    assert_non_null(at);
    n = strtoll(at + strlen("total_connections_received:"), NULL, 10);
    freeReplyObject(info);
    return n;
}

/* ---- lost while the connection stands, with nothing to send ---- */

static const struct loss {
    const char *says;
    const char *does; // to a stream of 300, of which 100 opened an incident
} losses[] = {
    { "everything", "FLUSHALL" },
    { "the stream", "DEL {breachd}:alerts" },
    { "where it is", "DEL {breachd}:last" },
    { "its last number", "HDEL {breachd}:last essex" },
    { "what is open", "DEL {breachd}:open" },
    { "one that is open", "HDEL {breachd}:open A/home/1" },
    { "one that is not open", "HSET {breachd}:open A/home/999 {}" },
    { "what needs somebody", "DEL {breachd}:todo" },
    { "one that needs nobody", "HSET {breachd}:todo A/home/999 {}" },
};

static void what_it_lost_is_there_again(void **state)
{
    const struct loss *row = *state;
    long long before;

    publisher_under_test.options.heartbeat_ms = 50;
    publisher_fixture_publish(300);
    assert_int_equal(publisher_under_test.losses, 0);
    before = connections();
    publisher_fixture_redis(row->does);
    loop_until(publisher_under_test.base, publisher_under_test.losses == 1);
    loop_poll(publisher_under_test.base, publisher_caught_up(publisher_under_test.publisher) &&
                                             testbed_redis_number(publisher_under_test.testbed,
                                                                  "XLEN {breachd}:alerts") == 300);
    publisher_fixture_expect_stream(1, 300);
    loop_poll(publisher_under_test.base,
              testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:open") == 100 &&
                  testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:todo") == 100);
    expect_open();
    publisher_fixture_offer(3);
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 303);
    expect_open();
    assert_int_equal(publisher_under_test.losses, 1);
    assert_int_equal(connections(), before);
    testbed_close(publisher_under_test.testbed);
}

static void lost_with_alerts_under_way_each_stands_once(void **state)
{
    (void)state;
    publisher_fixture_publish(20);
    for (int i = 0; i < 40; i++) {
        publisher_fixture_offer(i % 7 + 1);
        event_base_loop(publisher_under_test.base, EVLOOP_NONBLOCK);
        if (i % 10 == 5)
            publisher_fixture_redis("FLUSHALL");
    }
    publisher_fixture_offer(1);
    loop_until(publisher_under_test.base, publisher_caught_up(publisher_under_test.publisher));
    loop_poll(publisher_under_test.base,
              testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts") ==
                  publisher_under_test.n);
    publisher_fixture_expect_stream(1, publisher_under_test.n);
    expect_open();
    assert_in_range(publisher_under_test.losses, 1, 4);
    testbed_close(publisher_under_test.testbed);
}

/*
 * A second loss of the connection finds it half sent again: the rest is still to be sent. The
 * ledger tells a quarter more at each cut, so that however late a cut comes it is never all.
 */
static void cut_off_while_it_is_sent_again_all_of_it_is(void **state)
{
    enum { CUTS = 3, PART = PUBLISHER_FIXTURE_MAX / (CUTS + 1) };
    uint64_t before = 0;

    (void)state;
    publisher_under_test.options.heartbeat_ms = 50;
    publisher_fixture_publish(PUBLISHER_FIXTURE_MAX);
    publisher_fixture_redis("FLUSHALL");
    for (int cut = 0; cut < CUTS; cut++) {
        publisher_under_test.told_to = (uint64_t)(cut + 1) * PART;
        loop_until(publisher_under_test.base,
                   publisher_under_test.losses > 0 &&
                       publisher_confirmed(publisher_under_test.publisher) > before);
        before = publisher_confirmed(publisher_under_test.publisher);
        assert_in_range(before, 1, PUBLISHER_FIXTURE_MAX - 1); // half way
        publisher_fixture_redis("CLIENT KILL TYPE normal SKIPME yes");
        publisher_fixture_until_away("");
    }
    publisher_under_test.told_to = 0;
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, PUBLISHER_FIXTURE_MAX);
    expect_open();
    testbed_close(publisher_under_test.testbed);
}

/* ---- an older state: what a replica had that lacks the last second, or a dump ---- */

static redisReply *dump(const char *key)
{
    return testbed_redis(publisher_under_test.testbed, "DUMP {breachd}:%s", key);
}

static void an_older_state_gets_what_came_since(void **state)
{
    static const char *const keys[] = { "alerts", "open", "last" };
    redisReply *old[3];

    (void)state;
    publisher_under_test.options.heartbeat_ms = 50;
    publisher_fixture_publish(100);
    for (int i = 0; i < 3; i++)
        old[i] = dump(keys[i]);
    publisher_fixture_offer(70);
    publisher_fixture_until_caught_up();
    publisher_fixture_redis("MULTI");
    for (int i = 0; i < 3; i++) {
        freeReplyObject(testbed_redis(publisher_under_test.testbed,
                                      "RESTORE {breachd}:%s 0 %b REPLACE", keys[i], old[i]->str,
                                      (size_t)old[i]->len));
        freeReplyObject(old[i]);
    }
    publisher_fixture_redis("EXEC");
    loop_until(publisher_under_test.base, publisher_under_test.losses == 1);
    loop_poll(publisher_under_test.base,
              testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts") == 170);
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 170);
    expect_open();
    assert_int_equal(publisher_under_test.losses, 1);
    testbed_close(publisher_under_test.testbed);
}

static void a_redis_that_comes_back_empty_gets_everything(void **state)
{
    (void)state;
    publisher_fixture_publish(300);
    testbed_redis_kill(publisher_under_test.testbed);
    publisher_fixture_until_away("");
    publisher_fixture_offer(2);
    testbed_redis_start(publisher_under_test.testbed, ""); // it keeps nothing over a restart
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 302);
    expect_open();
    assert_int_equal(publisher_under_test.losses, 1);
    testbed_close(publisher_under_test.testbed);
}

static void of_an_emptied_stream_the_newest_that_it_keeps_are_sent_again(void **state)
{
    (void)state;
    publisher_under_test.options.alerts_keep = 100;
    publisher_fixture_publish(450);
    publisher_fixture_redis("FLUSHALL");
    publisher_fixture_offer(1);
    loop_until(publisher_under_test.base, publisher_under_test.losses == 1);
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(352, 451);
    expect_open();
    testbed_close(publisher_under_test.testbed);
}

/* But what was never confirmed goes out, however much it is. */
static void what_was_never_sent_is_sent_whatever_the_stream_keeps(void **state)
{
    redisContext *subscriber = testbed_redis_connect(publisher_under_test.testbed);

    (void)state;
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts"));
    publisher_under_test.options.alerts_keep = 100;
    publisher_fixture_keep(250);
    publisher_under_test.confirmed = 50; // by a Redis that has lost it since
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    for (int nth = 51; nth <= 250; nth++) {
        redisReply *message = NULL;
        char want[32];

        snprintf(want, sizeof want, "{\"sequence\":\"%d\",", nth);
        assert_int_equal(redisGetReply(subscriber, (void **)&message), REDIS_OK);
        assert_memory_equal(message->element[2]->str, want, strlen(want));
        freeReplyObject(message);
    }
    redisFree(subscriber);
    testbed_close(publisher_under_test.testbed);
}

/* ---- what is open ---- */

static void whenever_it_comes_up_open_is_what_the_ledger_says(void **state)
{
    (void)state;
    publisher_fixture_redis("HSET {breachd}:open X/gone/1 {} A/home/4 old");
    publisher_fixture_redis(
        "HSET {breachd}:open:new X/half/1 {}");          // of a beginning that was cut short
    publisher_fixture_keep(3 * 2 * PUBLISHER_PAGE + 20); // of three, one opens
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    expect_open();
    assert_in_range(publisher_under_test.pages, 3, 5);
    assert_int_equal(publisher_under_test.losses, 0);
    testbed_close(publisher_under_test.testbed);
}

/* 1 opened and 2 closed while Redis was away: `open` is the present before the past is out. */
static void open_does_not_go_through_the_past_again(void **state)
{
    redisContext *watcher = testbed_redis_connect(publisher_under_test.testbed);

    (void)state;
    publisher_fixture_keep(40);
    for (int nth = 1; nth <= 40; nth++) {
        publisher_under_test.rows[nth].alert.incident = "A/home/1";
        publisher_under_test.rows[nth].alert.effect = nth < 40 ? EFFECT_OPEN : EFFECT_CLOSE;
    }
    publisher_fixture_redis("CONFIG SET notify-keyspace-events Kh");
    freeReplyObject(redisCommand(watcher, "PSUBSCRIBE __keyspace@0__:{breachd}:open"));
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts"),
                     40);
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "EXISTS {breachd}:open"),
                     0);
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed,
                                          "PUBLISH __keyspace@0__:{breachd}:open end"),
                     1);
    redisReply *heard = NULL;
    assert_int_equal(redisGetReply(watcher, (void **)&heard), REDIS_OK);
    assert_string_equal(heard->element[3]->str, "end"); // and no hset before it
    freeReplyObject(heard);
    redisFree(watcher);
    testbed_close(publisher_under_test.testbed);
}

/* ---- two sites with one prefix ---- */

static void a_site_that_shares_the_prefix_keeps_what_it_has(void **state)
{
    static const char theirs[] = "{\"sequence\":\"5\",\"source\":\"/breachd/kent\"}";
    static const char need[] =
        "{\"alert\":{\"sequence\":\"5\",\"source\":\"/breachd/kent\"},\"by\":null,\"note\":null,"
        "\"shelved\":null}";

    (void)state;
    publisher_fixture_redis("HSET {breachd}:last kent 5 #open 1 #todo 1");
    freeReplyObject(
        testbed_redis(publisher_under_test.testbed, "HSET {breachd}:open K/home/1 %s", theirs));
    freeReplyObject(
        testbed_redis(publisher_under_test.testbed, "HSET {breachd}:todo K/home/1 %s", need));
    publisher_fixture_publish(9);
    assert_true(redis_says("HGET {breachd}:open K/home/1", theirs));
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:open"), 4);
    assert_true(redis_says("HGET {breachd}:todo K/home/1", need));
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:todo"), 4);
    assert_true(redis_says("HGET {breachd}:last kent", "5"));
    testbed_close(publisher_under_test.testbed);
}

/* Another site's alerts pushed ours out of the stream: that is no loss. */
static void what_was_trimmed_to_make_room_is_not_lost(void **state)
{
    (void)state;
    publisher_under_test.options.heartbeat_ms = 50;
    publisher_under_test.options.alerts_keep = 100;
    publisher_fixture_publish(9);
    for (int i = 0; i < 300; i++)
        publisher_fixture_redis(
            "XADD {breachd}:alerts MAXLEN ~ 100 * id kent/1 type t area a severity s event e");
    for (int i = 0; i < 5; i++) // heartbeats
        loop_poll(publisher_under_test.base, testbed_redis_number(publisher_under_test.testbed,
                                                                  "DEL {breachd}:heartbeat") == 1);
    publisher_fixture_offer(1);
    publisher_fixture_until_caught_up();
    publisher_fixture_redis("CLIENT KILL TYPE normal SKIPME yes");
    publisher_fixture_offer(1);
    publisher_fixture_until_caught_up();
    assert_int_equal(publisher_under_test.losses, 0);
    testbed_close(publisher_under_test.testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        publisher_fixture_test(lost_with_alerts_under_way_each_stands_once),
        publisher_fixture_test(cut_off_while_it_is_sent_again_all_of_it_is),
        publisher_fixture_test(an_older_state_gets_what_came_since),
        publisher_fixture_test(a_redis_that_comes_back_empty_gets_everything),
        publisher_fixture_test(of_an_emptied_stream_the_newest_that_it_keeps_are_sent_again),
        publisher_fixture_test(what_was_never_sent_is_sent_whatever_the_stream_keeps),
        publisher_fixture_test(whenever_it_comes_up_open_is_what_the_ledger_says),
        publisher_fixture_test(open_does_not_go_through_the_past_again),
        publisher_fixture_test(a_site_that_shares_the_prefix_keeps_what_it_has),
        publisher_fixture_test(what_was_trimmed_to_make_room_is_not_lost),
    };

    return rows_hold_in("publisher_loss_losses", losses, what_it_lost_is_there_again,
                        publisher_fixture_setup, publisher_fixture_teardown) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
