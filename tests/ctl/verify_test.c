/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ledger that holds a row of everything, new or brought over from before breachd-evidence/2:
 * whatever one cell of it is changed to, whichever row is taken out or put in, is found.
 */
#include "ctl/walk.h"

#include "life.h"
#include "support/dice.h"
#include "vault.h"
#include "version_2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { ROUNDS = 200 };

/* ---- looking ---- */

struct found {
    int n;
    uint64_t entry;
    char why[160];
};

static void on_break(uint64_t entry, const char *why, void *arg)
{
    struct found *found = arg;

    if (found->n++ == 0) {
        found->entry = entry;
        snprintf(found->why, sizeof found->why, "%s", why);
    }
}

static struct found look(const struct house *house)
{
    struct found found = { 0 };
    struct anchors anchors = { 0 };
    struct walk walk = { .on_break = on_break, .arg = &found, .anchors = &anchors };
    struct reader *reader = NULL;
    struct fault why;

    if (!reader_open(house_path(house, "ledger.db").text, &reader, &why) ||
        !walk_ledger(&walk, reader, &why))
        fail_msg("%s", why.text);
    reader_close(reader);
    return found;
}

static void assert_whole(const struct house *house)
{
    struct found found = look(house);

    if (found.n != 0)
        fail_msg("entry %d: %s", (int)found.entry, found.why);
}

/* ---- one thing changed ---- */

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
static bool doctor(const struct house *house, const char *sql)
{
    sqlite3 *db = sql_open(house_path(house, "ledger.db").text);
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

static void put_back(struct house *house)
{
    house_remove(house, "ledger.db-wal");
    house_remove(house, "ledger.db-shm");
    house_copy(house, house_path(house, "whole.db").text, "ledger.db");
}

/* Whether it changed anything; what it changed must be found. */
static bool try(struct house *house, const char *sql)
{
    put_back(house);
    if (!doctor(house, sql))
        return false;
    if (look(house).n == 0)
        fail_msg("%s: is not found", sql);
    return true;
}

static void keep_whole(struct house *house)
{
    assert_whole(house);
    sql_run(house_path(house, "ledger.db").text, "PRAGMA wal_checkpoint(TRUNCATE)");
    house_copy(house, house_path(house, "ledger.db").text, "whole.db");
}

/* Each column of each table, in two rows, in five ways; and each such row taken out. */
static void each_column_is_covered(struct house *house)
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
                changed |= try(house, sql);
            }
            assert_true(changed);
        }
        print_row(table, offset, where, sizeof where);
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE %s", table->name, where);
        assert_true(try(house, sql));
    }
}

static void whatever_is_changed_is_found(struct house *house)
{
    struct dice dice = { dice_seed() };
    int changed = 0;

    print_message("seed %lu\n", dice_seed());
    for (int round = 0; round < ROUNDS; round++) {
        char sql[600];

        choose(&dice, sql, sizeof sql);
        changed += try(house, sql);
    }
    assert_in_range(changed, ROUNDS / 5, ROUNDS);
}

static void of_a_new_ledger_it_is_found(void **state)
{
    struct store *store = vault_open(*state);

    life_live(store);
    store_close(store);
    keep_whole(*state);
    each_column_is_covered(*state);
    whatever_is_changed_is_found(*state);
    house_close(*state);
}

static void of_a_ledger_from_before_it_is_found(void **state)
{
    struct store *store;

    version_2_make(house_path(*state, "ledger.db").text);
    store = vault_open(*state);
    life_live(store);
    store_close(store);
    keep_whole(*state);
    each_column_is_covered(*state);
    whatever_is_changed_is_found(*state);
    house_close(*state);
}

/* ---- brought over ---- */

static void a_ledger_from_before_goes_on_to_hold(void **state)
{
    struct path path = house_path(*state, "ledger.db");
    struct store *store;

    version_2_make(path.text);
    store_close(vault_open(*state));
    assert_whole(*state);
    assert_int_equal(sql_number(path.text, "SELECT max(number) FROM entry"), VERSION_2_ENTRIES + 1);
    assert_int_equal(sql_number(path.text, "SELECT json_extract(body, '$.number') FROM entry"
                                           " WHERE kind = 'migrated'"),
                     VERSION_2_ENTRIES);
    assert_int_equal(sql_number(path.text, "SELECT count(*) FROM todo"), 1);
    store = vault_open(*state);
    life_live(store);
    store_close(store);
    assert_whole(*state);
    house_close(*state);
}

static void what_was_closed_is_named_by_the_link_that_closed_it(void **state)
{
    static const char *const doctorings[] = {
        "UPDATE entry SET respondent = '' WHERE number = 4",
        "UPDATE entry SET evidence = 0, body = NULL WHERE number = 6",
        "UPDATE entry SET body = NULL WHERE number = 5",
        "UPDATE entry SET start = 0 WHERE number = 5",
        "UPDATE entry SET once = 0 WHERE number = 1",
        "UPDATE alert SET effect = 0 WHERE sequence = 1",
        "UPDATE alert SET by = 'Sgt 1' WHERE sequence = 2",
        "DELETE FROM alert WHERE sequence = 3",
        "INSERT INTO alert SELECT -5, id, type, area, severity, incident, effect, event, 0, todo,"
        " by, note FROM alert WHERE sequence = 1",
    };
    struct path path = house_path(*state, "ledger.db");
    struct found found;

    version_2_make(path.text);
    store_close(vault_open(*state));
    house_copy(*state, path.text, "whole.db");
    for (size_t i = 0; i < COUNT(doctorings); i++) {
        put_back(*state);
        sql_run(path.text, doctorings[i]);
        found = look(*state);
        if (found.n == 0)
            fail_msg("%s: is not found", doctorings[i]);
        if (i < 7)
            assert_in_range(found.entry, 1, VERSION_2_ENTRIES + 1);
    }
    house_close(*state);
}

/* ---- what retention may take ---- */

static void a_body_that_retention_took_before_it_was_evidence_may_be_gone(void **state)
{
    struct store *store = vault_open(*state);
    struct kept_entry pings[4];

    for (int i = 0; i < 4; i++)
        pings[i] = vault_ping("R-1", 1000 * i, "a");
    assert_true(vault_put(store, pings, 4));
    vault_retain(store, 2000, 100);             // 1 and 2
    assert_true(vault_mark(store, "R-1", 500)); // 2 to 4
    assert_whole(*state);
    sql_run(house_path(*state, "ledger.db").text, "UPDATE entry SET body = NULL WHERE number = 4");
    assert_int_equal(look(*state).entry, 4);
    store_close(store);
    house_close(*state);
}

/* Of a device nine alerts, all published but the last two; all that are of no use may go. */
static struct store *put_device_alerts(struct house *house)
{
    struct store *store = vault_open(house);

    life_of_device(store, 9);
    vault_retain_alerts(store, INT64_MAX, 100);
    assert_int_equal(sql_number(house_path(house, "ledger.db").text, "SELECT count(*) FROM alert"),
                     3);
    return store;
}

static void an_alert_that_retention_took_may_be_gone_and_no_other(void **state)
{
    struct path path = house_path(*state, "ledger.db");
    struct store *store = put_device_alerts(*state);
    struct found found;

    assert_whole(*state);
    sql_run(path.text,
            "DELETE FROM alert WHERE sequence = 7"); // published, and the newest of those
    found = look(*state);
    assert_int_equal(found.entry, 7);
    assert_string_equal(found.why, "evidence: its body is missing");
    store_close(store);
    house_close(*state);
}

/* Whoever renumbers what is left hides no alert that is gone. */
static void an_alert_that_retention_took_has_its_number_still(void **state)
{
    struct path path = house_path(*state, "ledger.db");
    struct store *store = put_device_alerts(*state);

    sql_run(path.text, "UPDATE alert SET sequence = sequence - 6");
    assert_int_equal(look(*state).entry, 7);
    store_close(store);
    house_close(*state);
}

/* Redis may have confirmed more than was noted yet when it turns out to be ahead; never less. */
static void what_is_renumbered_was_not_confirmed(void **state)
{
    struct store *store = put_device_alerts(*state); // 7 are noted
    struct fault why;

    assert_true(store_renumber(store, 8, 20, &why));
    assert_whole(*state);
    assert_true(store_renumber(store, 19, 30, &why));
    assert_string_equal(look(*state).why, "renumbers alerts that Redis had confirmed");
    store_close(store);
    house_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(of_a_new_ledger_it_is_found),
        house_test(of_a_ledger_from_before_it_is_found),
        house_test(a_ledger_from_before_goes_on_to_hold),
        house_test(what_was_closed_is_named_by_the_link_that_closed_it),
        house_test(a_body_that_retention_took_before_it_was_evidence_may_be_gone),
        house_test(an_alert_that_retention_took_may_be_gone_and_no_other),
        house_test(an_alert_that_retention_took_has_its_number_still),
        house_test(what_is_renumbered_was_not_confirmed),
    };

    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
