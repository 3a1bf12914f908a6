/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl hand, shelve and note: who has it, until when it is quiet, and what was noted of it. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define INCIDENT "A/home/1"

static int ctl(struct testbed *testbed, const char *action, const char *by, const char *option,
               const char *value)
{
    return testbed_ctl(testbed, action, "--by", by, option, value, INCIDENT, NULL);
}

static void assert_says(struct testbed *testbed, const char *want)
{
    if (strstr(testbed_ctl_said(testbed), want) == NULL)
        fail_msg("-- wanted:\n%s\n-- said:\n%s-- complained:\n%s", want, testbed_ctl_said(testbed),
                 testbed_ctl_complained(testbed));
}

static void assert_refused(struct testbed *testbed, int code, const char *want)
{
    assert_int_equal(code, 1);
    if (strstr(testbed_ctl_complained(testbed), want) == NULL)
        fail_msg("-- wanted:\n%s\n-- complained:\n%s", want, testbed_ctl_complained(testbed));
}

/* A member of what stands in `todo`, by its dotted path. */
static void assert_todo(struct testbed *testbed, const char *path, const char *want)
{
    redisReply *value = testbed_redis(testbed, "HGET {breachd}:todo " INCIDENT);
    json_t *need = value->str != NULL ? json_loads(value->str, 0, NULL) : NULL;
    const json_t *member = alert_at(need, path);

    assert_non_null(need);
    if (want == NULL)
        assert_true(member == NULL || json_is_null(member));
    else
        assert_string_equal(json_string_value(member), want);
    json_decref(need);
    freeReplyObject(value);
}

/* Of `open`, the type of its alert. */
static void assert_open(struct testbed *testbed, const char *type)
{
    redisReply *value = testbed_redis(testbed, "HGET {breachd}:open " INCIDENT);
    json_t *event = value->str != NULL ? json_loads(value->str, 0, NULL) : NULL;

    assert_string_equal(alert_text(event, "type"), type);
    json_decref(event);
    freeReplyObject(value);
}

/* Who takes it changes who has it, and not what is known: how grave it is, where he was. */
static void what_is_known_stays_whoever_has_it(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "ack", "--by", "PC 42", "--note", "car \"12\"", INCIDENT, NULL), 0);
    for (int start = 0; start < 2; start++) {
        assert_open(testbed, "breachd.breach");
        assert_todo(testbed, "alert.type", "breachd.breach");
        assert_todo(testbed, "alert.data.severity", "critical");
        assert_todo(testbed, "by", "PC 42");
        assert_todo(testbed, "note", "car \"12\"");
        if (start > 0)
            break;
        testbed_kill(testbed);
        testbed_redis_number(testbed, "DEL {breachd}:todo {breachd}:open");
        testbed_start(testbed, NULL); // made anew by the ledger
        ctl_live_await(testbed, "{breachd}:alerts", 4);
    }
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    ctl_live_await(testbed, "{breachd}:alerts", 5);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo " INCIDENT), 0);
    testbed_close(testbed);
}

static void who_is_handed_it_has_it_and_all_are_told(void **state)
{
    struct testbed *testbed = *state;
    const json_t *handed;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_refused(testbed, ctl(testbed, "hand", "PC 42", "--to", "PC 43"), "nobody has it");
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_int_equal(ctl(testbed, "hand", "PC 42", "--to", "PC 43"), 0);
    assert_says(testbed, INCIDENT ": handed by PC 42 to PC 43\n");
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nhanded A/home/1/desk/2\n");
    handed = json_array_get(testbed->alerts, 2);
    assert_string_equal(alert_text(handed, "data.by"), "PC 42");
    assert_string_equal(alert_text(handed, "data.to"), "PC 43");
    assert_string_equal(alert_text(handed, "data.severity"), "info");
    assert_todo(testbed, "by", "PC 43");
    assert_todo(testbed, "alert.type", "breachd.breach");
    assert_refused(testbed, ctl(testbed, "hand", "PC 42", "--to", "PC 43"), "PC 43 has it already");
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_says(testbed, "critical  breach         A/home/1 in Basildon [PC 43]: inside");
    assert_refused(testbed, testbed_ctl(testbed, "ack", "--by", "PC 44", INCIDENT, NULL),
                   "taken already, by PC 43");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void a_note_stands_in_todo_and_in_the_ledger_alone(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(ctl(testbed, "note", "PC 42", "--note", "rang \"him\"},\"by\":7"), 0);
    assert_says(testbed, INCIDENT ": noted by PC 42\n");
    assert_todo(testbed, "note", "rang \"him\"},\"by\":7");
    assert_todo(testbed, "by", NULL);
    assert_int_equal(ctl(testbed, "note", "PC 42", "--note", "car 12 is on its way"), 0);
    assert_todo(testbed, "note", "car 12 is on its way");
    assert_todo(testbed, "alert.type", "breachd.breach");
    testbed_expect(testbed, "breach A/home/1/1\n"); // no alert carries it
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM entry WHERE kind = 'ack' AND "
                                        "json_extract(body, '$.action') = 'note'"),
                     2);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_says(testbed, "A/home/1 in Basildon [car 12 is on its way]: ");
    testbed_kill(testbed);
    testbed_redis_number(testbed, "DEL {breachd}:todo");
    testbed_start(testbed, NULL);
    ctl_live_await(testbed, "{breachd}:alerts", 3);
    assert_todo(testbed, "note", "car 12 is on its way");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void what_no_list_has_is_not_noted(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(ctl(testbed, "close", "PC 42", "--reason", "drift"), 0);
    assert_refused(testbed, ctl(testbed, "note", "PC 42", "--note", "rang him"),
                   "it needs nobody (any more)");
    testbed_close(testbed);
}

static void what_is_shelved_stands_apart_until_its_time(void **state)
{
    struct testbed *testbed = *state;
    const json_t *shelved;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_refused(testbed, ctl(testbed, "shelve", "PC 42", "--until", "2h"),
                   "nobody has seen it: ack takes it");
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_refused(testbed, ctl(testbed, "shelve", "PC 42", "--until", "2100-01-01T00:00:00Z"),
                   "more than 8 hours away");
    assert_refused(testbed, ctl(testbed, "shelve", "PC 42", "--until", "2020-06-23T20:00:00Z"),
                   "until: that is over");
    assert_int_equal(ctl(testbed, "shelve", "PC 42", "--until", "2h"), 0);
    assert_says(testbed, INCIDENT ": shelved by PC 42 until ");
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nshelved A/home/1/desk/2\n");
    shelved = json_array_get(testbed->alerts, 2);
    assert_string_equal(alert_text(shelved, "data.reason"), "shelved by PC 42 for 2 h 0 min");
    assert_true(json_is_string(alert_at(shelved, "data.until")));
    assert_todo(testbed, "shelved.by", "PC 42");
    assert_todo(testbed, "shelved.until", alert_text(shelved, "data.until"));
    assert_refused(testbed, ctl(testbed, "shelve", "PC 43", "--until", "1h"),
                   "shelved already, by PC 42");
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_says(testbed, "shelved:\n");
    assert_says(testbed, "breach         A/home/1 in Basildon [PC 42; shelved until ");
    testbed_close(testbed);
}

/* It is no outcome, which is one of a few words; and it is told, also by the evidence. */
static void why_it_is_shelved_is_told(void **state)
{
    struct testbed *testbed = *state;
    const json_t *shelved;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    freeReplyObject(testbed_redis(testbed,
                                  "XADD {breachd}:acks * incident " INCIDENT
                                  " action shelve by %s until 2h reason %s",
                                  "PC 42", "he is in custody"));
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nshelved A/home/1/desk/2\n");
    shelved = json_array_get(testbed->alerts, 2);
    assert_true(json_is_null(alert_at(shelved, "data.outcome")));
    assert_string_equal(alert_text(shelved, "data.reason"),
                        "shelved by PC 42 for 2 h 0 min: he is in custody");
    assert_int_equal(testbed_ctl(testbed, "explain", "--reason", "a test", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, INCIDENT, NULL),
                     0);
    assert_says(testbed, "shelved by PC 42 for 2 h 0 min: he is in custody\n");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* In a rehearsal the clock is the pings': tag-2, which is nowhere, moves it. */
/* Who shelved it has gone home, and whoever was handed it hears of it again. */
static void who_has_it_now_ends_it_early(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(ctl(testbed, "ack", "rob", "--note", "rang"), 0);
    assert_int_equal(ctl(testbed, "shelve", "rob", "--until", "2h"), 0);
    assert_int_equal(ctl(testbed, "hand", "rob", "--to", "vera"), 0);
    assert_todo(testbed, "shelved.by", "rob");
    assert_int_equal(ctl(testbed, "shelve", "vera", "--until", "1s"), 0);
    ctl_live_await(testbed, "{breachd}:alerts", 6); // its second is over
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nshelved A/home/1/desk/2\n"
                            "handed A/home/1/desk/3\nshelved A/home/1/desk/4\n"
                            "shelved A/home/1/desk/5\n");
    assert_todo(testbed, "shelved", NULL);
    testbed_close(testbed);
}

static void open_rehearsed(struct testbed *testbed)
{
    testbed_set(testbed, "breachd.conf", "alerts", "remind", "60s");
    testbed_set(testbed, "breachd.conf", "detect", "update", "24h");
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after", "30d");
    testbed_set(testbed, "breachd.conf", "detect", "silent-least", "24h");
    testbed_order(testbed, "B", "tag-2", 50000, 200, "");
    ctl_live_open(testbed, "--rehearse");
}

static void it_is(struct testbed *testbed, int second)
{
    assert_int_equal(testbed_ping(testbed, "tag-2", second, 9000), 200);
}

#define SHELVED_STORY "breach A/home/1/1\nacked A/home/1/desk/1\nshelved A/home/1/desk/2\n"

static void its_time_ends_it_also_over_a_kill_and_is_told(void **state)
{
    struct testbed *testbed = *state;
    const json_t *ended;

    open_rehearsed(testbed);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_int_equal(ctl(testbed, "shelve", "PC 42", "--until", "10m"), 0);
    it_is(testbed, 899);
    testbed_expect(testbed, SHELVED_STORY);
    testbed_kill(testbed);
    testbed_start(testbed, "--rehearse", NULL);
    it_is(testbed, 899);
    testbed_expect(testbed, SHELVED_STORY);
    assert_todo(testbed, "shelved.by", "PC 42");
    it_is(testbed, 900);
    testbed_expect(testbed, SHELVED_STORY "shelved A/home/1/desk/3\n");
    ended = json_array_get(testbed->alerts, 3);
    assert_string_equal(alert_text(ended, "data.cause"), "over");
    assert_true(json_is_null(alert_at(ended, "data.by")));
    assert_true(json_is_null(alert_at(ended, "data.until")));
    assert_todo(testbed, "shelved", NULL);
    assert_todo(testbed, "by", "PC 42");
    it_is(testbed, 9000); // who has it is not chased
    testbed_expect(testbed, SHELVED_STORY "shelved A/home/1/desk/3\n");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* He was near, and somebody knows: shelved, until he is in. */
static void a_breach_ends_it_at_once(void **state)
{
    struct testbed *testbed = *state;

    open_rehearsed(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "warn = 800 m\n");
    testbed_reload(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 120, 700), 200);
    testbed_expect(testbed, "approach A/home/1/1\n");
    assert_int_equal(ctl(testbed, "shelve", "PC 42", "--until", "1h"), 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 500, 10), 200);
    testbed_expect(testbed, "approach A/home/1/1\nshelved A/home/1/desk/1\nbreach A/home/1/2\n"
                            "shelved A/home/1/desk/2\n");
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 3), "data.cause"), "outgrown");
    assert_todo(testbed, "shelved", NULL);
    it_is(testbed, 560); // and it waits for somebody
    testbed_expect(testbed, "approach A/home/1/1\nshelved A/home/1/desk/1\nbreach A/home/1/2\n"
                            "shelved A/home/1/desk/2\nescalated A/home/1/desk/3\n");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Nobody has taken it: that it is over is news, and waits for somebody, shelved no more. */
static void its_end_ends_it_too(void **state)
{
    static const char story[] =
        "approach A/home/1/1\nshelved A/home/1/desk/1\ncleared A/home/1/2\n";
    struct testbed *testbed = *state;

    open_rehearsed(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "warn = 800 m\n");
    testbed_reload(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 120, 700), 200);
    testbed_expect(testbed, "approach A/home/1/1\n");
    assert_int_equal(ctl(testbed, "shelve", "PC 42", "--until", "1h"), 0);
    assert_todo(testbed, "shelved.by", "PC 42");
    for (int second = 180; second <= 600; second += 60)
        assert_int_equal(testbed_ping(testbed, "tag-1", second, 700 + 5 * second), 200);
    testbed_expect(testbed, story);
    assert_todo(testbed, "alert.type", "breachd.cleared");
    assert_todo(testbed, "shelved", NULL);
    it_is(testbed, 9000); // its time ends nothing more
    testbed_expect(testbed, story);
    assert_todo(testbed, "shelved", NULL);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    testbed_settle(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo " INCIDENT), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Who has it knows: it leaves the list. */
static void what_somebody_has_leaves_the_list_shelved_or_not(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_int_equal(ctl(testbed, "shelve", "PC 42", "--until", "2h"), 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_settle(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo " INCIDENT), 0);
    testbed_close(testbed);
}

/* One bad entry hurts nobody else. */
static void what_others_write_there_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *action, *to, *until, *why;
    } words[] = { { "hand", "", "", "to: 1..64" },
                  { "hand", "\033[2J", "", "a field" },
                  { "shelve", "", "", "until: \"\" is neither a time" },
                  { "shelve", "", "soon", "until: \"soon\" is neither a time" },
                  { "shelve", "", "-1h", "is neither a time" },
                  { "shelve", "", "9999-01-01T00:00:00Z", "is neither a time" },
                  { "shelve", "", "2200-01-01T00:00:00Z", "more than 8 hours away" },
                  { "note", "", "", "note: it says nothing" } };
    enum { WORDS = sizeof words / sizeof *words };
    struct testbed *testbed = *state;
    redisReply *all;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    for (size_t i = 0; i < WORDS; i++)
        freeReplyObject(testbed_redis(
            testbed, "XADD {breachd}:acks * incident " INCIDENT " action %s by %s to %s until %s",
            words[i].action, "PC 42", words[i].to, words[i].until));
    ctl_live_await(testbed, "{breachd}:acks:refused", WORDS);
    all = testbed_redis(testbed, "XRANGE {breachd}:acks:refused - +");
    for (size_t i = 0; i < WORDS; i++) {
        const char *why = all->element[i]->element[1]->element[7]->str;

        if (strstr(why, words[i].why) == NULL)
            fail_msg("%s: refused with: %s", words[i].action, why);
    }
    freeReplyObject(all);
    assert_int_equal(ctl(testbed, "hand", "PC 42", "--to", "PC 43"), 0); // goes on
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_is_known_stays_whoever_has_it),
        testbed_test(who_is_handed_it_has_it_and_all_are_told),
        testbed_test(a_note_stands_in_todo_and_in_the_ledger_alone),
        testbed_test(what_no_list_has_is_not_noted),
        testbed_test(what_is_shelved_stands_apart_until_its_time),
        testbed_test(why_it_is_shelved_is_told),
        testbed_test(who_has_it_now_ends_it_early),
        testbed_test(its_time_ends_it_also_over_a_kill_and_is_told),
        testbed_test(a_breach_ends_it_at_once),
        testbed_test(its_end_ends_it_too),
        testbed_test(what_somebody_has_leaves_the_list_shelved_or_not),
        testbed_test(what_others_write_there_is_refused_with_a_reason),
    };

    return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
