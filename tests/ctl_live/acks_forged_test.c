/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody who may write to the stream of words can do to the control room: nothing. A word of
 * a time before an incident is about another one, also when the ledger was lost.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define DURABLE "appendonly yes\nappendfsync always\n"

static json_t *status_of(struct testbed *testbed)
{
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    return testbed_json(testbed);
}

static bool has_trouble(struct testbed *testbed, const char *word)
{
    json_t *status = status_of(testbed), *troubles = json_object_get(status, "troubles");
    bool has = false;

    for (size_t i = 0; i < json_array_size(troubles); i++)
        has = has || strcmp(json_string_value(json_array_get(troubles, i)), word) == 0;
    json_decref(status);
    return has;
}

/* ---- poison ---- */

static void poison(struct testbed *testbed, const char *script)
{
    redisReply *done = testbed_redis(testbed, "EVAL %s 1 {breachd}:acks", script);

    if (done->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", script, done->str);
    freeReplyObject(done);
}

static void rubbish_is_skipped_told_counted_and_holds_up_nobody(void **state)
{
    struct testbed *testbed = *state;
    json_t *status;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    poison(testbed,
           "redis.call('XADD', KEYS[1], '*', 'incident', 'A/home/1', 'action', 'ack', 'by', "
           "'x', 'note', ('n'):rep(5242880))");
    poison(testbed, "local a = {} for i = 1, 5000 do a[i] = 'f' .. i end "
                    "redis.call('XADD', KEYS[1], '*', unpack(a))");
    poison(testbed, "redis.call('XADD', KEYS[1], '18446744073709551615-18446744073709551615', "
                    "'incident', 'x', 'action', 'ack', 'by', 'x')");
    ctl_live_await(testbed, "{breachd}:acks:refused", 3);
    while (testbed_redis_number(testbed, "EXISTS {breachd}:acks") ==
           1) // nothing can be added to it
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 20 STREAMS nothing $"));
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\n");
    assert_true(testbed_metric(testbed, "breachd_words_total{result=\"skipped\"}") == 2);
    assert_true(testbed_metric(testbed, "breachd_words_total{result=\"refused\"}") == 1);
    assert_true(testbed_metric(testbed, "breachd_words_total{result=\"taken\"}") == 1);
    assert_true(testbed_metric(testbed, "breachd_acks_heard") == 1);
    assert_true(testbed_log_has(testbed, "no word of the control room: longer than 16384 bytes"));
    assert_true(testbed_log_has(testbed, "no word of the control room: more than 50 fields"));
    assert_true(testbed_log_has(testbed, "the stream begins anew"));
    status = status_of(testbed);
    assert_string_equal(alert_text(status, "acks"), "heard");
    json_decref(status);
    testbed_kill(testbed); // and after a restart
    testbed_start(testbed, NULL);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Of more than 600 an hour the chain of evidence does not grow. */
static void refused_words_fill_no_disk(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    for (int i = 0; i < 650; i++)
        ctl_live_say(testbed, "B/home/1", "ack", "PC 42", "");
    ctl_live_await(testbed, "{breachd}:acks:refused", 650);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'ack'"),
                     601);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* What the manual of before gave it: no XTRIM, no XINFO, no INFO. */
static void a_user_of_before_is_warned_and_nothing_stops(void **state)
{
    struct testbed *testbed = *state;
    char url[64];

    testbed->redis_port = testbed_free_port();
    testbed_redis_start(
        testbed, "user breachd on >secret resetkeys ~{breachd}:* resetchannels &{breachd}:* "
                 "-@all +ping +select +script|load +eval +evalsha +hmget +hset +hsetnx +hdel "
                 "+hlen +hgetall +hincrby +xadd +xlen +xrange +xrevrange +xread +exists +del "
                 "+rename +publish +set\n");
    testbed_print(testbed, "password", "secret\n");
    snprintf(url, sizeof url, "redis://breachd@127.0.0.1:%d/0", testbed->redis_port);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    testbed_set(testbed, "breachd.conf", "redis", "password-file", "password");
    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "1s");
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    poison(testbed, "redis.call('XADD', KEYS[1], '18446744073709551615-18446744073709551615', "
                    "'incident', 'x', 'action', 'ack', 'by', 'x')");
    testbed_await_log(testbed, "the stream begins anew");
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    testbed_await_log(testbed, "give this user +xtrim");
    testbed_await_log(testbed, "give this user +xinfo|stream");
    testbed_await_log(testbed, "give this user +info");
    assert_true(has_trouble(testbed, "redis-rights"));
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "see to         redis-rights\n"));
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nclosed A/home/1/desk/2\n");
    testbed_close(testbed);
}

/* ---- words of before ---- */

/* The reason of the newest refusal. */
static void expect_refusal(struct testbed *testbed, const char *why)
{
    redisReply *newest = testbed_redis(testbed, "XREVRANGE {breachd}:acks:refused + - COUNT 1");
    const char *said = newest->element[0]->element[1]->element[7]->str;

    if (strstr(said, why) == NULL)
        fail_msg("refused with: %s", said);
    freeReplyObject(newest);
}

/* Said of a number that is still to come, when breachd hears nothing; and then it comes. */
static void a_word_from_before_an_incident_does_not_close_it(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, DURABLE);
    testbed_start(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 500), 200);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    testbed_kill(testbed);
    ctl_live_say(testbed, "A/home/2", "close", "PC 42", "drift");
    testbed_redis_kill(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 900, 10), 200);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE id LIKE '%/2/1'"), 1);
    testbed_redis_start(testbed, DURABLE);
    ctl_live_await(testbed, "{breachd}:acks:refused", 1);
    expect_refusal(testbed, "its first alert");
    // And who means it is heard.
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\nbreach A/home/2/1\n");
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", "A/home/2", NULL), 0);
    testbed_close(testbed);
}

static void lose_ledger(struct testbed *testbed)
{
    static const char *const files[] = { "", "-wal", "-shm", "-lock", "-reserve" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char name[64];

        snprintf(name, sizeof name, "ledger.db%s", files[i]);
        unlink(testbed_path(testbed, name).text);
    }
}

/* The newest alert of that type. */
static const json_t *newest_of(const struct testbed *testbed, const char *type)
{
    size_t n = json_array_size(testbed->alerts);

    while (n > 0 && strcmp(alert_text(json_array_get(testbed->alerts, n - 1), "type"), type) != 0)
        n--;
    assert_true(n > 0);
    return json_array_get(testbed->alerts, n - 1);
}

/* Of what Redis alone still knows it is heard, and of what is new it is not. */
static void after_a_lost_ledger_no_old_word_counts_for_new_ones_and_no_id_comes_again(void **state)
{
    struct testbed *testbed = *state;
    char first[48], id[64];
    json_t *ids = json_object();
    const json_t *breach, *one;
    size_t i;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, DURABLE);
    testbed_start(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_kill(testbed);
    ctl_live_say(testbed, "A/home/1", "close", "PC 42", "drift"); // of the old one
    testbed_redis_kill(testbed);
    lose_ledger(testbed);
    testbed_start(testbed, NULL); // with Redis away
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE type = 'breach'"), 1);
    testbed_redis_start(testbed, DURABLE);
    // The old breach, the new one, what the old one is told as, and that it is closed.
    ctl_live_await(testbed, "{breachd}:alerts", 4);
    assert_int_equal(testbed_gather(testbed), 4);
    breach = newest_of(testbed, "breachd.breach");
    assert_string_not_equal(alert_text(breach, "id"), "essex/A/home/1/1");
    snprintf(first, sizeof first, "%s", alert_text(breach, "data.incident"));
    snprintf(id, sizeof id, "%s",
             alert_text(newest_of(testbed, "breachd.closed"), "data.incident"));
    assert_string_equal(id, "A/home/1");
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open %s", first), 1);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo A/home/1"), 0);
    // With Redis there, it is asked.
    testbed_kill(testbed);
    lose_ledger(testbed);
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "Redis knows of alerts of an earlier one");
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 10), 200);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 2);
    testbed_settle(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo %s", first), 1);
    testbed_gather(testbed);
    json_array_foreach(testbed->alerts, i, one)
        assert_int_equal(json_object_set_new(ids, alert_text(one, "id"), json_true()), 0);
    assert_int_equal(json_object_size(ids), json_array_size(testbed->alerts));
    json_decref(ids);
    testbed_close(testbed);
}

/* ---- Redis's memory ---- */

static long long used_memory(struct testbed *testbed)
{
    redisReply *info = testbed_redis(testbed, "INFO memory");
    const char *at = strstr(info->str, "used_memory:");
    long long used = strtoll(at + strlen("used_memory:"), NULL, 10);

    freeReplyObject(info);
    return used;
}

static void that_redis_is_nearly_full_is_told_before_it_is(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "1s");
    ctl_live_open(testbed, NULL);
    assert_false(has_trouble(testbed, "redis-memory"));
    freeReplyObject(
        testbed_redis(testbed, "CONFIG SET maxmemory %lld", used_memory(testbed) * 8 / 7));
    testbed_await_metric(testbed, "breachd_redis_memory_short", 1);
    testbed_await_log(testbed, "its memory is");
    assert_true(has_trouble(testbed, "redis-memory"));
    assert_int_equal(testbed_get(testbed, "/readyz"), 200);
    freeReplyObject(testbed_redis(testbed, "CONFIG SET maxmemory 0"));
    testbed_await_metric(testbed, "breachd_redis_memory_short", 0);
    assert_false(has_trouble(testbed, "redis-memory"));
    testbed_close(testbed);
}

/* redis/redis#6576, redis/redis#8842: a whole stream goes, and its groups with it */
static void that_redis_evicts_needs_somebody_until_it_is_mended(void **state)
{
    struct testbed *testbed = *state;
    int status;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "60s"); // told when it comes up
    testbed_redis_start(testbed, "maxmemory-policy allkeys-lru\n");
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "maxmemory-policy is allkeys-lru");
    ctl_live_await(testbed, "{breachd}:alerts", 1);
    testbed_await_metric(testbed, "breachd_redis_evicts", 1);
    assert_true(has_trouble(testbed, "redis-evicts"));
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo redis-evicts/1"), 1);
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    // Somebody takes it, and it stays, as it goes on; so it does over a restart.
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "redis-evicts/1", NULL), 0);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo redis-evicts/1"), 1);
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    kill(testbed->breachd.pid, SIGTERM);
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "1s");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_redis_evicts", 1);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo redis-evicts/1"), 1);
    // Mended, and then not any more.
    freeReplyObject(testbed_redis(testbed, "CONFIG SET maxmemory-policy noeviction"));
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"mended\"}", 1);
    assert_true(testbed_metric(testbed, "breachd_redis_evicts") == 0);
    testbed_expect(testbed, "trouble redis-evicts/1/1\nacked redis-evicts/1/desk/1\n"
                            "mended redis-evicts/1/2\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:todo"), 0);
    freeReplyObject(testbed_redis(testbed, "CONFIG SET maxmemory-policy volatile-ttl"));
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 1);
    testbed_expect(testbed, "trouble redis-evicts/1/1\nacked redis-evicts/1/desk/1\n"
                            "mended redis-evicts/1/2\ntrouble redis-evicts/2/1\n");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(rubbish_is_skipped_told_counted_and_holds_up_nobody),
        testbed_test(refused_words_fill_no_disk),
        testbed_test(a_user_of_before_is_warned_and_nothing_stops),
        testbed_test(a_word_from_before_an_incident_does_not_close_it),
        testbed_test(after_a_lost_ledger_no_old_word_counts_for_new_ones_and_no_id_comes_again),
        testbed_test(that_redis_is_nearly_full_is_told_before_it_is),
        testbed_test(that_redis_evicts_needs_somebody_until_it_is_mended),
    };

    return cmocka_run_group_tests_name("acks_forged", tests, NULL, NULL);
}
