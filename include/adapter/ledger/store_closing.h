/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_closing.h - the link "migrated", the first by the rule of breachd-evidence/2 in a ledger
 * of before. It names the newest link by the old rule, and holds a digest of all that the old rule
 * did not cover: of each entry whose it is, its flags, and whether its body was there; and of each
 * alert all of its row.
 */
#ifndef ADAPTER_LEDGER_STORE_CLOSING_H
#define ADAPTER_LEDGER_STORE_CLOSING_H

#include "adapter/chain.h"
#include "core/fault.h"

struct sqlite3;

/* Closes the old chain; within a transaction that brought the tables up to date. */
bool store_closing_make(struct sqlite3 *db, struct fault *why);

/* One of these after the other goes into a digest, entries in order, alerts in theirs. */
void store_closing_add_entry(struct digest *digest, uint64_t number, const struct chain_link *link,
                             bool has_body);
void store_closing_add_alert(struct digest *digest, int64_t sequence, uint64_t entry,
                             const struct chain_row *row, const char *event, size_t size);

#endif
