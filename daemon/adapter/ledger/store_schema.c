/* SPDX-License-Identifier: Apache-2.0 */
/* store_schema.c - the ledger's tables: made, brought up to date, or refused. */
#include "adapter/ledger/store_closing.h"
#include "adapter/ledger/store_parts.h"

#include <sys/stat.h>

enum {
    CHECK_PAGES = 256 * 1024, // 1 GiB: a larger file is not read through at start
};

_Static_assert(SCHEMA_APPLICATION == 1651663720, "the schema's text says the same number");

/*
 * `custody`: who has which incident; `heard`: (1) the last ack, (2) the last ping of the stream.
 * Rows that are written again and again, and too long for an index of 4 KiB a page: there each
 * step of a search would read all of one, and what is over has a page of its own.
 */
#define DEVICE   "CREATE TABLE device(id TEXT PRIMARY KEY NOT NULL, known TEXT NOT NULL);"
#define INCIDENT "CREATE TABLE incident(subject TEXT PRIMARY KEY NOT NULL, known TEXT NOT NULL);"
#define CUSTODY  "CREATE TABLE custody(incident TEXT PRIMARY KEY NOT NULL, known TEXT NOT NULL);"
#define HEARD    "CREATE TABLE heard(one INTEGER PRIMARY KEY, id TEXT NOT NULL);"

/* As they were up to schema 3. */
#define KNOWN_3                                                                                    \
    "CREATE TABLE device(id TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"                 \
    "CREATE TABLE incident(subject TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"
#define ACKS_3                                                                                     \
    "CREATE TABLE custody(incident TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;" HEARD
#define NUMBERED(table, create)                                                                    \
    "ALTER TABLE " table " RENAME TO " table "_3;" create "INSERT INTO " table                     \
    " SELECT * FROM " table "_3; DROP TABLE " table "_3;"

/* The chain of evidence (chain.h). An alert's body is its event, in the alert's own row. */
#define ENTRIES(more)                                                                              \
    "CREATE TABLE entry(number INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INT NOT NULL,"          \
    " respondent TEXT NOT NULL, evidence INT NOT NULL, start INT NOT NULL, once INT NOT NULL,"     \
    " body TEXT, body_digest BLOB NOT NULL, digest BLOB NOT NULL" more ");"                        \
    "CREATE INDEX entry_of ON entry(respondent, number);"                                          \
    "CREATE INDEX entry_old ON entry(at) WHERE evidence = 0 AND body IS NOT NULL;"                 \
    "CREATE INDEX entry_once ON entry(kind, body_digest) WHERE once = 1;"

/* A link of before has no salt: by that it is known. */
#define PARTITION "partition INT NOT NULL DEFAULT 0"
#define SALT      "salt BLOB NOT NULL DEFAULT x''"
/* Of an alert the digest of its row: retention may take the row away, and the link stays. */
#define OF_ROW "row_digest BLOB"

static const char schema[] = DEVICE INCIDENT CUSTODY HEARD ENTRIES(
    ", " PARTITION ", " SALT
    ", " OF_ROW) "CREATE TABLE alert(sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT "
                 "NULL,"
                 " area TEXT NOT NULL, severity TEXT NOT NULL, incident TEXT NOT NULL, effect INT "
                 "NOT NULL,"
                 " event TEXT NOT NULL, entry INT NOT NULL DEFAULT 0, todo INT NOT NULL DEFAULT 0,"
                 " by TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '');"
                 "CREATE TABLE mark(name TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;"
                 "INSERT INTO mark VALUES ('sequence', 0), ('published', 0), ('probes', 0),"
                 " ('anchored', 0), ('newest', 0), ('known', zeroblob(32));"
                 "PRAGMA application_id = 1651663720; PRAGMA user_version = 4;";

/*
 * From a version to the next. 1 to 2: what was known becomes JSON, the chain of evidence begins;
 * alerts of before are in no entry. The last pings of a device are not taken over: one that is sent
 * again just then is taken for new, which tells nothing twice. 2 to 3: what is open needs somebody,
 * and the chain goes on by another rule (store_closing.h). 3 to 4: what is known is written packed
 * from now on (known_pack.h), which a breachd of before would pass over, and stands otherwise.
 */
static const struct schema_step {
    const char *sql;
    bool (*then)(sqlite3 *db, struct fault *why); // within the same transaction
} steps[SCHEMA_VERSION] = {
    [1] = { "ALTER TABLE device RENAME TO device_1; ALTER TABLE incident RENAME TO "
            "incident_1;" KNOWN_3
            "INSERT INTO device SELECT id, json_object('heard', time IS NOT NULL, 'near', near,"
            " 'tampered', tampered, 'battery_low', battery_low, 'clock_told', clock_told,"
            " 'time', ifnull(time, 0), 'lon', lon, 'lat', lat, 'accuracy', accuracy,"
            " 'alerts', alerts) FROM device_1;"
            "INSERT INTO incident SELECT subject, json_object('phase', phase,"
            " 'authorised', authorised, 'number', number, 'numbers', numbers, 'alerts', alerts,"
            " 'pings', pings, 'opened', opened, 'told', told, 'ended', ended, 'entered', entered,"
            " 'before_from', before_from, 'before_until', before_until, 'late_from', late_from,"
            " 'late_until', late_until) FROM incident_1;"
            "DROP TABLE device_1; DROP TABLE incident_1;" ACKS_3 ENTRIES(
                "") "ALTER TABLE alert ADD COLUMN entry INT NOT NULL DEFAULT 0;"
                    "PRAGMA user_version = 2;",
            NULL },
    [2] = { "ALTER TABLE alert ADD COLUMN todo INT NOT NULL DEFAULT 0;"
            "ALTER TABLE alert ADD COLUMN by TEXT NOT NULL DEFAULT '';"
            "ALTER TABLE alert ADD COLUMN note TEXT NOT NULL DEFAULT '';"
            "UPDATE alert SET todo = 1 WHERE sequence IN (SELECT newest FROM"
            " (SELECT max(sequence) AS newest, effect FROM alert WHERE effect <> 0 GROUP BY "
            "incident)"
            " WHERE effect = 1);"
            "ALTER TABLE entry ADD COLUMN " PARTITION ";"
            "ALTER TABLE entry ADD COLUMN " SALT ";"
            "ALTER TABLE entry ADD COLUMN " OF_ROW ";"
            "INSERT INTO mark VALUES ('anchored', 0), ('newest', 0), ('known', zeroblob(32));"
            "PRAGMA user_version = 3;",
            store_closing_make },
    [3] = { NUMBERED("device", DEVICE) NUMBERED("incident", INCIDENT)
                NUMBERED("custody", CUSTODY) "PRAGMA user_version = 4;",
            NULL },
};

bool store_is_file(const char *path, struct fault *why)
{
    struct stat about;

    return stat(path, &about) != 0 || S_ISREG(about.st_mode) ||
           fault_set(why, "%s: is no regular file", path);
}

static bool say(sqlite3 *db, const char *path, struct fault *why)
{
    return fault_set(why, "%s: %s", path, sqlite3_errmsg(db));
}

static bool execute(sqlite3 *db, const char *sql, const char *path, struct fault *why)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || say(db, path, why);
}

/* All of `n` steps, or nothing of them. */
static bool run(sqlite3 *db, const struct schema_step *step, int n, const char *path,
                struct fault *why)
{
    bool ok = execute(db, "BEGIN IMMEDIATE", path, why);

    for (const struct schema_step *end = step + n; ok && step < end; step++)
        ok = execute(db, step->sql, path, why) && (step->then == NULL || step->then(db, why));
    if (ok && execute(db, "COMMIT", path, why))
        return true;
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* Of a new file: no page of it was ever written otherwise. */
static bool is_cleared(sqlite3 *db, struct fault *why)
{
    return store_gaps_note(db) || fault_set(why, "%s", sqlite3_errmsg(db));
}

/* A page that cannot be read would be met in some commit, when somebody waits. */
static bool check_pages(sqlite3 *db, const char *path, struct fault *why)
{
    sqlite3_stmt *check = NULL;
    const char *word = "cannot be checked";
    int64_t pages;
    bool ok;

    if (store_ask(db, "PRAGMA page_count", &pages) && pages > CHECK_PAGES)
        return true;
    if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &check, NULL) == SQLITE_OK &&
        sqlite3_step(check) == SQLITE_ROW)
        word = (const char *)sqlite3_column_text(check, 0);
    ok = sqlite3_stricmp(word, "ok") == 0 || fault_set(why, "%s: damaged: %.300s", path, word);
    sqlite3_finalize(check);
    return ok;
}

bool store_check_schema(sqlite3 *db, const char *path, struct fault *why)
{
    int64_t application, version, tables;

    if (!store_ask(db, "PRAGMA application_id", &application) ||
        !store_ask(db, "PRAGMA user_version", &version) ||
        !store_ask(db, "SELECT count(*) FROM sqlite_master", &tables))
        return fault_set(why, "%s: %s", path, sqlite3_errmsg(db));
    if (application == 0 && version == 0 && tables == 0)
        return run(db, &(struct schema_step){ schema, is_cleared }, 1, path, why);
    if (application != SCHEMA_APPLICATION)
        return fault_set(why, "%s: a database, but no ledger of breachd: left as it is", path);
    if (version < 1 || version > SCHEMA_VERSION)
        return fault_set(why, "%s: schema %lld; this breachd knows %d", path, (long long)version,
                         SCHEMA_VERSION);
    if (!check_pages(db, path, why))
        return false;
    return version == SCHEMA_VERSION ||
           run(db, &steps[version], SCHEMA_VERSION - (int)version, path, why);
}
