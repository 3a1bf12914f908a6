/* SPDX-License-Identifier: Apache-2.0 */
/* store_fixture.h - a store with entries of evidence in it, and the walking of its chain. */
#ifndef ADAPTER_IO_STORE_FIXTURE_H
#define ADAPTER_IO_STORE_FIXTURE_H

#include "adapter/ledger/changes.h"
#include "adapter/ledger/store.h"
#include "sql.h"
#include "support/testbed.h"

struct store *store_fixture_open(const struct testbed *testbed); /* the testbed's ledger.db */

/* An entry "ping" of `respondent` at `at`, whose body names both and `word`. */
struct kept_entry store_fixture_ping(const char *respondent, int64_t at, const char *word);

/* Commits these; whether it did. */
bool store_fixture_put(struct store *store, const struct kept_entry *entries, size_t n);

/* Commits that what was kept of the respondent since then is evidence. */
bool store_fixture_mark(struct store *store, const char *respondent, int64_t since);

/* Takes the bodies of up to `limit` entries before that instant away; whether there may be more. */
bool store_fixture_retain(struct store *store, int64_t before, unsigned limit);

/* The same of alerts of devices. */
bool store_fixture_retain_alerts(struct store *store, int64_t before, unsigned limit);

/*
 * Asserts that the chain in the file holds, every body that is there fits, and only
 * questions and alerts that are no evidence lack theirs. How many entries were put,
 * without those of the store itself.
 */
uint64_t store_fixture_verify(const struct testbed *testbed);

/* Whether the bytes of `word` stand in the testbed's file of that name. */
bool store_fixture_holds(const struct testbed *testbed, const char *name, const char *word);

#endif
