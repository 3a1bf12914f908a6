/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_log.c - what a breachd that was killed left in SQLite's log. */
#include "adapter/ledger_parts.h"

#include <string.h>

enum { LOG_STEP = 65536 }; // bytes at once

/*
 * Synced is not enough: after a sync that failed the kernel may hold pages for clean that never
 * reached the disk, so that the next sync has nothing to do and succeeds.
 */
static bool write_anew(sqlite3_file *log, sqlite3_int64 size)
{
    const sqlite3_io_methods *on = log->pMethods;
    char bytes[LOG_STEP];

    for (sqlite3_int64 at = 0; at < size; at += LOG_STEP) {
        int n = size - at < LOG_STEP ? (int)(size - at) : LOG_STEP;

        if (on->xRead(log, bytes, n, at) != SQLITE_OK || on->xWrite(log, bytes, n, at) != SQLITE_OK)
            return false;
    }
    return size == 0 || on->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

static bool harden(struct store *store, const char *path, struct fault *why)
{
    sqlite3_file *log = NULL;
    sqlite3_int64 size = 0;
    int error = 0;

    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (log == NULL || log->pMethods == NULL)
        return true; // it has none yet
    if (log->pMethods->xFileSize(log, &size) == SQLITE_OK && write_anew(log, size))
        return true;
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
    return fault_set(why, "%s: what its log holds does not reach the disk: %s", path,
                     strerror(error));
}

bool store_harden(struct store *store, const char *path, struct fault *why)
{
    bool ok;

    // The right to write: nobody else begins the log anew meanwhile.
    if (sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return fault_set(why, "%s: %s", path, sqlite3_errmsg(store->db));
    ok = harden(store, path, why);
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL); // nothing was changed
    return ok;
}
