/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger_rows.h"

#include "adapter/known_json.h"

#include <string.h>

char *row_print(const struct row *row)
{
    switch (row->kind) {
    case ROW_DEVICE:
        return known_device_print(&row->device);
    case ROW_INCIDENT:
        return known_incident_print(&row->incident);
    case ROW_CUSTODY:
        return known_custody_print(&row->custody);
    default:
        return strdup(row->name);
    }
}

bool row_read_custody(sqlite3_stmt *row, struct custody *out)
{
    return known_custody_read((const char *)sqlite3_column_text(row, 1), out);
}

bool row_read_device(sqlite3_stmt *row, struct known_device *out)
{
    return known_device_read((const char *)sqlite3_column_text(row, 1), out);
}

bool row_read_incident(sqlite3_stmt *row, struct incident *out)
{
    return known_incident_read((const char *)sqlite3_column_text(row, 1), out);
}

void row_bind_alert(sqlite3_stmt *put, const struct kept_alert *alert, uint64_t entry)
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

bool row_read_alert(sqlite3_stmt *row, struct arena *arena, struct kept_alert *alert)
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
