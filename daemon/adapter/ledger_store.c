/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_store.c - what goes into the ledger's tables and comes out of them. */
#include "adapter/ledger_parts.h"

#include "adapter/ledger_incidents.h"
#include "adapter/ledger_rows.h"

#include <string.h>

static bool say(struct store *store, struct fault *why)
{
    return fault_set(why, "ledger: %s (%d)", sqlite3_errmsg(store->db),
                     sqlite3_extended_errcode(store->db));
}

bool store_step(struct store *store, enum statement which)
{
    int rc = sqlite3_step(store->statements[which]);

    sqlite3_reset(store->statements[which]);
    return rc == SQLITE_DONE || rc == SQLITE_ROW;
}

/* ---- one commit ---- */

/* What a commit has come to so far; the store's own is that only when it is on disk. */
struct progress {
    uint64_t sequence;
    struct chain head;
};

static bool put_mark(struct store *store, const char *name, uint64_t value)
{
    sqlite3_bind_text(store->statements[PUT_MARK], 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(store->statements[PUT_MARK], 2, (sqlite3_int64)value);
    return store_step(store, PUT_MARK);
}

static bool put_alert(struct store *store, struct kept_alert *alert, struct progress *progress)
{
    struct kept_entry entry = { .kind = alert->judged ? "alert" : "notice",
                                .at = alert->received,
                                .respondent = alert->respondent,
                                .evidence = true,
                                .body = alert->event };

    // The event stands in the alert's own row; the chain has its digest.
    if (!store_append(store, &progress->head, &entry, false))
        return false;
    alert->sequence = ++progress->sequence;
    row_bind_alert(store->statements[PUT_ALERT], alert, progress->head.number);
    return store_step(store, PUT_ALERT);
}

static bool put_evidence(struct store *store, const char *respondent, struct utc since)
{
    sqlite3_bind_text(store->statements[PUT_EVIDENCE], 1, respondent, -1, SQLITE_STATIC);
    sqlite3_bind_int64(store->statements[PUT_EVIDENCE], 2, since.ms);
    return store_step(store, PUT_EVIDENCE);
}

static bool put_row(struct store *store, struct row *row, struct progress *progress)
{
    switch (row->kind) {
    case ROW_DEVICE:
        return row_bind_device(store->statements[PUT_DEVICE], row->name, &row->device) &&
               store_step(store, PUT_DEVICE);
    case ROW_INCIDENT:
        return row_bind_incident(store->statements[PUT_INCIDENT], row->name, &row->incident) &&
               store_step(store, PUT_INCIDENT);
    case ROW_CUSTODY:
        return row_bind_custody(store->statements[PUT_CUSTODY], row->name, &row->custody) &&
               store_step(store, PUT_CUSTODY);
    case ROW_HEARD:
        sqlite3_bind_text(store->statements[PUT_HEARD], 1, row->name, -1, SQLITE_STATIC);
        return store_step(store, PUT_HEARD);
    case ROW_ALERT:
        return put_alert(store, &row->alert, progress);
    case ROW_ENTRY:
        return store_append(store, &progress->head, &row->entry, true);
    case ROW_EVIDENCE:
        return put_evidence(store, row->name, row->since);
    }
    return false;
}

/* Ends the transaction as `ok` says; false, with nothing changed, when anything failed. */
static bool settle(struct store *store, bool ok, struct fault *why)
{
    if (ok && store_step(store, COMMIT))
        return true;
    say(store, why);
    if (!sqlite3_get_autocommit(store->db))
        store_step(store, ROLLBACK);
    return false;
}

bool store_commit(struct store *store, struct row *rows, uint64_t published, struct fault *why)
{
    struct progress progress = { store->sequence, store->head };
    bool ok = store_step(store, BEGIN_COMMIT);

    for (struct row *row = rows; ok && row != NULL; row = row->next)
        ok = put_row(store, row, &progress);
    ok = ok && put_mark(store, "sequence", progress.sequence) &&
         put_mark(store, "published", published);
    if (!settle(store, ok, why))
        return false;
    store->sequence = progress.sequence;
    store->head = progress.head;
    store->published = published;
    return true;
}

bool store_renumber(struct store *store, uint64_t confirmed, uint64_t from, struct fault *why)
{
    sqlite3_stmt *renumber = store->statements[RENUMBER];
    uint64_t shift = from - confirmed, sequence = store->sequence + shift;

    sqlite3_bind_int64(renumber, 1, (sqlite3_int64)confirmed);
    sqlite3_bind_int64(renumber, 2, (sqlite3_int64)shift);
    if (!settle(store,
                store_step(store, BEGIN_COMMIT) && store_step(store, RENUMBER) &&
                    store_step(store, RENUMBERED) && put_mark(store, "sequence", sequence) &&
                    put_mark(store, "published", from),
                why))
        return false;
    store->sequence = sequence;
    store->published = from;
    return true;
}

bool store_probe(struct store *store, struct fault *why)
{
    return store_refill_reserve(store, why) &&
           settle(store, store_step(store, BEGIN_COMMIT) && store_step(store, PROBE), why);
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
    while ((rc = sqlite3_step(fetch)) == SQLITE_ROW) {
        struct row *row = arena_take(arena, sizeof *row);

        if (row == NULL)
            break;
        row->kind = ROW_ALERT;
        if (!row_read_alert(fetch, arena, &row->alert))
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

    return incidents_fetch(store->db, &asked, arena, out_rows, why);
}

bool store_fetch_todo(struct store *store, uint64_t after, unsigned limit, struct arena *arena,
                      struct row **out_rows, struct fault *why)
{
    struct fetch asked = { FETCH_TODO, after, limit };

    return incidents_fetch(store->db, &asked, arena, out_rows, why);
}

static bool read_row(sqlite3_stmt *from, struct row *row)
{
    switch (row->kind) {
    case ROW_DEVICE:
        return row_read_device(from, &row->device);
    case ROW_INCIDENT:
        return row_read_incident(from, &row->incident);
    case ROW_CUSTODY:
        return row_read_custody(from, &row->custody);
    default:
        return true; // its name is all
    }
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
                   { ROW_HEARD, ALL_HEARD } };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        sqlite3_stmt *all = store->statements[tables[i].all];
        bool ok = true;
        int rc;

        while (ok && (rc = sqlite3_step(all)) == SQLITE_ROW) {
            struct row row = { .kind = tables[i].kind,
                               .name = (const char *)sqlite3_column_text(all, 0) };

            ok = read_row(all, &row) ||
                 fault_set(why, "ledger: what was known of %s cannot be read", row.name);
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

enum store_wish store_wants_checkpoint(const struct store *store)
{
    return store->log_pages >= FORCED_PAGES                 ? STORE_NOW
           : store->log_pages >= IDLE_PAGES || store->scrub ? STORE_WHEN_IDLE
                                                            : STORE_FINE;
}

/* The log goes too, or what it held of a body taken away would lie behind its new end. */
static bool empty_log(struct store *store)
{
    int rc;

    sqlite3_busy_timeout(store->db, 0); // a reader is not waited for: it is tried again
    rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(store->db, STORE_PATIENCE_MS);
    return rc == SQLITE_OK;
}

void store_checkpoint(struct store *store)
{
    // What fails here fails again in a commit, where it is told.
    if (store->scrub)
        store->taken = !empty_log(store);
    else
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    store->scrub = false;
    store->log_pages = 0; // the next commit says how long it is
}

bool store_retain(struct store *store, struct utc before, unsigned limit)
{
    sqlite3_stmt *retain = store->statements[RETAIN];
    unsigned taken;

    sqlite3_bind_int64(retain, 1, before.ms);
    sqlite3_bind_int64(retain, 2, limit);
    // What fails here fails again in a commit, where it is told.
    taken = store_step(store, RETAIN) ? (unsigned)sqlite3_changes(store->db) : 0;
    store->taken |= taken > 0;
    store->scrub = store->taken && taken < limit;
    return taken >= limit;
}

uint64_t store_sequence(const struct store *store)
{
    return store->sequence;
}

uint64_t store_published(const struct store *store)
{
    return store->published;
}
