/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl shelve: until when it is quiet, and what ends that. */
#include <stdio.h>

#include "ctl_live/custody_live.h"

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
    ctl_live_assert_says(testbed, INCIDENT ": shelved by PC 42 until ");
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nshelved A/home/1/desk/2\n");
    shelved = json_array_get(testbed->alerts, 2);
    assert_string_equal(alert_text(shelved, "data.reason"), "shelved by PC 42 for 2 h 0 min");
    assert_true(json_is_string(alert_at(shelved, "data.until")));
    assert_todo(testbed, "shelved.by", "PC 42");
    assert_todo(testbed, "shelved.until", alert_text(shelved, "data.until"));
    assert_refused(testbed, ctl(testbed, "shelve", "PC 43", "--until", "1h"),
                   "shelved already, by PC 42");
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    ctl_live_assert_says(testbed, "shelved:\n");
    ctl_live_assert_says(testbed, "breach         A/home/1 in Basildon [PC 42; shelved until ");
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
    ctl_live_assert_says(testbed, "shelved by PC 42 for 2 h 0 min: he is in custody\n");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

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

/* In a rehearsal the clock is the pings': tag-2, which is nowhere, moves it. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_is_shelved_stands_apart_until_its_time),
        testbed_test(why_it_is_shelved_is_told),
        testbed_test(who_has_it_now_ends_it_early),
        testbed_test(its_time_ends_it_also_over_a_kill_and_is_told),
        testbed_test(a_breach_ends_it_at_once),
        testbed_test(its_end_ends_it_too),
        testbed_test(what_somebody_has_leaves_the_list_shelved_or_not),
    };

    return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
