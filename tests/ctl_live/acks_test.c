/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of the control room's acks: acked, closed, refused with a reason; each read once. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define INCIDENT "A/home/1"
#define ACKS     "SELECT count(*) FROM entry WHERE kind = 'ack'"

static void who_takes_it_is_told(void **state)
{
    struct testbed *testbed = *state;
    const json_t *acked;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "ack", "--by", "PC 42", "--note", "on the way", INCIDENT, NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed), INCIDENT ": taken by PC 42\n");
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\n");
    acked = json_array_get(testbed->alerts, 1);
    assert_string_equal(alert_text(acked, "data.by"), "PC 42");
    assert_string_equal(alert_text(acked, "data.severity"), "info");
    assert_string_equal(alert_text(acked, "data.area"), "Basildon");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void how_long_it_took_is_measured(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_await_metric(testbed, "breachd_publish_seconds_count", 1);
    assert_true(testbed_metric(testbed, "breachd_ack_seconds_count") == 0);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_true(testbed_metric(testbed, "breachd_ack_seconds_count") == 1);
    assert_true(testbed_metric(testbed, "breachd_ack_seconds_bucket{le=\"7200\"}") == 1);
    testbed_await_metric(testbed, "breachd_publish_seconds_count", 2);
    testbed_close(testbed);
}

static void the_first_of_two_stands_and_both_are_kept(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", INCIDENT, NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "taken already, by PC 42"));
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\n");
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:acks:refused"), 1);
    assert_int_equal(ctl_fixture_number(testbed, ACKS), 2);
    assert_int_equal(ctl_fixture_number(testbed,
                                        ACKS " AND json_extract(body, '$.by') = 'PC 43' AND "
                                             "json_extract(body, '$.refused') IS NOT NULL"),
                     1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void who_takes_what_is_over_is_told_so(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed),
                        INCIDENT ": taken by PC 42; it is over: `breachctl "
                                 "open` shows what goes on\n");
    testbed_close(testbed);
}

static void closed_it_is_over_and_what_goes_on_is_another(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", INCIDENT, NULL), 0);
    testbed_expect(testbed, "breach A/home/1/1\nclosed A/home/1/desk/1\n");
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 1), "data.outcome"), "drift");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 315, 12), 200); // he is still there
    testbed_expect(testbed, "breach A/home/1/1\nclosed A/home/1/desk/1\nbreach A/home/2/1\n");
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open A/home/2"), 1);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_expect(testbed, "breach A/home/1/1\nclosed A/home/1/desk/1\nbreach A/home/2/1\n"
                            "cleared A/home/2/2\n");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void what_is_over_can_be_taken_and_closed_and_stays_over(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 43", "--reason", "arrested", INCIDENT, NULL), 0);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\nacked A/home/1/desk/1\n"
                            "closed A/home/1/desk/2\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static const struct refused {
    const char *incident, *action, *by, *reason, *why;
} refused[] = {
    { "B/home/1", "ack", "PC 42", "", "no such incident" },
    { "A/home/2", "ack", "PC 42", "", "no such incident" },
    { "A/home/0", "ack", "PC 42", "", "no such incident" },
    { "A/home/1x", "ack", "PC 42", "", "no such incident" },
    { "A/home/-1", "ack", "PC 42", "", "no such incident" },
    { "A/home/4294967297", "ack", "PC 42", "", "no such incident" },
    { "A/home/", "ack", "PC 42", "", "no such incident" },
    { "nonsense", "ack", "PC 42", "", "no such incident" },
    { INCIDENT, "eat", "PC 42", "", "\"eat\" is none of ack close hand shelve note" },
    { INCIDENT, "ack", "", "", "by: 1..64" },
    { INCIDENT, "close", "PC 42", "", "reason: \"\" is none of drift" },
    { INCIDENT, "close", "PC 42", "boredom", "reason: \"boredom\" is none of drift" },
    { INCIDENT, "ack", "PC\0332J", "", "a field" },
    { INCIDENT, "ack", "PC \xff", "", "a field" },
};

enum { REFUSED = sizeof refused / sizeof *refused };

/* [id, [ack, ID, incident, …, why, TEXT]] */
static void assert_refusals(struct testbed *testbed)
{
    redisReply *all = testbed_redis(testbed, "XRANGE {breachd}:acks:refused - +");

    assert_int_equal(all->elements, REFUSED);
    for (size_t i = 0; i < REFUSED; i++) {
        const redisReply *fields = all->element[i]->element[1];

        assert_string_equal(fields->element[2]->str, "incident");
        assert_string_equal(fields->element[3]->str, refused[i].incident);
        assert_string_equal(fields->element[6]->str, "why");
        if (strstr(fields->element[7]->str, refused[i].why) == NULL)
            fail_msg("%s %s: refused with: %s", refused[i].action, refused[i].incident,
                     fields->element[7]->str);
    }
    freeReplyObject(all);
}

static void each_refused_word_is_answered_and_kept(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    for (size_t i = 0; i < REFUSED; i++)
        ctl_live_say(testbed, refused[i].incident, refused[i].action, refused[i].by,
                     refused[i].reason);
    ctl_live_await(testbed, "{breachd}:acks:refused", REFUSED);
    assert_refusals(testbed);
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_int_equal(ctl_fixture_number(testbed, ACKS), REFUSED);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void an_entry_without_fields_of_ours_is_refused_too(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    freeReplyObject(testbed_redis(testbed, "XADD {breachd}:acks * colour red"));
    ctl_live_await(testbed, "{breachd}:acks:refused", 1);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0); // goes on
    testbed_close(testbed);
}

/*
 * Each refusal is news to who waits for his own answer; he waits for ten seconds, not for so many.
 */
static void who_asks_behind_ten_thousand_others_is_answered(void **state)
{
    static const char others[] =
        "for i = 1, 10000 do redis.call('XADD', '{breachd}:acks', '*', 'incident', 'no/1', "
        "'action', 'ack', 'by', 'x') end";
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    freeReplyObject(testbed_redis(testbed, "EVAL %s 0", others));
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    testbed_close(testbed);
}

static void words_said_while_it_was_down_are_heard_once(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_kill(testbed);
    ctl_live_say(testbed, INCIDENT, "ack", "PC 42", "");
    ctl_live_say(testbed, INCIDENT, "ack", "PC 43", "");
    testbed_start(testbed, NULL);
    ctl_live_await(testbed, "{breachd}:acks:refused", 1);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    ctl_live_say(testbed, INCIDENT, "close", "PC 42", "attended");
    ctl_live_await(testbed, "{breachd}:alerts", 7); // two restarts are told with two alerts each
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nclosed A/home/1/desk/2\n");
    // The answer to a refused ack goes out before its commit: a kill in between repeats it.
    assert_in_range(testbed_redis_number(testbed, "XLEN {breachd}:acks:refused"), 1, 2);
    assert_int_equal(ctl_fixture_number(testbed, ACKS), 3);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void words_said_while_it_is_blind_come_later(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 503);
    ctl_live_say(testbed, INCIDENT, "ack", "PC 42", "");
    testbed_await_code(testbed, "/readyz", 503);
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    ctl_live_await(testbed, "{breachd}:alerts", 4);
    testbed_expect(testbed, "breach A/home/1/1\nblind blind/1/1\nsighted blind/1/2\n"
                            "acked A/home/1/desk/1\n");
    assert_int_equal(ctl_fixture_number(testbed, ACKS), 1);
    testbed_close(testbed);
}

/* Every value of every key, as far as it is text. */
static void assert_nowhere(struct testbed *testbed, const char *text)
{
    redisReply *dump = testbed_redis(
        testbed, "EVAL %s 0",
        "local all = '' for _, key in ipairs(redis.call('KEYS', '*')) do"
        " local kind = redis.call('TYPE', key).ok"
        " if kind == 'string' then all = all .. redis.call('GET', key)"
        " elseif kind == 'hash' then all = all .. cjson.encode(redis.call('HGETALL', key))"
        " elseif kind == 'stream' then all = all .. cjson.encode(redis.call('XRANGE', key, '-', "
        "'+'))"
        " else return redis.error_reply('a key of type ' .. kind) end end return all");

    assert_non_null(strstr(dump->str, "breachd.breach"));
    if (strstr(dump->str, text) != NULL)
        fail_msg("%s stands in Redis: %s", text, dump->str);
    freeReplyObject(dump);
}

static void without_positions_none_is_in_redis(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "alerts", "position", "none");
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    testbed_gather(testbed);
    assert_nowhere(testbed, "51.5");
    assert_nowhere(testbed, "0.457");
    assert_nowhere(testbed, "lat\\\"");
    assert_string_not_equal(alert_text(json_array_get(testbed->alerts, 0), "data.ping.time"), "");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void say_tamper(struct testbed *testbed, bool tamper, int second)
{
    char body[256];

    snprintf(body, sizeof body,
             "{\"device\":\"tag-1\",\"time\":%lld,\"lat\":51.6,\"lon\":0.4578,\"tamper\":%s}",
             (long long)testbed->base + second, tamper ? "true" : "false");
    assert_int_equal(testbed_post(testbed, body), 200);
}

/*
 * What is wrong with a device is taken and closed as any incident is: never in `open`, gone from
 * what needs somebody once closed, and then quiet until it was well for five minutes.
 */
static void a_tampered_device_is_taken_and_closed(void **state)
{
    static const char todo[] = "SELECT count(*) FROM todo WHERE incident LIKE 'device/%'";
    static const char who[] = "SELECT count(*) FROM custody WHERE incident LIKE 'device/%' AND"
                              " json_extract(known, '$.by') = 'PC 42' AND"
                              " json_extract(known, '$.note') = 'calls him'";
    struct testbed *testbed = *state;

    ctl_live_open(testbed, "--rehearse");
    say_tamper(testbed, true, 0);
    testbed_expect(testbed, "tamper device/tag-1/1\n");
    assert_int_equal(ctl_fixture_number(testbed, todo), 1);
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "--note", "calls him",
                                 "device/tag-1/tamper/1", NULL),
                     0);
    assert_string_equal(testbed_ctl_said(testbed), "device/tag-1/tamper/1: taken by PC 42\n");
    assert_int_equal(ctl_fixture_number(testbed, who), 1);
    say_tamper(testbed, false, 10);
    say_tamper(testbed, true, 20);
    say_tamper(testbed, true, 320); // told again, and who has it still has it
    assert_int_equal(ctl_fixture_number(testbed, who), 1);
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "attended",
                                 "device/tag-1/tamper/1", NULL),
                     0);
    assert_int_equal(ctl_fixture_number(testbed, todo), 0);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", "device/tag-1/tamper/1", NULL),
                     1);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", "device/tag-1/tamper/2", NULL),
                     1);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", "device/tag-1/tampered/1", NULL),
                     1);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", "device/tag-9/tamper/1", NULL),
                     1);
    say_tamper(testbed, false, 330);
    say_tamper(testbed, true, 340); // closed and not yet well
    say_tamper(testbed, true, 900);
    say_tamper(testbed, false, 910);
    say_tamper(testbed, true, 1211); // it was well for five minutes: another
    testbed_expect(testbed, "tamper device/tag-1/1\nacked device/tag-1/tamper/1/desk/1\n"
                            "tamper device/tag-1/2\nclosed device/tag-1/tamper/1/desk/2\n"
                            "tamper device/tag-1/3\n");
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 4), "data.incident"),
                        "device/tag-1/tamper/2");
    assert_int_equal(ctl_fixture_number(testbed, todo), 1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(who_takes_it_is_told),
        testbed_test(how_long_it_took_is_measured),
        testbed_test(the_first_of_two_stands_and_both_are_kept),
        testbed_test(who_takes_what_is_over_is_told_so),
        testbed_test(closed_it_is_over_and_what_goes_on_is_another),
        testbed_test(what_is_over_can_be_taken_and_closed_and_stays_over),
        testbed_test(each_refused_word_is_answered_and_kept),
        testbed_test(an_entry_without_fields_of_ours_is_refused_too),
        testbed_test(who_asks_behind_ten_thousand_others_is_answered),
        testbed_test(words_said_while_it_was_down_are_heard_once),
        testbed_test(words_said_while_it_is_blind_come_later),
        testbed_test(a_tampered_device_is_taken_and_closed),
        testbed_test(without_positions_none_is_in_redis),
    };

    return cmocka_run_group_tests_name("acks", tests, NULL, NULL);
}
