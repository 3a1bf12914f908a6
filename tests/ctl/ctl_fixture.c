/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl_fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/* A refused word is answered before it is in the ledger. */
static void settle(struct testbed *testbed)
{
    if (child_lives(&testbed->breachd))
        testbed_settle(testbed);
}

long long ctl_fixture_replayed(struct testbed *testbed, const char *member)
{
    const char *said, *last;
    json_t *json;
    long long number;

    testbed_ctl(testbed, "replay", "--json", "--ledger", testbed_path(testbed, "ledger.db").text,
                NULL);
    said = testbed_ctl_said(testbed);
    last = strstr(said, "{\"questions\"");
    json = json_loads(last ? last : "", 0, NULL);
    if (json == NULL)
        fail_msg("replay --json said: %s%s", said, testbed_ctl_complained(testbed));
    number = json_integer_value(json_object_get(json, member));
    json_decref(json);
    return number;
}

long long ctl_fixture_agrees(struct testbed *testbed)
{
    struct path ledger = testbed_path(testbed, "ledger.db");

    settle(testbed);
    if (testbed_ctl(testbed, "verify", "--ledger", ledger.text, NULL) != 0)
        fail_msg("verify: %s%s", testbed_ctl_said(testbed), testbed_ctl_complained(testbed));
    assert_non_null(strstr(testbed_ctl_said(testbed), "the chain holds\n"));
    // A ledger in which nobody was judged yet differs in nothing; breachctl says so, by 1.
    if (testbed_ctl(testbed, "replay", "--ledger", ledger.text, NULL) != 0 &&
        strstr(testbed_ctl_complained(testbed), "nothing judged") == NULL)
        fail_msg("replay: %s%s", testbed_ctl_said(testbed), testbed_ctl_complained(testbed));
    assert_non_null(strstr(testbed_ctl_said(testbed), " 0 differences\n"));
    assert_int_equal(ctl_fixture_replayed(testbed, "differences"), 0);
    return ctl_fixture_replayed(testbed, "alerts");
}

static sqlite3 *open_ledger(struct testbed *testbed)
{
    sqlite3 *db = NULL;

    settle(testbed);
    assert_int_equal(sqlite3_open(testbed_path(testbed, "ledger.db").text, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 2000);
    return db;
}

void ctl_fixture_run(struct testbed *testbed, const char *sql)
{
    sqlite3 *db = open_ledger(testbed);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

void ctl_fixture_doctor(struct testbed *testbed, const char *sql)
{
    sqlite3 *db = open_ledger(testbed);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_true(sqlite3_total_changes(db) > 0);
    sqlite3_close(db);
}

long long ctl_fixture_number(struct testbed *testbed, const char *sql)
{
    sqlite3 *db = open_ledger(testbed);
    sqlite3_stmt *statement = NULL;
    long long number;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

void ctl_fixture_text(struct testbed *testbed, const char *sql, char *out, size_t room)
{
    sqlite3 *db = open_ledger(testbed);
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    snprintf(out, room, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

void ctl_fixture_play_the_demo(struct testbed *testbed)
{
    char *pings;

    testbed_copy(testbed, CONFIG_FOLDER "/demo", "demo");
    testbed_copy(testbed, CONFIG_FOLDER "/demo/breachd.conf", "breachd.conf");
    testbed_set(testbed, "breachd.conf", "site", "orders", "demo/orders.d");
    testbed_set(testbed, "breachd.conf", "ledger", "path", "ledger.db");
    testbed_set(testbed, "breachd.conf", "http", "listen", "unix:http.sock");
    testbed_set(testbed, "breachd.conf", "redis", "url", "unix:redis.sock");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
    pings = testbed_read(testbed, "demo/evening.ndjson");
    assert_int_equal(testbed_post_lines(testbed, pings), 200);
    free(pings);
    testbed_gather(testbed);
}
