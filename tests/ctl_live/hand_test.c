/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl hand and note: who has it, and what was noted of it. */
#include <stdio.h>

#include "ctl_live/custody_live.h"

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
    ctl_live_assert_says(testbed, INCIDENT ": handed by PC 42 to PC 43\n");
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nhanded A/home/1/desk/2\n");
    handed = json_array_get(testbed->alerts, 2);
    assert_string_equal(alert_text(handed, "data.by"), "PC 42");
    assert_string_equal(alert_text(handed, "data.to"), "PC 43");
    assert_string_equal(alert_text(handed, "data.severity"), "info");
    assert_todo(testbed, "by", "PC 43");
    assert_todo(testbed, "alert.type", "breachd.breach");
    assert_refused(testbed, ctl(testbed, "hand", "PC 42", "--to", "PC 43"), "PC 43 has it already");
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    ctl_live_assert_says(testbed, "critical  breach         A/home/1 in Basildon [PC 43]: inside");
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
    ctl_live_assert_says(testbed, INCIDENT ": noted by PC 42\n");
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
    ctl_live_assert_says(testbed, "A/home/1 in Basildon [car 12 is on its way]: ");
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
        testbed_test(what_others_write_there_is_refused_with_a_reason),
    };

    return cmocka_run_group_tests_name("hand", tests, NULL, NULL);
}
