/* SPDX-License-Identifier: Apache-2.0 */
/* ping_row.h - a ping whose members stand as texts, in breachd's own units: of CSV and GPX. Pure.
 */
#ifndef ADAPTER_PING_ROW_H
#define ADAPTER_PING_ROW_H

#include "core/fault.h"
#include "core/ping.h"

enum ping_field {
    ROW_DEVICE_ID,
    ROW_TIME,
    ROW_LAT,
    ROW_LON,
    ROW_ACCURACY,
    ROW_HDOP,
    ROW_SPEED,
    ROW_COURSE,
    ROW_BATTERY_LEVEL,
    ROW_TAMPER,
    PING_FIELDS
};

/* NULL or "": not given. */
struct ping_row {
    const char *value[PING_FIELDS];
};

/* The field that a column of this name is; PING_FIELDS: none. Capitals do not count. */
enum ping_field ping_row_field(const char *name);

bool ping_row_read(const struct ping_row *row, struct ping *out, struct fault *why);

#endif
