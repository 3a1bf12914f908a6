/* SPDX-License-Identifier: Apache-2.0 */
/* store_wal.c - what a breachd that was killed left in SQLite's log. */
#include "adapter/ledger/store_parts.h"

#include <string.h>

enum { LOG_STEP = 65536 }; // bytes at once

/*
 * Synced is not enough: after a sync that failed the kernel may hold pages for clean that never
 * reached the disk, so that the next sync has nothing to do and succeeds.
 */
static int write_anew(sqlite3_file *log, sqlite3_int64 size)
{
    const sqlite3_io_methods *on = log->pMethods;
    int rc = SQLITE_OK;
    char bytes[LOG_STEP];

    for (sqlite3_int64 at = 0; rc == SQLITE_OK && at < size; at += LOG_STEP) {
        int n = size - at < LOG_STEP ? (int)(size - at) : LOG_STEP;

        rc = on->xRead(log, bytes, n, at);
        if (rc == SQLITE_OK)
            rc = on->xWrite(log, bytes, n, at);
    }
    return rc == SQLITE_OK && size > 0 ? on->xSync(log, SQLITE_SYNC_NORMAL) : rc;
}

static bool harden(struct store *store, const char *path, struct fault *why)
{
    sqlite3_file *log = NULL;
    sqlite3_int64 size = 0;
    int rc, error = 0;

    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (log == NULL || log->pMethods == NULL)
        return true; // it has none yet
    rc = log->pMethods->xFileSize(log, &size);
    if (rc == SQLITE_OK)
        rc = write_anew(log, size);
    if (rc == SQLITE_OK)
        return true;
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
    return fault_set(why, "%s: what its log holds does not reach the disk: %s", path,
                     error != 0 ? strerror(error) : sqlite3_errstr(rc)); // a full disk has none
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
