/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine of a release before has judged: ledger_0_2_0.sql is the ledger of an evening that
 * breachd 0.2.0 rehearsed, with a breach open at its end. It is verified, gone on with, and not
 * judged again by another engine.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_fixture.h"
#include "support/test.h"

static void take_ledger(struct testbed *testbed)
{
    char *sql = NULL, *why = NULL;
    size_t size = 0;
    FILE *in = fopen(LEDGER_BEFORE, "r");
    sqlite3 *db;

    assert_non_null(in);
    assert_true(getdelim(&sql, &size, '\0', in) > 0);
    fclose(in);
    assert_int_equal(sqlite3_open(testbed_path(testbed, "ledger.db").text, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(db);
    free(sql);
}

static void post(struct testbed *testbed, const char *time, const char *lat)
{
    char ping[TESTBED_PING_MAX];

    snprintf(ping, sizeof ping,
             "{\"device\":\"tag-1\",\"time\":\"2020-06-23T%sZ\",\"lat\":%s,\"lon\":0.45782,"
             "\"accuracy\":8}",
             time, lat);
    assert_int_equal(testbed_post(testbed, ping), 200);
}

static int ctl(struct testbed *testbed, const char *command)
{
    return testbed_ctl(testbed, command, "--ledger", testbed_path(testbed, "ledger.db").text, NULL);
}

static void it_is_verified_and_not_judged_again(void **state)
{
    struct testbed *testbed = *state;

    take_ledger(testbed);
    assert_int_equal(ctl(testbed, "verify"), 0);
    assert_int_equal(ctl(testbed, "replay"), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "0 differences"));
    assert_non_null(strstr(testbed_ctl_complained(testbed),
                           "5 questions were judged by an engine other than 7"));
    testbed_close(testbed);
}

static void what_was_open_stays_open_and_is_told_once(void **state)
{
    static const char before[] = "breach A/home/1/1\nupdate A/home/1/2\ncleared A/home/1/3\n"
                                 "breach A/home/2/1\nupdate A/home/2/2\n";
    struct testbed *testbed = *state;
    char want[256];

    take_ledger(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
    testbed_expect(testbed, before);
    post(testbed, "20:18:00", "51.56855"); // it is the same breach to this engine
    testbed_expect(testbed, before);
    post(testbed, "20:20:00", "51.5735");
    post(testbed, "20:20:30", "51.5738");
    snprintf(want, sizeof want, "%supdate A/home/2/3\ncleared A/home/2/4\n", before);
    testbed_expect(testbed, want);
    testbed_close(testbed);
    assert_int_equal(ctl(testbed, "verify"), 0);
    assert_int_equal(ctl(testbed, "replay"), 0); // what this one has judged
    assert_non_null(strstr(testbed_ctl_said(testbed), " 0 differences"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(it_is_verified_and_not_judged_again),
        testbed_test(what_was_open_stays_open_and_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
