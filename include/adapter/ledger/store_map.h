/* SPDX-License-Identifier: Apache-2.0 */
/* store_map.h - the way of a respondent around one incident: for a map of it. For store.c. */
#ifndef ADAPTER_LEDGER_STORE_MAP_H
#define ADAPTER_LEDGER_STORE_MAP_H

#include "adapter/ledger/kept.h"
#include "core/arena.h"

#include <sqlite3.h>

/*
 * The pings that were kept from so many minutes before its first alert until as many after its
 * last, the control room's apart, oldest first: the newest STORE_MAP_PINGS of them, and none that
 * is more than STORE_MAP_BEYOND entries of the respondent away from these alerts.
 */
enum { STORE_MAP_AROUND_MS = 15 * 60 * 1000, STORE_MAP_PINGS = 1000, STORE_MAP_BEYOND = 500 };
bool store_map_pings(sqlite3 *db, const char *incident, struct arena *arena, struct listed *out,
                     struct fault *why);

#endif
