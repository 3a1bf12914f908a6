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

static json_t *status_of(struct house *house)
{
    assert_int_equal(house_get(house, "/v1/status"), 200);
    return house_json(house);
}

static bool has_trouble(struct house *house, const char *word)
{
    json_t *status = status_of(house), *troubles = json_object_get(status, "troubles");
    bool has = false;

    for (size_t i = 0; i < json_array_size(troubles); i++)
        has = has || strcmp(json_string_value(json_array_get(troubles, i)), word) == 0;
    json_decref(status);
    return has;
}

/* ---- poison ---- */

static void poison(struct house *house, const char *script)
{
    redisReply *done = house_redis(house, "EVAL %s 1 {breachd}:acks", script);

    if (done->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", script, done->str);
    freeReplyObject(done);
}

static void rubbish_is_skipped_told_counted_and_holds_up_nobody(void **state)
{
    struct house *house = *state;
    json_t *status;

    ctl_live_open(house, NULL);
    ctl_live_breach(house);
    poison(house, "redis.call('XADD', KEYS[1], '*', 'incident', 'A/home/1', 'action', 'ack', 'by', "
                  "'x', 'note', ('n'):rep(5242880))");
    poison(house, "local a = {} for i = 1, 5000 do a[i] = 'f' .. i end "
                  "redis.call('XADD', KEYS[1], '*', unpack(a))");
    poison(house, "redis.call('XADD', KEYS[1], '18446744073709551615-18446744073709551615', "
                  "'incident', 'x', 'action', 'ack', 'by', 'x')");
    ctl_live_await(house, "{breachd}:acks:refused", 3);
    while (house_redis_number(house, "EXISTS {breachd}:acks") == 1) // nothing can be added to it
        freeReplyObject(house_redis(house, "XREAD BLOCK 20 STREAMS nothing $"));
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    house_expect(house, "breach A/home/1/1\nacked A/home/1/desk/1\n");
    assert_true(house_metric(house, "breachd_words_total{result=\"skipped\"}") == 2);
    assert_true(house_metric(house, "breachd_words_total{result=\"refused\"}") == 1);
    assert_true(house_metric(house, "breachd_words_total{result=\"taken\"}") == 1);
    assert_true(house_metric(house, "breachd_acks_heard") == 1);
    assert_true(house_log_has(house, "no word of the control room: longer than 16384 bytes"));
    assert_true(house_log_has(house, "no word of the control room: more than 50 fields"));
    assert_true(house_log_has(house, "the stream begins anew"));
    status = status_of(house);
    assert_string_equal(alert_text(status, "acks"), "heard");
    json_decref(status);
    house_kill(house); // and after a restart
    house_start(house, NULL);
    assert_int_equal(
        house_ctl(house, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    ctl_fixture_agrees(house);
    house_close(house);
}

/* Of more than 600 an hour the chain of evidence does not grow. */
static void refused_words_fill_no_disk(void **state)
{
    struct house *house = *state;

    ctl_live_open(house, NULL);
    ctl_live_breach(house);
    for (int i = 0; i < 650; i++)
        ctl_live_say(house, "B/home/1", "ack", "PC 42", "");
    ctl_live_await(house, "{breachd}:acks:refused", 650);
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(ctl_fixture_number(house, "SELECT count(*) FROM entry WHERE kind = 'ack'"),
                     601);
    ctl_fixture_agrees(house);
    house_close(house);
}

/* What the manual of before gave it: no XTRIM, no XINFO, no INFO. */
static void a_user_of_before_is_warned_and_nothing_stops(void **state)
{
    struct house *house = *state;
    char url[64];

    house->redis_port = house_free_port();
    house_redis_start(house,
                      "user breachd on >secret resetkeys ~{breachd}:* resetchannels &{breachd}:* "
                      "-@all +ping +select +script|load +eval +evalsha +hmget +hset +hsetnx +hdel "
                      "+hlen +hgetall +hincrby +xadd +xlen +xrange +xrevrange +xread +exists +del "
                      "+rename +publish +set\n");
    house_print(house, "password", "secret\n");
    snprintf(url, sizeof url, "redis://breachd@127.0.0.1:%d/0", house->redis_port);
    house_set(house, "breachd.conf", "redis", "url", url);
    house_set(house, "breachd.conf", "redis", "password-file", "password");
    house_set(house, "breachd.conf", "redis", "heartbeat", "1s");
    ctl_live_open(house, NULL);
    ctl_live_breach(house);
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    poison(house, "redis.call('XADD', KEYS[1], '18446744073709551615-18446744073709551615', "
                  "'incident', 'x', 'action', 'ack', 'by', 'x')");
    house_await_log(house, "the stream begins anew");
    assert_int_equal(
        house_ctl(house, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    house_await_log(house, "give this user +xtrim");
    house_await_log(house, "give this user +xinfo|stream");
    house_await_log(house, "give this user +info");
    assert_true(has_trouble(house, "redis-rights"));
    assert_int_equal(house_ctl(house, "status", NULL), 0);
    assert_non_null(strstr(house_ctl_said(house), "see to         redis-rights\n"));
    house_expect(house, "breach A/home/1/1\nacked A/home/1/desk/1\nclosed A/home/1/desk/2\n");
    house_close(house);
}

/* ---- words of before ---- */

/* The reason of the newest refusal. */
static void expect_refusal(struct house *house, const char *why)
{
    redisReply *newest = house_redis(house, "XREVRANGE {breachd}:acks:refused + - COUNT 1");
    const char *said = newest->element[0]->element[1]->element[7]->str;

    if (strstr(said, why) == NULL)
        fail_msg("refused with: %s", said);
    freeReplyObject(newest);
}

/* Said of a number that is still to come, when breachd hears nothing; and then it comes. */
static void a_word_from_before_an_incident_does_not_close_it(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, DURABLE);
    house_start(house, NULL);
    ctl_live_breach(house);
    assert_int_equal(house_ping(house, "tag-1", 600, 900), 200);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    house_kill(house);
    ctl_live_say(house, "A/home/2", "close", "PC 42", "drift");
    house_redis_kill(house);
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-1", 900, 10), 200);
    assert_int_equal(ctl_fixture_number(house, "SELECT count(*) FROM alert WHERE id LIKE '%/2/1'"),
                     1);
    house_redis_start(house, DURABLE);
    ctl_live_await(house, "{breachd}:acks:refused", 1);
    expect_refusal(house, "its first alert");
    // And who means it is heard.
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\nbreach A/home/2/1\n");
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 43", "A/home/2", NULL), 0);
    house_close(house);
}

static void lose_ledger(struct house *house)
{
    static const char *const files[] = { "", "-wal", "-shm", "-lock", "-reserve" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char name[64];

        snprintf(name, sizeof name, "ledger.db%s", files[i]);
        unlink(house_path(house, name).text);
    }
}

static void after_a_lost_ledger_no_old_word_counts_and_no_id_comes_again(void **state)
{
    struct house *house = *state;
    char first[48], again[64];
    json_t *breach;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_redis_start(house, DURABLE);
    house_start(house, NULL);
    ctl_live_breach(house);
    house_kill(house);
    ctl_live_say(house, "A/home/1", "close", "PC 42", "drift"); // of the old one
    house_redis_kill(house);
    lose_ledger(house);
    house_start(house, NULL); // with Redis away
    assert_int_equal(house_ping(house, "tag-1", 300, 10), 200);
    assert_int_equal(ctl_fixture_number(house, "SELECT count(*) FROM alert WHERE type = 'breach'"),
                     1);
    house_redis_start(house, DURABLE);
    ctl_live_await(house, "{breachd}:alerts", 2);
    assert_int_equal(house_gather(house), 2);
    breach = json_array_get(house->alerts, 1);
    assert_string_equal(alert_text(breach, "type"), "breachd.breach");
    assert_string_not_equal(alert_text(breach, "id"), "essex/A/home/1/1");
    snprintf(first, sizeof first, "%s", alert_text(breach, "data.incident"));
    ctl_live_await(house, "{breachd}:acks:refused", 1);
    expect_refusal(house, "no such incident");
    assert_int_equal(house_redis_number(house, "HEXISTS {breachd}:open %s", first), 1);
    // With Redis there, it is asked.
    house_kill(house);
    lose_ledger(house);
    house_start(house, NULL);
    house_await_log(house, "Redis knows of alerts of an earlier one");
    assert_int_equal(house_ping(house, "tag-1", 600, 10), 200);
    ctl_live_await(house, "{breachd}:alerts", 3);
    assert_int_equal(house_gather(house), 3);
    snprintf(again, sizeof again, "%s", alert_text(json_array_get(house->alerts, 2), "id"));
    assert_string_not_equal(again, alert_text(breach, "id"));
    assert_string_not_equal(again, "essex/A/home/1/1");
    house_close(house);
}

/* ---- Redis's memory ---- */

static long long used_memory(struct house *house)
{
    redisReply *info = house_redis(house, "INFO memory");
    const char *at = strstr(info->str, "used_memory:");
    long long used = strtoll(at + strlen("used_memory:"), NULL, 10);

    freeReplyObject(info);
    return used;
}

static void that_redis_is_nearly_full_is_told_before_it_is(void **state)
{
    struct house *house = *state;

    house_set(house, "breachd.conf", "redis", "heartbeat", "1s");
    ctl_live_open(house, NULL);
    assert_false(has_trouble(house, "redis-memory"));
    freeReplyObject(house_redis(house, "CONFIG SET maxmemory %lld", used_memory(house) * 8 / 7));
    house_await_metric(house, "breachd_redis_memory_short", 1);
    house_await_log(house, "its memory is");
    assert_true(has_trouble(house, "redis-memory"));
    assert_int_equal(house_get(house, "/readyz"), 200);
    freeReplyObject(house_redis(house, "CONFIG SET maxmemory 0"));
    house_await_metric(house, "breachd_redis_memory_short", 0);
    assert_false(has_trouble(house, "redis-memory"));
    house_close(house);
}

static void that_redis_evicts_needs_somebody_until_it_is_mended(void **state)
{
    struct house *house = *state;
    int status;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_set(house, "breachd.conf", "redis", "heartbeat", "60s"); // told when it comes up
    house_redis_start(house, "maxmemory-policy allkeys-lru\n");
    house_start(house, NULL);
    house_await_log(house, "maxmemory-policy is allkeys-lru");
    ctl_live_await(house, "{breachd}:alerts", 1);
    house_await_metric(house, "breachd_redis_evicts", 1);
    assert_true(has_trouble(house, "redis-evicts"));
    assert_int_equal(house_redis_number(house, "HEXISTS {breachd}:todo redis-evicts/1"), 1);
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
    // Somebody takes it, and it stays, as it goes on; so it does over a restart.
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "redis-evicts/1", NULL), 0);
    assert_int_equal(house_redis_number(house, "HEXISTS {breachd}:todo redis-evicts/1"), 1);
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
    kill(house->breachd.pid, SIGTERM);
    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
    house_set(house, "breachd.conf", "redis", "heartbeat", "1s");
    house_start(house, NULL);
    house_await_metric(house, "breachd_redis_evicts", 1);
    assert_int_equal(house_redis_number(house, "HEXISTS {breachd}:todo redis-evicts/1"), 1);
    // Mended, and then not any more.
    freeReplyObject(house_redis(house, "CONFIG SET maxmemory-policy noeviction"));
    house_await_metric(house, "breachd_alerts_total{type=\"mended\"}", 1);
    assert_true(house_metric(house, "breachd_redis_evicts") == 0);
    house_expect(house, "trouble redis-evicts/1/1\nacked redis-evicts/1/desk/1\n"
                        "mended redis-evicts/1/2\n");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:todo"), 0);
    freeReplyObject(house_redis(house, "CONFIG SET maxmemory-policy volatile-ttl"));
    house_await_metric(house, "breachd_alerts_total{type=\"trouble\"}", 1);
    house_expect(house, "trouble redis-evicts/1/1\nacked redis-evicts/1/desk/1\n"
                        "mended redis-evicts/1/2\ntrouble redis-evicts/2/1\n");
    ctl_fixture_agrees(house);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(rubbish_is_skipped_told_counted_and_holds_up_nobody),
        house_test(refused_words_fill_no_disk),
        house_test(a_user_of_before_is_warned_and_nothing_stops),
        house_test(a_word_from_before_an_incident_does_not_close_it),
        house_test(after_a_lost_ledger_no_old_word_counts_and_no_id_comes_again),
        house_test(that_redis_is_nearly_full_is_told_before_it_is),
        house_test(that_redis_evicts_needs_somebody_until_it_is_mended),
    };

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
