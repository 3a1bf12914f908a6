/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_forget_known.c - what the tables know of who is forgotten: where the devices were that he
 * carries or was the last to carry, and what the control room noted of his incidents.
 */
#include "adapter/ledger/store_forget_parts.h"
#include "adapter/ledger/store_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A row that is read while its own table is written: the key is a copy. */
enum { KEY_MAX = 256 };

/* Puts it when it is another than it was. */
static bool put_changed(struct store *store, struct progress *progress, struct row *row,
                        const char *before, size_t *changed)
{
    char text[KNOWN_TEXT_MAX];

    if (strcmp(store_row_print(row, text), before) == 0)
        return true;
    ++*changed;
    return store_known_put(store, progress, row);
}

/* ---- devices ---- */

/* Where it was is nobody's business any more; its numbers go on, as its ids never repeat. */
static bool scrub_device(struct store *store, struct progress *progress, struct row *row,
                         size_t *changed)
{
    char before[KNOWN_TEXT_MAX];

    store_row_print(row, before);
    known_device_forget(&row->device);
    memset(row->device.remarks, 0, sizeof row->device.remarks);
    row->device.remarks_next = 0;
    return put_changed(store, progress, row, before, changed);
}

/* The rows of `sql` whose carrier is `carrier`, be it 0: not noted. */
static bool scrub_devices(struct store *store, struct progress *progress, const char *sql,
                          const char *bound, uint32_t carrier, size_t *changed)
{
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &all, NULL);
    bool ok = rc == SQLITE_OK;

    if (ok)
        sqlite3_bind_text(all, 1, bound, -1, SQLITE_STATIC);
    while (ok && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        char id[KEY_MAX];
        struct row row = { .kind = ROW_DEVICE, .name = id };

        snprintf(id, sizeof id, "%s", (const char *)sqlite3_column_text(all, 0));
        if (store_row_read_known(all, &row) == RECALL_WHOLE && row.device.carrier == carrier)
            ok = scrub_device(store, progress, &row, changed);
    }
    sqlite3_finalize(all);
    return ok && rc == SQLITE_DONE;
}

/*
 * By who carries it, and not by whose order once named it: the tag may be on somebody else now, who
 * must not be lost with him. A ledger of before breachd noted that has his texts alone.
 */
static bool scrub_carried(struct store *store, struct progress *progress, const char *respondent,
                          const struct forget_ids *ids, size_t *changed)
{
    uint32_t mark = name_mark(respondent);
    char carried[32];
    bool ok;

    snprintf(carried, sizeof carried, "\"carrier\":%" PRIu32, mark);
    ok = scrub_devices(store, progress, "SELECT id, known FROM device WHERE instr(known, ?1) > 0",
                       carried, mark, changed);
    for (size_t i = 0; ok && i < ids->devices.n; i++)
        ok = scrub_devices(store, progress, "SELECT id, known FROM device WHERE id = ?1",
                           ids->devices.all[i], 0, changed);
    return ok;
}

/* ---- notes ---- */

static bool scrub_notes(struct store *store, struct progress *progress, const char *sql,
                        const char *bound, size_t *changed)
{
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &all, NULL);
    bool ok = rc == SQLITE_OK;

    if (ok)
        sqlite3_bind_text(all, 1, bound, -1, SQLITE_STATIC);
    while (ok && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        char incident[KEY_MAX], before[KNOWN_TEXT_MAX];
        struct row row = { .kind = ROW_CUSTODY, .name = incident };

        snprintf(incident, sizeof incident, "%s", (const char *)sqlite3_column_text(all, 0));
        if (store_row_read_known(all, &row) != RECALL_WHOLE)
            continue;
        store_row_print(&row, before);
        memset(row.custody.note, 0, sizeof row.custody.note);
        ok = put_changed(store, progress, &row, before, changed);
    }
    sqlite3_finalize(all);
    return ok && rc == SQLITE_DONE;
}

/* What the control room wrote about him stays in no row. */
static bool scrub_his_notes(struct store *store, struct progress *progress, const char *respondent,
                            const struct forget_ids *ids, size_t *changed)
{
    static const char told[] = "SELECT incident, known FROM custody WHERE incident IN (SELECT"
                               " a.incident FROM alert a JOIN entry e ON e.number = a.entry"
                               " WHERE e.respondent = ?1)";
    static const char below[] = "SELECT incident, known FROM custody WHERE"
                                " substr(incident, 1, length(?1)) = ?1";
    bool ok = scrub_notes(store, progress, told, respondent, changed);
    char begins[KEY_MAX];

    for (size_t i = 0; ok && i < ids->orders.n; i++) {
        snprintf(begins, sizeof begins, "%s/", ids->orders.all[i]);
        ok = scrub_notes(store, progress, below, begins, changed);
    }
    for (size_t i = 0; ok && i < ids->devices.n; i++) {
        snprintf(begins, sizeof begins, "device/%s/", ids->devices.all[i]);
        ok = scrub_notes(store, progress, below, begins, changed);
    }
    return ok;
}

bool forget_known(struct store *store, struct progress *progress, const char *respondent,
                  const struct forget_ids *ids, size_t *changed)
{
    return scrub_his_notes(store, progress, respondent, ids, changed) &&
           scrub_carried(store, progress, respondent, ids, changed);
}
