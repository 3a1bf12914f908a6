/* SPDX-License-Identifier: Apache-2.0 */
/* store_salvage.h - what the alerts still tell of a row that was spoilt. For store.c. */
#ifndef ADAPTER_LEDGER_STORE_SALVAGE_H
#define ADAPTER_LEDGER_STORE_SALVAGE_H

#include "adapter/ledger/kept.h"

#include <sqlite3.h>

enum { SALVAGE_NAME_MAX = 256 };

/*
 * Raises the numbers of the row, a device's or an incident's, over all that were told, so that no
 * id is told twice; and an incident that was told as open is open, so that its end will be told.
 * Reads all alerts: for a row in a lifetime. False when the ledger cannot be read.
 */
bool store_salvage(sqlite3 *db, struct row *row, struct fault *why);

#endif
