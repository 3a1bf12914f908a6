/* SPDX-License-Identifier: Apache-2.0 */
/* An older copy of the ledger put back: no number is given again, and breachd says so. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "ctl_live/older_copy.h"
#include "support/test.h"

/* What the report of all years says of the alerts that are in Redis alone. */
static void assert_not_counted(struct testbed *testbed, int alerts)
{
    struct path conf = testbed_path(testbed, "breachd.conf");
    char words[64];

    snprintf(words, sizeof words, "NOT COUNTED: breaches among %d alerts of before ", alerts);
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", "2020-01-01", "--to",
                                 "2099-01-01", NULL),
                     0);
    if (strstr(testbed_ctl_said(testbed), alerts > 0 ? words : "breaches ") == NULL ||
        (alerts == 0 && strstr(testbed_ctl_said(testbed), "NOT COUNTED") != NULL))
        fail_msg("report: %s", testbed_ctl_said(testbed));
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", "2020-01-01", "--to",
                                 "2020-02-01", NULL),
                     0);
    // All of it is of later, as far as Redis had confirmed any; a new ledger cannot know.
    assert_true((strstr(testbed_ctl_said(testbed), "NOT COUNTED") == NULL) ==
                (alerts == 0 || ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind "
                                                            "= 'published' AND number < (SELECT "
                                                            "number FROM entry WHERE kind = "
                                                            "'renumbered')") > 0));
}

static void an_older_copy_gives_no_number_again_and_says_so(void **state)
{
    struct testbed *testbed = *state;
    long long epoch;

    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "the ledger is an older copy: it ends with alert ");
    epoch = ctl_fixture_number(testbed, "SELECT json_extract(known, '$.numbers') FROM incident "
                                        "WHERE subject = 'epoch'");
    assert_true(epoch > 3);
    // He was inside by the copy, and so he is: the same incident goes on, ends, and is closed.
    older_copy_ping(testbed, 1800, -98);
    older_copy_ping(testbed, 2100, 500);
    older_copy_ping(testbed, 2400, 10);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 43", "--reason", "drift", "A/home/1", NULL), 0);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM alert WHERE type = 'trouble' "
                                        "AND incident LIKE 'ledger-old/%'"),
                     1);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM alert WHERE type = 'breach' AND "
                                        "CAST(substr(incident, 8) AS INT) > 3"),
                     1);
    older_copy_assert_ids(testbed);
    assert_true(testbed_redis_number(testbed, "HLEN {breachd}:todo") >= 2);
    assert_not_counted(testbed, 5); // after the first of six
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void a_start_after_that_begins_no_other_epoch(void **state)
{
    static const char sql[] =
        "SELECT json_extract(known, '$.numbers') FROM incident WHERE subject = 'epoch'";
    struct testbed *testbed = *state;
    long long epoch;

    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_gather(testbed);
    epoch = ctl_fixture_number(testbed, sql);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    older_copy_ping(testbed, 1800, 500);
    older_copy_ping(testbed, 2100, 10);
    older_copy_assert_ids(testbed);
    assert_int_equal(ctl_fixture_number(testbed, sql), epoch);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Whoever starts while Redis is away learns it when Redis is back. */
static void with_redis_away_it_is_found_when_that_is_back(void **state)
{
    struct testbed *testbed = *state;

    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    older_copy_live_on(testbed);
    testbed_redis_kill(testbed);
    testbed_start(testbed, NULL);
    assert_false(testbed_log_has(testbed, "the ledger is an older copy"));
    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    testbed_await_log(testbed, "the ledger is an older copy: it ends with alert ");
    older_copy_ping(testbed, 1800, 500);
    older_copy_ping(testbed, 2100, 10);
    testbed_settle(testbed);
    older_copy_assert_ids(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* ---- what Redis alone still knew ---- */

static const char breach_lost[] =
    "is an older copy and does not know it; Redis holds breach (critical)";

/* He is inside by A/home/3, of which the copy knows nothing; nor of what was said of it. */
static void who_is_inside_by_redis_alone_stays_in_todo_until_it_is_closed(void **state)
{
    struct testbed *testbed = *state;

    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/3", breach_lost);
    older_copy_assert_needed(testbed, "A/home/3", "\"cause\":\"ledger-old\"");
    older_copy_assert_needed(testbed, "A/home/2",
                             "Redis holds cleared (info)"); // was taken by nobody
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "A/home/3"));
    // Taken, it is still there; and over a restart.
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 44", "A/home/3", NULL), 0);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/3", "\"by\":\"PC 44\"");
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/3", "\"by\":\"PC 44\"");
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "attended", "A/home/3", NULL),
        0);
    testbed_settle(testbed);
    older_copy_assert_gone(testbed, "A/home/3");
    older_copy_assert_ids(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Put back once more, by a start that Redis was away from. */
static void nor_does_he_vanish_by_a_second_time(void **state)
{
    struct testbed *testbed = *state;

    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    testbed_kill(testbed);
    older_copy_put_back(testbed);
    testbed_redis_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    // Both of his, the ledger-old of the first time, and that of the second.
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 4);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/3", breach_lost);
    older_copy_assert_ids(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* What was lost by the second time is not what was lost by the first: each is told. */
static void a_second_time_within_the_hour_is_told_too(void **state)
{
    struct testbed *testbed = *state;

    older_copy_live_on(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_remove(testbed, "copy.db");
    older_copy_ping(testbed, 1800, 900);
    testbed_settle(testbed);
    older_copy_ping(testbed, 2100, 900); // with this the ledger keeps that all was published
    assert_int_equal(ctl_live_snapshot(testbed, "copy.db"), 0);
    older_copy_ping(testbed, 2400, 10);
    testbed_settle(testbed);
    testbed_kill(testbed);
    older_copy_put_back(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 2);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM todo WHERE incident LIKE "
                                                 "'ledger-old/%'"),
                     2);
    older_copy_assert_ids(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void without_any_ledger_all_that_redis_knew_stays(void **state)
{
    struct testbed *testbed = *state;

    older_copy_live_on(testbed);
    testbed_remove(testbed, "ledger.db");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 3);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/3",
                             "the ledger is new and does not know it; Redis holds breach");
    assert_not_counted(testbed, 6);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "attended", "A/home/3", NULL),
        0);
    testbed_settle(testbed);
    older_copy_assert_gone(testbed, "A/home/3");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* His tag was tampered with after the copy: a device's trouble is as little forgotten. */
static void a_tamper_that_redis_alone_knows_stays_too(void **state)
{
    struct testbed *testbed = *state;
    char text[TESTBED_PING_MAX], *end;

    testbed_shift_fit(testbed);
    testbed->base = time(NULL);
    ctl_live_open(testbed, NULL);
    older_copy_ping(testbed, 0, 900);
    assert_int_equal(ctl_live_snapshot(testbed, "copy.db"), 0);
    testbed_replace(testbed, "ahead", "%d\n", 60);
    testbed_ping_print(testbed, "tag-1", 60, 900, text);
    end = strrchr(text, '}');
    assert_non_null(end);
    snprintf(end, sizeof text - (size_t)(end - text), ",\"tamper\":true}");
    assert_int_equal(testbed_post(testbed, text), 200);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "device/tag-1/tamper/1", "breachd.tamper");
    testbed_kill(testbed);
    older_copy_put_back(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 2);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "device/tag-1/tamper/1",
                             "does not know it; Redis holds tamper (high)");
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 44", "--reason", "attended",
                                 "device/tag-1/tamper/1", NULL),
                     0);
    testbed_settle(testbed);
    older_copy_assert_gone(testbed, "device/tag-1/tamper/1");
    older_copy_assert_ids(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* By the copy he only came near. */
static void what_had_become_graver_is_escalated(void **state)
{
    struct testbed *testbed = *state;

    testbed_shift_fit(testbed);
    testbed->base = time(NULL);
    testbed_open(testbed, "warn = 800 m\n", NULL);
    older_copy_ping(testbed, 0, 900);
    older_copy_ping(testbed, 60, 700);
    older_copy_ping(testbed, 120, 500);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/1", "\"severity\":\"warning\"");
    assert_int_equal(ctl_live_snapshot(testbed, "copy.db"), 0);
    older_copy_ping(testbed, 600, 10);
    testbed_settle(testbed);
    testbed_kill(testbed);
    older_copy_put_back(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"escalated\"}", 1);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/1", "an older copy; Redis holds breach (critical)");
    older_copy_assert_needed(testbed, "A/home/1", "\"type\":\"breachd.escalated\"");
    older_copy_ping(testbed, 900, 2000);
    testbed_settle(testbed);
    older_copy_assert_needed(testbed, "A/home/1", "\"type\":\"breachd.cleared\"");
    older_copy_assert_ids(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(an_older_copy_gives_no_number_again_and_says_so),
        testbed_test(a_start_after_that_begins_no_other_epoch),
        testbed_test(with_redis_away_it_is_found_when_that_is_back),
        testbed_test(who_is_inside_by_redis_alone_stays_in_todo_until_it_is_closed),
        testbed_test(nor_does_he_vanish_by_a_second_time),
        testbed_test(a_second_time_within_the_hour_is_told_too),
        testbed_test(without_any_ledger_all_that_redis_knew_stays),
        testbed_test(a_tamper_that_redis_alone_knows_stays_too),
        testbed_test(what_had_become_graver_is_escalated),
    };

    return cmocka_run_group_tests_name("snapshot_older", tests, NULL, NULL);
}
