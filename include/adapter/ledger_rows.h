/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_rows.h - what is known of a device, of an incident, as a row of the ledger. For
 * ledger_store.c.
 */
#ifndef ADAPTER_LEDGER_ROWS_H
#define ADAPTER_LEDGER_ROWS_H

#include "adapter/ledger_store.h"

#include <sqlite3.h>

/* Columns in the order of the schema; what is bound is borrowed until the statement has run. */
void row_bind_device(sqlite3_stmt *put, const char *id, const struct known_device *device);
void row_bind_incident(sqlite3_stmt *put, const char *subject, const struct incident *incident);

void row_bind_alert(sqlite3_stmt *put, const struct kept_alert *alert);

/* From `SELECT *`, into a zeroed value. */
void row_read_device(sqlite3_stmt *row, struct known_device *device);
void row_read_incident(sqlite3_stmt *row, struct incident *incident);

/* Texts into `arena`; false when memory is out. */
bool row_read_alert(sqlite3_stmt *row, struct arena *arena, struct kept_alert *alert);

#endif
