/* SPDX-License-Identifier: Apache-2.0 */
/* store_forget.c - all of one respondent, who is to be forgotten. */
#include "adapter/ledger/store_forget_parts.h"
#include "adapter/ledger/store_taking.h"
#include "core/index.h"

#include <stdio.h>
#include <string.h>

static bool ask_of(struct store *store, const char *sql, const char *respondent, int64_t *out)
{
    sqlite3_stmt *ask = NULL;
    bool ok = sqlite3_prepare_v2(store->db, sql, -1, &ask, NULL) == SQLITE_OK;

    if (ok) {
        sqlite3_bind_text(ask, 1, respondent, -1, SQLITE_STATIC);
        sqlite3_bind_int64(ask, 2, (sqlite3_int64)store->published);
        ok = sqlite3_step(ask) == SQLITE_ROW;
    }
    if (ok)
        *out = sqlite3_column_int64(ask, 0);
    sqlite3_finalize(ask);
    return ok || (*out = 1, false);
}

static bool is_done_with(struct store *store, const char *respondent, struct fault *why)
{
    static const char busy[] = "SELECT ?2 >= 0 AND ?1 IN " BUSY("1");
    static const char waits[] = "SELECT count(*) FROM alert a JOIN entry e ON e.number = a.entry"
                                " WHERE a.sequence > ?2 AND e.respondent = ?1";
    int64_t n = 0;

    if (!ask_of(store, busy, respondent, &n) || n != 0)
        return fault_set(why,
                         "%.64s: has an incident that is open, or needs somebody: close it first",
                         respondent);
    if (!ask_of(store, waits, respondent, &n) || n != 0)
        return fault_set(why, "%.64s: an alert of this respondent is not in Redis yet", respondent);
    return true;
}

static bool choose_all(struct store *store, const char *sql, const char *respondent,
                       struct taking *taking, struct doomed_list *list)
{
    sqlite3_stmt *which = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &which, NULL);

    if (rc == SQLITE_OK)
        sqlite3_bind_text(which, 1, respondent, -1, SQLITE_STATIC);
    // A row of one respondent each turn, on the ledger's thread.
    while (rc == SQLITE_OK && (rc = sqlite3_step(which)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        taking_add(taking, list,
                   (struct doomed){ (uint64_t)sqlite3_column_int64(which, 0),
                                    (uint64_t)sqlite3_column_int64(which, 1) });
    }
    sqlite3_finalize(which);
    return rc == SQLITE_DONE;
}

/* ---- what nobody's links say of him ---- */

/*
 * Said, or told, when his order was in no rules any more: by the ids of his orders and devices. The
 * last column: it is open, needs somebody, or is not in Redis yet.
 */
static const char nobodys_alerts[] =
    "SELECT a.sequence, a.entry, a.incident, a.sequence > ?1 OR a.sequence IN (SELECT sequence FROM"
    " open) OR a.sequence IN (SELECT sequence FROM todo) FROM alert a JOIN entry e ON e.number ="
    " a.entry WHERE e.respondent = '' AND e.salt <> x''";
static const char nobodys_bodies[] =
    "SELECT number, number, json_extract(body, CASE kind WHEN 'ack' THEN '$.incident' ELSE"
    " '$.subject' END), 0 * ?1 FROM entry WHERE respondent = '' AND kind IN ('ack', 'withdrawn')"
    " AND body IS NOT NULL AND json_valid(body)";

static bool choose_nobodys(struct store *store, const char *sql, const struct forget_ids *ids,
                           struct taking *taking, struct doomed_list *list, bool *goes_on)
{
    sqlite3_stmt *which = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &which, NULL);

    if (rc == SQLITE_OK)
        sqlite3_bind_int64(which, 1, (sqlite3_int64)store->published);
    // A row each turn, on the ledger's thread.
    while (which != NULL && (rc = sqlite3_step(which)) == SQLITE_ROW) {
        const char *incident = (const char *)sqlite3_column_text(which, 2);

        if (incident == NULL || !forget_ids_have(ids, incident))
            continue;
        *goes_on |= sqlite3_column_int(which, 3) != 0;
        taking_add(taking, list,
                   (struct doomed){ (uint64_t)sqlite3_column_int64(which, 0),
                                    (uint64_t)sqlite3_column_int64(which, 1) });
    }
    sqlite3_finalize(which);
    return rc == SQLITE_DONE;
}

/* ---- all of it ---- */

static const char his_alerts[] = "SELECT a.sequence, a.entry FROM alert a JOIN entry e ON e.number"
                                 " = a.entry WHERE e.respondent = ?1 AND e.salt <> x''";
static const char his_bodies[] =
    "SELECT number, number FROM entry WHERE respondent = ?1 AND body IS NOT NULL"
    " AND kind IN ('ping', 'time', 'rules', 'withdrawn', 'ack')";

/* What is known of him, and all that was chosen. *out_nothing: nothing is his. */
static bool take_all(const struct forget_known *known, const struct forgetting *forgetting,
                     struct taking *taking, bool *out_nothing)
{
    struct kept_entry entry = {
        .kind = "forgotten", .at = forgetting->now, .respondent = "", .evidence = true
    };

    if (!forget_known(known))
        return false;
    *out_nothing = known->out->rows == NULL && taking->bodies.n + taking->alerts.n == 0;
    return !*out_nothing &&
           taking_take(known->store, known->progress, taking, &entry, forgetting->record);
}

static bool forget(struct store *store, const struct forgetting *forgetting,
                   const struct forget_ids *ids, struct taking *taking, struct forgotten *out,
                   struct fault *why)
{
    struct progress progress = store_progress(store);
    struct forget_known known = { store, &progress, forgetting->respondent, ids, out };
    bool nothing = false;
    bool ok = store_settle(
        store, store_step(store, BEGIN_COMMIT) && take_all(&known, forgetting, taking, &nothing),
        &progress, why);

    if (!ok)
        out->rows = NULL;
    return nothing ? fault_set(why, "%.64s: nothing of this respondent is in the ledger",
                               forgetting->respondent)
                   : ok;
}

/* All that is his: by links that say so, by his orders' texts, and by what these name. */
static bool choose_his(struct store *store, const char *who, struct forget_ids *ids,
                       struct taking *taking, struct fault *why)
{
    bool goes_on = false;

    if (!choose_all(store, his_alerts, who, taking, &taking->alerts) ||
        !choose_all(store, his_bodies, who, taking, &taking->bodies) ||
        !forget_ids_read(store, who, ids, taking) ||
        !choose_nobodys(store, nobodys_alerts, ids, taking, &taking->alerts, &goes_on) ||
        !choose_nobodys(store, nobodys_bodies, ids, taking, &taking->bodies, &goes_on))
        return fault_set(why, "%.64s: what is his cannot be read", who);
    return !goes_on ||
           fault_set(why,
                     "%.64s: an alert of a quashed order needs somebody, or is not in Redis yet",
                     who);
}

static bool forget_now(struct store *store, const struct forgetting *forgetting,
                       struct forgotten *out, struct fault *why)
{
    const char *who = forgetting->respondent;
    struct taking taking = { 0 };
    struct forget_ids ids = { 0 };
    // What is nobody's has the name "": marks of the chain that were told, notices.
    bool ok = (name_valid(who) || fault_set(why, "whom? that is no respondent's name")) &&
              is_done_with(store, who, why) && choose_his(store, who, &ids, &taking, why) &&
              forget(store, forgetting, &ids, &taking, out, why);

    forget_ids_fini(&ids);
    taking_fini(&taking);
    return ok;
}

bool store_forget(struct store *store, const struct forgetting *forgetting, struct forgotten *out,
                  bool *out_more, struct fault *why)
{
    if (forget_now(store, forgetting, out, why)) {
        snprintf(store->forgotten, sizeof store->forgotten, "%s", forgetting->respondent);
        store->bodies_removed = store->truncate_wal = true;
    } else if ((!store->bodies_removed && store_gaps_cleared(store)) ||
               strcmp(store->forgotten, forgetting->respondent) != 0) {
        return false;
    }
    *out_more = !store_wipe(store);
    return true;
}
