/* SPDX-License-Identifier: Apache-2.0 */
/* store_step.c - runs one statement, asks for one number: what the rest of store_*.c stands on. */
#include "adapter/ledger/store_parts.h"

bool store_step(struct store *store, enum statement which)
{
    int rc = sqlite3_step(store->statements[which]);

    sqlite3_reset(store->statements[which]);
    return rc == SQLITE_DONE || rc == SQLITE_ROW;
}

bool store_ask(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;

    if (ok)
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return ok;
}
