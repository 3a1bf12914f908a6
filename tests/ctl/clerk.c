/* SPDX-License-Identifier: Apache-2.0 */
#include "clerk.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

enum { ARGUMENTS_MAX = 16 };

static const char *keep(struct house *house, const char *name)
{
    static char *texts[2];
    char **slot = &texts[strcmp(name, "ctl.err") == 0];

    free(*slot);
    *slot = house_read(house, name);
    return *slot ? *slot : "";
}

const char *clerk_said(struct house *house)
{
    return keep(house, "ctl.out");
}

const char *clerk_complained(struct house *house)
{
    return keep(house, "ctl.err");
}

int clerk_run(struct house *house, ...)
{
    struct path out = house_path(house, "ctl.out"), err = house_path(house, "ctl.err");
    const char *argv[ARGUMENTS_MAX] = { BREACHCTL_PROGRAM };
    struct child child;
    va_list arguments;
    size_t n = 1;
    int status;

    va_start(arguments, house);
    while ((argv[n] = va_arg(arguments, const char *)) != NULL)
        assert_in_range(++n, 1, ARGUMENTS_MAX - 1);
    va_end(arguments);
    unlink(err.text);
    child = child_start(&(struct command){ .argv = argv, .out = out.text, .err = err.text });
    if (!child_ends(&child, PATIENCE_MS, &status)) {
        child_kill(&child);
        fail_msg("breachctl %s did not come to an end", argv[1]);
    }
    if (!WIFEXITED(status))
        fail_msg("breachctl %s: killed by signal %d", argv[1], WTERMSIG(status));
    return WEXITSTATUS(status);
}

long long clerk_replayed(struct house *house, const char *member)
{
    const char *said, *last;
    json_t *json;
    long long number;

    clerk_run(house, "replay", "--json", "--ledger", house_path(house, "ledger.db").text, NULL);
    said = clerk_said(house);
    last = strstr(said, "{\"questions\"");
    json = json_loads(last ? last : "", 0, NULL);
    if (json == NULL)
        fail_msg("replay --json said: %s%s", said, clerk_complained(house));
    number = json_integer_value(json_object_get(json, member));
    json_decref(json);
    return number;
}

long long clerk_agrees(struct house *house)
{
    struct path ledger = house_path(house, "ledger.db");

    if (clerk_run(house, "verify", "--ledger", ledger.text, NULL) != 0)
        fail_msg("verify: %s%s", clerk_said(house), clerk_complained(house));
    assert_non_null(strstr(clerk_said(house), "the chain holds\n"));
    if (clerk_run(house, "replay", "--ledger", ledger.text, NULL) != 0)
        fail_msg("replay: %s%s", clerk_said(house), clerk_complained(house));
    assert_non_null(strstr(clerk_said(house), " 0 differences\n"));
    assert_int_equal(clerk_replayed(house, "differences"), 0);
    return clerk_replayed(house, "alerts");
}

static sqlite3 *open_ledger(struct house *house)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(house_path(house, "ledger.db").text, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 2000);
    return db;
}

void clerk_doctor(struct house *house, const char *sql)
{
    sqlite3 *db = open_ledger(house);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_true(sqlite3_total_changes(db) > 0);
    sqlite3_close(db);
}

long long clerk_number(struct house *house, const char *sql)
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

void clerk_play_the_demo(struct house *house)
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
