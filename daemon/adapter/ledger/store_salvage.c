/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_salvage.h"

#include <stdio.h>
#include <string.h>

/* Alerts of incident ?1/N, whatever N. */
#define OF_SUBJECT "substr(incident, 1, length(?1) + 1) = ?1 || '/'"

static const char highest_number[] =
    "SELECT max(CAST(substr(incident, length(?1) + 2) AS INT)) FROM alert WHERE " OF_SUBJECT;
static const char open_number[] =
    "SELECT max(CAST(substr(incident, length(?1) + 2) AS INT)) FROM open WHERE " OF_SUBJECT;
static const char gravest[] =
    "SELECT max(CASE severity WHEN 'critical' THEN 3 WHEN 'high' THEN 2 ELSE 1 END) FROM alert"
    " WHERE incident = ?1 AND effect = 1";
static const char alerts_of[] = "SELECT count(*) FROM alert WHERE incident = ?1";
static const char highest_id[] = "SELECT max(CAST(substr(id, instr(id, ?1) + length(?1)) AS INT))"
                                 " FROM alert WHERE instr(id, ?1) > 0";

/* The one number that `sql` gives for `name`; NULL is 0. */
static bool ask(sqlite3 *db, const char *sql, const char *name, uint32_t *out, struct fault *why)
{
    sqlite3_stmt *found = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &found, NULL) == SQLITE_OK &&
              sqlite3_bind_text(found, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(found) == SQLITE_ROW;
    sqlite3_int64 value = ok ? sqlite3_column_int64(found, 0) : 0;

    if (!ok)
        fault_set(why, "ledger: %s (%d)", sqlite3_errmsg(db), sqlite3_extended_errcode(db));
    sqlite3_finalize(found);
    *out = value > 0 && value < UINT32_MAX / 2 ? (uint32_t)value : 0;
    return ok;
}

static bool raise(sqlite3 *db, const char *sql, const char *name, uint32_t *number,
                  struct fault *why)
{
    uint32_t found;

    if (!ask(db, sql, name, &found, why))
        return false;
    if (found > *number)
        *number = found;
    return true;
}

static const char *name_of(const char *subject, uint32_t number, char out[SALVAGE_NAME_MAX])
{
    snprintf(out, SALVAGE_NAME_MAX, "%s/%u", subject, number);
    return out;
}

/* An incident that was told as open, and not as over, goes on as grave as it was ever told. */
static bool reopen(sqlite3 *db, const char *subject, struct incident *incident, struct fault *why)
{
    char name[SALVAGE_NAME_MAX];
    uint32_t open, phase;

    if (incident->phase != PHASE_NONE)
        return true;
    if (!ask(db, open_number, subject, &open, why) ||
        !ask(db, gravest, name_of(subject, open, name), &phase, why))
        return false;
    if (open == 0 || phase == 0)
        return true;
    incident->number = open;
    incident->phase = (enum phase)phase;
    incident->ended = UTC_NEVER;
    return true;
}

static bool salvage_incident(sqlite3 *db, const char *subject, struct incident *incident,
                             struct fault *why)
{
    char name[SALVAGE_NAME_MAX];

    return raise(db, highest_number, subject, &incident->numbers, why) &&
           reopen(db, subject, incident, why) &&
           raise(db, alerts_of, name_of(subject, incident->number, name), &incident->alerts, why);
}

static bool salvage_troubles(sqlite3 *db, const char *id, struct known_device *device,
                             struct fault *why)
{
    char name[SALVAGE_NAME_MAX];
    bool ok = true;

    for (size_t i = 0; ok && i < TROUBLES; i++) {
        snprintf(name, sizeof name, "device/%s/%s", id, trouble_name((enum trouble_kind)i));
        ok = raise(db, highest_number, name, &device->troubles[i].number, why);
    }
    return ok;
}

bool store_salvage(sqlite3 *db, struct row *row, struct fault *why)
{
    char name[SALVAGE_NAME_MAX];

    switch (row->kind) {
    case ROW_DEVICE:
        snprintf(name, sizeof name, "/device/%s/", row->name);
        return raise(db, highest_id, name, &row->device.alerts, why) &&
               salvage_troubles(db, row->name, &row->device, why);
    case ROW_INCIDENT:
        return (strcmp(row->name, "clock") != 0 ||
                raise(db, highest_id, "/clock/", &row->incident.alerts, why)) &&
               salvage_incident(db, row->name, &row->incident, why);
    case ROW_CUSTODY:
    case ROW_LAST_ACK:
    case ROW_READ:
    case ROW_ALERT:
    case ROW_ENTRY:
    case ROW_EVIDENCE:
    case ROW_STATE:
        break;
    }
    return true;
}
