/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_known.h - the tables of what is known: devices, incidents, custodies, and the ids last read
 * of the streams. The sum, modulo 2^256, of the digests of all their rows, each of table, key and
 * value as netstrings, is kept beside them: whoever changes, puts in or takes out a row behind
 * breachd's back leaves a sum that does not fit, and a link of the chain has it now and then.
 */
#ifndef ADAPTER_LEDGER_STORE_KNOWN_H
#define ADAPTER_LEDGER_STORE_KNOWN_H

#include "adapter/digest.h"
#include "adapter/ledger/kept.h"

#include <sqlite3.h>

struct store_known_sum {
    unsigned char bytes[DIGEST_BYTES]; /* the lowest first */
};

struct store;
struct progress;

/* Puts a row of one of these tables, of ROW_DEVICE to ROW_READ, and moves the sum. */
bool store_known_put(struct store *store, struct progress *progress, const struct row *row);

/* The sum over the rows that are there. False when they cannot be read. */
bool store_known_sum(sqlite3 *db, struct store_known_sum *out);

/*
 * Appends a link with the sum; when it shall look, with that of the
 * rows too, from which it goes on.
 */
bool store_known_link(struct store *store, struct progress *progress, const struct row *row);

#endif
