/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_incidents.h - which incidents are open by the alerts of the ledger, which need somebody,
 * and the newest alert that says so of each: two small tables that triggers keep, so that nobody
 * reads through millions of alerts for it. For store.c.
 */
#ifndef ADAPTER_LEDGER_STORE_INCIDENTS_H
#define ADAPTER_LEDGER_STORE_INCIDENTS_H

#include "adapter/ledger/kept.h"
#include "core/arena.h"

#include <sqlite3.h>

/*
 * Makes the tables and their triggers where they are missing. A table that is new is filled from
 * the alerts that are there, which takes one pass over them.
 */
bool store_incidents_make(sqlite3 *db, struct fault *why);

/* Fills both anew by the alerts that are left, within a transaction. */
bool store_incidents_refill(sqlite3 *db);

/*
 * Up to `limit` newest alerts of the incidents in a table, those after the sequence `after`, in
 * sequence, as rows in `arena`. Not for FETCH_ALERTS.
 */
bool store_incidents_fetch(sqlite3 *db, const struct fetch *asked, struct arena *arena,
                           struct row **out_rows, struct fault *why);

/*
 * What a listing asks for, as rows in `arena`. Of LISTING_ALL so many alerts are looked at in one
 * call, whether they are the newest of their incidents or not.
 */
enum { STORE_LISTING_SCAN = 2000 };
bool store_incidents_list(sqlite3 *db, const struct listing *asked, struct arena *arena,
                          struct listed *out, struct fault *why);

#endif
