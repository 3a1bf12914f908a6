/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_rows.h - what is known of a device, of an incident, as a row of the ledger. For
 * ledger_store.c.
 */
#ifndef ADAPTER_LEDGER_ROWS_H
#define ADAPTER_LEDGER_ROWS_H

#include "adapter/ledger_store.h"

#include <sqlite3.h>

/*
 * What is known as JSON, of a word that was heard its id. The caller frees; NULL when memory is
 * out.
 */
char *row_print(const struct row *row);

/* What is bound is borrowed until the statement has run. */
void row_bind_alert(sqlite3_stmt *put, const struct kept_alert *alert, uint64_t entry);

/* From `SELECT *`. False for what is not ours, or when memory is out. */
bool row_read_device(sqlite3_stmt *row, struct known_device *out);
bool row_read_incident(sqlite3_stmt *row, struct incident *out);
bool row_read_custody(sqlite3_stmt *row, struct custody *out);

/* Texts into `arena`; false when memory is out. */
bool row_read_alert(sqlite3_stmt *row, struct arena *arena, struct kept_alert *alert);

#endif
