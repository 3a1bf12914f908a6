/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody else writes to breachd's keys, or takes entries out of the stream: publishing goes on,
 * no alert is told twice or left out, and what was written is put right.
 */
#include "adapter/redis/publisher.h"

#include "loop.h"
#include "publisher_fixture.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

/* A function in Lua, with the keys of breachd by their names. */
static void meddle(const char *script)
{
    redisReply *done = testbed_redis(
        publisher_under_test.testbed,
        "EVAL %s 4 {breachd}:alerts {breachd}:open {breachd}:last {breachd}:todo", script);

    if (done->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", script, done->str);
    freeReplyObject(done);
}

#define CALL "local s, open, last, todo = unpack(KEYS) local call = redis.call "
#define FORGE(number)                                                                              \
    "call('XADD', s, '*', 'id', 'essex/A/home/999/1', 'type', 'cleared', 'area', '', 'severity', " \
    "'info', 'event', '{\"sequence\":\"" number "\",\"age\":0}') "

static const struct lie {
    const char *says;
    const char *script;
    enum { NO, YES, PERHAPS } is_lie; // as a lie; perhaps: where our own comes later than the look
} lies[] = {
    { "a last number of 15 digits", CALL "call('HSET', last, 'essex', '999999999999999')", YES },
    { "a last number of 16", CALL "call('HSET', last, 'essex', '1000000000000000')", YES },
    { "a last number a little ahead", CALL "call('HSET', last, 'essex', '35')", YES },
    { "a last number behind", CALL "call('HSET', last, 'essex', '3')", YES },
    { "a last number that is none", CALL "call('HSET', last, 'essex', 'x')", YES },
    { "no last number", CALL "call('HDEL', last, 'essex')", NO },
    { "an id of a megabyte", CALL "call('HSET', last, 'essex#id', ('x'):rep(1000000))", NO },
    { "an id of words", CALL "call('HSET', last, 'essex#id', 'a b c d e f')", NO },
    { "an entry that is none", CALL "call('HSET', last, 'essex#entry', 'x')", NO },
    { "an entry past counting",
      CALL "call('HSET', last, 'essex#entry', ('9'):rep(20) .. '-' .. ('9'):rep(20))", NO },
    { "an entry to come", CALL "call('HSET', last, 'essex#entry', '9999999999999-0')", NO },
    { "an entry long ago", CALL "call('HSET', last, 'essex#entry', '1-0')", NO },
    { "an epoch past counting", CALL "call('HSET', last, 'essex#epoch', '9223372036854775807')",
      NO },
    { "an epoch that is none", CALL "call('HSET', last, 'essex#epoch', 'x')", NO },
    { "a count of entries past counting", CALL "call('HSET', last, 'essex#added', '999999999999')",
      NO },
    { "a count of open that is none", CALL "call('HSET', last, '#open', 'x')", NO },
    { "a count of todo past counting", CALL "call('HSET', last, '#todo', ('9'):rep(40))", NO },
    { "all of it", CALL "for _, f in ipairs(call('HKEYS', last)) do call('HSET', last, f, '9') end",
      NO },
    { "a forged entry with a huge number", CALL FORGE("999999999999999"), YES },
    { "a forged entry with a small number", CALL FORGE("3"), NO },
    { "a forged entry as the next one", CALL FORGE("31"), PERHAPS },
    { "a forged entry, and the last number taken away",
      CALL FORGE("31") "call('HDEL', last, 'essex')", PERHAPS },
    { "a forged entry whose id is long",
      CALL "call('XADD', s, '*', 'id', 'essex/' .. ('x'):rep(400), 't', 'x', 'a', '', 's', 'i', "
           "'event', '{\"sequence\":\"31\",\"age\":0}')",
      NO },
    { "an entry that is none of ours", CALL "call('XADD', s, '*', 'a', 'b')", NO },
    { "open of another type", CALL "call('DEL', open) call('SET', open, 'x')", YES },
    { "todo of another type", CALL "call('DEL', todo) call('SADD', todo, 'x')", YES },
    { "last of another type", CALL "call('DEL', last) call('SET', last, 'x')", YES },
    { "what is being laid of another type",
      CALL "call('SET', open .. ':new', 'x') call('SET', todo .. ':new', 'x') "
           "call('HDEL', last, 'essex')",
      NO },
};

/* Of the stream, each of ours once, in sequence; whatever else may stand between. */
static void expect_each_once(int last)
{
    redisReply *all = testbed_redis(publisher_under_test.testbed, "XRANGE {breachd}:alerts - +");
    int next = 1;

    for (size_t i = 0; i < all->elements; i++) {
        const redisReply *fields = all->element[i]->element[1];
        struct kept_alert want = next <= last ? some_alert(next) : (struct kept_alert){ .id = "" };
        int sequence = 0;

        if (fields->elements < 10 || strcmp(fields->element[1]->str, want.id) != 0)
            continue;
        assert_int_equal(sscanf(fields->element[9]->str, "{\"sequence\":\"%d\",", &sequence), 1);
        assert_int_equal(sequence, publisher_under_test.rows[next].alert.sequence);
        next++;
    }
    assert_int_equal(next, last + 1);
    freeReplyObject(all);
}

static void expect_put_right(const struct lie *row, long long foreign)
{
    redisReply *kept;

    publisher_fixture_offer(1);
    publisher_fixture_until_caught_up();
    loop_poll(publisher_under_test.base,
              testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts") ==
                  publisher_under_test.n + foreign);
    expect_each_once(publisher_under_test.n);
    kept = testbed_redis(publisher_under_test.testbed, "HGET {breachd}:last essex");
    assert_int_equal(strtol(kept->str, NULL, 10), publisher_under_test.newest);
    freeReplyObject(kept);
    publisher_fixture_expect_todo();
    assert_in_range(publisher_under_test.lies, row->is_lie == YES, row->is_lie == NO ? 0 : 9);
}

static void heartbeat(int heartbeats)
{
    testbed_redis_number(publisher_under_test.testbed, "DEL {breachd}:heartbeat"); // an earlier one
    while (heartbeats-- > 0)
        loop_poll(publisher_under_test.base, testbed_redis_number(publisher_under_test.testbed,
                                                                  "DEL {breachd}:heartbeat") == 1);
}

/* While it is connected: the next heartbeat finds it. */
static void it_goes_on(void **state)
{
    const struct lie *row = *state;
    long long foreign;

    publisher_under_test.options.heartbeat_ms = 30;
    publisher_fixture_publish(30);
    meddle(row->script);
    foreign = testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts") - 30;
    heartbeat(3);
    // What was forged is seen where a connection begins.
    publisher_fixture_redis("CLIENT KILL TYPE normal SKIPME yes");
    publisher_fixture_until_away("");
    expect_put_right(row, foreign);
    testbed_close(publisher_under_test.testbed);
}

/*
 * What was put right still proves where the stream was: a loss after it, with nothing new to send,
 * is noticed as before.
 */
static void a_loss_after_it_is_noticed(void **state)
{
    const struct lie *row = *state;

    publisher_under_test.options.heartbeat_ms = 30;
    publisher_fixture_publish(30);
    meddle(row->script);
    heartbeat(3);
    publisher_fixture_redis("CLIENT KILL TYPE normal SKIPME yes");
    publisher_fixture_until_away("");
    publisher_fixture_until_caught_up();
    heartbeat(3);
    publisher_fixture_redis("DEL {breachd}:alerts");
    loop_poll(publisher_under_test.base,
              testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts") == 30);
    publisher_fixture_expect_stream(1, 30);
    testbed_close(publisher_under_test.testbed);
}

/* While breachd does not run: only the ledger's mark is left. */
static void it_begins(void **state)
{
    const struct lie *row = *state;
    long long foreign;

    publisher_fixture_publish(30);
    publisher_fixture_stop();
    meddle(row->script);
    foreign = testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts") - 30;
    publisher_fixture_start();
    expect_put_right(row, foreign);
    testbed_close(publisher_under_test.testbed);
}

/* ---- a stream to which nothing can be added ---- */

static void behind_the_largest_id_a_new_stream_begins(void **state)
{
    (void)state;
    publisher_fixture_publish(5);
    publisher_fixture_redis("XADD {breachd}:alerts 18446744073709551615-18446744073709551615 a b");
    publisher_fixture_offer(2);
    loop_until(publisher_under_test.base, publisher_under_test.lies == 1);
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 7);
    assert_int_equal(
        testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts:displaced"), 6);
    testbed_close(publisher_under_test.testbed);
}

/* ---- taken away behind `last` ---- */

static const struct away {
    const char *says, *script;
} aways[] = {
    { "a consumer deletes each one that it has dealt with",
      CALL "for _, e in ipairs(call('XRANGE', s, '-', '+')) do call('XDEL', s, e[1]) end" },
    { "a consumer deletes the newest",
      CALL "call('XDEL', s, call('XREVRANGE', s, '+', '-', 'COUNT', 1)[1][1])" },
    { "an administrator trims it", CALL "call('XTRIM', s, 'MAXLEN', 0)" },
};

static void what_was_taken_away_is_not_told_again(void **state)
{
    const struct away *row = *state;
    redisContext *subscriber = testbed_redis_connect(publisher_under_test.testbed);

    publisher_under_test.options.heartbeat_ms = 30;
    publisher_fixture_publish(30);
    freeReplyObject(redisCommand(subscriber, "SUBSCRIBE {breachd}:alerts"));
    for (int nth = 31; nth <= 34; nth++) {
        redisReply *message = NULL;
        char want[32];

        meddle(row->script);
        heartbeat(2);
        if (nth % 2 == 0) { // and over a new connection, or a new life
            publisher_fixture_stop();
            publisher_fixture_start();
        }
        publisher_fixture_offer(1);
        publisher_fixture_until_caught_up();
        snprintf(want, sizeof want, "{\"sequence\":\"%d\",", nth);
        assert_int_equal(redisGetReply(subscriber, (void **)&message), REDIS_OK);
        assert_memory_equal(message->element[2]->str, want, strlen(want));
        freeReplyObject(message);
    }
    assert_int_equal(publisher_under_test.losses, 0);
    assert_int_equal(publisher_under_test.lies, 0);
    redisFree(subscriber);
    testbed_close(publisher_under_test.testbed);
}

/* Deleted and made again by another site: its ids are later than ours, its count is not. */
static void a_stream_made_again_by_somebody_else_is_a_loss(void **state)
{
    (void)state;
    publisher_under_test.options.heartbeat_ms = 30;
    publisher_fixture_publish(30);
    meddle(CALL "call('DEL', s) call('XADD', s, '*', 'id', 'kent/1', 'a', 'b')");
    loop_until(publisher_under_test.base, publisher_under_test.losses == 1);
    loop_poll(publisher_under_test.base,
              testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts") == 31);
    expect_each_once(30);
    testbed_close(publisher_under_test.testbed);
}

/* A user of before: what is not there is taken for lost, as it was, and nothing stops. */
static void without_xinfo_it_goes_on_as_before(void **state)
{
    (void)state;
    publisher_fixture_redis("ACL SETUSER ann on >secret ~* &* +@all -xinfo");
    publisher_fixture_as_ann();
    publisher_fixture_publish(30);
    publisher_fixture_expect_stream(1, 30);
    publisher_fixture_redis("DEL {breachd}:alerts");
    publisher_fixture_offer(1);
    loop_until(publisher_under_test.base, publisher_under_test.losses == 1);
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, 31);
    testbed_close(publisher_under_test.testbed);
}

/* ---- where each stands ---- */

static const struct since {
    const char *says, *script;
    const char *since; // NULL: the newest alert's own entry
} sinces[] = {
    { "no word was ever said", CALL "", "0-0" },
    { "after the newest word", CALL "call('XADD', '{breachd}:acks', '5-1', 'a', 'b')", "5-1" },
    { "also when that was taken out",
      CALL "call('XADD', '{breachd}:acks', '5-1', 'a', 'b') call('XTRIM', '{breachd}:acks', "
           "'MAXLEN', 0)",
      "5-1" },
    { "a stream of words that is ahead shuts none out",
      CALL "call('XADD', '{breachd}:acks', '99999999999999-1', 'a', 'b')", NULL },
    { "nor does a stream of alerts that is",
      CALL "call('XADD', '{breachd}:acks', '5-1', 'a', 'b') call('XADD', s, '99999999999999-1', "
           "'a', 'b')",
      "5-1" },
};

/* After which word one may be about an alert: both streams are looked at in the same step. */
static void it_is_told_with_each_alert(void **state)
{
    const struct since *row = *state;
    redisReply *newest;

    meddle(row->script);
    publisher_fixture_publish(7);
    assert_int_equal(publisher_under_test.stood, 7);
    newest = testbed_redis(publisher_under_test.testbed, "XREVRANGE {breachd}:alerts + - COUNT 1");
    assert_string_equal(publisher_under_test.since,
                        row->since ? row->since : newest->element[0]->element[0]->str);
    assert_string_equal(publisher_under_test.incident, publisher_under_test.rows[7].alert.incident);
    freeReplyObject(newest);
    testbed_close(publisher_under_test.testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        publisher_fixture_test(behind_the_largest_id_a_new_stream_begins),
        publisher_fixture_test(a_stream_made_again_by_somebody_else_is_a_loss),
        publisher_fixture_test(without_xinfo_it_goes_on_as_before),
    };

    return rows_hold_in("it_goes_on", lies, it_goes_on, publisher_fixture_setup,
                        publisher_fixture_teardown) +
           rows_hold_in("it_begins", lies, it_begins, publisher_fixture_setup,
                        publisher_fixture_teardown) +
           rows_hold_in("a_loss_after_it", lies, a_loss_after_it_is_noticed,
                        publisher_fixture_setup, publisher_fixture_teardown) +
           rows_hold_in("publisher_lies_aways", aways, what_was_taken_away_is_not_told_again,
                        publisher_fixture_setup, publisher_fixture_teardown) +
           rows_hold_in("publisher_lies_sinces", sinces, it_is_told_with_each_alert,
                        publisher_fixture_setup, publisher_fixture_teardown) +
           cmocka_run_group_tests_name("publisher_lies", tests, NULL, NULL);
}
