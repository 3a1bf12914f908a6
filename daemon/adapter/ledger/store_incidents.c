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

/* So that the alerts of one, and the newest of each, are found without a look at all others. */
static const char of_incident[] =
    "CREATE INDEX IF NOT EXISTS alert_of_incident ON alert(incident, sequence)";

bool store_incidents_make(sqlite3 *db, struct fault *why)
{
    if (run(db, "BEGIN IMMEDIATE", why) && make(db, &tables[FETCH_OPEN], why) &&
        make(db, &tables[FETCH_TODO], why) && run(db, of_devices, why) &&
        run(db, of_incident, why) && run(db, "COMMIT", why))
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

/* Up to `limit` rows of a statement that is bound, into `arena`; it is finalized. */
static bool read_alerts(sqlite3 *db, sqlite3_stmt *rows, struct arena *arena, struct row **out,
                        struct fault *why)
{
    struct row *first = NULL, **last = &first;
    int rc;

    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) { // LIMIT stands in it
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
    *out = first;
    return rc == SQLITE_DONE;
}

bool store_incidents_fetch(sqlite3 *db, const struct fetch *asked, struct arena *arena,
                           struct row **out_rows, struct fault *why)
{
    sqlite3_stmt *rows = NULL;

    // Asked once a connection to Redis: not worth a statement that is kept.
    if (sqlite3_prepare_v2(db, tables[asked->of].fetch, -1, &rows, NULL) != SQLITE_OK)
        return say(db, why);
    sqlite3_bind_int64(rows, 1, (sqlite3_int64)asked->after);
    sqlite3_bind_int64(rows, 2, asked->limit);
    return read_alerts(db, rows, arena, out_rows, why);
}

/* ---- for people ---- */

#define OF_DESK "('acked', 'closed', 'handed', 'shelved', 'escalated')"

static const char of_one[] = "SELECT * FROM alert WHERE incident = ?3 AND sequence < ?1"
                             " ORDER BY sequence DESC LIMIT ?2";

/* What is looked at is bounded, and so may be fewer than are wanted. */
static const char of_all[] =
    "SELECT one.* FROM (SELECT * FROM alert WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?3)"
    " AS one WHERE incident <> '' AND type NOT IN " OF_DESK " AND NOT EXISTS"
    " (SELECT 1 FROM alert AS newer WHERE newer.incident = one.incident"
    " AND newer.sequence > one.sequence AND newer.type NOT IN " OF_DESK ")"
    " ORDER BY one.sequence DESC LIMIT ?2";

static const char scanned_until[] = "SELECT min(sequence) FROM (SELECT sequence FROM alert"
                                    " WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2)";

/* The lowest sequence that was looked at; 0: nothing is left. */
static bool find_scanned(sqlite3 *db, uint64_t at, uint64_t *out, struct fault *why)
{
    sqlite3_stmt *lowest = NULL;
    bool ok = sqlite3_prepare_v2(db, scanned_until, -1, &lowest, NULL) == SQLITE_OK;

    sqlite3_bind_int64(lowest, 1, (sqlite3_int64)at);
    sqlite3_bind_int64(lowest, 2, STORE_LISTING_SCAN);
    ok = ok && sqlite3_step(lowest) == SQLITE_ROW;
    if (ok)
        *out = (uint64_t)sqlite3_column_int64(lowest, 0);
    sqlite3_finalize(lowest);
    return ok || say(db, why);
}

static unsigned count(const struct row *rows, uint64_t *out_last)
{
    unsigned n = 0;

    for (; rows != NULL; rows = rows->next, n++) // a page
        *out_last = rows->alert.sequence;
    return n;
}

static bool list_falling(sqlite3 *db, const struct listing *asked, struct arena *arena,
                         struct listed *out, struct fault *why)
{
    uint64_t at = asked->at != 0 ? asked->at : INT64_MAX, last = 0;
    bool one = asked->of != LISTING_ALL;
    sqlite3_stmt *rows = NULL;

    if (sqlite3_prepare_v2(db, one ? of_one : of_all, -1, &rows, NULL) != SQLITE_OK)
        return say(db, why);
    sqlite3_bind_int64(rows, 1, (sqlite3_int64)at);
    sqlite3_bind_int64(rows, 2, asked->limit);
    if (one)
        sqlite3_bind_text(rows, 3, asked->incident, -1, SQLITE_STATIC);
    else
        sqlite3_bind_int(rows, 3, STORE_LISTING_SCAN);
    if (!read_alerts(db, rows, arena, &out->alerts, why))
        return false;
    if (count(out->alerts, &last) == asked->limit)
        out->next = last;
    return one || out->next != 0 || find_scanned(db, at, &out->next, why);
}

bool store_incidents_list(sqlite3 *db, const struct listing *asked, struct arena *arena,
                          struct listed *out, struct fault *why)
{
    struct fetch fetch = { asked->of == LISTING_OPEN ? FETCH_OPEN : FETCH_TODO, asked->at,
                           asked->limit };
    uint64_t last = 0;

    *out = (struct listed){ 0 };
    if (asked->of >= LISTING_ALL)
        return list_falling(db, asked, arena, out, why);
    if (!store_incidents_fetch(db, &fetch, arena, &out->alerts, why))
        return false;
    if (count(out->alerts, &last) == asked->limit)
        out->next = last;
    return true;
}
