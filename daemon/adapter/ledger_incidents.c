/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger_incidents.h"

#include "adapter/ledger_rows.h"

/* 1 and 2 are EFFECT_OPEN and EFFECT_CLOSE. A sequence moves when the ledger is renumbered. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS open(incident TEXT PRIMARY KEY, sequence INT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE UNIQUE INDEX IF NOT EXISTS open_sequence ON open(sequence);"
    "CREATE TRIGGER IF NOT EXISTS open_begins AFTER INSERT ON alert WHEN new.effect = 1 BEGIN"
    " INSERT INTO open VALUES (new.incident, new.sequence)"
    " ON CONFLICT(incident) DO UPDATE SET sequence = excluded.sequence; END;"
    "CREATE TRIGGER IF NOT EXISTS open_ends AFTER INSERT ON alert WHEN new.effect = 2 BEGIN"
    " DELETE FROM open WHERE incident = new.incident; END;"
    "CREATE TRIGGER IF NOT EXISTS open_moves AFTER UPDATE OF sequence ON alert BEGIN"
    " UPDATE open SET sequence = new.sequence WHERE sequence = old.sequence; END;";

static const char fill[] =
    "INSERT INTO open SELECT incident, newest FROM"
    " (SELECT max(sequence) AS newest, incident, effect FROM alert WHERE effect <> 0"
    " GROUP BY incident) WHERE effect = 1";

static const char fetch[] = "SELECT alert.* FROM open JOIN alert USING (sequence)"
                            " WHERE open.sequence > ?1 ORDER BY open.sequence LIMIT ?2";

_Static_assert(EFFECT_OPEN == 1 && EFFECT_CLOSE == 2, "the triggers say the same numbers");

static bool say(sqlite3 *db, struct fault *why)
{
    return fault_set(why, "ledger: %s (%d)", sqlite3_errmsg(db), sqlite3_extended_errcode(db));
}

static bool run(sqlite3 *db, const char *sql, struct fault *why)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || say(db, why);
}

bool incidents_make(sqlite3 *db, struct fault *why)
{
    bool is_there = sqlite3_table_column_metadata(db, "main", "open", NULL, NULL, NULL, NULL, NULL,
                                                  NULL) == SQLITE_OK;

    if (run(db, "BEGIN IMMEDIATE", why) && run(db, schema, why) &&
        (is_there || run(db, fill, why)) && run(db, "COMMIT", why))
        return true;
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL); // `why` has said it
    return false;
}

bool incidents_fetch(sqlite3 *db, uint64_t after, unsigned limit, struct arena *arena,
                     struct row **out_rows, struct fault *why)
{
    sqlite3_stmt *rows = NULL;
    struct row *first = NULL, **last = &first;
    int rc;

    // Asked once a connection to Redis: not worth a statement that is kept.
    if (sqlite3_prepare_v2(db, fetch, -1, &rows, NULL) != SQLITE_OK)
        return say(db, why);
    sqlite3_bind_int64(rows, 1, (sqlite3_int64)after);
    sqlite3_bind_int64(rows, 2, limit);
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
        struct row *row = arena_take(arena, sizeof *row);

        if (row == NULL || !row_read_alert(rows, arena, &row->alert))
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
