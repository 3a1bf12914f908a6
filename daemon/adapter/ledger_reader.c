/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger_reader.h"

#include "adapter/ledger_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    sqlite3 *db;
};

static bool say(struct reader *reader, struct fault *why)
{
    return fault_set(why, "ledger: %s", sqlite3_errmsg(reader->db));
}

bool reader_open(const char *path, struct reader **out_reader, struct fault *why)
{
    struct reader *reader = calloc(1, sizeof *reader);
    int64_t application, version;

    if (reader == NULL)
        return fault_set(why, "out of memory");
    if (sqlite3_open_v2(path, &reader->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        !schema_ask(reader->db, "PRAGMA application_id", &application) ||
        !schema_ask(reader->db, "PRAGMA user_version", &version)) {
        fault_set(why, "%s: %s", path, reader->db ? sqlite3_errmsg(reader->db) : "out of memory");
        goto fail;
    }
    sqlite3_busy_timeout(reader->db, 2000);
    if (application != SCHEMA_APPLICATION || version != SCHEMA_VERSION) {
        fault_set(why, "%s: no ledger of schema %d", path, SCHEMA_VERSION);
        goto fail;
    }
    *out_reader = reader;
    return true;
fail:
    reader_close(reader);
    return false;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    sqlite3_close(reader->db);
    free(reader);
}

static const char *text_at(sqlite3_stmt *row, int column)
{
    const unsigned char *text = sqlite3_column_text(row, column);

    return text ? (const char *)text : "";
}

/* A digest of another length is no digest: zeros, which fit nothing. */
static void take_digest(sqlite3_stmt *row, int column, unsigned char out[CHAIN_DIGEST])
{
    memset(out, 0, CHAIN_DIGEST);
    if (sqlite3_column_bytes(row, column) == CHAIN_DIGEST)
        memcpy(out, sqlite3_column_blob(row, column), CHAIN_DIGEST);
}

bool reader_each(struct reader *reader, uint64_t from, uint64_t until,
                 bool (*on_entry)(const struct read_entry *entry, void *arg), void *arg,
                 struct fault *why)
{
    static const char sql[] =
        "SELECT number, kind, e.at, e.respondent, evidence, start, ifnull(body, event),"
        " body_digest, digest, incident FROM entry e LEFT JOIN alert a ON a.entry = e.number"
        " AND e.kind IN ('alert', 'notice') WHERE number BETWEEN ?1 AND ?2 ORDER BY number";
    sqlite3_stmt *all = NULL;
    bool more = true;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &all, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(all, 1, (sqlite3_int64)from);
        sqlite3_bind_int64(all, 2, (sqlite3_int64)until);
    }
    while (more && all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        struct read_entry entry = { .number = (uint64_t)sqlite3_column_int64(all, 0),
                                    .kind = text_at(all, 1),
                                    .at = { sqlite3_column_int64(all, 2) },
                                    .respondent = text_at(all, 3),
                                    .evidence = sqlite3_column_int(all, 4) != 0,
                                    .start = sqlite3_column_int(all, 5) != 0,
                                    .incident = text_at(all, 9),
                                    .body = (const char *)sqlite3_column_text(all, 6),
                                    .size = (size_t)sqlite3_column_bytes(all, 6) };

        take_digest(all, 7, entry.body_digest);
        take_digest(all, 8, entry.digest);
        more = on_entry(&entry, arg);
    }
    sqlite3_finalize(all);
    return !more || rc == SQLITE_DONE || say(reader, why);
}

uint64_t reader_loose_alerts(struct reader *reader)
{
    int64_t n = 0;

    schema_ask(reader->db,
               "SELECT count(*) FROM alert WHERE NOT EXISTS (SELECT 1 FROM entry"
               " WHERE number = alert.entry AND kind IN ('alert', 'notice'))"
               " AND sequence > (SELECT min(sequence) FROM alert WHERE entry > 0)",
               &n);
    return (uint64_t)n;
}

bool reader_crooked_alerts(struct reader *reader, void (*on_one)(uint64_t entry, void *arg),
                           void *arg, struct fault *why)
{
    static const char sql[] =
        "SELECT entry FROM (SELECT *, lag(entry, 1, 0) OVER (ORDER BY sequence) AS last FROM alert)"
        " WHERE entry > 0 AND CASE WHEN json_valid(event) THEN entry <= last"
        " OR id IS NOT json_extract(event, '$.id')"
        " OR 'breachd.' || type IS NOT json_extract(event, '$.type')"
        " OR severity IS NOT json_extract(event, '$.data.severity')"
        " OR incident IS NOT ifnull(json_extract(event, '$.data.incident'), '')"
        " OR area IS NOT ifnull(json_extract(event, '$.data.area'), '') ELSE 1 END"
        " ORDER BY entry";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &all, NULL);

    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW)
        on_one((uint64_t)sqlite3_column_int64(all, 0), arg);
    sqlite3_finalize(all);
    return rc == SQLITE_DONE || say(reader, why);
}

bool reader_incident(struct reader *reader, const char *incident, int64_t around,
                     struct read_span *out, struct fault *why)
{
    // From the newest start before the minutes before it, to the last entry of the minutes after.
    static const char sql[] =
        "WITH told AS (SELECT min(e.at) AS first, max(e.at) AS last, max(e.respondent) AS who,"
        " max(e.number) AS newest FROM alert a JOIN entry e ON e.number = a.entry"
        " WHERE a.incident = ?1)"
        " SELECT who, ifnull((SELECT max(number) FROM entry WHERE respondent = who AND start = 1"
        " AND at <= first - ?2 AND body IS NOT NULL AND evidence = 1),"
        " (SELECT min(number) FROM entry WHERE respondent = who AND at >= first - ?2)),"
        " max(newest, (SELECT max(number) FROM entry WHERE respondent = who AND at <= last + ?2))"
        " FROM told WHERE who IS NOT NULL";
    sqlite3_stmt *find = NULL;
    bool found = false;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &find, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_text(find, 1, incident, -1, SQLITE_STATIC);
        sqlite3_bind_int64(find, 2, around);
        rc = sqlite3_step(find);
    }
    if (rc == SQLITE_ROW) {
        found = true;
        snprintf(out->respondent, sizeof out->respondent, "%s", text_at(find, 0));
        out->from = (uint64_t)sqlite3_column_int64(find, 1);
        out->until = (uint64_t)sqlite3_column_int64(find, 2);
    }
    sqlite3_finalize(find);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return say(reader, why);
    return found || fault_set(why, "%.200s: no such incident in this ledger", incident);
}
