/* SPDX-License-Identifier: Apache-2.0 */
/* desk.h - a ledger at work in an event loop, and the story of what it told. */
#ifndef ADAPTER_IO_DESK_H
#define ADAPTER_IO_DESK_H

#include "adapter/ledger/ledger.h"
#include "sql.h"
#include "support/house.h"

struct desk {
    struct house *house;
    struct event_base *base;
    struct ledger *ledger;
    struct path path;
    char story[2048];                       /* "committed waiter:1 alerts:1..2 " */
    sqlite3 *holder;                        /* somebody who keeps the ledger from committing */
    void (*on_word)(struct desk *, char *); /* called with each word of the story; NULL: nobody */
};

/* Opens the house's ledger.db; desk_close() closes it, and frees the base. */
void desk_open(struct desk *desk, struct house *house);
void desk_close(struct desk *desk);
void desk_reopen(struct desk *desk);

bool desk_put(struct desk *desk, int nth); /* alert number nth of some_alert() */
/* A waiter that tells "done:NTH " or "given-up:NTH "; nth below 100. */
bool desk_wait(struct desk *desk, int nth);

void desk_fetch(struct desk *desk, uint64_t after, unsigned limit);

/* Until the story has this in it. */
void desk_until(struct desk *desk, const char *words);
/* Turns the loop until the ledger is idle, and asserts that this is what was told meanwhile. */
void desk_expect(struct desk *desk, const char *story);

/* While held, a commit stays in flight: at most 2 s, then it fails. */
void desk_hold(struct desk *desk);
void desk_release(struct desk *desk);

int64_t desk_number(const struct desk *desk, const char *sql); /* of what is on disk */

#endif
