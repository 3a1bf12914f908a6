/* SPDX-License-Identifier: Apache-2.0 */
/* What the control room says once an older copy of the ledger was put back. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "ctl_live/older_copy.h"
#include "support/test.h"

/* A word that a breachd of after the copy took, or that nobody has heard yet. */
static void say(struct testbed *testbed, const char *action, const char *incident)
{
    freeReplyObject(testbed_redis(testbed,
                                  "XADD {breachd}:acks * incident %s action %s by Sgt2 reason "
                                  "attended",
                                  incident, action));
}

/* Its words are heard again: none is told by a number that the next one gets too. */
static void a_word_that_is_heard_again_gets_a_number_of_its_own(void **state)
{
    struct testbed *testbed = *state;

    older_copy_live_on(testbed);
    say(testbed, "ack", "A/home/3");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    older_copy_assert_needed(
        testbed, "A/home/3",
        "is an older copy and does not know it; Redis holds breach (critical)");
    older_copy_assert_needed(testbed, "A/home/3", "\"by\":\"Sgt2\"");
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "attended", "A/home/3", NULL),
        0);
    testbed_settle(testbed);
    older_copy_assert_gone(testbed, "A/home/3");
    older_copy_assert_ids(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Of what the copy, or Redis, knows: a number between theirs and the new ones was never given. */
static void a_word_about_what_never_was_is_refused(void **state)
{
    static const char *const never[] = { "A/home/7", "A/home/40", "ledger-old/77",
                                         "device/tag-1/silent/5" };
    struct testbed *testbed = *state;

    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        assert_int_equal(
            testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "attended", never[i], NULL),
            1);
        assert_non_null(strstr(testbed_ctl_complained(testbed), "no such incident"));
    }
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE type = 'closed'"), 0);
    // What was told before the copy, and what Redis held, can be closed.
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "attended", "A/home/1", NULL),
        0);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "attended", "A/home/2", NULL),
        0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* The ledger that knew who has it is gone too: who looks into the new one must see him. */
static void who_had_it_by_redis_has_it(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");
    const char *line;

    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 44", "A/home/3", NULL), 0);
    testbed_settle(testbed);
    testbed_kill(testbed);
    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 4);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/3", "\"by\":\"PC 44\"");
    assert_int_equal(testbed_ctl(testbed, "incidents", "--ledger", ledger.text, NULL), 0);
    line = strstr(testbed_ctl_said(testbed), "A/home/3");
    assert_non_null(line);
    assert_non_null(memmem(line, strcspn(line, "\n"), "; PC 44 has it", 14));
    assert_null(memmem(line, strcspn(line, "\n"), "taken by nobody", 15));
    assert_int_equal(
        testbed_ctl(testbed, "incidents", "--ledger", ledger.text, "--state", "untaken", NULL), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "A/home/3"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* It is taken and stays: what was lost by it is still to be seen to. */
static void ledger_old_stays_until_it_is_closed(void **state)
{
    static const char sql[] = "SELECT CAST(substr(incident, 12) AS INT) FROM alert WHERE incident "
                              "LIKE 'ledger-old/%'";
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");
    char incident[48];

    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    snprintf(incident, sizeof incident, "ledger-old/%lld", ctl_fixture_number(testbed, sql));
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 44", incident, NULL), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "it is over"));
    testbed_settle(testbed);
    for (int life = 0; life < 2; life++) {
        older_copy_assert_needed(testbed, incident, "\"by\":\"PC 44\"");
        assert_int_equal(
            testbed_ctl(testbed, "incidents", "--ledger", ledger.text, "--state", "open", NULL), 0);
        assert_non_null(strstr(testbed_ctl_said(testbed), incident));
        testbed_kill(testbed);
        testbed_start(testbed, NULL);
        testbed_settle(testbed);
    }
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "other", incident, NULL), 0);
    testbed_settle(testbed);
    older_copy_assert_gone(testbed, incident);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_word_that_is_heard_again_gets_a_number_of_its_own),
        testbed_test(a_word_about_what_never_was_is_refused),
        testbed_test(who_had_it_by_redis_has_it),
        testbed_test(ledger_old_stays_until_it_is_closed),
    };

    return cmocka_run_group_tests_name("snapshot_acks", tests, NULL, NULL);
}
