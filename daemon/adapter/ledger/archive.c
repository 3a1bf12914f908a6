/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/archive.h"

#include "adapter/ledger/store.h"
#include "adapter/ledger/store_incidents.h"
#include "adapter/ledger/store_taking_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Those that tell a link of the chain outside stay: by them it is compared. */
static const char late_alerts[] =
    "SELECT a.sequence, a.entry FROM alert a JOIN entry e ON e.number = a.entry"
    " WHERE e.at >= ?1 AND e.salt <> x'' AND a.type <> 'chain'";
static const char late_bodies[] =
    "SELECT number, number FROM entry WHERE at >= ?1 AND body IS NOT NULL"
    " AND kind IN ('ping', 'time', 'rules', 'withdrawn', 'ack', 'order')";

/* What goes on now is nothing that was. */
static const char known_now[] = "DELETE FROM device; DELETE FROM incident; DELETE FROM custody;"
                                "DELETE FROM heard;";

static bool choose(struct store *store, const char *sql, struct utc before, struct taking *taking,
                   struct doomed_list *list)
{
    sqlite3_stmt *which = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &which, NULL);

    if (rc == SQLITE_OK)
        sqlite3_bind_int64(which, 1, before.ms);
    while (which != NULL && (rc = sqlite3_step(which)) == SQLITE_ROW) // a row each turn
        taking_add(taking, list,
                   (struct doomed){ (uint64_t)sqlite3_column_int64(which, 0),
                                    (uint64_t)sqlite3_column_int64(which, 1) });
    sqlite3_finalize(which);
    return rc == SQLITE_DONE;
}

static bool run(struct store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool trim(struct store *store, struct utc before, const char *record, struct fault *why)
{
    struct progress progress = store_progress(store);
    struct kept_entry entry = {
        .kind = "archived", .at = before, .respondent = "", .evidence = true
    };
    struct taking taking = { 0 };
    bool ok;

    progress.known = (struct store_known_sum){ 0 };
    ok = store_settle(store,
                      store_step(store, BEGIN_COMMIT) &&
                          choose(store, late_alerts, before, &taking, &taking.alerts) &&
                          choose(store, late_bodies, before, &taking, &taking.bodies) &&
                          taking_take(store, &progress, &taking, &entry, record) &&
                          run(store, known_now) && store_incidents_refill(store->db),
                      &progress, why);
    taking_fini(&taking);
    return ok;
}

/* What the store keeps beside a ledger that lives. */
static void tidy(const char *path)
{
    static const char *const tails[] = { "-lock", "-reserve", "-wal", "-shm" };
    char name[4096];

    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        snprintf(name, sizeof name, "%s%s", path, tails[i]);
        unlink(name);
    }
}

bool archive_trim(const char *path, struct utc before, const char *record, struct fault *why)
{
    struct store *store = NULL;
    bool ok = store_open(path, &store, why) && trim(store, before, record, why);

    // One file without a log, and nothing in it of what went.
    if (ok && (!run(store, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;") ||
               !run(store, "VACUUM")))
        ok = fault_set(why, "%.300s: %s", path, sqlite3_errmsg(store->db));
    store_close(store);
    tidy(path);
    return ok;
}
