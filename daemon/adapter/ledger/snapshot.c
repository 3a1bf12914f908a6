/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/snapshot.h"

#include "adapter/ledger/ledger_reader_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The source is held at one moment by a read transaction: no commit makes the copy begin anew. */
static bool copy(sqlite3 *from, sqlite3 *to, snapshot_progress *on_progress, void *arg)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int rc = backup != NULL ? SQLITE_OK : SQLITE_ERROR;

    while (rc == SQLITE_OK) { // SNAPSHOT_PAGES each turn, to the end of the ledger
        rc = sqlite3_backup_step(backup, SNAPSHOT_PAGES);
        on_progress((uint64_t)(sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup)),
                    (uint64_t)sqlite3_backup_pagecount(backup), arg);
    }
    return sqlite3_backup_finish(backup) == SQLITE_OK && rc == SQLITE_DONE;
}

/* No log beside it, and all of it on the disk. */
static bool settle(sqlite3 *to)
{
    return sqlite3_exec(to, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;", NULL, NULL,
                        NULL) == SQLITE_OK;
}

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

static bool fill(struct ledger_reader *reader, const char *path, snapshot_progress *on_progress,
                 void *arg, struct fault *why)
{
    sqlite3 *to = NULL;
    bool ok = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
                  SQLITE_OK &&
              copy(reader->db, to, on_progress, arg) && settle(to);

    if (!ok)
        fault_set(why, "%.300s: %s", path, to ? sqlite3_errmsg(to) : "out of memory");
    sqlite3_close(to);
    if (ok && !sync_file(path))
        ok = fault_set(why, "%.300s: %s", path, strerror(errno));
    return ok;
}

bool snapshot_make(struct ledger_reader *reader, const char *path, snapshot_progress *on_progress,
                   void *arg, struct fault *why)
{
    // Made by us alone: nobody's file is written over, no link is followed.
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    uint64_t newest;

    if (fd < 0)
        return fault_set(why, "%.300s: %s", path, strerror(errno));
    close(fd);
    // A transaction begins with the first read in it.
    if (ledger_reader_hold(reader, why) && ledger_reader_newest(reader, &newest, why) &&
        fill(reader, path, on_progress, arg, why))
        return true;
    unlink(path);
    return false;
}
