/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_row.h - a ping whose members stand as texts, in breachd's own units: of CSV and GPX. Pure.
 */
#ifndef ADAPTER_PING_PING_ROW_H
#define ADAPTER_PING_PING_ROW_H

#include "core/fault.h"
#include "core/ping.h"

enum ping_field {
    ROW_DEVICE_ID,
    ROW_TIME,
    ROW_DATE, /* where the time is that of the day alone: for the reader to put together */
    ROW_LAT,
    ROW_LAT_SIDE, /* N or S, of a latitude without a sign */
    ROW_LON,
    ROW_LON_SIDE, /* E or W */
    ROW_ACCURACY,
    ROW_HDOP,
    ROW_SPEED,
    ROW_COURSE,
    ROW_BATTERY_LEVEL,
    ROW_TAMPER,
    ROW_VALID,    /* "false", "0" or "no fix": its sender does not vouch for the position */
    ROW_OUTDATED, /* "true" or "1": the same */
    PING_FIELDS
};

/* NULL or "": not given. */
struct ping_row {
    const char *value[PING_FIELDS];
    double speed_unit; /* m/s in one of it; 0: it is m/s */
};

bool ping_row_read(const struct ping_row *row, struct ping *out, struct fault *why);

#endif
