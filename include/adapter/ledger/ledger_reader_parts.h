/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_reader_parts.h - what ledger_reader.c and audit.c share. */
#ifndef ADAPTER_LEDGER_LEDGER_READER_PARTS_H
#define ADAPTER_LEDGER_LEDGER_READER_PARTS_H

#include "adapter/ledger/ledger_reader.h"

#include <sqlite3.h>

struct ledger_reader {
    sqlite3 *db;
};

bool ledger_reader_say(struct ledger_reader *reader, struct fault *why);

/* "" for NULL. Raises *odd for what is no text, or has a zero byte inside. */
const char *ledger_reader_text(sqlite3_stmt *row, int column, bool *odd);
int64_t ledger_reader_whole(sqlite3_stmt *row, int column,
                            bool *odd); /* the same of a whole number */

/* False: it has another length, or is no blob. */
bool ledger_reader_blob(sqlite3_stmt *row, int column, unsigned char *out, int size);

#endif
