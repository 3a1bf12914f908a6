/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_closing.h"

#include "adapter/clock.h"
#include "adapter/ledger/store_known.h"
#include "adapter/ledger/store_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void store_closing_add_entry(struct digest *digest, uint64_t number, const struct chain_link *link,
                             bool has_body)
{
    char numbers[48];

    snprintf(numbers, sizeof numbers, "%" PRIu64 " %d %d %d %d", number, link->evidence,
             link->start, link->once, has_body);
    digest_text(digest, numbers);
    digest_text(digest, link->respondent);
}

void store_closing_add_alert(struct digest *digest, int64_t sequence, uint64_t entry,
                             const struct chain_row *row, const char *event, size_t size)
{
    unsigned char of_row[CHAIN_DIGEST];

    digest_number(digest, sequence);
    digest_number(digest, (int64_t)entry);
    digest->ok = chain_row_digest(row, of_row) && digest->ok;
    digest_hex(digest, of_row, CHAIN_DIGEST);
    digest_bytes(digest, event, size);
}

/* ---- making it ---- */

static const char *text(sqlite3_stmt *row, int column)
{
    const unsigned char *value = sqlite3_column_text(row, column);

    return value ? (const char *)value : "";
}

static bool say(sqlite3 *db, struct fault *why)
{
    return fault_set(why, "ledger: its chain cannot be closed: %s", sqlite3_errmsg(db));
}

/* Also the newest of them. */
static bool digest_entries(sqlite3 *db, struct chain *head, char hex[CHAIN_HEX])
{
    static const char sql[] = "SELECT number, respondent, evidence, start, once,"
                              " body IS NOT NULL, digest FROM entry ORDER BY number";
    unsigned char made[CHAIN_DIGEST];
    sqlite3_stmt *all = NULL;
    struct digest digest;
    int rc = sqlite3_prepare_v2(db, sql, -1, &all, NULL);

    digest_begin(&digest);
    // A row each turn, once in the life of a ledger.
    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        struct chain_link link = { .respondent = text(all, 1),
                                   .evidence = sqlite3_column_int(all, 2) == 1,
                                   .start = sqlite3_column_int(all, 3) != 0,
                                   .once = sqlite3_column_int(all, 4) != 0 };

        head->number = (uint64_t)sqlite3_column_int64(all, 0);
        if (sqlite3_column_bytes(all, 6) == CHAIN_DIGEST)
            memcpy(head->digest, sqlite3_column_blob(all, 6), CHAIN_DIGEST);
        store_closing_add_entry(&digest, head->number, &link, sqlite3_column_int(all, 5) != 0);
    }
    sqlite3_finalize(all);
    digest.ok = digest.ok && rc == SQLITE_DONE;
    return digest_end(&digest, made) && chain_hex(made, hex) != NULL;
}

static bool digest_alerts(sqlite3 *db, char hex[CHAIN_HEX])
{
    static const char sql[] = "SELECT sequence, id, type, area, severity, incident, effect, event,"
                              " entry, todo, by, note FROM alert ORDER BY entry, sequence";
    unsigned char made[CHAIN_DIGEST];
    sqlite3_stmt *all = NULL;
    struct digest digest;
    int rc = sqlite3_prepare_v2(db, sql, -1, &all, NULL);

    digest_begin(&digest);
    // A row each turn, once in the life of a ledger.
    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        struct chain_row row = {
            text(all, 1),  text(all, 2), text(all, 3), text(all, 4), text(all, 5), 0, 0,
            text(all, 10), text(all, 11)
        };
        const char *event = text(all, 7);

        row.effect = sqlite3_column_int64(all, 6);
        row.todo = sqlite3_column_int64(all, 9);
        store_closing_add_alert(&digest, sqlite3_column_int64(all, 0),
                                (uint64_t)sqlite3_column_int64(all, 8), &row, event,
                                (size_t)sqlite3_column_bytes(all, 7));
    }
    sqlite3_finalize(all);
    digest.ok = digest.ok && rc == SQLITE_DONE;
    return digest_end(&digest, made) && chain_hex(made, hex) != NULL;
}

static bool put_link(sqlite3 *db, struct chain *head, const char *body)
{
    static const char sql[] = "INSERT INTO entry(number, kind, at, respondent, evidence, start,"
                              " once, body, body_digest, digest, partition, salt)"
                              " VALUES (?1,'migrated',?2,'',1,0,0,?3,?4,?5,0,?6)";
    struct chain_link link = {
        .kind = "migrated", .at = clock_utc(), .respondent = "", .evidence = true
    };
    sqlite3_stmt *put = NULL;
    bool ok = chain_salt(link.salt) && chain_digest(body, strlen(body), link.body) &&
              chain_extend(head, &link) && sqlite3_prepare_v2(db, sql, -1, &put, NULL) == SQLITE_OK;

    if (ok) {
        sqlite3_bind_int64(put, 1, (sqlite3_int64)head->number);
        sqlite3_bind_int64(put, 2, link.at.ms);
        sqlite3_bind_text(put, 3, body, -1, SQLITE_STATIC);
        sqlite3_bind_blob(put, 4, link.body, CHAIN_DIGEST, SQLITE_STATIC);
        sqlite3_bind_blob(put, 5, head->digest, CHAIN_DIGEST, SQLITE_STATIC);
        sqlite3_bind_blob(put, 6, link.salt, CHAIN_SALT, SQLITE_STATIC);
        ok = sqlite3_step(put) == SQLITE_DONE;
    }
    sqlite3_finalize(put);
    return ok;
}

/* What is known has a sum from now on, and the newest link a mark. */
static bool put_marks(sqlite3 *db)
{
    struct store_known_sum sum;
    sqlite3_stmt *put = NULL;
    bool ok = store_known_sum(db, &sum) &&
              sqlite3_prepare_v2(db, "UPDATE mark SET value = ?1 WHERE name = 'known'", -1, &put,
                                 NULL) == SQLITE_OK;

    if (ok) {
        sqlite3_bind_blob(put, 1, sum.bytes, sizeof sum.bytes, SQLITE_STATIC);
        ok = sqlite3_step(put) == SQLITE_DONE;
    }
    sqlite3_finalize(put);
    return ok && sqlite3_exec(db,
                              "UPDATE mark SET value = (SELECT max(number) FROM entry)"
                              " WHERE name = 'newest'",
                              NULL, NULL, NULL) == SQLITE_OK;
}

bool store_closing_make(sqlite3 *db, struct fault *why)
{
    char entries[CHAIN_HEX], alerts[CHAIN_HEX], newest[CHAIN_HEX], body[512];
    int64_t sequence, published;
    struct chain head = { 0 };

    if (!store_ask(db, "SELECT value FROM mark WHERE name = 'sequence'", &sequence) ||
        !store_ask(db, "SELECT value FROM mark WHERE name = 'published'", &published))
        return say(db, why);
    if (!digest_entries(db, &head, entries) || !digest_alerts(db, alerts))
        return say(db, why);
    snprintf(body, sizeof body,
             "{\"format\":\"%s\",\"number\":%" PRIu64 ",\"digest\":\"%s\",\"entries\":\"%s\","
             "\"alerts\":\"%s\",\"sequence\":%" PRId64 ",\"published\":%" PRId64 "}",
             CHAIN_FORMAT_1, head.number, chain_hex(head.digest, newest), entries, alerts, sequence,
             published);
    return (put_link(db, &head, body) && put_marks(db)) || say(db, why);
}
