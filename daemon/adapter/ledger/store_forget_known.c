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

static bool gather(struct forgotten *out, const struct row *row)
{
    struct row *copy = arena_take(out->arena, sizeof *copy);

    if (copy == NULL)
        return false;
    *copy = *row;
    copy->name = arena_text(out->arena, row->name);
    copy->next = out->rows;
    out->rows = copy;
    return copy->name != NULL;
}

/* Puts it when it is another than it was. */
static bool put_changed(const struct forget_known *known, const struct row *row, const char *before)
{
    char text[KNOWN_TEXT_MAX];

    return strcmp(store_row_print(row, text), before) == 0 ||
           (store_known_put(known->store, known->progress, row) && gather(known->out, row));
}

/* ---- devices ---- */

/* Where it was is nobody's business any more; its numbers go on, as its ids never repeat. */
static bool erase_device(const struct forget_known *known, struct row *row)
{
    char before[KNOWN_TEXT_MAX];

    store_row_print(row, before);
    known_device_blank(&row->device);
    row->estimate = (struct estimate){ .origin = { 0 } };
    return put_changed(known, row, before);
}

/* The rows of `sql` whose carrier is `carrier`, be it 0: not noted. */
static bool erase_devices(const struct forget_known *known, const char *sql, const char *bound,
                          uint32_t carrier)
{
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(known->store->db, sql, -1, &all, NULL);
    bool ok = rc == SQLITE_OK;

    if (ok)
        sqlite3_bind_text(all, 1, bound, -1, SQLITE_STATIC);
    while (ok && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        char id[KEY_MAX];
        struct row row = { .kind = ROW_DEVICE, .name = id };

        snprintf(id, sizeof id, "%s", (const char *)sqlite3_column_text(all, 0));
        if (store_row_read_known(all, &row) == RECALL_WHOLE && row.device.carrier == carrier)
            ok = erase_device(known, &row);
    }
    sqlite3_finalize(all);
    return ok && rc == SQLITE_DONE;
}

/*
 * By who carries it, and not by whose order once named it: the tag may be on somebody else now, who
 * must not be lost with him. A ledger of before breachd noted that has his texts alone.
 */
static bool erase_carried(const struct forget_known *known)
{
    const struct forget_ids *ids = known->ids;
    uint32_t mark = name_mark(known->respondent);
    char carried[32];
    bool ok;

    snprintf(carried, sizeof carried, "\"carrier\":%" PRIu32, mark);
    ok = erase_devices(known, "SELECT id, known FROM device WHERE instr(known, ?1) > 0", carried,
                       mark);
    for (size_t i = 0; ok && i < ids->devices.n; i++)
        ok = erase_devices(known, "SELECT id, known FROM device WHERE id = ?1", ids->devices.all[i],
                           0);
    return ok;
}

/* ---- notes ---- */

static bool erase_notes(const struct forget_known *known, const char *sql, const char *bound)
{
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(known->store->db, sql, -1, &all, NULL);
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
        row.custody.forgotten = true;
        ok = put_changed(known, &row, before);
    }
    sqlite3_finalize(all);
    return ok && rc == SQLITE_DONE;
}

/* What the control room wrote about him stays in no row, and no more is taken. */
static bool erase_his_notes(const struct forget_known *known)
{
    const struct forget_ids *ids = known->ids;
    static const char noted[] = "SELECT incident, known FROM custody WHERE incident IN (SELECT"
                                " a.incident FROM alert a JOIN entry e ON e.number = a.entry"
                                " WHERE e.respondent = ?1)";
    static const char below[] = "SELECT incident, known FROM custody WHERE"
                                " substr(incident, 1, length(?1)) = ?1";
    bool ok = erase_notes(known, noted, known->respondent);
    char begins[KEY_MAX];

    for (size_t i = 0; ok && i < ids->orders.n; i++) {
        snprintf(begins, sizeof begins, "%s/", ids->orders.all[i]);
        ok = erase_notes(known, below, begins);
    }
    for (size_t i = 0; ok && i < ids->devices.n; i++) {
        snprintf(begins, sizeof begins, "device/%s/", ids->devices.all[i]);
        ok = erase_notes(known, below, begins);
    }
    return ok;
}

bool forget_known(const struct forget_known *known)
{
    return erase_his_notes(known) && erase_carried(known);
}
