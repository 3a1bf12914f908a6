/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_incidents.h"

#include "adapter/ledger/store_rows.h"

/*
 * One table, kept by one column of `alert`, in which 1 and 2 are EFFECT_OPEN and EFFECT_CLOSE. A
 * sequence moves when the ledger is renumbered.
 */
#define KEPT(table, column)                                                                        \
    "CREATE TABLE IF NOT EXISTS " table "(incident TEXT PRIMARY KEY, sequence INT NOT NULL)"       \
    " WITHOUT ROWID;"                                                                              \
    "CREATE UNIQUE INDEX IF NOT EXISTS " table "_sequence ON " table "(sequence);"                 \
    "CREATE TRIGGER IF NOT EXISTS " table "_begins AFTER INSERT ON alert"                          \
    " WHEN new." column " = 1 BEGIN INSERT INTO " table " VALUES (new.incident, new.sequence)"     \
    " ON CONFLICT(incident) DO UPDATE SET sequence = excluded.sequence; END;"                      \
    "CREATE TRIGGER IF NOT EXISTS " table "_ends AFTER INSERT ON alert"                            \
    " WHEN new." column " = 2 BEGIN DELETE FROM " table " WHERE incident = new.incident; END;"     \
    "CREATE TRIGGER IF NOT EXISTS " table "_moves AFTER UPDATE OF sequence ON alert BEGIN"         \
    " UPDATE " table " SET sequence = new.sequence WHERE sequence = old.sequence; END;"

#define FILL(table, column)                                                                        \
    "INSERT INTO " table " SELECT incident, newest FROM"                                           \
    " (SELECT max(sequence) AS newest, incident, " column " FROM alert WHERE " column " <> 0"      \
    " GROUP BY incident) WHERE " column " = 1"

#define NEWEST(table)                                                                              \
    "SELECT alert.* FROM " table " JOIN alert USING (sequence)"                                    \
    " WHERE " table ".sequence > ?1 ORDER BY " table ".sequence LIMIT ?2"

static const struct table {
    const char *name, *schema, *fill, *fetch;
} tables[] = {
    [FETCH_OPEN] = { "open", KEPT("open", "effect"), FILL("open", "effect"), NEWEST("open") },
    [FETCH_TODO] = { "todo", KEPT("todo", "todo"), FILL("todo", "todo"), NEWEST("todo") },
};

_Static_assert(EFFECT_OPEN == 1 && EFFECT_CLOSE == 2, "the triggers say the same numbers");

static bool say(sqlite3 *db, struct fault *why)
{
    return fault_set(why, "ledger: %s (%d)", sqlite3_errmsg(db), sqlite3_extended_errcode(db));
}

static bool run(sqlite3 *db, const char *sql, struct fault *why)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || say(db, why);
}

static bool make(sqlite3 *db, const struct table *table, struct fault *why)
{
    bool is_there = sqlite3_table_column_metadata(db, "main", table->name, NULL, NULL, NULL, NULL,
                                                  NULL, NULL) == SQLITE_OK;

    return run(db, table->schema, why) && (is_there || run(db, table->fill, why));
}

/*
 * What retention may take, without a look at each alert of a zone; and what
 * was told earlier of each such incident.
 */
static const char of_devices[] = "CREATE INDEX IF NOT EXISTS alert_of_device ON alert(sequence)"
                                 " WHERE substr(incident, 1, 7) = 'device/';"
                                 "CREATE INDEX IF NOT EXISTS alert_of_device_incident"
                                 " ON alert(incident, sequence)"
                                 " WHERE substr(incident, 1, 7) = 'device/'";

bool store_incidents_make(sqlite3 *db, struct fault *why)
{
    if (run(db, "BEGIN IMMEDIATE", why) && make(db, &tables[FETCH_OPEN], why) &&
        make(db, &tables[FETCH_TODO], why) && run(db, of_devices, why) && run(db, "COMMIT", why))
        return true;
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL); // `why` has said it
    return false;
}

bool store_incidents_refill(sqlite3 *db)
{
    struct fault unheard;
    bool ok = run(db, "DELETE FROM open; DELETE FROM todo;", &unheard);

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        ok = ok && (tables[i].fill == NULL || run(db, tables[i].fill, &unheard));
    return ok;
}

bool store_incidents_fetch(sqlite3 *db, const struct fetch *asked, struct arena *arena,
                           struct row **out_rows, struct fault *why)
{
    sqlite3_stmt *rows = NULL;
    struct row *first = NULL, **last = &first;
    int rc;

    // Asked once a connection to Redis: not worth a statement that is kept.
    if (sqlite3_prepare_v2(db, tables[asked->of].fetch, -1, &rows, NULL) != SQLITE_OK)
        return say(db, why);
    sqlite3_bind_int64(rows, 1, (sqlite3_int64)asked->after);
    sqlite3_bind_int64(rows, 2, asked->limit);
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
        struct row *row = arena_take(arena, sizeof *row);

        if (row == NULL || !store_row_read_alert(rows, arena, &row->alert))
            break;
        row->kind = ROW_ALERT;
        *last = row;
        last = &row->next;
    }
    if (rc == SQLITE_ROW)
        fault_set(why, "ledger: out of memory");
    else if (rc != SQLITE_DONE)
        say(db, why);
    sqlite3_finalize(rows);
    *out_rows = first;
    return rc == SQLITE_DONE;
}
