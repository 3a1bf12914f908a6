/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ledger that holds a row of everything, new or brought over from before breachd-evidence/2:
 * whatever one cell of it is changed to, whichever row is taken out or put in, is found.
 */
#include "life.h"
#include "store_fixture.h"
#include "support/dice.h"
#include "verify_found.h"
#include "version_2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { ROUNDS = 200 };

/* A table, and what tells its rows apart. */
static const struct table {
    const char *name, *key;
    const char *columns[14];
} tables[] = {
    { "entry",
      "number",
      { "number", "kind", "at", "respondent", "evidence", "start", "once", "body", "body_digest",
        "digest", "partition", "salt", "row_digest" } },
    { "alert",
      "sequence",
      { "sequence", "id", "type", "area", "severity", "incident", "effect", "event", "entry",
        "todo", "by", "note" } },
    { "device", "id", { "id", "known" } },
    { "incident", "subject", { "subject", "known" } },
    { "custody", "incident", { "incident", "known" } },
    { "heard", "one", { "one", "id" } },
    { "open", "incident", { "incident", "sequence" } },
    { "todo", "incident", { "incident", "sequence" } },
    { "mark", "name", { "name", "value" } },
};

/* `%s` is the column. */
static const char *const changes_to[] = {
    "NULL",
    "CAST(%s AS BLOB)",
    "CAST(%s AS BLOB) || x'00'",
    "CAST(CAST(%s AS TEXT) || x'0041' AS TEXT)",
    "%s || 'x'",
    "%s + 1",
    "%s - 1",
    "-%s",
    "1 - %s",
    "''",
    "0",
    "1",
    "2",
    "x''",
    "randomblob(32)",
    "substr(%s, 2)",
    "upper(%s)",
    "'R-2'",
    "replace(%s, '1', '2')",
    "(SELECT max(%s) FROM %s)",
    "(SELECT min(%s) FROM %s)",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static size_t count_columns(const struct table *table)
{
    size_t n = 0;

    while (n < COUNT(table->columns) && table->columns[n] != NULL)
        n++;
    return n;
}

/* The row of a table with that offset, counted round it. */
static void print_row(const struct table *table, unsigned offset, char *where, size_t room)
{
    snprintf(where, room,
             "%s = (SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %u %% (SELECT max(1, count(*))"
             " FROM %s))",
             table->key, table->key, table->name, table->key, offset, table->name);
}

static void print_change(const struct table *table, const char *column, unsigned offset,
                         const char *change, char *sql, size_t room)
{
    char value[160], where[200];

    print_row(table, offset, where, sizeof where);
    // The format is one of ours.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(value, sizeof value, change, column, table->name);
#pragma GCC diagnostic pop
    snprintf(sql, room, "UPDATE %s SET %s = %s WHERE %s", table->name, column, value, where);
}

/* One cell of one row changed, or a row taken out; as SQL. */
static void choose(struct dice *dice, char *sql, size_t room)
{
    const struct table *table = &tables[dice_below(dice, COUNT(tables))];
    const char *column = table->columns[dice_below(dice, (unsigned)count_columns(table))];
    unsigned offset = dice_below(dice, 30);
    char where[200];

    print_row(table, offset, where, sizeof where);
    if (dice_below(dice, 12) == 0)
        snprintf(sql, room, "DELETE FROM %s WHERE %s", table->name, where);
    else
        print_change(table, column, offset, changes_to[dice_below(dice, COUNT(changes_to))], sql,
                     room);
}

/* Everything of a database as text, types and all: to see whether anything was changed. */
static void print_all(sqlite3 *db, char **out)
{
    size_t size;
    FILE *text = open_memstream(out, &size);

    for (size_t t = 0; t < COUNT(tables); t++) {
        char sql[800];
        int at = snprintf(sql, sizeof sql, "SELECT 1");
        sqlite3_stmt *all = NULL;

        for (size_t i = 0; i < count_columns(&tables[t]); i++)
            at += snprintf(sql + at, sizeof sql - (size_t)at, ",hex(%s),typeof(%s)",
                           tables[t].columns[i], tables[t].columns[i]);
        snprintf(sql + at, sizeof sql - (size_t)at, " FROM %s ORDER BY %s", tables[t].name,
                 tables[t].key);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &all, NULL), SQLITE_OK);
        while (sqlite3_step(all) == SQLITE_ROW) {
            for (int i = 1; i < sqlite3_column_count(all); i++)
                fprintf(text, "%s|", (const char *)sqlite3_column_text(all, i));
            fputc('\n', text);
        }
        sqlite3_finalize(all);
    }
    fclose(text);
}

/* Whether it changed anything that is covered: how often breachd has probed decides nothing. */
static bool doctor(const struct testbed *testbed, const char *sql)
{
    sqlite3 *db = sql_open(testbed_path(testbed, "ledger.db").text);
    char *before, *after;
    bool changed;

    print_all(db, &before);
    sqlite3_exec(db, sql, NULL, NULL, NULL); // what the table itself refuses is no change
    sqlite3_exec(db, "UPDATE mark SET value = 0 WHERE name = 'probes'", NULL, NULL, NULL);
    print_all(db, &after);
    changed = strcmp(before, after) != 0;
    free(before);
    free(after);
    sqlite3_close(db);
    return changed;
}

/* Whether it changed anything; what it changed must be found. */
static bool try(struct testbed *testbed, const char *sql)
{
    put_back(testbed);
    if (!doctor(testbed, sql))
        return false;
    if (verify_found(testbed).n == 0)
        fail_msg("%s: is not found", sql);
    return true;
}

static void keep_whole(struct testbed *testbed)
{
    assert_whole(testbed);
    sql_run(testbed_path(testbed, "ledger.db").text, "PRAGMA wal_checkpoint(TRUNCATE)");
    testbed_copy(testbed, testbed_path(testbed, "ledger.db").text, "whole.db");
}

/* Each column of each table, in two rows, in five ways; and each such row taken out. */
static void each_column_is_covered(struct testbed *testbed)
{
    static const char *const ways[] = { "%s || 'x'", "%s + 1", "CAST(%s AS BLOB)", "0", "''" };
    static const unsigned offsets[] = { 2, 13 };

    for (size_t i = 0; i < COUNT(tables) * COUNT(offsets); i++) {
        const struct table *table = &tables[i / COUNT(offsets)];
        unsigned offset = offsets[i % COUNT(offsets)];
        char sql[600], where[200];

        for (size_t column = 0; column < count_columns(table); column++) {
            bool changed = false;

            for (size_t way = 0; way < COUNT(ways); way++) {
                print_change(table, table->columns[column], offset, ways[way], sql, sizeof sql);
                changed |= try(testbed, sql);
            }
            assert_true(changed);
        }
        print_row(table, offset, where, sizeof where);
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE %s", table->name, where);
        assert_true(try(testbed, sql));
    }
}

static void whatever_is_changed_is_found(struct testbed *testbed)
{
    struct dice dice = dice_begin();
    int changed = 0;

    for (int round = 0; round < ROUNDS; round++) {
        char sql[600];

        choose(&dice, sql, sizeof sql);
        changed += try(testbed, sql);
    }
    assert_in_range(changed, ROUNDS / 5, ROUNDS);
}

/* A ledger with a life in it, whatever it holds from before. */
static void all_of_it_is_covered(struct testbed *testbed)
{
    struct store *store = store_fixture_open(testbed);

    life_live(store);
    store_close(store);
    keep_whole(testbed);
    each_column_is_covered(testbed);
    whatever_is_changed_is_found(testbed);
    testbed_close(testbed);
}

static void of_a_new_ledger_it_is_found(void **state)
{
    all_of_it_is_covered(*state);
}

static void of_a_ledger_from_before_it_is_found(void **state)
{
    version_2_make(testbed_path(*state, "ledger.db").text);
    all_of_it_is_covered(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(of_a_new_ledger_it_is_found),
        testbed_test(of_a_ledger_from_before_it_is_found),
    };

    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
