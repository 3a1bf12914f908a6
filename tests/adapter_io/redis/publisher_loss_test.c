/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Redis that lost data, all of it or a part: noticed while the connection stands, told once, and
 * what the ledger has is there again, each alert once, in sequence; `open` is what the ledger says.
 */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static bool redis_says(const char *command, const char *want)
{
    redisReply *reply = house_redis(press.house, command);
    bool says = reply->type == REDIS_REPLY_STRING && strcmp(reply->str, want) == 0;

    freeReplyObject(reply);
    return says;
}

/* A field an incident whose newest alert opens or updates it, and none besides. */
static void expect_open(void)
{
    long long open = 0;

    for (int nth = 1; nth <= press.n; nth++) {
        const struct kept_alert *alert = &press.rows[nth].alert;
        char want[32];
        redisReply *newest;

        if (alert->effect != EFFECT_OPEN)
            continue;
        open++;
        snprintf(want, sizeof want, "{\"sequence\":\"%d\",", (int)alert->sequence);
        newest = house_redis(press.house, "HGET {breachd}:open %s", alert->incident);
        assert_int_equal(newest->type, REDIS_REPLY_STRING);
        assert_memory_equal(newest->str, want, strlen(want));
        freeReplyObject(newest);
    }
    assert_int_equal(house_redis_number(press.house, "HLEN {breachd}:open"), open);
    assert_int_equal(house_redis_number(press.house, "EXISTS {breachd}:open:new"), 0);
    press_expect_todo();
}

static long long connections(void)
{
    redisReply *info = house_redis(press.house, "INFO stats");
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

    press.options.heartbeat_ms = 50;
    press_publish(300);
    assert_int_equal(press.losses, 0);
    before = connections();
    press_redis(row->does);
    loop_until(press.base, press.losses == 1);
    loop_poll(press.base, publisher_caught_up(press.publisher) &&
                              house_redis_number(press.house, "XLEN {breachd}:alerts") == 300);
    press_expect_stream(1, 300);
    loop_poll(press.base, house_redis_number(press.house, "HLEN {breachd}:open") == 100 &&
                              house_redis_number(press.house, "HLEN {breachd}:todo") == 100);
    expect_open();
    press_offer(3);
    press_until_caught_up();
    press_expect_stream(1, 303);
    expect_open();
    assert_int_equal(press.losses, 1);
    assert_int_equal(connections(), before);
    house_close(press.house);
}

static void lost_with_alerts_under_way_each_stands_once(void **state)
{
    (void)state;
    press_publish(20);
    for (int i = 0; i < 40; i++) {
        press_offer(i % 7 + 1);
        event_base_loop(press.base, EVLOOP_NONBLOCK);
        if (i % 10 == 5)
            press_redis("FLUSHALL");
    }
    press_offer(1);
    loop_until(press.base, publisher_caught_up(press.publisher));
    loop_poll(press.base, house_redis_number(press.house, "XLEN {breachd}:alerts") == press.n);
    press_expect_stream(1, press.n);
    expect_open();
    assert_in_range(press.losses, 1, 4);
    house_close(press.house);
}

/*
 * A second loss of the connection finds it half sent again: the rest is still to be sent. The
 * ledger tells a quarter more at each cut, so that however late a cut comes it is never all.
 */
static void cut_off_while_it_is_sent_again_all_of_it_is(void **state)
{
    enum { CUTS = 3, PART = PRESS_MAX / (CUTS + 1) };
    uint64_t before = 0;

    (void)state;
    press.options.heartbeat_ms = 50;
    press_publish(PRESS_MAX);
    press_redis("FLUSHALL");
    for (int cut = 0; cut < CUTS; cut++) {
        press.told_to = (uint64_t)(cut + 1) * PART;
        loop_until(press.base, press.losses > 0 && publisher_confirmed(press.publisher) > before);
        before = publisher_confirmed(press.publisher);
        assert_in_range(before, 1, PRESS_MAX - 1); // half way
        press_redis("CLIENT KILL TYPE normal SKIPME yes");
        press_until_away("");
    }
    press.told_to = 0;
    press_until_caught_up();
    press_expect_stream(1, PRESS_MAX);
    expect_open();
    house_close(press.house);
}

/* ---- an older state: what a replica had that lacks the last second, or a dump ---- */

static redisReply *dump(const char *key)
{
    return house_redis(press.house, "DUMP {breachd}:%s", key);
}

static void an_older_state_gets_what_came_since(void **state)
{
    static const char *const keys[] = { "alerts", "open", "last" };
    redisReply *old[3];

    (void)state;
    press.options.heartbeat_ms = 50;
    press_publish(100);
    for (int i = 0; i < 3; i++)
        old[i] = dump(keys[i]);
    press_offer(70);
    press_until_caught_up();
    press_redis("MULTI");
    for (int i = 0; i < 3; i++) {
        freeReplyObject(house_redis(press.house, "RESTORE {breachd}:%s 0 %b REPLACE", keys[i],
                                    old[i]->str, (size_t)old[i]->len));
        freeReplyObject(old[i]);
    }
    press_redis("EXEC");
    loop_until(press.base, press.losses == 1);
    loop_poll(press.base, house_redis_number(press.house, "XLEN {breachd}:alerts") == 170);
    press_until_caught_up();
    press_expect_stream(1, 170);
    expect_open();
    assert_int_equal(press.losses, 1);
    house_close(press.house);
}

static void a_redis_that_comes_back_empty_gets_everything(void **state)
{
    (void)state;
    press_publish(300);
    house_redis_kill(press.house);
    press_until_away("");
    press_offer(2);
    house_redis_start(press.house, ""); // it keeps nothing over a restart
    press_until_caught_up();
    press_expect_stream(1, 302);
    expect_open();
    assert_int_equal(press.losses, 1);
    house_close(press.house);
}

static void of_an_emptied_stream_the_newest_that_it_keeps_are_sent_again(void **state)
{
    (void)state;
    press.options.alerts_keep = 100;
    press_publish(450);
    press_redis("FLUSHALL");
    press_offer(1);
    loop_until(press.base, press.losses == 1);
    press_until_caught_up();
    press_expect_stream(352, 451);
    expect_open();
    house_close(press.house);
}

/* But what was never confirmed goes out, however much it is. */
static void what_was_never_sent_is_sent_whatever_the_stream_keeps(void **state)
{
    redisContext *subscriber = house_redis_connect(press.house);

    (void)state;
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts"));
    press.options.alerts_keep = 100;
    press_keep(250);
    press.confirmed = 50; // by a Redis that has lost it since
    press_start();
    press_until_caught_up();
    for (int nth = 51; nth <= 250; nth++) {
        redisReply *message = NULL;
        char want[32];

        snprintf(want, sizeof want, "{\"sequence\":\"%d\",", nth);
        assert_int_equal(redisGetReply(subscriber, (void **)&message), REDIS_OK);
        assert_memory_equal(message->element[2]->str, want, strlen(want));
        freeReplyObject(message);
    }
    redisFree(subscriber);
    house_close(press.house);
}

/* ---- what is open ---- */

static void whenever_it_comes_up_open_is_what_the_ledger_says(void **state)
{
    (void)state;
    press_redis("HSET {breachd}:open X/gone/1 {} A/home/4 old");
    press_redis("HSET {breachd}:open:new X/half/1 {}"); // of a beginning that was cut short
    press_keep(3 * 2 * PUBLISHER_PAGE + 20);            // of three, one opens
    press_start();
    press_until_caught_up();
    expect_open();
    assert_in_range(press.pages, 3, 5);
    assert_int_equal(press.losses, 0);
    house_close(press.house);
}

/* 1 opened and 2 closed while Redis was away: `open` is the present before the past is out. */
static void open_does_not_go_through_the_past_again(void **state)
{
    redisContext *watcher = house_redis_connect(press.house);

    (void)state;
    press_keep(40);
    for (int nth = 1; nth <= 40; nth++) {
        press.rows[nth].alert.incident = "A/home/1";
        press.rows[nth].alert.effect = nth < 40 ? EFFECT_OPEN : EFFECT_CLOSE;
    }
    press_redis("CONFIG SET notify-keyspace-events Kh");
    freeReplyObject(redisCommand(watcher, "PSUBSCRIBE __keyspace@0__:{breachd}:open"));
    press_start();
    press_until_caught_up();
    assert_int_equal(house_redis_number(press.house, "XLEN {breachd}:alerts"), 40);
    assert_int_equal(house_redis_number(press.house, "EXISTS {breachd}:open"), 0);
    assert_int_equal(house_redis_number(press.house, "PUBLISH __keyspace@0__:{breachd}:open end"),
                     1);
    redisReply *heard = NULL;
    assert_int_equal(redisGetReply(watcher, (void **)&heard), REDIS_OK);
    assert_string_equal(heard->element[3]->str, "end"); // and no hset before it
    freeReplyObject(heard);
    redisFree(watcher);
    house_close(press.house);
}

/* ---- two sites with one prefix ---- */

static void a_site_that_shares_the_prefix_keeps_what_it_has(void **state)
{
    static const char theirs[] = "{\"sequence\":\"5\",\"source\":\"/breachd/kent\"}";
    static const char need[] =
        "{\"alert\":{\"sequence\":\"5\",\"source\":\"/breachd/kent\"},\"by\":null,\"note\":null}";

    (void)state;
    press_redis("HSET {breachd}:last kent 5 #open 1 #todo 1");
    freeReplyObject(house_redis(press.house, "HSET {breachd}:open K/home/1 %s", theirs));
    freeReplyObject(house_redis(press.house, "HSET {breachd}:todo K/home/1 %s", need));
    press_publish(9);
    assert_true(redis_says("HGET {breachd}:open K/home/1", theirs));
    assert_int_equal(house_redis_number(press.house, "HLEN {breachd}:open"), 4);
    assert_true(redis_says("HGET {breachd}:todo K/home/1", need));
    assert_int_equal(house_redis_number(press.house, "HLEN {breachd}:todo"), 4);
    assert_true(redis_says("HGET {breachd}:last kent", "5"));
    house_close(press.house);
}

/* Another site's alerts pushed ours out of the stream: that is no loss. */
static void what_was_trimmed_to_make_room_is_not_lost(void **state)
{
    (void)state;
    press.options.heartbeat_ms = 50;
    press.options.alerts_keep = 100;
    press_publish(9);
    for (int i = 0; i < 300; i++)
        press_redis(
            "XADD {breachd}:alerts MAXLEN ~ 100 * id kent/1 type t area a severity s event e");
    for (int i = 0; i < 5; i++) // beats
        loop_poll(press.base, house_redis_number(press.house, "DEL {breachd}:heartbeat") == 1);
    press_offer(1);
    press_until_caught_up();
    press_redis("CLIENT KILL TYPE normal SKIPME yes");
    press_offer(1);
    press_until_caught_up();
    assert_int_equal(press.losses, 0);
    house_close(press.house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        press_test(lost_with_alerts_under_way_each_stands_once),
        press_test(cut_off_while_it_is_sent_again_all_of_it_is),
        press_test(an_older_state_gets_what_came_since),
        press_test(a_redis_that_comes_back_empty_gets_everything),
        press_test(of_an_emptied_stream_the_newest_that_it_keeps_are_sent_again),
        press_test(what_was_never_sent_is_sent_whatever_the_stream_keeps),
        press_test(whenever_it_comes_up_open_is_what_the_ledger_says),
        press_test(open_does_not_go_through_the_past_again),
        press_test(a_site_that_shares_the_prefix_keeps_what_it_has),
        press_test(what_was_trimmed_to_make_room_is_not_lost),
    };

    return rows_hold_in("publisher_loss_losses", losses, what_it_lost_is_there_again, press_setup,
                        press_teardown) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
