/* SPDX-License-Identifier: Apache-2.0 */
/* store_open.c - the ledger's file and what lies beside it: its lock, its reserve. */
#include "adapter/ledger/store_incidents.h"
#include "adapter/ledger/store_parts.h"
#include "adapter/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_PATIENCE_MS = 500, LOCK_STEP_MS = 10 };
enum { PROGRESS_STEPS = 10000 }; // of SQLite's machine: of a table's rows a thousand or so

static const char *const texts[] = {
    [BEGIN_COMMIT] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [NEW_DEVICE] = "INSERT INTO device VALUES (?1,?2)",
    [NEW_INCIDENT] = "INSERT INTO incident VALUES (?1,?2)",
    [NEW_CUSTODY] = "INSERT INTO custody VALUES (?1,?2)",
    [NEW_LAST_ACK] = "INSERT INTO heard VALUES (?1,?2)",
    [PUT_DEVICE] = "UPDATE device SET known = ?2 WHERE rowid = ?1",
    [PUT_INCIDENT] = "UPDATE incident SET known = ?2 WHERE rowid = ?1",
    [PUT_CUSTODY] = "UPDATE custody SET known = ?2 WHERE rowid = ?1",
    [PUT_LAST_ACK] = "UPDATE heard SET id = ?2 WHERE one = ?1",
    [PUT_ALERT] = "INSERT INTO alert VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
    [PUT_ENTRY] = "INSERT INTO entry VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
    // Back to the newest start before it, from where it can be judged again.
    [EVIDENCE_FROM] = "SELECT ifnull((SELECT max(number) FROM entry WHERE respondent = ?1"
                      " AND start = 1 AND at <= ?2 AND body IS NOT NULL),"
                      " (SELECT min(number) FROM entry WHERE respondent = ?1 AND at >= ?2))",
    // 2: the entry became evidence later; its link was made with 0.
    [PUT_EVIDENCE] = "UPDATE entry SET evidence = 2 WHERE respondent = ?1 AND evidence = 0"
                     " AND number >= ?2",
    [HAS_BODY] = "SELECT 1 FROM entry WHERE kind = ?1 AND body_digest = ?2 AND once = 1"
                 " AND body IS NOT NULL", // one that was taken away may come again
    [PUT_MARK] = "UPDATE mark SET value = ?2 WHERE name = ?1",
    [PUT_SUM] = "UPDATE mark SET value = ?1 WHERE name = 'known'",
    [PROBE] = "UPDATE mark SET value = value + 1 WHERE name = 'probes'",
    [TO_RETAIN] =
        "SELECT number, number FROM entry WHERE at < ?1 AND evidence = 0 AND body IS NOT NULL"
        " ORDER BY at LIMIT ?2",
    [RETAIN] = "UPDATE entry SET body = NULL WHERE number = ?1",
    // The newest published stays: by it a stream is known for ours.
    // And what ends or begins a need goes only after all that its incident had earlier: the newest
    // that is left must say what `todo` says.
    [TO_RETAIN_ALERTS] =
        "SELECT sequence, entry FROM alert"
        " WHERE substr(incident, 1, 7) = 'device/' AND sequence < ?3"
        " AND (SELECT evidence = 0 AND at < ?1 FROM entry WHERE number = alert.entry)"
        " AND incident NOT IN (SELECT incident FROM todo)" // all of it: how it began is asked for
        " AND (todo = 0 OR NOT EXISTS (SELECT 1 FROM alert o WHERE substr(o.incident, 1, 7) = "
        "'device/'"
        " AND o.incident = alert.incident AND o.sequence < alert.sequence"
        " AND ifnull((SELECT evidence <> 0 OR at >= ?1 FROM entry WHERE number = o.entry), 1)))"
        " ORDER BY sequence LIMIT ?2",
    [RETAIN_ALERT] = "DELETE FROM alert WHERE sequence = ?1",
    [FETCH] = "SELECT * FROM alert WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
    // By way of negative numbers, as the new ones may overlap those that are still to be moved.
    [RENUMBER] = "UPDATE alert SET sequence = -(sequence + ?2) WHERE sequence > ?1",
    [RENUMBERED] = "UPDATE alert SET sequence = -sequence WHERE sequence < 0",
    [GET_DEVICE] = "SELECT rowid, known FROM device WHERE id = ?1",
    [GET_INCIDENT] = "SELECT rowid, known FROM incident WHERE subject = ?1",
    [GET_CUSTODY] = "SELECT rowid, known FROM custody WHERE incident = ?1",
    [GET_LAST_ACK] = "SELECT one, id FROM heard WHERE one = ?1",
    [ALL_DEVICES] = "SELECT id, known FROM device",
    [ALL_INCIDENTS] = "SELECT subject, known FROM incident",
    [ALL_CUSTODIES] = "SELECT incident, known FROM custody",
    [ALL_LAST_ACK] = "SELECT id FROM heard WHERE one = 1",
    [ALL_READ] = "SELECT id FROM heard WHERE one = 2",
};
_Static_assert(sizeof texts / sizeof *texts == STATEMENTS, "a text for each statement");

static int on_log_grown(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct store *store = arg;

    (void)db;
    (void)name;
    store->log_pages = pages;
    return SQLITE_OK;
}

/*
 * The newest link, as it stands in its row; whether it follows from those before, breachctl says.
 */
static bool find_head(struct store *store, const char *path, struct fault *why)
{
    // A chain that was closed just now, and one who looked, say nothing of when somebody watched.
    static const char sql[] = "SELECT number, digest, ifnull((SELECT at FROM entry WHERE kind NOT"
                              " IN ('migrated', 'access') ORDER BY number DESC LIMIT 1),"
                              " CASE kind WHEN 'access' THEN NULL ELSE at END)"
                              " FROM entry ORDER BY number DESC LIMIT 1";
    sqlite3_stmt *newest = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &newest, NULL);
    bool ok = rc == SQLITE_OK;

    if (ok && (rc = sqlite3_step(newest)) == SQLITE_ROW) {
        ok = sqlite3_column_bytes(newest, 1) == CHAIN_DIGEST;
        store->head.number = (uint64_t)sqlite3_column_int64(newest, 0);
        if (ok)
            memcpy(store->head.digest, sqlite3_column_blob(newest, 1), CHAIN_DIGEST);
        if (store->alive.ms == UTC_ALWAYS.ms &&
            sqlite3_column_type(newest, 2) !=
                SQLITE_NULL) // its lock was lost, as by a copy put back
            store->alive.ms = sqlite3_column_int64(newest, 2);
    } else {
        ok = rc == SQLITE_DONE;
    }
    sqlite3_finalize(newest);
    store->opened = store->head.number;
    return ok || fault_set(why, "%s: its chain cannot be read", path);
}

static bool read_sum(struct store *store)
{
    static const char sql[] = "SELECT value FROM mark WHERE name = 'known'";
    enum { SIZE = sizeof store->known.bytes };
    sqlite3_stmt *mark = NULL;
    bool ok = sqlite3_prepare_v2(store->db, sql, -1, &mark, NULL) == SQLITE_OK &&
              sqlite3_step(mark) == SQLITE_ROW && sqlite3_column_bytes(mark, 0) == SIZE;

    if (ok)
        memcpy(store->known.bytes, sqlite3_column_blob(mark, 0), SIZE);
    sqlite3_finalize(mark);
    return ok;
}

/* When the chain was last told, or when it began. */
static void read_anchored(struct store *store)
{
    static const char sql[] =
        "SELECT CASE WHEN value > 0 THEN value ELSE"
        " (SELECT at FROM entry ORDER BY number LIMIT 1) END FROM mark WHERE name = 'anchored'";
    int64_t at = 0;

    store_ask(store->db, sql, &at);
    store->anchored = UTC_ALWAYS;
    if (at > 0)
        store->anchored.ms = at;
}

static bool prepare(struct store *store, const char *path, struct fault *why)
{
    int64_t sequence, published, newest;

    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK)
            return fault_set(why, "%s: %s", path, sqlite3_errmsg(store->db));
    }
    if (!store_ask(store->db, "SELECT value FROM mark WHERE name = 'sequence'", &sequence) ||
        !store_ask(store->db, "SELECT value FROM mark WHERE name = 'published'", &published) ||
        !store_ask(store->db, "SELECT value FROM mark WHERE name = 'newest'", &newest) ||
        !read_sum(store))
        return fault_set(why, "%s: its marks are missing", path);
    store->sequence = (uint64_t)sequence;
    store->published = (uint64_t)published;
    store->marked = (uint64_t)newest;
    read_anchored(store);
    return find_head(store, path, why);
}

/* A breachctl that writes a look down has it for milliseconds: it is waited for. */
static bool lock_soon(int lock)
{
    const struct timespec step = { 0, LOCK_STEP_MS * 1000000 };

    for (int waited = 0; flock(lock, LOCK_EX | LOCK_NB) != 0; waited += LOCK_STEP_MS) {
        if (errno != EWOULDBLOCK || waited >= LOCK_PATIENCE_MS)
            return false;
        nanosleep(&step, NULL);
    }
    return true;
}

/*
 * One breachd a ledger: held as long as the process lives, whatever ends it. Beside the file
 * itself, so that a link to it does not make it another.
 */
static bool take_lock(struct store *store, const char *path, struct fault *why)
{
    char *itself = realpath(path, NULL), name[4096];
    struct stat about;
    bool was_there;

    snprintf(name, sizeof name, "%s-lock", itself ? itself : path);
    free(itself);
    was_there = access(name, F_OK) == 0;
    store->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock < 0)
        return fault_set(why, "%.400s: %s", name, strerror(errno));
    if (!lock_soon(store->lock))
        return fault_set(why, "%s: another breachd has it", path);
    if (fstat(store->lock, &about) != 0)
        return fault_set(why, "%.400s: %s", name, strerror(errno));
    store->alive = UTC_ALWAYS; // a new lock says nothing, nor does one of before any watch
    if (was_there && about.st_mtim.tv_sec > 0)
        store->alive.ms = (int64_t)about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1000000;
    return true;
}

/* What a store asks of SQLite. A body that is taken away is overwritten: it is somebody's place. */
static const char modes[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                            "PRAGMA cache_size = -8192;"
                            "PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON;";

/* A ledger of years that is looked through, or brought up to date, takes minutes. */
static int on_progress(void *arg)
{
    (void)arg;
    supervise_starting();
    return 0; // it goes on
}

static bool open_file(struct store *store, const char *path, struct fault *why)
{
    if (!store_is_file(path, why))
        return false;
    if (sqlite3_open_v2(path, &store->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return fault_set(why, "%s: %s", path,
                         store->db ? sqlite3_errmsg(store->db) : "out of memory");
    // A foreign database must not change, not even by its log being worked in when we close.
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_busy_timeout(store->db, STORE_PATIENCE_MS);
    sqlite3_progress_handler(store->db, PROGRESS_STEPS, on_progress, NULL);
    // Looked at first: a foreign file must not even have its journal mode changed.
    if (!store_check_schema(store->db, path, why) || !store_incidents_make(store->db, why))
        return false;
    if (sqlite3_exec(store->db, modes, NULL, NULL, NULL) != SQLITE_OK)
        return fault_set(why, "%s: %s", path, sqlite3_errmsg(store->db));
    sqlite3_wal_hook(store->db, on_log_grown, store);
    return store_gaps_watch(store, why) && store_harden(store, path, why);
}

/*
 * A disk that is full, and was when the reserve had been given up, is no reason not to open: what
 * cannot be kept is told then, and it is tried again.
 */
static bool make_reserve(struct store *store, struct fault *why)
{
    errno = 0;
    if (store_refill_reserve(store, why))
        return true;
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
        return false;
    store_release_reserve(store);
    store->unreserved = true;
    return true;
}

bool store_open(const char *path, struct store **out_store, struct fault *why)
{
    struct store *store = calloc(1, sizeof *store);

    if (store == NULL)
        return fault_set(why, "out of memory");
    store->lock = -1;
    if (asprintf(&store->reserve, "%s-reserve", path) < 0) {
        store->reserve = NULL;
        fault_set(why, "out of memory");
        goto fail;
    }
    if (!take_lock(store, path, why) || !open_file(store, path, why) ||
        !prepare(store, path, why) || !make_reserve(store, why))
        goto fail;
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    *out_store = store;
    return true;
fail:
    store_close(store);
    return false;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    if (store->lock >= 0)
        close(store->lock);
    free(store->reserve);
    free(store);
}

struct utc store_alive(const struct store *store)
{
    return store->alive;
}

void store_touch(const struct store *store, struct utc now)
{
    struct timespec at = { (time_t)(now.ms / 1000), (long)(now.ms % 1000) * 1000000 };

    // What fails makes the next gap look longer, never shorter.
    futimens(store->lock, (struct timespec[]){ at, at });
}

void store_release_reserve(struct store *store)
{
    unlink(store->reserve);
}

bool store_refill_reserve(struct store *store, struct fault *why)
{
    int file = open(store->reserve, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int rc = file < 0 ? errno : posix_fallocate(file, 0, LEDGER_RESERVE_BYTES);

    if (file >= 0)
        close(file);
    store->unreserved = store->unreserved && rc != 0;
    errno = rc; // for make_reserve
    return rc == 0 || fault_set(why, "%s: %s", store->reserve, strerror(rc));
}

void store_mend_reserve(struct store *store)
{
    struct fault still_none;

    if (store->unreserved)
        store_refill_reserve(store, &still_none);
}
