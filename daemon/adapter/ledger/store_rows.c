/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_rows.h"

#include "adapter/json/known_pack.h"

const char *store_row_print(const struct row *row, char text[KNOWN_TEXT_MAX])
{
    switch (row->kind) {
    case ROW_DEVICE:
        return known_device_row(&row->device, &row->estimate, text);
    case ROW_INCIDENT:
        return known_incident_row(&row->incident, text);
    case ROW_CUSTODY:
        return known_custody_print(&row->custody, text);
    case ROW_LAST_ACK:
    case ROW_READ:
    case ROW_ALERT:
    case ROW_ENTRY:
    case ROW_EVIDENCE:
    case ROW_STATE:
        break;
    }
    return row->name;
}

enum recall store_row_read_known(sqlite3_stmt *from, struct row *out)
{
    bool named = out->kind == ROW_LAST_ACK || out->kind == ROW_READ; // that is all of the row
    bool none = !named && sqlite3_column_type(from, 1) == SQLITE_NULL;
    const char *text = none ? "" : (const char *)sqlite3_column_text(from, 1);

    switch (out->kind) {
    case ROW_DEVICE:
        return known_device_recall(text, &out->device, &out->estimate);
    case ROW_INCIDENT:
        return known_incident_recall(text, &out->incident);
    case ROW_CUSTODY:
        return known_custody_recall(text, &out->custody);
    case ROW_LAST_ACK:
    case ROW_READ:
    case ROW_ALERT:
    case ROW_ENTRY:
    case ROW_EVIDENCE:
    case ROW_STATE:
        break;
    }
    return RECALL_WHOLE; // its name is all
}

void store_row_bind_alert(sqlite3_stmt *put, const struct kept_alert *alert, uint64_t entry)
{
    const char *const texts[] = { alert->id,       alert->type,  alert->area, alert->severity,
                                  alert->incident, alert->event, alert->by,   alert->note };
    static const int columns[] = { 2, 3, 4, 5, 6, 8, 11, 12 };

    sqlite3_bind_int64(put, 1, (sqlite3_int64)alert->sequence);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        sqlite3_bind_text(put, columns[i], texts[i], -1, SQLITE_STATIC);
    sqlite3_bind_int(put, 7, (int)alert->effect);
    sqlite3_bind_int64(put, 9, (sqlite3_int64)entry);
    sqlite3_bind_int(put, 10, (int)alert->todo);
}

bool store_row_read_alert(sqlite3_stmt *row, struct arena *arena, struct kept_alert *alert)
{
    const char **const texts[] = { &alert->id,       &alert->type,  &alert->area, &alert->severity,
                                   &alert->incident, &alert->event, &alert->by,   &alert->note };
    static const int columns[] = { 1, 2, 3, 4, 5, 7, 10, 11 };

    alert->sequence = (uint64_t)sqlite3_column_int64(row, 0);
    alert->effect = (enum alert_effect)sqlite3_column_int(row, 6);
    alert->todo = (enum alert_effect)sqlite3_column_int(row, 9);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        *texts[i] = arena_text(arena, (const char *)sqlite3_column_text(row, columns[i]));
        if (*texts[i] == NULL)
            return false;
    }
    return true;
}
