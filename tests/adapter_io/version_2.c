/* SPDX-License-Identifier: Apache-2.0 */
#include "version_2.h"

#include "adapter/chain.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static const char schema[] =
    "CREATE TABLE device(id TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE incident(subject TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE custody(incident TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE heard(one INTEGER PRIMARY KEY, id TEXT NOT NULL);"
    "CREATE TABLE entry(number INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INT NOT NULL,"
    " respondent TEXT NOT NULL, evidence INT NOT NULL, start INT NOT NULL, once INT NOT NULL,"
    " body TEXT, body_digest BLOB NOT NULL, digest BLOB NOT NULL);"
    "CREATE INDEX entry_of ON entry(respondent, number);"
    "CREATE INDEX entry_old ON entry(at) WHERE evidence = 0 AND body IS NOT NULL;"
    "CREATE INDEX entry_once ON entry(kind, body_digest) WHERE once = 1;"
    "CREATE TABLE alert(sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL,"
    " area TEXT NOT NULL, severity TEXT NOT NULL, incident TEXT NOT NULL, effect INT NOT NULL,"
    " event TEXT NOT NULL, entry INT NOT NULL DEFAULT 0);"
    "CREATE TABLE mark(name TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO mark VALUES ('sequence', 0), ('published', 0), ('probes', 0);"
    "CREATE TABLE open(incident TEXT PRIMARY KEY, sequence INT NOT NULL) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX open_sequence ON open(sequence);"
    "CREATE TRIGGER open_begins AFTER INSERT ON alert WHEN new.effect = 1 BEGIN"
    " INSERT INTO open VALUES (new.incident, new.sequence)"
    " ON CONFLICT(incident) DO UPDATE SET sequence = excluded.sequence; END;"
    "CREATE TRIGGER open_ends AFTER INSERT ON alert WHEN new.effect = 2 BEGIN"
    " DELETE FROM open WHERE incident = new.incident; END;"
    "CREATE TRIGGER open_moves AFTER UPDATE OF sequence ON alert BEGIN"
    " UPDATE open SET sequence = new.sequence WHERE sequence = old.sequence; END;"
    "PRAGMA application_id = 1651663720; PRAGMA user_version = 2;";

static const char known[] =
    "PRAGMA journal_mode = WAL;"
    "INSERT INTO device VALUES ('tag-1', '{\"heard\":true,\"alerts\":7}'), ('tag-2', '{}');"
    "INSERT INTO incident VALUES ('A/home', '{\"phase\":3,\"number\":1,\"numbers\":1}');"
    "INSERT INTO custody VALUES ('A/home/1', '{}');"
    "INSERT INTO heard VALUES (1, '1592943245001-0');";

/* An alert's event is its body; `effect` is of an alert alone. */
static const struct old_entry {
    const char *kind, *respondent, *body;
    int evidence, start, once;
    bool taken;
    int effect;
} life[VERSION_2_ENTRIES] = {
    { "texts", "", "{\"orders\":{\"A\":\"10c7b6f9df58\"}}", 1, 0, 1, false, 0 },
    { "order", "", "{\"order\":\"A\"}", 1, 0, 1, false, 0 },
    { "ping", "R-1", "{\"n\":1}", 0, 1, 0, true, 0 },
    { "ping", "R-1", "{\"n\":2}", 0, 0, 0, false, 0 },
    { "ping", "R-2", "{\"n\":3}", 0, 1, 0, false, 0 },
    { "ping", "R-1", "{\"n\":4}", 1, 1, 0, false, 0 },
    { "alert", "R-1",
      "{\"id\":\"essex/A/home/1/1\",\"type\":\"breachd.breach\",\"data\":{\"incident\":\"A/home/"
      "1\","
      "\"severity\":\"critical\",\"area\":null}}",
      1, 0, 0, false, 1 },
    { "published", "", "{\"first\":1,\"last\":1}", 1, 0, 0, false, 0 },
    { "alert", "R-2",
      "{\"id\":\"essex/B/home/1/1\",\"type\":\"breachd.breach\",\"data\":{\"incident\":\"B/home/"
      "1\","
      "\"severity\":\"critical\",\"area\":\"Basildon\"}}",
      1, 0, 0, false, 1 },
    { "alert", "R-2",
      "{\"id\":\"essex/B/home/1/2\",\"type\":\"breachd.cleared\",\"data\":{\"incident\":"
      "\"B/home/1\",\"severity\":\"info\",\"area\":\"Basildon\"}}",
      1, 0, 0, false, 2 },
    { "ping", "R-2", "{\"n\":5}", 0, 0, 0, false, 0 },
};

static void put_alert(sqlite3 *db, uint64_t number, const struct old_entry *one)
{
    static const char sql[] =
        "INSERT INTO alert SELECT max(value), json_extract(?1, '$.id'),"
        " substr(json_extract(?1, '$.type'), 9), ifnull(json_extract(?1, '$.data.area'), ''),"
        " json_extract(?1, '$.data.severity'), json_extract(?1, '$.data.incident'), ?2, ?1, ?3"
        " FROM mark WHERE name = 'sequence'";
    sqlite3_stmt *put = NULL;

    assert_int_equal(sqlite3_exec(db, "UPDATE mark SET value = value + 1 WHERE name = 'sequence'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &put, NULL), SQLITE_OK);
    sqlite3_bind_text(put, 1, one->body, -1, SQLITE_STATIC);
    sqlite3_bind_int(put, 2, one->effect);
    sqlite3_bind_int64(put, 3, (sqlite3_int64)number);
    assert_int_equal(sqlite3_step(put), SQLITE_DONE);
    sqlite3_finalize(put);
}

static void put_entry(sqlite3 *db, struct chain *chain, const struct old_entry *one)
{
    static const char sql[] = "INSERT INTO entry VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)";
    struct utc at = { 1592943245000 + (int64_t)chain->number };
    unsigned char body[CHAIN_DIGEST];
    sqlite3_stmt *put = NULL;

    assert_true(chain_digest(one->body, strlen(one->body), body));
    assert_true(chain_extend_1(chain, one->kind, at, body));
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &put, NULL), SQLITE_OK);
    sqlite3_bind_int64(put, 1, (sqlite3_int64)chain->number);
    sqlite3_bind_text(put, 2, one->kind, -1, SQLITE_STATIC);
    sqlite3_bind_int64(put, 3, at.ms);
    sqlite3_bind_text(put, 4, one->respondent, -1, SQLITE_STATIC);
    sqlite3_bind_int(put, 5, one->evidence);
    sqlite3_bind_int(put, 6, one->start);
    sqlite3_bind_int(put, 7, one->once);
    if (!one->taken && one->effect == 0)
        sqlite3_bind_text(put, 8, one->body, -1, SQLITE_STATIC);
    sqlite3_bind_blob(put, 9, body, CHAIN_DIGEST, SQLITE_STATIC);
    sqlite3_bind_blob(put, 10, chain->digest, CHAIN_DIGEST, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(put), SQLITE_DONE);
    sqlite3_finalize(put);
    if (one->effect != 0)
        put_alert(db, chain->number, one);
}

void version_2_make(const char *path)
{
    struct chain chain = { 0 };
    sqlite3 *db;

    sql_run(path, schema);
    sql_run(path, known);
    db = sql_open(path);
    for (int i = 0; i < VERSION_2_ENTRIES; i++)
        put_entry(db, &chain, &life[i]);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE mark SET value = 1 WHERE name = 'published'", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
}
