/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence that goes, in its time or as somebody is forgotten; the chain holds and says so. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

enum { DAY_S = 24 * 3600 };

#define OF_A                                                                                       \
    "FROM entry WHERE respondent = 'R-A' AND kind IN ('ping', 'time', 'rules', 'ack') AND body "   \
    "IS NOT NULL"
#define WEEKS_AGO " AND at < (SELECT max(at) FROM entry) - 3542400000"
#define ALERTS_OF_A                                                                                \
    "SELECT count(*) FROM alert a JOIN entry e ON e.number = a.entry WHERE e.respondent = 'R-A'"

/* Whether a position, or the zone's place, is anywhere in the ledger's own bytes, log and all. */
static bool bytes_have(struct testbed *testbed, const char *text)
{
    static const char *const files[] = { "ledger.db", "ledger.db-wal" };
    bool found = false;

    for (size_t i = 0; i < 2; i++) {
        struct path path = testbed_path(testbed, files[i]);
        FILE *file = fopen(path.text, "re");
        size_t n = strlen(text), at = 0;
        int c;

        while (file != NULL && (c = getc(file)) != EOF && !found) {
            at = c == text[at] ? at + 1 : c == text[0];
            found = at == n;
        }
        if (file != NULL)
            fclose(file);
    }
    return found;
}

static void await_number(struct testbed *testbed, const char *sql, long long want)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (ctl_fixture_number(testbed, sql) != want) {
        if (now_ms() > deadline)
            fail_msg("%s: stays %lld", sql, ctl_fixture_number(testbed, sql));
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

/* ---- in time ---- */

/* Two who breach, one of them still inside; then weeks of nothing near. */
static void live_for_weeks(struct testbed *testbed)
{
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    testbed_open(testbed, "", "--rehearse");
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-2", 300, 5010), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_gather(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    for (int day = 6; day <= 42; day += 6)
        assert_int_equal(testbed_ping(testbed, "tag-3", day * DAY_S, 20000), 200);
    // By a clock that has run a day: of one that just leapt so far nothing would go.
    assert_int_equal(testbed_ping(testbed, "tag-3", 46 * DAY_S + 3600, 9020), 200);
    assert_int_equal(testbed_ping(testbed, "tag-3", 48 * DAY_S, 20000), 200);
    // By what is kept of him a start knows what time it is.
    assert_int_equal(testbed_ping(testbed, "tag-3", 48 * DAY_S + 3600, 9010), 200);
    testbed_gather(testbed);
    await_number(testbed,
                 "SELECT count(DISTINCT value) FROM mark WHERE name IN ('sequence', "
                 "'published')",
                 1);
    testbed_kill(testbed);
    testbed_set(testbed, "breachd.conf", "ledger", "retention", "28d");
    testbed_set(testbed, "breachd.conf", "ledger", "evidence-retention", "40d");
}

static void what_is_over_goes_in_its_time_and_what_goes_on_stays(void **state)
{
    struct testbed *testbed = *state;
    long long links;

    live_for_weeks(testbed);
    assert_true(ctl_fixture_number(testbed, "SELECT count(*) " OF_A " AND evidence <> 0") > 0);
    links = ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE respondent = 'R-A'");
    testbed_start(testbed, "--rehearse", NULL);
    await_number(testbed, "SELECT count(*) " OF_A WEEKS_AGO, 0);
    await_number(testbed, ALERTS_OF_A " AND a.type = 'breach'", 0);
    assert_true(ctl_fixture_number(testbed,
                                   "SELECT count(*) FROM entry WHERE respondent = 'R-A'") >= links);
    assert_true(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE respondent = 'R-B' "
                                            "AND kind = 'ping' AND body IS NOT NULL") > 0);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE incident = 'B/home/1'") > 0,
        1);
    assert_true(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'retention' "
                                            "AND json_extract(body, '$.evidence') = 1") > 0);
    // A report says how much went, and since when evidence is there.
    assert_int_equal(testbed_ctl(testbed, "report", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--from", "1990-01-01",
                                 "--to", "2199-01-01", NULL),
                     0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "evidence let go by evidence-retention: "));
    assert_non_null(strstr(testbed_ctl_said(testbed), "NOT COUNTED: breaches that were over be"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void by_default_it_stays(void **state)
{
    struct testbed *testbed = *state;

    live_for_weeks(testbed);
    testbed_set(testbed, "breachd.conf", "ledger", "evidence-retention", "0s");
    testbed_start(testbed, "--rehearse", NULL);
    assert_int_equal(testbed_ping(testbed, "tag-3", 49 * DAY_S, 20000), 200);
    await_number(testbed,
                 "SELECT count(*) FROM entry WHERE kind = 'ping' AND evidence = 0 AND "
                 "body IS NOT NULL" WEEKS_AGO,
                 0);
    assert_true(ctl_fixture_number(testbed, "SELECT count(*) " OF_A " AND evidence <> 0") > 0);
    assert_int_equal(ctl_fixture_number(testbed, ALERTS_OF_A " AND a.type = 'breach'"), 1);
    testbed_close(testbed);
}

/* ---- one respondent ---- */

static int forget(struct testbed *testbed, const char *respondent)
{
    return testbed_ctl(testbed, "forget", "-c", testbed_path(testbed, "breachd.conf").text,
                       "--reason", "quashed on appeal", "--by", "DC 4711", respondent, NULL);
}

/* His incident is closed with a note, and his order is quashed; others stay watched. */
static void quash(struct testbed *testbed)
{
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, ""); // half of them may not go at once
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-2", 310, 5010), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "--note",
                                 "his mother is ill", "A/home/1", NULL),
                     0);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "B/home/1", NULL), 0);
    testbed_gather(testbed);
}

static void assert_forgotten(struct testbed *testbed)
{
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) " OF_A), 0);
    assert_int_equal(ctl_fixture_number(testbed, ALERTS_OF_A), 0);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'order' "
                                                 "AND body LIKE '%respondent = R-A%'"),
                     0);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM device WHERE id = 'tag-1' "
                                                 "AND json_extract(known, '$.lat') IS NOT NULL"),
                     0);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = "
                                                 "'forgotten' AND json_extract(body, '$.of') = "
                                                 "'R-A' AND json_extract(body, '$.reason') = "
                                                 "'quashed on appeal'"),
                     1);
    // Somebody else's stands as it was.
    assert_true(ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE incident = "
                                            "'B/home/1' AND type = 'breach'") == 1);
    assert_int_equal(
        testbed_ctl(testbed, "verify", "--ledger", testbed_path(testbed, "ledger.db").text, NULL),
        0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "the chain holds\n"));
    ctl_fixture_agrees(testbed);
}

static void by_breachd_all_of_him_goes_and_nothing_of_others(void **state)
{
    struct testbed *testbed = *state;

    quash(testbed);
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "bound by an order"));
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload(testbed);
    testbed_gather(testbed);
    assert_int_equal(forget(testbed, "R-A"), 0);
    assert_forgotten(testbed);
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nothing of this respondent"));
    assert_int_equal(testbed_ping(testbed, "tag-2", 600, 5020), 200);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void without_breachd_the_same_and_its_bytes_are_gone(void **state)
{
    struct testbed *testbed = *state;

    quash(testbed);
    await_kept(testbed);
    testbed_kill(testbed);
    assert_true(bytes_have(testbed, "his mother is ill"));
    assert_int_equal(forget(testbed, "R-A"), 1); // his order is still there
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_remove(testbed, "orders.d/C.conf"); // so many that a start would go on by the last good
    assert_int_equal(access(testbed_path(testbed, "ledger.db-rules").text, F_OK), 0);
    assert_int_equal(forget(testbed, "R-A"), 0);
    assert_int_not_equal(access(testbed_path(testbed, "ledger.db-rules").text, F_OK), 0);
    assert_forgotten(testbed);
    assert_false(bytes_have(testbed, "his mother is ill"));
    assert_false(bytes_have(testbed, "centre = 51.568440"));
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "from files: 1 in force");
    assert_int_equal(testbed_ping(testbed, "tag-2", 600, 5020), 200);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Somebody is at the ledger with sqlite3(1): what they see must not be taken for gone. */
static sqlite3 *begin_reading(struct testbed *testbed)
{
    sqlite3 *db = NULL;

    assert_int_equal(
        sqlite3_open_v2(testbed_path(testbed, "ledger.db").text, &db, SQLITE_OPEN_READONLY, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM entry;", NULL, NULL, NULL),
                     SQLITE_OK);
    return db;
}

static void it_waits_for_who_reads_or_says_that_it_is_not_gone(void **state)
{
    struct testbed *testbed = *state;
    sqlite3 *reader;

    quash(testbed);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload(testbed);
    testbed_gather(testbed);
    reader = begin_reading(testbed);
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "R-A: forgotten, but somebody reads"));
    assert_true(bytes_have(testbed, "his mother is ill"));
    sqlite3_close(reader);
    forget(testbed, "R-A"); // 0, or 1 when breachd was quicker
    assert_false(bytes_have(testbed, "his mother is ill"));
    assert_forgotten(testbed);
    testbed_close(testbed);
}

static void without_breachd_it_says_so_too(void **state)
{
    struct testbed *testbed = *state;
    sqlite3 *reader;

    quash(testbed);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload(testbed);
    testbed_gather(testbed);
    testbed_kill(testbed);
    reader = begin_reading(testbed);
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "R-A: forgotten, but somebody reads"));
    sqlite3_close(reader);
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nothing of this respondent"));
    assert_false(bytes_have(testbed, "his mother is ill"));
    testbed_close(testbed);
}

/* Who is bound stands beside the ledger, whatever orders are shown to breachctl. */
static void other_orders_or_none_free_nobody(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db"), none = testbed_path(testbed, "none");
    char *conf;

    quash(testbed);
    await_kept(testbed);
    testbed_kill(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "forget", "--ledger", ledger.text, "--reason", "x", "R-A", NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "R-A: bound by an order that is in "));
    assert_int_equal(mkdir(none.text, 0700), 0);
    assert_int_equal(testbed_ctl(testbed, "forget", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--orders", none.text,
                                 "--reason", "x", "R-A", NULL),
                     1);
    conf = testbed_read(testbed, "breachd.conf");
    memcpy(strstr(conf, "orders.d"), "none    ", 8);
    testbed_print(testbed, "other.conf", "%s", conf);
    free(conf);
    assert_int_equal(testbed_ctl(testbed, "forget", "-c", testbed_path(testbed, "other.conf").text,
                                 "--reason", "x", "R-A", NULL),
                     1);
    assert_int_equal(access(testbed_path(testbed, "ledger.db-rules").text, F_OK), 0);
    assert_true(ctl_fixture_number(testbed, "SELECT count(*) " OF_A) > 0);
    // R- is in R-A, and is nobody.
    assert_int_equal(
        testbed_ctl(testbed, "forget", "--ledger", ledger.text, "--reason", "x", "R-", NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nothing of this respondent"));
    testbed_print(testbed, "ledger.db-rules", "breachd-rules 1\n");
    assert_int_equal(
        testbed_ctl(testbed, "forget", "--ledger", ledger.text, "--reason", "x", "R-A", NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "is not known"));
    testbed_close(testbed);
}

/* His order comes back: it is another text, and no number comes again. */
static void who_comes_again_begins_anew(void **state)
{
    struct testbed *testbed = *state;

    quash(testbed);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload(testbed);
    testbed_gather(testbed);
    assert_int_equal(forget(testbed, "R-A"), 0);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_reload(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 700, 500), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 1000, 10), 200);
    testbed_settle(testbed);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE type = 'breach' "
                                                 "AND incident = 'A/home/1'"),
                     0);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE type = 'breach' "
                                                 "AND incident LIKE 'A/home/%'"),
                     1);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'order' "
                                                 "AND body LIKE '%respondent = R-A%'"),
                     1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void who_has_something_open_is_not_forgotten(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_kill(testbed);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "open, or needs somebody"));
    assert_int_equal(forget(testbed, "a b"), 2);
    assert_int_equal(testbed_ctl(testbed, "forget", "R-A", NULL), 2); // why?
    testbed_close(testbed);
}

/* A body that was taken without such a link is missing, whatever another link says. */
static void what_goes_without_a_link_is_found(void **state)
{
    struct testbed *testbed = *state;

    quash(testbed);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload(testbed);
    testbed_gather(testbed);
    assert_int_equal(forget(testbed, "R-A"), 0);
    ctl_fixture_doctor(testbed, "UPDATE entry SET body = NULL WHERE respondent = 'R-B' AND kind = "
                                "'ping' AND evidence <> 0");
    assert_int_equal(
        testbed_ctl(testbed, "verify", "--ledger", testbed_path(testbed, "ledger.db").text, NULL),
        1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "evidence: its body is missing"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_is_over_goes_in_its_time_and_what_goes_on_stays),
        testbed_test(by_default_it_stays),
        testbed_test(by_breachd_all_of_him_goes_and_nothing_of_others),
        testbed_test(without_breachd_the_same_and_its_bytes_are_gone),
        testbed_test(other_orders_or_none_free_nobody),
        testbed_test(it_waits_for_who_reads_or_says_that_it_is_not_gone),
        testbed_test(without_breachd_it_says_so_too),
        testbed_test(who_comes_again_begins_anew),
        testbed_test(who_has_something_open_is_not_forgotten),
        testbed_test(what_goes_without_a_link_is_found),
    };

    return cmocka_run_group_tests_name("forget", tests, NULL, NULL);
}
