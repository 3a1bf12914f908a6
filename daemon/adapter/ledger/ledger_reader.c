/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/ledger_reader.h"

#include "adapter/ledger/ledger_reader_parts.h"
#include "adapter/ledger/store_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool ledger_reader_say(struct ledger_reader *reader, struct fault *why)
{
    return fault_set(why, "ledger: %s", sqlite3_errmsg(reader->db));
}

/* ---- opening ---- */

static bool is_empty(const char *path, const char *tail)
{
    char name[4096];
    struct stat about;

    snprintf(name, sizeof name, "%s%s", path, tail);
    return stat(name, &about) != 0 || about.st_size == 0;
}

/* file:PATH?immutable=1, by RFC 3986; "": too long. */
static void print_uri(const char *path, char *uri, size_t room)
{
    size_t at = (size_t)snprintf(uri, room, "file:");

    for (; *path != '\0' && at + 16 < room; path++)
        at += (size_t)snprintf(uri + at, room - at, strchr("%?#", *path) ? "%%%02X" : "%c",
                               (unsigned char)*path);
    snprintf(uri + at, room - at, "?immutable=1");
    if (*path != '\0')
        uri[0] = '\0';
}

struct heads {
    int64_t application, version;
};

static bool open_by(const char *name, int flags, struct ledger_reader *reader, struct heads *out)
{
    sqlite3_close(reader->db);
    reader->db = NULL;
    return sqlite3_open_v2(name, &reader->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | flags,
                           NULL) == SQLITE_OK &&
           store_ask(reader->db, "PRAGMA application_id", &out->application) &&
           store_ask(reader->db, "PRAGMA user_version", &out->version);
}

/*
 * Where nothing can be written beside it, SQLite cannot share a ledger with its writer: it is read
 * as a file that does not change. What would stand in its log must not be missed.
 */
static bool open_copy(const char *path, struct ledger_reader *reader, struct heads *out,
                      struct fault *why)
{
    char uri[3 * 4096];
    struct fault first;

    fault_set(&first, "%s", reader->db ? sqlite3_errmsg(reader->db) : "out of memory");
    if (!is_empty(path, "-wal"))
        return fault_set(why,
                         "%s: %.200s; its log (-wal) has more, which is read only in a folder that "
                         "can be written: copy both there",
                         path, first.text);
    print_uri(path, uri, sizeof uri);
    return (uri[0] != '\0' && access(path, R_OK) == 0 &&
            open_by(uri, SQLITE_OPEN_URI, reader, out)) ||
           fault_set(why, "%s: %s", path, first.text);
}

bool ledger_reader_open(const char *path, struct ledger_reader **out_reader, struct fault *why)
{
    struct ledger_reader *reader = calloc(1, sizeof *reader);
    struct heads heads;
    int64_t application, version;

    if (reader == NULL)
        return fault_set(why, "out of memory");
    if (!store_is_file(path, why))
        goto fail;
    if (!open_by(path, 0, reader, &heads) && !open_copy(path, reader, &heads, why))
        goto fail;
    application = heads.application;
    version = heads.version;
    sqlite3_busy_timeout(reader->db, 2000);
    if (application != SCHEMA_APPLICATION || version < SCHEMA_READ || version > SCHEMA_VERSION) {
        fault_set(why, "%s: no ledger of schema %d%s", path, SCHEMA_VERSION,
                  application == SCHEMA_APPLICATION && version < SCHEMA_READ
                      ? ": an older one, which a start of breachd on it, or on a copy, brings over"
                      : "");
        goto fail;
    }
    *out_reader = reader;
    return true;
fail:
    ledger_reader_close(reader);
    return false;
}

void ledger_reader_close(struct ledger_reader *reader)
{
    if (reader == NULL)
        return;
    sqlite3_close(reader->db);
    free(reader);
}

bool ledger_reader_hold(struct ledger_reader *reader, struct fault *why)
{
    return sqlite3_exec(reader->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ||
           ledger_reader_say(reader, why);
}

bool ledger_reader_first(struct ledger_reader *reader, char hex[CHAIN_HEX], struct fault *why)
{
    static const char sql[] = "SELECT digest FROM entry WHERE number = 1";
    unsigned char digest[CHAIN_DIGEST];
    sqlite3_stmt *first = NULL;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &first, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(first);
    hex[0] = '\0';
    if (rc == SQLITE_ROW && ledger_reader_blob(first, 0, digest, CHAIN_DIGEST))
        chain_hex(digest, hex);
    sqlite3_finalize(first);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || ledger_reader_say(reader, why);
}

bool ledger_reader_newest(struct ledger_reader *reader, uint64_t *out, struct fault *why)
{
    int64_t newest;

    if (!store_ask(reader->db, "SELECT ifnull(max(number), 0) FROM entry", &newest))
        return ledger_reader_say(reader, why);
    *out = (uint64_t)newest;
    return true;
}

const char *ledger_reader_text(sqlite3_stmt *row, int column, bool *odd)
{
    int type = sqlite3_column_type(row, column); // before it is read as a text
    const char *text = (const char *)sqlite3_column_text(row, column);

    *odd |= type != SQLITE_TEXT && type != SQLITE_NULL;
    if (text == NULL)
        return "";
    *odd |= strlen(text) != (size_t)sqlite3_column_bytes(row, column);
    return text;
}

int64_t ledger_reader_whole(sqlite3_stmt *row, int column, bool *odd)
{
    *odd |= sqlite3_column_type(row, column) != SQLITE_INTEGER;
    return sqlite3_column_int64(row, column);
}

bool ledger_reader_blob(sqlite3_stmt *row, int column, unsigned char *out, int size)
{
    bool is_blob = sqlite3_column_type(row, column) == SQLITE_BLOB;
    const void *blob = sqlite3_column_blob(row, column);
    bool ok = is_blob && sqlite3_column_bytes(row, column) == size;

    if (ok && size > 0)
        memcpy(out, blob, (size_t)size);
    return ok;
}

/* ---- entries ---- */

#define COLUMNS                                                                                    \
    "SELECT number, kind, e.at, e.respondent, evidence, start, once, partition, salt,"             \
    " body_digest, digest, body IS NOT NULL, ifnull(body, event), id, type, area, severity,"       \
    " incident, effect, todo, by, note, row_digest FROM entry e LEFT JOIN alert a ON a.entry = "   \
    "e.number"                                                                                     \
    " AND e.kind IN ('alert', 'notice')"

enum {
    NUMBER,
    KIND,
    AT,
    RESPONDENT,
    EVIDENCE,
    START,
    ONCE,
    PARTITION,
    SALT,
    BODY_DIGEST,
    DIGEST,
    KEPT,
    BODY,
    ID,
    TYPE,
    AREA,
    SEVERITY,
    INCIDENT,
    EFFECT,
    TODO,
    BY,
    NOTE,
    ROW_DIGEST
};

/* 0 or 1, or else it is odd. */
static bool flag_at(sqlite3_stmt *row, int column, bool *odd)
{
    int64_t flag = ledger_reader_whole(row, column, odd);

    *odd |= flag != 0 && flag != 1;
    return flag != 0;
}

/* Whether the alert's row is odd is for whoever looks at alerts. */
static void digest_row(sqlite3_stmt *all, struct chain_link *link)
{
    bool odd = false;
    struct chain_row row = {
        ledger_reader_text(all, ID, &odd),       ledger_reader_text(all, TYPE, &odd),
        ledger_reader_text(all, AREA, &odd),     ledger_reader_text(all, SEVERITY, &odd),
        ledger_reader_text(all, INCIDENT, &odd), sqlite3_column_int64(all, EFFECT),
        sqlite3_column_int64(all, TODO),         ledger_reader_text(all, BY, &odd),
        ledger_reader_text(all, NOTE, &odd)
    };

    chain_row_digest(&row, link->row);
}

static bool is_alert(const char *kind)
{
    return strcmp(kind, "alert") == 0 || strcmp(kind, "notice") == 0;
}

/* Of an alert that was taken away the link itself has the digest of its row. */
static void read_row(sqlite3_stmt *all, struct read_entry *entry)
{
    struct chain_link *link = &entry->link;
    bool is_there = sqlite3_column_type(all, ID) != SQLITE_NULL;
    bool has_digest = sqlite3_column_type(all, ROW_DIGEST) != SQLITE_NULL;
    unsigned char kept[CHAIN_DIGEST] = { 0 };

    entry->odd |= has_digest && !ledger_reader_blob(all, ROW_DIGEST, kept, CHAIN_DIGEST);
    entry->odd |= has_digest != (!entry->old && is_alert(entry->kind));
    link->has_row = is_there || has_digest;
    if (is_there)
        digest_row(all, link);
    else
        memcpy(link->row, kept, CHAIN_DIGEST);
    entry->odd |= is_there && has_digest && memcmp(kept, link->row, CHAIN_DIGEST) != 0;
}

static void read_link(sqlite3_stmt *all, struct read_entry *entry)
{
    struct chain_link *link = &entry->link;
    int64_t evidence = ledger_reader_whole(all, EVIDENCE, &entry->odd);

    link->partition = ledger_reader_whole(all, PARTITION, &entry->odd);
    link->kind = entry->kind;
    link->at = entry->at;
    link->respondent = entry->respondent;
    link->evidence = evidence == 1;
    link->start = entry->start;
    link->once = flag_at(all, ONCE, &entry->odd);
    memcpy(link->body, entry->body_digest, CHAIN_DIGEST);
    entry->evidence = evidence != 0;
    entry->became = evidence == 2;
    entry->odd |= evidence < 0 || evidence > 2;
    entry->old = ledger_reader_blob(all, SALT, NULL, 0);
    entry->odd |= entry->old && link->partition != 0;
    entry->odd |= !entry->old && !ledger_reader_blob(all, SALT, link->salt, CHAIN_SALT);
    read_row(all, entry);
}

/* A digest of another length is no digest: zeros, which fit nothing. */
static void read_one(sqlite3_stmt *all, struct read_entry *entry)
{
    *entry = (struct read_entry){ .number = (uint64_t)sqlite3_column_int64(all, NUMBER) };
    entry->kind = ledger_reader_text(all, KIND, &entry->odd);
    entry->at.ms = ledger_reader_whole(all, AT, &entry->odd);
    entry->respondent = ledger_reader_text(all, RESPONDENT, &entry->odd);
    entry->start = flag_at(all, START, &entry->odd);
    entry->kept = sqlite3_column_int(all, KEPT) != 0;
    entry->incident = "";
    if (sqlite3_column_type(all, INCIDENT) != SQLITE_NULL)
        entry->incident = (const char *)sqlite3_column_text(all, INCIDENT);
    entry->odd |= sqlite3_column_type(all, BODY) != SQLITE_TEXT &&
                  sqlite3_column_type(all, BODY) != SQLITE_NULL;
    entry->body = (const char *)sqlite3_column_text(all, BODY);
    entry->size = (size_t)sqlite3_column_bytes(all, BODY);
    entry->odd |= !ledger_reader_blob(all, BODY_DIGEST, entry->body_digest, CHAIN_DIGEST) ||
                  !ledger_reader_blob(all, DIGEST, entry->digest, CHAIN_DIGEST);
    read_link(all, entry);
}

static bool each(struct ledger_reader *reader, sqlite3_stmt *all, int rc,
                 bool (*on_entry)(const struct read_entry *entry, void *arg), void *arg,
                 struct fault *why)
{
    bool more = true;

    // A row each turn, in breachctl.
    while (more && all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        struct read_entry entry;

        read_one(all, &entry);
        more = on_entry(&entry, arg);
    }
    sqlite3_finalize(all);
    return !more || rc == SQLITE_DONE || ledger_reader_say(reader, why);
}

bool ledger_reader_each(struct ledger_reader *reader, uint64_t from, uint64_t until,
                        bool (*on_entry)(const struct read_entry *entry, void *arg), void *arg,
                        struct fault *why)
{
    static const char sql[] = COLUMNS " WHERE number BETWEEN ?1 AND ?2 ORDER BY number";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &all, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(all, 1, (sqlite3_int64)from);
        sqlite3_bind_int64(all, 2, (sqlite3_int64)until);
    }
    return each(reader, all, rc, on_entry, arg, why);
}

bool ledger_reader_each_saying(struct ledger_reader *reader,
                               bool (*on_entry)(const struct read_entry *entry, void *arg),
                               void *arg, struct fault *why)
{
    static const char sql[] = COLUMNS " WHERE kind IN ('evidence', 'retention', 'forgotten', "
                                      "'archived', 'renumbered', 'published', 'state',"
                                      " 'migrated') ORDER BY number";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &all, NULL);

    return each(reader, all, rc, on_entry, arg, why);
}

/* ---- an incident ---- */

bool ledger_reader_incident(struct ledger_reader *reader, const char *incident, int64_t around,
                            struct read_span *out, struct fault *why)
{
    // From the newest start before the minutes before it, to the last entry of the minutes after.
    static const char sql[] =
        "WITH told AS (SELECT min(e.at) AS first, max(e.at) AS last, max(e.respondent) AS who,"
        " max(e.number) AS newest FROM alert a JOIN entry e ON e.number = a.entry"
        " WHERE a.incident = ?1)"
        " SELECT who, ifnull((SELECT max(number) FROM entry WHERE respondent = who AND start = 1"
        " AND at <= first - ?2 AND body IS NOT NULL AND evidence <> 0),"
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
        snprintf(out->respondent, sizeof out->respondent, "%s",
                 (const char *)sqlite3_column_text(find, 0));
        out->from = (uint64_t)sqlite3_column_int64(find, 1);
        out->until = (uint64_t)sqlite3_column_int64(find, 2);
    }
    sqlite3_finalize(find);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return ledger_reader_say(reader, why);
    return found || fault_set(why, "%.200s: no such incident in this ledger", incident);
}
