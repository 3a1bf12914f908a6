/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/audit.h"

#include "adapter/ledger/ledger_reader_parts.h"
#include "adapter/ledger/store_parts.h"

#include <string.h>

/* ---- alerts ---- */

static void read_alert(sqlite3_stmt *all, struct read_alert *out)
{
    bool odd = sqlite3_column_type(all, 13) != SQLITE_TEXT;

    out->sequence = sqlite3_column_int64(all, 0);
    out->entry = (uint64_t)ledger_reader_whole(all, 1, &odd);
    out->linked =
        sqlite3_column_type(all, 2) == SQLITE_NULL ? "" : (const char *)sqlite3_column_text(all, 2);
    out->at.ms = sqlite3_column_int64(all, 3);
    out->row = (struct chain_row){ .id = ledger_reader_text(all, 4, &odd),
                                   .type = ledger_reader_text(all, 5, &odd),
                                   .area = ledger_reader_text(all, 6, &odd),
                                   .severity = ledger_reader_text(all, 7, &odd),
                                   .incident = ledger_reader_text(all, 8, &odd),
                                   .effect = ledger_reader_whole(all, 9, &odd),
                                   .todo = ledger_reader_whole(all, 10, &odd),
                                   .by = ledger_reader_text(all, 11, &odd),
                                   .note = ledger_reader_text(all, 12, &odd) };
    out->event = (const char *)sqlite3_column_text(all, 13);
    out->size = (size_t)sqlite3_column_bytes(all, 13);
    out->odd = odd;
    out->mismatched = sqlite3_column_int(all, 14) != 0;
}

bool audit_alerts(struct ledger_reader *reader,
                  void (*on_alert)(const struct read_alert *, void *arg), void *arg,
                  struct fault *why)
{
    static const char sql[] =
        "SELECT sequence, entry, kind, e.at, id, type, area, severity, incident, effect, todo, by,"
        " note, event, CASE WHEN json_valid(event) THEN"
        " id IS NOT json_extract(event, '$.id')"
        " OR 'breachd.' || type IS NOT json_extract(event, '$.type')"
        " OR severity IS NOT json_extract(event, '$.data.severity')"
        " OR incident IS NOT ifnull(json_extract(event, '$.data.incident'), '')"
        " OR area IS NOT ifnull(json_extract(event, '$.data.area'), '') ELSE 1 END"
        " FROM alert a LEFT JOIN entry e ON e.number = a.entry ORDER BY a.entry, sequence";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &all, NULL);

    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) { // a row each turn, in breachctl
        struct read_alert alert;

        read_alert(all, &alert);
        on_alert(&alert, arg);
    }
    sqlite3_finalize(all);
    return rc == SQLITE_DONE || ledger_reader_say(reader, why);
}

/* ---- which incidents are open, which need somebody ---- */

#define NEWEST(column)                                                                             \
    "SELECT incident, newest FROM (SELECT max(sequence) AS newest, incident, " column              \
    " AS effect FROM alert WHERE " column " <> 0 GROUP BY incident) WHERE effect = 1"
#define ODD(table, column)                                                                         \
    "SELECT '" table "', incident FROM (SELECT * FROM (SELECT incident, sequence FROM " table      \
    " EXCEPT " NEWEST(column) ") UNION SELECT * FROM (" NEWEST(                                    \
        column) " EXCEPT SELECT incident, sequence FROM " table "))"

bool audit_incidents(struct ledger_reader *reader,
                     void (*on_odd)(const char *table, const char *incident, void *arg), void *arg,
                     struct fault *why)
{
    static const char sql[] = ODD("open", "effect") " UNION " ODD("todo", "todo");
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &all, NULL);
    bool odd = false;

    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) // a row each turn, in breachctl
        on_odd(ledger_reader_text(all, 0, &odd), ledger_reader_text(all, 1, &odd), arg);
    sqlite3_finalize(all);
    return rc == SQLITE_DONE || ledger_reader_say(reader, why);
}

/* ---- marks ---- */

static bool ask_known(struct ledger_reader *reader, unsigned char out[CHAIN_DIGEST])
{
    sqlite3_stmt *mark = NULL;
    bool ok = sqlite3_prepare_v2(reader->db, "SELECT value FROM mark WHERE name = 'known'", -1,
                                 &mark, NULL) == SQLITE_OK;
    int rc = ok ? sqlite3_step(mark) : SQLITE_ERROR;

    memset(out, 0, CHAIN_DIGEST);
    if (rc == SQLITE_ROW)
        ledger_reader_blob(mark, 0, out, CHAIN_DIGEST);
    sqlite3_finalize(mark);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool audit_marks(struct ledger_reader *reader, struct audit_marks *out, struct fault *why)
{
    static const char odd[] =
        "SELECT (SELECT count(*) FROM mark WHERE name NOT IN ('sequence', 'published', 'probes',"
        " 'anchored', 'newest', 'known') OR typeof(name) <> 'text'"
        " OR typeof(value) <> CASE name WHEN 'known' THEN 'blob' ELSE 'integer' END)"
        " + (SELECT count(*) <> 6 FROM mark)"
        " + (SELECT count(*) FROM device WHERE typeof(id) || typeof(known) <> 'texttext')"
        " + (SELECT count(*) FROM incident WHERE typeof(subject) || typeof(known) <> 'texttext')"
        " + (SELECT count(*) FROM custody WHERE typeof(incident) || typeof(known) <> 'texttext')"
        " + (SELECT count(*) FROM heard WHERE typeof(id) <> 'text')";
    struct store_known_sum found;

    *out = (struct audit_marks){ 0 };
    if (!store_ask(reader->db, odd, &out->odd) || !ask_known(reader, out->known) ||
        !store_known_sum(reader->db, &found))
        return ledger_reader_say(reader, why);
    memcpy(out->found, found.bytes, CHAIN_DIGEST);
    // A mark that is missing reads as 0; that it is missing, the count of marks has shown.
    store_ask(reader->db, "SELECT value FROM mark WHERE name = 'sequence'", &out->sequence);
    store_ask(reader->db, "SELECT value FROM mark WHERE name = 'published'", &out->published);
    store_ask(reader->db, "SELECT value FROM mark WHERE name = 'anchored'", &out->anchored);
    store_ask(reader->db, "SELECT value FROM mark WHERE name = 'newest'", &out->newest);
    return true;
}
