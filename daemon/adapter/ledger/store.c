/* SPDX-License-Identifier: Apache-2.0 */
/* store.c - what goes into the ledger's tables and comes out of them. */
#include "adapter/ledger/store_parts.h"

#include "adapter/clock.h"
#include "adapter/ledger/store_incidents.h"
#include "adapter/ledger/store_map.h"
#include "adapter/ledger/store_rows.h"
#include "adapter/ledger/store_salvage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool say(struct store *store, struct fault *why)
{
    return fault_set(why, "ledger: %s (%d)", sqlite3_errmsg(store->db),
                     sqlite3_extended_errcode(store->db));
}

/* ---- one commit ---- */

static bool put_mark(struct store *store, const char *name, uint64_t value)
{
    sqlite3_bind_text(store->statements[PUT_MARK], 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(store->statements[PUT_MARK], 2, (sqlite3_int64)value);
    return store_step(store, PUT_MARK);
}

struct progress store_progress(const struct store *store)
{
    return (struct progress){ store->sequence, store->head, store->known, store->anchored };
}

static bool put_alert(struct store *store, struct kept_alert *alert, struct progress *progress)
{
    struct kept_entry entry = { .kind = alert->judged ? "alert" : "notice",
                                .at = alert->received,
                                .respondent = alert->respondent,
                                .evidence = !alert->passing,
                                .body = alert->event };

    // The event stands in the alert's own row; the chain has its digest.
    if (!store_append(store, &progress->head, &entry, alert))
        return false;
    if (strcmp(alert->type, alert_type_name(ALERT_CHAIN)) == 0)
        progress->anchored = alert->received;
    alert->sequence = ++progress->sequence;
    store_row_bind_alert(store->statements[PUT_ALERT], alert, progress->head.number);
    return store_step(store, PUT_ALERT);
}

static bool put_row(struct store *store, struct row *row, struct progress *progress)
{
    switch (row->kind) {
    case ROW_DEVICE:
    case ROW_INCIDENT:
    case ROW_CUSTODY:
    case ROW_LAST_ACK:
    case ROW_READ:
        return store_known_put(store, progress, row);
    case ROW_ALERT:
        return put_alert(store, &row->alert, progress);
    case ROW_ENTRY:
        return store_append(store, &progress->head, &row->entry, NULL);
    case ROW_EVIDENCE:
        return store_put_evidence(store, &progress->head, row);
    case ROW_STATE:
        return store_known_link(store, progress, row);
    }
    return false;
}

static bool is_of_memory(int code)
{
    return code == SQLITE_NOMEM || code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool put_sum(struct store *store, const struct store_known_sum *known)
{
    sqlite3_bind_blob(store->statements[PUT_SUM], 1, known->bytes, sizeof known->bytes,
                      SQLITE_STATIC);
    return store_step(store, PUT_SUM);
}

/* What has changed of it. */
static bool put_progress(struct store *store, const struct progress *progress)
{
    return (progress->sequence == store->sequence ||
            put_mark(store, "sequence", progress->sequence)) &&
           (progress->head.number == store->head.number ||
            put_mark(store, "newest", progress->head.number)) &&
           (progress->anchored.ms == store->anchored.ms ||
            put_mark(store, "anchored", (uint64_t)progress->anchored.ms)) &&
           (memcmp(&progress->known, &store->known, sizeof store->known) == 0 ||
            put_sum(store, &progress->known));
}

bool store_settle(struct store *store, bool ok, const struct progress *progress, struct fault *why)
{
    if (ok && put_progress(store, progress) && store_step(store, COMMIT)) {
        store->sequence = progress->sequence;
        store->head = progress->head;
        store->known = progress->known;
        store->anchored = progress->anchored;
        return true;
    }
    say(store, why);
    // What SQLite has no complaint of is ours: a digest, which the disk has no part in.
    store->starved = is_of_memory(sqlite3_errcode(store->db));
    if (!sqlite3_get_autocommit(store->db))
        store_step(store, ROLLBACK);
    return false;
}

bool store_commit(struct store *store, struct row *rows, uint64_t published, struct fault *why)
{
    struct progress progress = store_progress(store);
    bool ok = store_step(store, BEGIN_COMMIT);

    // By the ledger's own thread: LEDGER_GATHER_MAX rows, and what filled it has added.
    for (struct row *row = rows; ok && row != NULL; row = row->next)
        ok = put_row(store, row, &progress);
    ok = ok && put_mark(store, "published", published);
    if (!store_settle(store, ok, &progress, why))
        return false;
    store->published = published;
    return true;
}

bool store_starved(const struct store *store)
{
    return store->starved;
}

/* Which numbers have become which others: the events do not hold them, so the chain must. */
static bool note_renumbered(struct store *store, struct chain *head, uint64_t confirmed,
                            uint64_t from)
{
    char body[96];
    struct kept_entry entry = {
        .kind = "renumbered", .at = clock_utc(), .respondent = "", .evidence = true, .body = body
    };

    snprintf(body, sizeof body, "{\"after\":%" PRIu64 ",\"from\":%" PRIu64 "}", confirmed, from);
    return store_append(store, head, &entry, NULL);
}

bool store_renumber(struct store *store, uint64_t confirmed, uint64_t from, struct fault *why)
{
    sqlite3_stmt *renumber = store->statements[RENUMBER];
    struct progress progress = store_progress(store);
    uint64_t shift = from - confirmed;

    sqlite3_bind_int64(renumber, 1, (sqlite3_int64)confirmed);
    sqlite3_bind_int64(renumber, 2, (sqlite3_int64)shift);
    progress.sequence += shift;
    if (!store_settle(store,
                      store_step(store, BEGIN_COMMIT) && store_step(store, RENUMBER) &&
                          store_step(store, RENUMBERED) &&
                          note_renumbered(store, &progress.head, confirmed, from) &&
                          put_mark(store, "published", from),
                      &progress, why))
        return false;
    store->published = from;
    return true;
}

bool store_sync(struct store *store, struct fault *why)
{
    struct progress progress = store_progress(store);

    return store_settle(store, store_step(store, BEGIN_COMMIT) && store_step(store, PROBE),
                        &progress, why);
}

bool store_probe(struct store *store, struct fault *why)
{
    return store_refill_reserve(store, why) && store_sync(store, why);
}

/* ---- reading ---- */

bool store_fetch(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                 struct row **out_rows, struct fault *why)
{
    sqlite3_stmt *fetch = store->statements[FETCH];
    struct row *first = NULL, **last = &first;
    int rc;

    sqlite3_bind_int64(fetch, 1, (sqlite3_int64)after);
    sqlite3_bind_int64(fetch, 2, limit);
    while ((rc = sqlite3_step(fetch)) == SQLITE_ROW) { // `limit` rows
        struct row *row = arena_take(arena, sizeof *row);

        if (row == NULL)
            break;
        row->kind = ROW_ALERT;
        if (!store_row_read_alert(fetch, arena, &row->alert))
            break;
        *last = row;
        last = &row->next;
    }
    sqlite3_reset(fetch);
    // "None" must mean that there are none: the publisher passes over what is not there.
    if (rc == SQLITE_ROW && first == NULL)
        return fault_set(why, "ledger: out of memory");
    *out_rows = first;
    return rc == SQLITE_DONE || rc == SQLITE_ROW || say(store, why);
}

bool store_fetch_open(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                      struct row **out_rows, struct fault *why)
{
    struct fetch asked = { FETCH_OPEN, after, limit };

    return store_incidents_fetch(store->db, &asked, arena, out_rows, why);
}

bool store_fetch_todo(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                      struct row **out_rows, struct fault *why)
{
    struct fetch asked = { FETCH_TODO, after, limit };

    return store_incidents_fetch(store->db, &asked, arena, out_rows, why);
}

bool store_list(struct store *store, const struct listing *asked, struct arena *arena,
                struct listed *out, struct fault *why)
{
    return store_incidents_list(store->db, asked, arena, out, why) &&
           (asked->of != LISTING_MAP ||
            store_map_pings(store->db, asked->incident, arena, out, why));
}

static bool read_row(struct store *store, sqlite3_stmt *from, struct row *row, struct fault *why)
{
    enum recall recalled = store_row_read_known(from, row);

    row->spoilt = recalled == RECALL_SPOILT;
    if (recalled == RECALL_LACKING)
        return fault_set(why, "ledger: out of memory");
    return !row->spoilt || store_salvage(store->db, row, why);
}

bool store_restore(struct store *store, void (*on_row)(const struct row *row, void *arg), void *arg,
                   struct fault *why)
{
    static const struct {
        enum row_kind kind;
        enum statement all;
    } tables[] = { { ROW_DEVICE, ALL_DEVICES },
                   { ROW_INCIDENT, ALL_INCIDENTS },
                   { ROW_CUSTODY, ALL_CUSTODIES },
                   { ROW_LAST_ACK, ALL_LAST_ACK },
                   { ROW_READ, ALL_READ } };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        sqlite3_stmt *all = store->statements[tables[i].all];
        bool ok = true;
        int rc;

        // A row each turn, before a start is ready.
        while (ok && (rc = sqlite3_step(all)) == SQLITE_ROW) {
            struct row row = { .kind = tables[i].kind,
                               .name = (const char *)sqlite3_column_text(all, 0) };

            if (row.name == NULL)
                continue; // of nobody
            ok = read_row(store, all, &row, why);
            if (ok)
                on_row(&row, arg);
        }
        sqlite3_reset(all);
        if (!ok || rc != SQLITE_DONE)
            return ok ? say(store, why) : false;
    }
    return true;
}

/* ---- tidying ---- */

enum { IDLE_PAGES = 1000 /* 4 MiB */, FORCED_PAGES = 16384 /* 64 MiB */ };

enum store_urgency store_wants_checkpoint(const struct store *store)
{
    return store->log_pages >= FORCED_PAGES                        ? STORE_NOW
           : store->log_pages >= IDLE_PAGES || store->truncate_wal ? STORE_WHEN_IDLE
                                                                   : STORE_FINE;
}

/* To no bytes: after a mere restart of the WAL, a removed body could be read behind its new end. */
static bool truncate_wal(struct store *store)
{
    int rc;

    sqlite3_busy_timeout(store->db, 0); // a reader is not waited for: it is tried again
    rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(store->db, STORE_PATIENCE_MS);
    sqlite3_db_release_memory(store->db); // pages as they were before the file's were cleared
    return rc == SQLITE_OK;
}

void store_checkpoint(struct store *store)
{
    // What fails here fails again in a commit, where it is told.
    if (store->truncate_wal)
        store->bodies_removed = !truncate_wal(store);
    else
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    store->truncate_wal = false;
    store->log_pages = 0; // the next commit says how long it is
}

bool store_truncate_wal(struct store *store)
{
    bool ok = truncate_wal(store);

    if (ok)
        store->bodies_removed = store->truncate_wal = false;
    store->log_pages = 0;
    return ok;
}

bool store_wipe(struct store *store)
{
    return store_truncate_wal(store) &&
           (store_gaps_cleared(store) || (store_gaps_sweep(store) && store_truncate_wal(store)));
}

uint64_t store_sequence(const struct store *store)
{
    return store->sequence;
}

uint64_t store_published(const struct store *store)
{
    return store->published;
}

struct chain store_head(const struct store *store)
{
    return store->head;
}

struct chain store_first(struct store *store)
{
    static const char sql[] = "SELECT digest FROM entry WHERE number = 1";
    sqlite3_stmt *first = NULL;

    if (store->first.number == 0 && store->head.number > 0 &&
        sqlite3_prepare_v2(store->db, sql, -1, &first, NULL) == SQLITE_OK &&
        sqlite3_step(first) == SQLITE_ROW && sqlite3_column_bytes(first, 0) == CHAIN_DIGEST) {
        store->first.number = 1;
        memcpy(store->first.digest, sqlite3_column_blob(first, 0), CHAIN_DIGEST);
    }
    sqlite3_finalize(first);
    return store->first;
}

struct utc store_anchored(const struct store *store)
{
    return store->anchored;
}
