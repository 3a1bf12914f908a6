/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger_store.h"

#include "adapter/ledger_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    SCHEMA_VERSION = 1,
    APPLICATION_ID = 0x62726368, // "brch"
    IDLE_PAGES = 1000,           // 4 MiB
    FORCED_PAGES = 16384,        // 64 MiB
};

static const char schema[] =
    "CREATE TABLE device(id TEXT PRIMARY KEY, time INT, lon REAL, lat REAL, accuracy REAL,"
    " near INT, tampered INT, battery_low INT, clock_told INT, alerts INT,"
    " recent BLOB, recent_next INT) WITHOUT ROWID;"
    "CREATE TABLE incident(subject TEXT PRIMARY KEY, phase INT, authorised INT, number INT,"
    " numbers INT, alerts INT, pings INT, opened INT, told INT, ended INT, entered INT,"
    " before_from INT, before_until INT, late_from INT, late_until INT) WITHOUT ROWID;"
    "CREATE TABLE alert(sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL,"
    " area TEXT NOT NULL, severity TEXT NOT NULL, incident TEXT NOT NULL, effect INT NOT NULL,"
    " event TEXT NOT NULL);"
    "CREATE TABLE mark(name TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO mark VALUES ('sequence', 0), ('published', 0),"
    " ('probes', 0);"
    "PRAGMA application_id = 1651663720; PRAGMA user_version = 1;";

_Static_assert(APPLICATION_ID == 1651663720, "the schema's text says the same number");

enum statement {
    BEGIN_COMMIT,
    COMMIT,
    ROLLBACK,
    PUT_DEVICE,
    PUT_INCIDENT,
    PUT_ALERT,
    PUT_MARK,
    PROBE,
    FETCH,
    RENUMBER,
    RENUMBERED,
    ALL_DEVICES,
    ALL_INCIDENTS,
    STATEMENTS
};

static const char *const texts[STATEMENTS] = {
    [BEGIN_COMMIT] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [PUT_DEVICE] = "INSERT OR REPLACE INTO device VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
    [PUT_INCIDENT] =
        "INSERT OR REPLACE INTO incident VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
        "?14,?15)",
    [PUT_ALERT] = "INSERT INTO alert VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
    [PUT_MARK] = "UPDATE mark SET value = ?2 WHERE name = ?1",
    [PROBE] = "UPDATE mark SET value = value + 1 WHERE name = 'probes'",
    [FETCH] = "SELECT * FROM alert WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
    // Over zero and back, as the numbers may overlap those that are still to be moved.
    [RENUMBER] = "UPDATE alert SET sequence = -(sequence + ?2) WHERE sequence > ?1",
    [RENUMBERED] = "UPDATE alert SET sequence = -sequence WHERE sequence < 0",
    [ALL_DEVICES] = "SELECT * FROM device",
    [ALL_INCIDENTS] = "SELECT * FROM incident",
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    uint64_t sequence, published;
    int lock;
    int log_pages; // in the write-ahead log, after the newest commit
    char *reserve; // its path
};

static bool say(struct store *store, struct fault *why)
{
    return fault_set(why, "ledger: %s (%d)", sqlite3_errmsg(store->db),
                     sqlite3_extended_errcode(store->db));
}

static bool step(struct store *store, enum statement which)
{
    int rc = sqlite3_step(store->statements[which]);

    sqlite3_reset(store->statements[which]);
    return rc == SQLITE_DONE || rc == SQLITE_ROW;
}

static bool put_mark(struct store *store, const char *name, uint64_t value)
{
    sqlite3_bind_text(store->statements[PUT_MARK], 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(store->statements[PUT_MARK], 2, (sqlite3_int64)value);
    return step(store, PUT_MARK);
}

static bool put_row(struct store *store, struct row *row, uint64_t *sequence)
{
    switch (row->kind) {
    case ROW_DEVICE:
        row_bind_device(store->statements[PUT_DEVICE], row->name, &row->device);
        return step(store, PUT_DEVICE);
    case ROW_INCIDENT:
        row_bind_incident(store->statements[PUT_INCIDENT], row->name, &row->incident);
        return step(store, PUT_INCIDENT);
    case ROW_ALERT:
        row->alert.sequence = ++*sequence;
        row_bind_alert(store->statements[PUT_ALERT], &row->alert);
        return step(store, PUT_ALERT);
    }
    return false;
}

/* Ends the transaction as `ok` says; false, with nothing changed, when anything failed. */
static bool settle(struct store *store, bool ok, struct fault *why)
{
    if (ok && step(store, COMMIT))
        return true;
    say(store, why);
    if (!sqlite3_get_autocommit(store->db))
        step(store, ROLLBACK);
    return false;
}

bool store_commit(struct store *store, struct row *rows, uint64_t published, struct fault *why)
{
    uint64_t sequence = store->sequence;
    bool ok = step(store, BEGIN_COMMIT);

    for (struct row *row = rows; ok && row != NULL; row = row->next)
        ok = put_row(store, row, &sequence);
    ok = ok && put_mark(store, "sequence", sequence) && put_mark(store, "published", published);
    if (!settle(store, ok, why))
        return false;
    store->sequence = sequence;
    store->published = published;
    return true;
}

bool store_fetch(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                 struct row **out_rows, struct fault *why)
{
    sqlite3_stmt *fetch = store->statements[FETCH];
    struct row *first = NULL, **last = &first;
    int rc;

    sqlite3_bind_int64(fetch, 1, (sqlite3_int64)after);
    sqlite3_bind_int64(fetch, 2, limit);
    while ((rc = sqlite3_step(fetch)) == SQLITE_ROW) {
        struct row *row = arena_take(arena, sizeof *row);

        if (row == NULL)
            break;
        row->kind = ROW_ALERT;
        if (!row_read_alert(fetch, arena, &row->alert))
            break;
        *last = row;
        last = &row->next;
    }
    sqlite3_reset(fetch);
    *out_rows = first;
    return rc == SQLITE_DONE || rc == SQLITE_ROW || say(store, why);
}

bool store_renumber(struct store *store, uint64_t confirmed, uint64_t from, struct fault *why)
{
    sqlite3_stmt *renumber = store->statements[RENUMBER];
    uint64_t shift = from - confirmed, sequence = store->sequence + shift;

    sqlite3_bind_int64(renumber, 1, (sqlite3_int64)confirmed);
    sqlite3_bind_int64(renumber, 2, (sqlite3_int64)shift);
    if (!settle(store,
                step(store, BEGIN_COMMIT) && step(store, RENUMBER) && step(store, RENUMBERED) &&
                    put_mark(store, "sequence", sequence) && put_mark(store, "published", from),
                why))
        return false;
    store->sequence = sequence;
    store->published = from;
    return true;
}

bool store_probe(struct store *store, struct fault *why)
{
    return store_refill_reserve(store, why) &&
           settle(store, step(store, BEGIN_COMMIT) && step(store, PROBE), why);
}

bool store_restore(struct store *store, void (*on_row)(const struct row *row, void *arg), void *arg,
                   struct fault *why)
{
    for (int pass = 0; pass < 2; pass++) {
        sqlite3_stmt *all = store->statements[pass == 0 ? ALL_DEVICES : ALL_INCIDENTS];
        int rc;

        while ((rc = sqlite3_step(all)) == SQLITE_ROW) {
            struct row row = { .kind = pass == 0 ? ROW_DEVICE : ROW_INCIDENT,
                               .name = (const char *)sqlite3_column_text(all, 0) };

            if (pass == 0)
                row_read_device(all, &row.device);
            else
                row_read_incident(all, &row.incident);
            on_row(&row, arg);
        }
        sqlite3_reset(all);
        if (rc != SQLITE_DONE)
            return say(store, why);
    }
    return true;
}

enum store_wish store_wants_checkpoint(const struct store *store)
{
    return store->log_pages < IDLE_PAGES     ? STORE_FINE
           : store->log_pages < FORCED_PAGES ? STORE_WHEN_IDLE
                                             : STORE_NOW;
}

void store_checkpoint(struct store *store)
{
    // What fails here fails again in a commit, where it is told.
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    store->log_pages = 0; // the next commit says how long it is
}

static int on_log_grown(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct store *store = arg;

    (void)db;
    (void)name;
    store->log_pages = pages;
    return SQLITE_OK;
}

/* The first column of the first row of `sql`. */
static bool ask(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;

    if (ok)
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return ok;
}

/* Makes the tables in an empty file; refuses what is not ours. */
static bool check_schema(struct store *store, const char *path, struct fault *why)
{
    int64_t application, version, tables;

    if (!ask(store->db, "PRAGMA application_id", &application) ||
        !ask(store->db, "PRAGMA user_version", &version) ||
        !ask(store->db, "SELECT count(*) FROM sqlite_master", &tables))
        return fault_set(why, "%s: %s", path, sqlite3_errmsg(store->db));
    if (application == 0 && version == 0 && tables == 0) {
        if (sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_exec(store->db, schema, NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
            return fault_set(why, "%s: %s", path, sqlite3_errmsg(store->db));
        return true;
    }
    if (application != APPLICATION_ID)
        return fault_set(why, "%s: a database, but no ledger of breachd: left as it is", path);
    if (version != SCHEMA_VERSION)
        return fault_set(why, "%s: schema %lld; this breachd knows %d", path, (long long)version,
                         SCHEMA_VERSION);
    return true;
}

static bool prepare(struct store *store, const char *path, struct fault *why)
{
    int64_t sequence, published;

    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK)
            return fault_set(why, "%s: %s", path, sqlite3_errmsg(store->db));
    }
    if (!ask(store->db, "SELECT value FROM mark WHERE name = 'sequence'", &sequence) ||
        !ask(store->db, "SELECT value FROM mark WHERE name = 'published'", &published))
        return fault_set(why, "%s: its marks are missing", path);
    store->sequence = (uint64_t)sequence;
    store->published = (uint64_t)published;
    return true;
}

/* One breachd a ledger: held as long as the process lives, whatever ends it. */
static bool take_lock(struct store *store, const char *path, struct fault *why)
{
    char name[4096];

    snprintf(name, sizeof name, "%s-lock", path);
    store->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock < 0)
        return fault_set(why, "%.400s: %s", name, strerror(errno));
    if (flock(store->lock, LOCK_EX | LOCK_NB) != 0)
        return fault_set(why, "%s: another breachd has it", path);
    return true;
}

bool store_open(const char *path, struct store **out_store, struct fault *why)
{
    static const char modes[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                "PRAGMA wal_autocheckpoint = 0;";
    struct store *store = calloc(1, sizeof *store);

    if (store == NULL)
        return fault_set(why, "out of memory");
    store->lock = -1;
    if (asprintf(&store->reserve, "%s-reserve", path) < 0) {
        store->reserve = NULL;
        fault_set(why, "out of memory");
        goto fail;
    }
    if (!take_lock(store, path, why))
        goto fail;
    if (sqlite3_open_v2(path, &store->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        fault_set(why, "%s: %s", path, store->db ? sqlite3_errmsg(store->db) : "out of memory");
        goto fail;
    }
    // A foreign database must not change, not even by its log being worked in when we close.
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_busy_timeout(store->db, 2000); // somebody may be asking it with sqlite3(1)
    // Looked at first: a foreign file must not even have its journal mode changed.
    if (!check_schema(store, path, why))
        goto fail;
    if (sqlite3_exec(store->db, modes, NULL, NULL, NULL) != SQLITE_OK) {
        fault_set(why, "%s: %s", path, sqlite3_errmsg(store->db));
        goto fail;
    }
    sqlite3_wal_hook(store->db, on_log_grown, store);
    if (!prepare(store, path, why) || !store_refill_reserve(store, why))
        goto fail;
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

uint64_t store_sequence(const struct store *store)
{
    return store->sequence;
}

uint64_t store_published(const struct store *store)
{
    return store->published;
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
    return rc == 0 || fault_set(why, "%s: %s", store->reserve, strerror(rc));
}
