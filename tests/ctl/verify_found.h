/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_found.h - what breachctl verify finds wrong in a testbed's ledger: how much, and the
 * first.
 */
#ifndef CTL_VERIFY_FOUND_H
#define CTL_VERIFY_FOUND_H

#include "ctl/walk.h"
#include "support/testbed.h"

#include <stdio.h>

#include "support/test.h"

struct found {
    int n;
    uint64_t entry;
    char why[160];
};

static inline void on_break(uint64_t entry, const char *why, void *arg)
{
    struct found *found = arg;

    if (found->n++ == 0) {
        found->entry = entry;
        snprintf(found->why, sizeof found->why, "%s", why);
    }
}

static inline struct found verify_found(const struct testbed *testbed)
{
    struct found found = { 0 };
    struct anchors anchors = { 0 };
    struct walk walk = { .on_break = on_break, .arg = &found, .anchors = &anchors };
    struct ledger_reader *reader = NULL;
    struct fault why;

    if (!ledger_reader_open(testbed_path(testbed, "ledger.db").text, &reader, &why) ||
        !walk_ledger(&walk, reader, &why))
        fail_msg("%s", why.text);
    ledger_reader_close(reader);
    return found;
}

static inline void assert_whole(const struct testbed *testbed)
{
    struct found found = verify_found(testbed);

    if (found.n != 0)
        fail_msg("entry %d: %s", (int)found.entry, found.why);
}

/* The ledger is what was copied to whole.db. */
static inline void put_back(struct testbed *testbed)
{
    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-shm");
    testbed_copy(testbed, testbed_path(testbed, "whole.db").text, "ledger.db");
}

#endif
