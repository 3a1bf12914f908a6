/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_map.h"

/* The entries of the incident's first and last alert. */
static const char where_reported[] =
    "SELECT min(entry), max(entry) FROM alert WHERE incident = ?1 AND entry > 0"
    " AND type NOT IN ('acked', 'closed', 'handed', 'shelved', 'escalated')";

static const char of_entry[] = "SELECT respondent, at FROM entry WHERE number = ?1";

/* As few entries as can be are looked at: those of the respondent, near the two; newest first. */
static const char around[] =
    "SELECT at, body FROM entry WHERE respondent = ?1 AND kind = 'ping' AND body IS NOT NULL"
    " AND at BETWEEN ?4 AND ?5 AND number BETWEEN"
    " ifnull((SELECT min(number) FROM (SELECT number FROM entry WHERE respondent = ?1"
    " AND number <= ?2 ORDER BY number DESC LIMIT ?6)), ?2) AND"
    " ifnull((SELECT max(number) FROM (SELECT number FROM entry WHERE respondent = ?1"
    " AND number >= ?3 ORDER BY number LIMIT ?6)), ?3) ORDER BY number DESC LIMIT ?7";

struct stretch {
    sqlite3_int64 first, last; // entries; 0: there is none
    int64_t since, until;
    const char *respondent; // in the arena
};

static bool say(sqlite3 *db, struct fault *why)
{
    return fault_set(why, "ledger: %s (%d)", sqlite3_errmsg(db), sqlite3_extended_errcode(db));
}

static bool find_reported(sqlite3 *db, const char *incident, struct stretch *out)
{
    sqlite3_stmt *found = NULL;
    bool ok = sqlite3_prepare_v2(db, where_reported, -1, &found, NULL) == SQLITE_OK;

    sqlite3_bind_text(found, 1, incident, -1, SQLITE_STATIC);
    ok = ok && sqlite3_step(found) == SQLITE_ROW;
    if (ok) {
        out->first = sqlite3_column_int64(found, 0);
        out->last = sqlite3_column_int64(found, 1);
    }
    sqlite3_finalize(found);
    return ok;
}

/* When that entry was kept, and whose it is. */
static bool find_entry(sqlite3 *db, sqlite3_int64 number, struct arena *arena, int64_t *at,
                       const char **respondent)
{
    sqlite3_stmt *entry = NULL;
    bool ok = sqlite3_prepare_v2(db, of_entry, -1, &entry, NULL) == SQLITE_OK;

    sqlite3_bind_int64(entry, 1, number);
    ok = ok && sqlite3_step(entry) == SQLITE_ROW;
    if (ok) {
        *respondent = arena_text(arena, (const char *)sqlite3_column_text(entry, 0));
        *at = sqlite3_column_int64(entry, 1);
        ok = *respondent != NULL;
    }
    sqlite3_finalize(entry);
    return ok;
}

static bool read_ping(sqlite3_stmt *from, struct arena *arena, struct row *out)
{
    out->kind = ROW_ENTRY;
    out->entry.kind = "ping";
    out->entry.at.ms = sqlite3_column_int64(from, 0);
    out->entry.body = arena_text(arena, (const char *)sqlite3_column_text(from, 1));
    return out->entry.body != NULL;
}

static bool read_pings(sqlite3_stmt *from, struct arena *arena, struct listed *out)
{
    int n = 0, rc;

    while ((rc = sqlite3_step(from)) == SQLITE_ROW && n++ < STORE_MAP_PINGS) {
        struct row *row = arena_take(arena, sizeof *row);

        if (row == NULL || !read_ping(from, arena, row))
            return false;
        row->next = out->pings; // each is older than the one before
        out->pings = row;
    }
    out->more_pings = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static bool pings_of(sqlite3 *db, const struct stretch *span, struct arena *arena,
                     struct listed *out)
{
    sqlite3_stmt *pings = NULL;
    bool ok = sqlite3_prepare_v2(db, around, -1, &pings, NULL) == SQLITE_OK;

    sqlite3_bind_text(pings, 1, span->respondent, -1, SQLITE_STATIC);
    sqlite3_bind_int64(pings, 2, span->first);
    sqlite3_bind_int64(pings, 3, span->last);
    sqlite3_bind_int64(pings, 4, span->since);
    sqlite3_bind_int64(pings, 5, span->until);
    sqlite3_bind_int(pings, 6, STORE_MAP_BEYOND);
    sqlite3_bind_int(pings, 7, STORE_MAP_PINGS + 1);
    ok = ok && read_pings(pings, arena, out);
    sqlite3_finalize(pings);
    return ok;
}

bool store_map_pings(sqlite3 *db, const char *incident, struct arena *arena, struct listed *out,
                     struct fault *why)
{
    struct stretch span = { .first = 0 };
    const char *last;

    if (!find_reported(db, incident, &span))
        return say(db, why);
    if (span.first == 0)
        return true; // of a ledger of before, or no such incident
    if (!find_entry(db, span.first, arena, &span.since, &span.respondent) ||
        !find_entry(db, span.last, arena, &span.until, &last))
        return say(db, why);
    span.since -= STORE_MAP_AROUND_MS;
    span.until += STORE_MAP_AROUND_MS;
    return span.respondent[0] == '\0' || pings_of(db, &span, arena, out) || say(db, why);
}
