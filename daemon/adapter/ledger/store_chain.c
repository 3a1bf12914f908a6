/* SPDX-License-Identifier: Apache-2.0 */
/* store_chain.c - a link of the chain of evidence as a row of the table `entry`. */
#include "adapter/ledger/store_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_there(struct store *store, const char *kind, const unsigned char *digest)
{
    sqlite3_stmt *has = store->statements[HAS_BODY];
    bool there;

    sqlite3_bind_text(has, 1, kind, -1, SQLITE_STATIC);
    sqlite3_bind_blob(has, 2, digest, CHAIN_DIGEST, SQLITE_STATIC);
    there = sqlite3_step(has) == SQLITE_ROW;
    sqlite3_reset(has);
    return there;
}

/* What is NULL is refused by the table itself; here it only must not be read. */
static const char *text(const char *value)
{
    return value ? value : "";
}

static bool make_link(const struct kept_entry *entry, const struct kept_alert *alert,
                      struct chain_link *out)
{
    struct chain_row row;

    *out = (struct chain_link){ .kind = entry->kind,
                                .at = entry->at,
                                .respondent = entry->respondent,
                                .evidence = entry->evidence,
                                .start = entry->start,
                                .once = entry->once,
                                .has_row = alert != NULL };
    if (!chain_salt(out->salt) || !chain_digest(entry->body, strlen(entry->body), out->body))
        return false;
    if (alert == NULL)
        return true;
    row = (struct chain_row){ text(alert->id),       text(alert->type),     text(alert->area),
                              text(alert->severity), text(alert->incident), (int64_t)alert->effect,
                              (int64_t)alert->todo,  text(alert->by),       text(alert->note) };
    return chain_row_digest(&row, out->row);
}

bool store_append(struct store *store, struct chain *head, const struct kept_entry *entry,
                  const struct kept_alert *alert)
{
    sqlite3_stmt *put = store->statements[PUT_ENTRY];
    struct chain_link link;

    if (!make_link(entry, alert, &link))
        return false;
    if (entry->once && is_there(store, entry->kind, link.body))
        return true;
    if (!chain_extend(head, &link))
        return false;
    sqlite3_bind_int64(put, 1, (sqlite3_int64)head->number);
    sqlite3_bind_text(put, 2, entry->kind, -1, SQLITE_STATIC);
    sqlite3_bind_int64(put, 3, entry->at.ms);
    sqlite3_bind_text(put, 4, entry->respondent, -1, SQLITE_STATIC);
    sqlite3_bind_int(put, 5, entry->evidence ? 1 : 0);
    sqlite3_bind_int(put, 6, entry->start ? 1 : 0);
    sqlite3_bind_int(put, 7, entry->once ? 1 : 0);
    sqlite3_bind_text(put, 8, alert == NULL ? entry->body : NULL, -1, SQLITE_STATIC);
    sqlite3_bind_blob(put, 9, link.body, CHAIN_DIGEST, SQLITE_STATIC);
    sqlite3_bind_blob(put, 10, head->digest, CHAIN_DIGEST, SQLITE_STATIC);
    sqlite3_bind_int64(put, 11, link.partition);
    sqlite3_bind_blob(put, 12, link.salt, CHAIN_SALT, SQLITE_STATIC);
    sqlite3_bind_blob(put, 13, link.has_row ? link.row : NULL, CHAIN_DIGEST, SQLITE_STATIC);
    return store_step(store, PUT_ENTRY);
}

/* From which entry on; false when there is none. */
static bool evidence_from(struct store *store, const struct row *row, uint64_t *out)
{
    sqlite3_stmt *ask = store->statements[EVIDENCE_FROM];
    bool found;

    sqlite3_bind_text(ask, 1, row->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(ask, 2, row->since.ms);
    found = sqlite3_step(ask) == SQLITE_ROW && sqlite3_column_type(ask, 0) != SQLITE_NULL;
    if (found)
        *out = (uint64_t)sqlite3_column_int64(ask, 0);
    sqlite3_reset(ask);
    return found;
}

bool store_put_evidence(struct store *store, struct chain *head, const struct row *row)
{
    sqlite3_stmt *put = store->statements[PUT_EVIDENCE];
    char body[64];
    struct kept_entry entry = {
        .kind = "evidence", .at = row->now, .respondent = row->name, .evidence = true, .body = body
    };
    uint64_t from;

    if (!evidence_from(store, row, &from))
        return true; // nothing is kept of the respondent
    sqlite3_bind_text(put, 1, row->name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)from);
    if (!store_step(store, PUT_EVIDENCE))
        return false;
    if (sqlite3_changes(store->db) == 0)
        return true;
    snprintf(body, sizeof body, "{\"from\":%" PRIu64 "}", from);
    return store_append(store, head, &entry, NULL);
}
