/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_gaps.h"

#include "adapter/ledger/store_parts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
    PAGE_MAX = 65536,
    FILE_HEADER = 100,
    SWEEP_BYTES = 16 * 1024 * 1024, // in a step
    INTERIOR_INDEX = 2,             // the kinds of b-tree pages
    INTERIOR_TABLE = 5,
    LEAF_INDEX = 10,
    LEAF_TABLE = 13
};

/*
 * Any other page begins with the number of a page, whose highest byte is a kind's only in a file of
 * so many pages (128 GiB of 4 KiB each): there nobody can tell, and nothing is cleared.
 */
enum { PAGES_MOST = INTERIOR_INDEX << 24 };

static size_t two_bytes(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* Where the cells' pointers begin; 0: it is no b-tree page. */
static size_t pointers_of(const unsigned char *page, size_t header)
{
    switch (page[header]) {
    case INTERIOR_INDEX:
    case INTERIOR_TABLE:
        return header + 12;
    case LEAF_INDEX:
    case LEAF_TABLE:
        return header + 8;
    default:
        return 0;
    }
}

bool store_gaps_clear(unsigned char *page, size_t size, bool first)
{
    size_t header = first ? FILE_HEADER : 0;
    size_t pointers = pointers_of(page, header);
    size_t from = pointers + 2 * two_bytes(page + header + 3);
    size_t to = two_bytes(page + header + 5);

    if (to == 0)
        to = PAGE_MAX;
    if (pointers == 0 || to > size || from >= to)
        return false;
    for (size_t i = from; i < to; i++) {
        if (page[i] != 0)
            return memset(page + from, 0, to - from) != NULL;
    }
    return false;
}

static bool is_page(sqlite3_file *file, const sqlite3_io_methods *own, int n, sqlite3_int64 at)
{
    sqlite3_int64 size = 0;

    return n >= 512 && n <= PAGE_MAX && (n & (n - 1)) == 0 && at % n == 0 &&
           own->xFileSize(file, &size) == SQLITE_OK && size / n < PAGES_MOST;
}

static int write_cleared(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    const struct store_gaps *gaps = (const struct store_gaps *)file->pMethods; // its first member
    unsigned char page[PAGE_MAX];

    if (!is_page(file, gaps->own, n, at))
        return gaps->own->xWrite(file, bytes, n, at);
    memcpy(page, bytes, (size_t)n);
    store_gaps_clear(page, (size_t)n, at == 0);
    return gaps->own->xWrite(file, page, n, at);
}
_Static_assert(offsetof(struct store_gaps, clearing) == 0, "write_cleared comes from it to own");

static sqlite3_file *file_of(const struct store *store, int which)
{
    sqlite3_file *file = NULL;

    sqlite3_file_control(store->db, "main", which, &file);
    return file != NULL && file->pMethods != NULL ? file : NULL;
}

/* Which file it is, as far as its folder tells: a copy in its place was made at another moment. */
static int64_t mark_of(sqlite3 *db)
{
    struct statx about;

    if (statx(AT_FDCWD, sqlite3_db_filename(db, "main"), 0, STATX_INO | STATX_BTIME, &about) != 0)
        return 0;
    if ((about.stx_mask & STATX_BTIME) == 0)
        about.stx_btime = (struct statx_timestamp){ 0 };
    return (int64_t)(about.stx_ino * UINT64_C(0x9e3779b97f4a7c15) ^
                     ((uint64_t)about.stx_btime.tv_sec << 30 | about.stx_btime.tv_nsec));
}

bool store_gaps_note(sqlite3 *db)
{
    char sql[128];

    snprintf(sql, sizeof sql,
             "DROP VIEW IF EXISTS gaps_cleared; CREATE VIEW gaps_cleared AS SELECT %" PRId64,
             mark_of(db));
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

bool store_gaps_watch(struct store *store, struct fault *why)
{
    sqlite3_file *file = file_of(store, SQLITE_FCNTL_FILE_POINTER);
    int64_t cleared = 0;

    if (file == NULL)
        return fault_set(why, "ledger: its file cannot be had");
    store->gaps.own = file->pMethods;
    store->gaps.clearing = *file->pMethods;
    store->gaps.clearing.xWrite = write_cleared;
    file->pMethods = &store->gaps.clearing;
    store->gaps.cleared = store_ask(store->db, "SELECT * FROM gaps_cleared", &cleared) &&
                          cleared != 0 && cleared == mark_of(store->db);
    return true;
}

/* ---- a ledger of before ---- */

static bool log_is_empty(const struct store *store)
{
    sqlite3_file *log = file_of(store, SQLITE_FCNTL_JOURNAL_POINTER);
    sqlite3_int64 size = 0;

    return log == NULL || (log->pMethods->xFileSize(log, &size) == SQLITE_OK && size == 0);
}

/* The page's own bytes again: one that a power cut tears is still the same to who reads it. */
static bool sweep_page(sqlite3_file *file, int size, sqlite3_int64 at)
{
    unsigned char page[PAGE_MAX];

    return file->pMethods->xRead(file, page, size, at) == SQLITE_OK &&
           (!store_gaps_clear(page, (size_t)size, at == 0) ||
            file->pMethods->xWrite(file, page, size, at) == SQLITE_OK);
}

/* Some pages; *out_end: there are no more. */
static bool sweep(struct store *store, bool *out_end)
{
    sqlite3_file *file = file_of(store, SQLITE_FCNTL_FILE_POINTER);
    int64_t size = 0, pages = 0;
    bool ok = file != NULL && store_ask(store->db, "PRAGMA page_size", &size) &&
              store_ask(store->db, "PRAGMA page_count", &pages) && size > 0 && size <= PAGE_MAX;
    uint64_t end = ok ? store->gaps.next + (uint64_t)(SWEEP_BYTES / size) : 0;

    *out_end = ok && end >= (uint64_t)pages;
    if (*out_end)
        end = (uint64_t)pages;
    for (; ok && store->gaps.next < end; store->gaps.next++)
        ok = pages >= PAGES_MOST ||
             sweep_page(file, (int)size, (sqlite3_int64)store->gaps.next * size);
    return ok && file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

bool store_gaps_sweep(struct store *store)
{
    bool end = false, ok;

    // With the right to write, and nothing in the log, nobody else writes a page of the file.
    if (store->gaps.cleared || !store_step(store, BEGIN_COMMIT))
        return store->gaps.cleared;
    ok = log_is_empty(store) && sweep(store, &end);
    if (ok && end)
        ok = store_gaps_note(store->db) && store_step(store, COMMIT);
    if (!sqlite3_get_autocommit(store->db))
        store_step(store, ROLLBACK);
    store->gaps.cleared = ok && end;
    return store->gaps.cleared;
}

bool store_gaps_cleared(const struct store *store)
{
    return store->gaps.cleared;
}
