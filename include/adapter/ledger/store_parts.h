/* SPDX-License-Identifier: Apache-2.0 */
/* store_parts.h - what a store is made of; for store*.c, audit.c, ledger_reader.c and room.c. */
#ifndef ADAPTER_LEDGER_STORE_PARTS_H
#define ADAPTER_LEDGER_STORE_PARTS_H

#include "adapter/chain.h"
#include "adapter/ledger/store.h"
#include "adapter/ledger/store_gaps.h"
#include "adapter/ledger/store_known.h"

#include "core/index.h"

#include <sqlite3.h>

enum {
    SCHEMA_VERSION = 4,
    SCHEMA_READ = 3,                 /* from there on breachctl reads one as it is */
    SCHEMA_APPLICATION = 0x62726368, /* "brch" */
    STORE_PATIENCE_MS = 2000,        /* somebody may be asking it with sqlite3(1) */
};

enum statement {
    BEGIN_COMMIT,
    COMMIT,
    ROLLBACK,
    NEW_DEVICE,
    NEW_INCIDENT,
    NEW_CUSTODY,
    NEW_LAST_ACK, /* and what was read */
    PUT_DEVICE,
    PUT_INCIDENT,
    PUT_CUSTODY,
    PUT_LAST_ACK,
    PUT_ALERT,
    PUT_ENTRY,
    EVIDENCE_FROM,
    PUT_EVIDENCE,
    HAS_BODY,
    PUT_MARK,
    PUT_SUM,
    PROBE,
    TO_RETAIN,
    RETAIN,
    TO_RETAIN_ALERTS,
    RETAIN_ALERT,
    FETCH,
    RENUMBER,
    RENUMBERED,
    GET_DEVICE,
    GET_INCIDENT,
    GET_CUSTODY,
    GET_LAST_ACK,
    ALL_DEVICES,
    ALL_INCIDENTS,
    ALL_CUSTODIES,
    ALL_LAST_ACK,
    ALL_READ,
    STATEMENTS
};

/* What a commit has come to so far; the store's own is that only when it is on disk. */
struct progress {
    uint64_t sequence;
    struct chain head;
    struct store_known_sum known;
    struct utc anchored;
};

/* A pass over evidence that is older than `before`: where it goes on. */
struct expiry {
    struct utc before, done; /* done: when the last one was; 0: none was */
    uint64_t newest;         /* nothing after this link; 0: all of the ledger */
    uint64_t alert, body;
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    uint64_t sequence, published;
    struct chain head;            /* the newest of the chain */
    struct chain first;           /* number 0: not looked for yet, or there is none */
    struct store_known_sum known; /* of the tables of what is known */
    struct utc anchored;
    struct store_gaps gaps;
    uint64_t opened, marked; /* the newest link when it was opened, and what its mark said */
    struct utc alive;
    int lock;
    int log_pages;       /* in the write-ahead log, after the newest commit */
    bool bodies_removed; /* their bytes may still be in the WAL */
    bool truncate_wal;   /* at the next checkpoint: retention has caught up for now */
    char forgotten[NAME_MAX_CHARS + 1]; /* who was, last */
    struct expiry expiry, archiving;
    struct ledger_size size; /* as it was when this was the newest link */
    uint64_t sized;
    bool starved;    /* what failed last did for want of memory, and not by the disk */
    char *reserve;   /* its path */
    bool unreserved; /* there was no room for it when it was opened, nor since */
};

/* Runs a statement that gives no row, or none that matters. */
bool store_step(struct store *store, enum statement which);

/*
 * False for what is there and is no file: SQLite would wait for somebody to write into a FIFO. The
 * path is asked and not a descriptor: who closes one loses SQLite's locks on that file.
 */
bool store_is_file(const char *path, struct fault *why);

/* Makes the tables in an empty file, brings older ones up to date; refuses what is not ours. */
bool store_check_schema(sqlite3 *db, const char *path, struct fault *why);

/*
 * Brings to the disk what SQLite reads from its log. A breachd that is killed between the write of
 * a commit and its sync leaves a whole commit there, which the next one reads like any other; only
 * a sync can tell whether a power cut would leave it. False when the disk does not take it: then
 * nothing that was read may be told.
 */
bool store_harden(struct store *store, const char *path, struct fault *why);

/* The first column of the first row of `sql`. */
bool store_ask(sqlite3 *db, const char *sql, int64_t *out);

/* Appends a link; `head` moves to it. Of an `alert` the body stands in its own row; else NULL. */
bool store_append(struct store *store, struct chain *head, const struct kept_entry *entry,
                  const struct kept_alert *alert);

/* What was kept of the respondent becomes evidence, and a link says so where that changed any. */
bool store_put_evidence(struct store *store, struct chain *head, const struct row *row);

struct progress store_progress(const struct store *store);

/* Ends the transaction as `ok` says; false, with nothing changed, when anything failed. */
bool store_settle(struct store *store, bool ok, const struct progress *progress, struct fault *why);

#endif
