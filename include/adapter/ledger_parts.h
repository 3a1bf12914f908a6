/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_parts.h - what a store is made of; for ledger_store.c, ledger_schema.c, ledger_chain.c,
 * ledger_log.c.
 */
#ifndef ADAPTER_LEDGER_PARTS_H
#define ADAPTER_LEDGER_PARTS_H

#include "adapter/chain.h"
#include "adapter/ledger_store.h"

#include <sqlite3.h>

enum {
    SCHEMA_VERSION = 3,
    SCHEMA_APPLICATION = 0x62726368, // "brch"
    STORE_PATIENCE_MS = 2000,        // somebody may be asking it with sqlite3(1)
};

enum statement {
    BEGIN_COMMIT,
    COMMIT,
    ROLLBACK,
    PUT_DEVICE,
    PUT_INCIDENT,
    PUT_CUSTODY,
    PUT_HEARD,
    PUT_ALERT,
    PUT_ENTRY,
    PUT_EVIDENCE,
    HAS_BODY,
    PUT_MARK,
    PROBE,
    RETAIN,
    FETCH,
    RENUMBER,
    RENUMBERED,
    ALL_DEVICES,
    ALL_INCIDENTS,
    ALL_CUSTODIES,
    ALL_HEARD,
    STATEMENTS
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    uint64_t sequence, published;
    struct chain head; // the newest of the chain
    struct utc alive;
    int lock;
    int log_pages; // in the write-ahead log, after the newest commit
    bool taken;    // bodies were, and may still stand in the log
    bool scrub;    // all of this round are: time to empty the log
    char *reserve; // its path
};

/* Runs a statement that gives no row, or none that matters. */
bool store_step(struct store *store, enum statement which);

/* Makes the tables in an empty file, brings older ones up to date; refuses what is not ours. */
bool schema_check(sqlite3 *db, const char *path, struct fault *why);

/*
 * Brings to the disk what SQLite reads from its log. A breachd that is killed between the write of
 * a commit and its sync leaves a whole commit there, which the next one reads like any other; only
 * a sync can tell whether a power cut would leave it. False when the disk does not take it: then
 * nothing that was read may be told.
 */
bool store_harden(struct store *store, const char *path, struct fault *why);

/* The first column of the first row of `sql`. */
bool schema_ask(sqlite3 *db, const char *sql, int64_t *out);

/* Appends a link; `head` moves to it. The body itself is kept only `with_body`. */
bool store_append(struct store *store, struct chain *head, const struct kept_entry *entry,
                  bool with_body);

#endif
