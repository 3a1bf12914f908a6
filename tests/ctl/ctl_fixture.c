/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl_fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/* A refused word is answered before it is in the ledger. */
static void settle(struct house *house)
{
    if (child_lives(&house->breachd))
        house_settle(house);
}

long long ctl_fixture_replayed(struct house *house, const char *member)
{
    const char *said, *last;
    json_t *json;
    long long number;

    house_ctl(house, "replay", "--json", "--ledger", house_path(house, "ledger.db").text, NULL);
    said = house_ctl_said(house);
    last = strstr(said, "{\"questions\"");
    json = json_loads(last ? last : "", 0, NULL);
    if (json == NULL)
        fail_msg("replay --json said: %s%s", said, house_ctl_complained(house));
    number = json_integer_value(json_object_get(json, member));
    json_decref(json);
    return number;
}

long long ctl_fixture_agrees(struct house *house)
{
    struct path ledger = house_path(house, "ledger.db");

    settle(house);
    if (house_ctl(house, "verify", "--ledger", ledger.text, NULL) != 0)
        fail_msg("verify: %s%s", house_ctl_said(house), house_ctl_complained(house));
    assert_non_null(strstr(house_ctl_said(house), "the chain holds\n"));
    if (house_ctl(house, "replay", "--ledger", ledger.text, NULL) != 0)
        fail_msg("replay: %s%s", house_ctl_said(house), house_ctl_complained(house));
    assert_non_null(strstr(house_ctl_said(house), " 0 differences\n"));
    assert_int_equal(ctl_fixture_replayed(house, "differences"), 0);
    return ctl_fixture_replayed(house, "alerts");
}

static sqlite3 *open_ledger(struct house *house)
{
    sqlite3 *db = NULL;

    settle(house);
    assert_int_equal(sqlite3_open(house_path(house, "ledger.db").text, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 2000);
    return db;
}

void ctl_fixture_doctor(struct house *house, const char *sql)
{
    sqlite3 *db = open_ledger(house);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_true(sqlite3_total_changes(db) > 0);
    sqlite3_close(db);
}

long long ctl_fixture_number(struct house *house, const char *sql)
{
    sqlite3 *db = open_ledger(house);
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

void ctl_fixture_text(struct house *house, const char *sql, char *out, size_t room)
{
    sqlite3 *db = open_ledger(house);
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    snprintf(out, room, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

void ctl_fixture_play_the_demo(struct house *house)
{
    char *pings;

    house_copy(house, CONFIG_FOLDER "/demo", "demo");
    house_copy(house, CONFIG_FOLDER "/demo/breachd.conf", "breachd.conf");
    house_set(house, "breachd.conf", "site", "orders", "demo/orders.d");
    house_set(house, "breachd.conf", "ledger", "path", "ledger.db");
    house_set(house, "breachd.conf", "http", "listen", "unix:http.sock");
    house_set(house, "breachd.conf", "redis", "url", "unix:redis.sock");
    house_redis_start(house, "");
    house_start(house, "--rehearse", NULL);
    pings = house_read(house, "demo/evening.ndjson");
    assert_int_equal(house_post_lines(house, pings), 200);
    free(pings);
    house_gather(house);
}
