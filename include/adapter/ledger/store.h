/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - the ledger's file: SQLite, its tables, its reserve. For ledger.c: one thread
 * at a time.
 */
#ifndef ADAPTER_LEDGER_STORE_H
#define ADAPTER_LEDGER_STORE_H

#include "adapter/chain.h"
#include "adapter/ledger/kept.h"
#include "adapter/ledger/room.h"
#include "core/arena.h"

enum { LEDGER_RESERVE_BYTES = 1024 * 1024 };

struct store;

/*
 * Opens or makes the ledger at `path`, or brings it to the newest schema; refuses a file that is
 * another's, damaged, of a later schema, or held by another breachd, and never overwrites one.
 */
bool store_open(const char *path, struct store **out_store, struct fault *why);
void store_close(struct store *store); /* NULL is fine */

uint64_t store_sequence(const struct store *store);  /* of the newest alert */
uint64_t store_published(const struct store *store); /* Redis has confirmed all up to this one */

/*
 * The newest link on disk; and when one was last told in an alert `chain`, or before the first of
 * those, when the chain began. UTC_ALWAYS: it has no link.
 */
struct chain store_head(const struct store *store);
struct chain store_first(struct store *store); /* the first link, by which a ledger is known */
struct utc store_anchored(const struct store *store);

/*
 * What somebody had taken away since a link was last told in an alert `chain`: "forgotten: R-1,
 * R-2; let go into an archive: before …", cut where it is longer; "" for nothing.
 */
enum { STORE_REMOVED_MAX = 128 };
void store_removed(struct store *store, char out[STORE_REMOVED_MAX]);

/*
 * When a breachd last held this ledger and said so by store_touch; UTC_ALWAYS: nobody has
 * watched yet. The mark is the time of the lock's file: no disk is waited for, and kill
 * -9 leaves it; where that file was lost, it is the newest entry's time. `now` is our
 * time, which the wall's may not be.
 */
struct utc store_alive(const struct store *store);
void store_touch(const struct store *store, struct utc now);

/*
 * All rows and the mark, or nothing: on disk when it returns true. Gives each alert its sequence.
 */
bool store_commit(struct store *store, struct row *rows, uint64_t published, struct fault *why);

/* Whether the commit that failed did so for want of memory: the disk has not been asked in vain. */
bool store_starved(const struct store *store);

/* Up to `limit` alerts after `after`, in sequence, as rows in `arena`. */
bool store_fetch(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                 struct row **out_rows, struct fault *why);

/* The same of the newest alert of each incident that is open. */
bool store_fetch_open(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                      struct row **out_rows, struct fault *why);

/* The same of each incident that needs somebody: with who has it, and the note. */
bool store_fetch_todo(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                      struct row **out_rows, struct fault *why);

/* See store_incidents_list. */
bool store_list(struct store *store, const struct listing *asked, struct arena *arena,
                struct listed *out, struct fault *why);

/*
 * Gives the alerts after `confirmed` sequences from `from` + 1 on: the stream is that far already.
 */
bool store_renumber(struct store *store, uint64_t confirmed, uint64_t from, struct fault *why);

/*
 * Every device, incident and custody, and the ids last read of the streams, each handed over once.
 * A row that is not what we keep is handed over as `spoilt`: it is no reason not to start.
 */
bool store_restore(struct store *store, void (*on_row)(const struct row *row, void *arg), void *arg,
                   struct fault *why);

/*
 * Moves what the log holds into the file: some 30 ms that nobody should wait for. Worth an idle
 * moment from 4 MiB of log on, or when bodies were taken away, which then empties the log; and a
 * wait from 64 MiB on.
 */
enum store_urgency { STORE_FINE, STORE_WHEN_IDLE, STORE_NOW };
enum store_urgency store_wants_checkpoint(const struct store *store);
void store_checkpoint(struct store *store);

/* The same, and gives its room back to the disk. False while somebody reads what it holds. */
bool store_truncate_wal(struct store *store);

/*
 * The same, so that no byte of what went is in the file or its log. False while somebody reads, or
 * when more of a ledger of before is to be passed over (store_gaps.h): call it again.
 */
bool store_wipe(struct store *store);

/* How much room there is, when so many bytes are kept for what must be told. */
enum room store_room(const struct store *store, uint64_t spare);
struct ledger_size store_size(struct store *store);

enum { STORE_RETAIN_MOST = 100 };

/*
 * Takes the bodies of up to `limit` entries, STORE_RETAIN_MOST at most, away that are too old and
 * no evidence, oldest first; their digests stay, so the chain still holds, and a link says which
 * they were. True when there may be more.
 */
bool store_retain(struct store *store, const struct retention *by, unsigned limit);

/*
 * The same of alerts of devices that are published, no evidence, too old and in need of nobody: the
 * alert goes, its link stays with the digest of its row.
 */
bool store_retain_alerts(struct store *store, const struct retention *by, unsigned limit);

/*
 * A file of 1 MiB beside the ledger keeps room for an alert on a full disk: release gives it up,
 * refill makes it again and so tells whether there is room.
 */
void store_release_reserve(struct store *store);
bool store_refill_reserve(struct store *store, struct fault *why);

/* Makes it when there was no room for it as the store was opened. When it fails, the next time. */
void store_mend_reserve(struct store *store);

/* A commit that changes nothing that matters, and is on disk when it returns true. */
bool store_sync(struct store *store, struct fault *why);

/* Whether it takes writes again: the reserve, and a commit that changes something. */
bool store_probe(struct store *store, struct fault *why);

#endif
