/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_store.h - the ledger's file: SQLite, its tables, its reserve. For ledger.c: one thread
 * at a time.
 */
#ifndef ADAPTER_LEDGER_STORE_H
#define ADAPTER_LEDGER_STORE_H

#include "core/alert.h"
#include "core/arena.h"

enum { LEDGER_RESERVE_BYTES = 1024 * 1024 };

/* An alert as it is kept: the event lacks only its sequence. */
struct kept_alert {
    uint64_t sequence;
    const char *id, *type, *area, *severity, *incident; /* area, incident: "" for none */
    enum alert_effect effect;
    const char *event;
};

enum row_kind { ROW_DEVICE, ROW_INCIDENT, ROW_ALERT };

struct row {
    struct row *next;
    enum row_kind kind;
    const char *name; /* the device's id, the incident's subject */
    union {
        struct known_device device;
        struct incident incident;
        struct kept_alert alert;
    };
};

struct store;

/*
 * Opens or makes the ledger at `path`; refuses a file that is another's, of a later schema, or held
 * by another breachd, and never overwrites one.
 */
bool store_open(const char *path, struct store **out_store, struct fault *why);
void store_close(struct store *store); /* NULL is fine */

uint64_t store_sequence(const struct store *store);  /* of the newest alert */
uint64_t store_published(const struct store *store); /* Redis has confirmed all up to this one */

/* All rows and the mark, or nothing: on disk when it returns true. Gives each alert its sequence.
 */
bool store_commit(struct store *store, struct row *rows, uint64_t published, struct fault *why);

/* Up to `limit` alerts after `after`, in sequence, as rows in `arena`. */
bool store_fetch(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                 struct row **out_rows, struct fault *why);

/* Gives the alerts after `confirmed` sequences from `from` + 1 on: the stream is that far already.
 */
bool store_renumber(struct store *store, uint64_t confirmed, uint64_t from, struct fault *why);

/* Every device and incident, each handed over once. */
bool store_restore(struct store *store, void (*on_row)(const struct row *row, void *arg), void *arg,
                   struct fault *why);

/*
 * Moves what the log holds into the file: some 30 ms that nobody should wait for. Worth an idle
 * moment from 4 MiB of log on, and a wait from 64 MiB on.
 */
enum store_wish { STORE_FINE, STORE_WHEN_IDLE, STORE_NOW };
enum store_wish store_wants_checkpoint(const struct store *store);
void store_checkpoint(struct store *store);

/*
 * A file of 1 MiB beside the ledger keeps room for last words on a full disk: release gives it up,
 * refill makes it again and so tells whether there is room.
 */
void store_release_reserve(struct store *store);
bool store_refill_reserve(struct store *store, struct fault *why);

/* Whether it takes writes again: the reserve, and a commit that changes something. */
bool store_probe(struct store *store, struct fault *why);

#endif
