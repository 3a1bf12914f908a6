/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_rows.h - what is known of a device, of an incident, as a row of the ledger. For
 * store.c.
 */
#ifndef ADAPTER_LEDGER_STORE_ROWS_H
#define ADAPTER_LEDGER_STORE_ROWS_H

#include "adapter/json/known.h"
#include "adapter/ledger/kept.h"
#include "core/arena.h"

#include <sqlite3.h>

/*
 * What is known as JSON, printed into `text`; of an ack its id, which is the row's
 * name. Cannot fail.
 */
const char *store_row_print(const struct row *row, char text[KNOWN_TEXT_MAX]);

/* What is bound is borrowed until the statement has run. */
void store_row_bind_alert(sqlite3_stmt *put, const struct kept_alert *alert, uint64_t entry);

/*
 * The value of a device, an incident, a custody from `SELECT *`; `out` has its kind and its name.
 */
enum recall store_row_read_known(sqlite3_stmt *from, struct row *out);

/* Texts into `arena`; false when memory is out. */
bool store_row_read_alert(sqlite3_stmt *row, struct arena *arena, struct kept_alert *alert);

#endif
