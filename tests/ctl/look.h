/* SPDX-License-Identifier: Apache-2.0 */
/* look.h - what breachctl verify finds wrong in the ledger of a house: how much, and the first. */
#ifndef CTL_LOOK_H
#define CTL_LOOK_H

#include "ctl/walk.h"
#include "support/house.h"

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

static inline struct found look(const struct house *house)
{
    struct found found = { 0 };
    struct anchors anchors = { 0 };
    struct walk walk = { .on_break = on_break, .arg = &found, .anchors = &anchors };
    struct ledger_reader *reader = NULL;
    struct fault why;

    if (!ledger_reader_open(house_path(house, "ledger.db").text, &reader, &why) ||
        !walk_ledger(&walk, reader, &why))
        fail_msg("%s", why.text);
    ledger_reader_close(reader);
    return found;
}

static inline void assert_whole(const struct house *house)
{
    struct found found = look(house);

    if (found.n != 0)
        fail_msg("entry %d: %s", (int)found.entry, found.why);
}

/* The ledger is what was copied to whole.db. */
static inline void put_back(struct house *house)
{
    house_remove(house, "ledger.db-wal");
    house_remove(house, "ledger.db-shm");
    house_copy(house, house_path(house, "whole.db").text, "ledger.db");
}

#endif
