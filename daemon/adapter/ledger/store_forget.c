/* SPDX-License-Identifier: Apache-2.0 */
/* store_forget.c - all of one respondent, who is to be forgotten. */
#include "adapter/json/input.h"
#include "adapter/ledger/store_rows.h"
#include "adapter/ledger/store_taking.h"
#include "adapter/ledger/store_taking_parts.h"

#include <stdio.h>
#include <stdlib.h>
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

static bool may_be_forgotten(struct store *store, const char *respondent, struct fault *why)
{
    static const char any[] =
        "SELECT ?2 >= 0 AND (EXISTS (SELECT 1 FROM entry WHERE respondent = ?1 AND body IS NOT NULL"
        " AND kind <> 'evidence') OR EXISTS (SELECT 1 FROM alert a JOIN entry e ON e.number ="
        " a.entry WHERE e.respondent = ?1))";
    static const char busy[] = "SELECT ?2 >= 0 AND ?1 IN " BUSY("1");
    static const char waits[] = "SELECT count(*) FROM alert a JOIN entry e ON e.number = a.entry"
                                " WHERE a.sequence > ?2 AND e.respondent = ?1";
    int64_t n = 0;

    if (!ask_of(store, any, respondent, &n) || n == 0)
        return fault_set(why, "%.64s: nothing of this respondent is in the ledger", respondent);
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
    while (rc == SQLITE_OK && (rc = sqlite3_step(which)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        taking_add(taking, list,
                   (struct doomed){ (uint64_t)sqlite3_column_int64(which, 0),
                                    (uint64_t)sqlite3_column_int64(which, 1) });
    }
    sqlite3_finalize(which);
    return rc == SQLITE_DONE;
}

/* ---- what stands in the texts of his orders ---- */

/* "KEY = VALUE" of an order's text; "" when there is none. */
static void value_of(const char *text, const char *key, char *out, size_t room)
{
    char begins[64];
    const char *at;

    snprintf(begins, sizeof begins, "\n%s = ", key);
    at = strstr(text, begins);
    at = at != NULL ? at + strlen(begins) : "";
    snprintf(out, room, "%.*s", (int)strcspn(at, "\n"), at);
}

/* Where it was is nobody's business any more; its numbers go on, as its ids never repeat. */
static bool scrub_device(struct store *store, struct progress *progress, const char *id)
{
    sqlite3_stmt *get = NULL;
    struct row row = { .kind = ROW_DEVICE, .name = id };
    bool found = sqlite3_prepare_v2(store->db, "SELECT id, known FROM device WHERE id = ?1", -1,
                                    &get, NULL) == SQLITE_OK;

    if (found) {
        sqlite3_bind_text(get, 1, id, -1, SQLITE_STATIC);
        found = sqlite3_step(get) == SQLITE_ROW && store_row_read_known(get, &row) == RECALL_WHOLE;
    }
    sqlite3_finalize(get);
    if (!found)
        return true; // never heard of
    known_device_forget(&row.device);
    row.estimate = (struct estimate){ .origin = { 0 } };
    memset(row.device.remarks, 0, sizeof row.device.remarks);
    row.name = id;
    return store_known_put(store, progress, &row);
}

static bool scrub_devices(struct store *store, struct progress *progress, const char *list)
{
    char id[NAME_MAX_CHARS + 1];

    while (*list != '\0') {
        size_t n = strcspn(list, ", \t");

        snprintf(id, sizeof id, "%.*s", (int)n, list);
        if (n > 0 && n <= NAME_MAX_CHARS && !scrub_device(store, progress, id))
            return false;
        list += n + strspn(list + n, ", \t");
    }
    return true;
}

/* What the control room wrote about them stays in no row. */
static bool scrub_notes(struct store *store, struct progress *progress, const char *order)
{
    char like[NAME_MAX_CHARS + 16];
    sqlite3_stmt *all = NULL;
    bool ok = sqlite3_prepare_v2(store->db,
                                 "SELECT incident, known FROM custody WHERE"
                                 " substr(incident, 1, length(?1)) = ?1",
                                 -1, &all, NULL) == SQLITE_OK;

    snprintf(like, sizeof like, "%s/", order);
    if (ok)
        sqlite3_bind_text(all, 1, like, -1, SQLITE_STATIC);
    while (ok && sqlite3_step(all) == SQLITE_ROW) {
        char incident[256];
        struct row row = { .kind = ROW_CUSTODY };

        snprintf(incident, sizeof incident, "%s", (const char *)sqlite3_column_text(all, 0));
        if (store_row_read_known(all, &row) != RECALL_WHOLE || row.custody.note[0] == '\0')
            continue;
        row.name = incident;
        row.custody.note[0] = '\0';
        ok = store_known_put(store, progress, &row);
    }
    sqlite3_finalize(all);
    return ok;
}

static bool take_text(struct store *store, struct progress *progress, const char *body,
                      const char *respondent, bool *out_his)
{
    char digest[CHAIN_HEX], whose[NAME_MAX_CHARS + 1], devices[1024], order[NAME_MAX_CHARS + 8];
    char *text = input_read_order(body, digest);
    bool ok = true;

    *out_his = false;
    if (text == NULL)
        return true;
    value_of(text, "respondent", whose, sizeof whose);
    *out_his = strcmp(whose, respondent) == 0;
    if (*out_his) {
        value_of(text, "devices", devices, sizeof devices);
        snprintf(order, sizeof order, "%.*s", (int)strcspn(text + strcspn(text, " ") + 1, "]"),
                 text + strcspn(text, " ") + 1); // "[order ID]"
        ok = scrub_devices(store, progress, devices) && scrub_notes(store, progress, order);
    }
    free(text);
    return ok;
}

/* Texts are kept once and few: all are looked at. */
static bool choose_texts(struct store *store, struct progress *progress, const char *respondent,
                         struct taking *taking)
{
    static const char sql[] = "SELECT number, body FROM entry WHERE kind = 'order' AND once = 1"
                              " AND body IS NOT NULL";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &all, NULL);
    bool his, ok = rc == SQLITE_OK;

    while (ok && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        uint64_t number = (uint64_t)sqlite3_column_int64(all, 0);

        ok =
            take_text(store, progress, (const char *)sqlite3_column_text(all, 1), respondent, &his);
        if (ok && his)
            taking_add(taking, &taking->bodies, (struct doomed){ number, number });
    }
    sqlite3_finalize(all);
    return ok && rc == SQLITE_DONE;
}

/* ---- all of it ---- */

static const char his_alerts[] = "SELECT a.sequence, a.entry FROM alert a JOIN entry e ON e.number"
                                 " = a.entry WHERE e.respondent = ?1 AND e.salt <> x''";
static const char his_bodies[] =
    "SELECT number, number FROM entry WHERE respondent = ?1 AND body IS NOT NULL"
    " AND kind IN ('ping', 'time', 'rules', 'withdrawn', 'ack')";

bool store_forget(struct store *store, const struct forgetting *forgetting, struct fault *why)
{
    struct progress progress = store_progress(store);
    struct kept_entry entry = {
        .kind = "forgotten", .at = forgetting->now, .respondent = "", .evidence = true
    };
    const char *who = forgetting->respondent;
    struct taking taking = { 0 };
    bool ok;

    if (!may_be_forgotten(store, who, why))
        return false;
    ok = store_settle(store,
                      store_step(store, BEGIN_COMMIT) &&
                          choose_all(store, his_alerts, who, &taking, &taking.alerts) &&
                          choose_all(store, his_bodies, who, &taking, &taking.bodies) &&
                          choose_texts(store, &progress, who, &taking) &&
                          taking_take(store, &progress, &taking, &entry, forgetting->record),
                      &progress, why);
    taking_fini(&taking);
    store->bodies_removed |= ok;
    store->truncate_wal |= ok;
    return ok;
}
