/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger_rows.h"

#include <math.h>
#include <string.h>

static void bind_real(sqlite3_stmt *statement, int nth, double value)
{
    if (isnan(value))
        sqlite3_bind_null(statement, nth);
    else
        sqlite3_bind_double(statement, nth, value);
}

void row_bind_device(sqlite3_stmt *put, const char *id, const struct known_device *device)
{
    sqlite3_bind_text(put, 1, id, -1, SQLITE_STATIC);
    if (device->heard)
        sqlite3_bind_int64(put, 2, device->newest.time.ms);
    else
        sqlite3_bind_null(put, 2);
    bind_real(put, 3, device->newest.at.lon);
    bind_real(put, 4, device->newest.at.lat);
    bind_real(put, 5, device->newest.accuracy);
    sqlite3_bind_int(put, 6, device->near);
    sqlite3_bind_int(put, 7, device->tampered);
    sqlite3_bind_int(put, 8, device->battery_low);
    sqlite3_bind_int(put, 9, device->clock_told);
    sqlite3_bind_int64(put, 10, device->alerts);
    sqlite3_bind_blob(put, 11, device->recent, sizeof device->recent, SQLITE_STATIC);
    sqlite3_bind_int64(put, 12, device->recent_next);
}

void row_read_device(sqlite3_stmt *row, struct known_device *device)
{
    const void *recent = sqlite3_column_blob(row, 10);

    device->heard = sqlite3_column_type(row, 1) != SQLITE_NULL;
    device->newest.time.ms = sqlite3_column_int64(row, 1);
    device->newest.at.lon = sqlite3_column_double(row, 2);
    device->newest.at.lat = sqlite3_column_double(row, 3);
    device->newest.accuracy =
        sqlite3_column_type(row, 4) == SQLITE_NULL ? NAN : sqlite3_column_double(row, 4);
    device->near = sqlite3_column_int(row, 5) != 0;
    device->tampered = sqlite3_column_int(row, 6) != 0;
    device->battery_low = sqlite3_column_int(row, 7) != 0;
    device->clock_told = sqlite3_column_int(row, 8) != 0;
    device->alerts = (uint32_t)sqlite3_column_int64(row, 9);
    if (recent != NULL && sqlite3_column_bytes(row, 10) == sizeof device->recent)
        memcpy(device->recent, recent, sizeof device->recent);
    device->recent_next = (unsigned)sqlite3_column_int(row, 11) % DEVICE_RECENT;
}

void row_bind_incident(sqlite3_stmt *put, const char *subject, const struct incident *incident)
{
    sqlite3_bind_text(put, 1, subject, -1, SQLITE_STATIC);
    sqlite3_bind_int(put, 2, (int)incident->phase);
    sqlite3_bind_int(put, 3, incident->authorised);
    sqlite3_bind_int64(put, 4, incident->number);
    sqlite3_bind_int64(put, 5, incident->numbers);
    sqlite3_bind_int64(put, 6, incident->alerts);
    sqlite3_bind_int64(put, 7, incident->pings);
    sqlite3_bind_int64(put, 8, incident->opened.ms);
    sqlite3_bind_int64(put, 9, incident->told.ms);
    sqlite3_bind_int64(put, 10, incident->ended.ms);
    sqlite3_bind_int64(put, 11, incident->entered.ms);
    sqlite3_bind_int64(put, 12, incident->before_from.ms);
    sqlite3_bind_int64(put, 13, incident->before_until.ms);
    sqlite3_bind_int64(put, 14, incident->late_from.ms);
    sqlite3_bind_int64(put, 15, incident->late_until.ms);
}

void row_read_incident(sqlite3_stmt *row, struct incident *incident)
{
    incident->phase = (enum phase)sqlite3_column_int(row, 1);
    incident->authorised = sqlite3_column_int(row, 2) != 0;
    incident->number = (uint32_t)sqlite3_column_int64(row, 3);
    incident->numbers = (uint32_t)sqlite3_column_int64(row, 4);
    incident->alerts = (uint32_t)sqlite3_column_int64(row, 5);
    incident->pings = (uint32_t)sqlite3_column_int64(row, 6);
    incident->opened.ms = sqlite3_column_int64(row, 7);
    incident->told.ms = sqlite3_column_int64(row, 8);
    incident->ended.ms = sqlite3_column_int64(row, 9);
    incident->entered.ms = sqlite3_column_int64(row, 10);
    incident->before_from.ms = sqlite3_column_int64(row, 11);
    incident->before_until.ms = sqlite3_column_int64(row, 12);
    incident->late_from.ms = sqlite3_column_int64(row, 13);
    incident->late_until.ms = sqlite3_column_int64(row, 14);
}

void row_bind_alert(sqlite3_stmt *put, const struct kept_alert *alert)
{
    const char *const texts[] = { alert->id,       alert->type,     alert->area,
                                  alert->severity, alert->incident, alert->event };
    static const int columns[] = { 2, 3, 4, 5, 6, 8 };

    sqlite3_bind_int64(put, 1, (sqlite3_int64)alert->sequence);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        sqlite3_bind_text(put, columns[i], texts[i], -1, SQLITE_STATIC);
    sqlite3_bind_int(put, 7, (int)alert->effect);
}

bool row_read_alert(sqlite3_stmt *row, struct arena *arena, struct kept_alert *alert)
{
    const char **const texts[] = { &alert->id,       &alert->type,     &alert->area,
                                   &alert->severity, &alert->incident, &alert->event };
    static const int columns[] = { 1, 2, 3, 4, 5, 7 };

    alert->sequence = (uint64_t)sqlite3_column_int64(row, 0);
    alert->effect = (enum alert_effect)sqlite3_column_int(row, 6);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        *texts[i] = arena_text(arena, (const char *)sqlite3_column_text(row, columns[i]));
        if (*texts[i] == NULL)
            return false;
    }
    return true;
}
