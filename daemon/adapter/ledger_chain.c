/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_chain.c - a link of the chain of evidence as a row of the table `entry`. */
#include "adapter/ledger_parts.h"

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

bool store_append(struct store *store, struct chain *head, const struct kept_entry *entry,
                  bool with_body)
{
    sqlite3_stmt *put = store->statements[PUT_ENTRY];
    unsigned char body[CHAIN_DIGEST];

    if (!chain_digest(entry->body, strlen(entry->body), body))
        return false;
    if (entry->once && is_there(store, entry->kind, body))
        return true;
    if (!chain_extend(head, entry->kind, entry->at, body))
        return false;
    sqlite3_bind_int64(put, 1, (sqlite3_int64)head->number);
    sqlite3_bind_text(put, 2, entry->kind, -1, SQLITE_STATIC);
    sqlite3_bind_int64(put, 3, entry->at.ms);
    sqlite3_bind_text(put, 4, entry->respondent, -1, SQLITE_STATIC);
    sqlite3_bind_int(put, 5, entry->evidence);
    sqlite3_bind_int(put, 6, entry->start);
    sqlite3_bind_int(put, 7, entry->once);
    sqlite3_bind_text(put, 8, with_body ? entry->body : NULL, -1, SQLITE_STATIC);
    sqlite3_bind_blob(put, 9, body, CHAIN_DIGEST, SQLITE_STATIC);
    sqlite3_bind_blob(put, 10, head->digest, CHAIN_DIGEST, SQLITE_STATIC);
    return store_step(store, PUT_ENTRY);
}
