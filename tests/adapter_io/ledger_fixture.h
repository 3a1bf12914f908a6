/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_fixture.h - a ledger at work in an event loop, and the story of what it told. */
#ifndef ADAPTER_IO_LEDGER_FIXTURE_H
#define ADAPTER_IO_LEDGER_FIXTURE_H

#include "adapter/ledger/ledger.h"
#include "sql.h"
#include "support/testbed.h"

struct ledger_fixture {
    struct testbed *testbed;
    struct event_base *base;
    struct ledger *ledger;
    struct path path;
    char story[2048]; /* "committed waiter:1 alerts:1..2 " */
    sqlite3 *holder;  /* somebody who keeps the ledger from committing */
    void (*on_report)(struct ledger_fixture *,
                      char *); /* called with each word of the story; NULL: nobody */
};

/* Opens the testbed's ledger.db; ledger_fixture_close() closes it, and frees the base. */
void ledger_fixture_open(struct ledger_fixture *fixture, struct testbed *testbed);
void ledger_fixture_close(struct ledger_fixture *fixture);
void ledger_fixture_reopen(struct ledger_fixture *fixture);

bool ledger_fixture_put(struct ledger_fixture *fixture,
                        int nth); /* alert number nth of some_alert() */
/* A waiter that tells "done:NTH " or "given-up:NTH "; nth below 100. */
bool ledger_fixture_wait(struct ledger_fixture *fixture, int nth);

void ledger_fixture_fetch(struct ledger_fixture *fixture, uint64_t after, unsigned limit);

/* Until the story has this in it. */
void ledger_fixture_until(struct ledger_fixture *fixture, const char *words);
/* Turns the loop until the ledger is idle, and asserts that this is what was told meanwhile. */
void ledger_fixture_expect(struct ledger_fixture *fixture, const char *story);

/* Puts alerts `first` to `last`, and nothing else is told than that they are committed. */
void ledger_fixture_commit(struct ledger_fixture *fixture, int first, int last);
/* Blind by a commit that failed, the disk well again: nothing in flight, an empty story. */
void ledger_fixture_blind(struct ledger_fixture *fixture);

/* While held, a commit stays in flight: at most 2 s, then it fails. */
void ledger_fixture_hold(struct ledger_fixture *fixture);
void ledger_fixture_release(struct ledger_fixture *fixture);

int64_t ledger_fixture_number(const struct ledger_fixture *fixture,
                              const char *sql); /* of what is on disk */

#endif
