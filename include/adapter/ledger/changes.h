/* SPDX-License-Identifier: Apache-2.0 */
/* changes.h - rows that one commit will hold, and those who wait for it. For ledger.c. */
#ifndef ADAPTER_LEDGER_CHANGES_H
#define ADAPTER_LEDGER_CHANGES_H

#include "adapter/ledger/kept.h"
#include "core/arena.h"

struct waiter {
    struct waiter *next;
    void (*done)(bool ok, void *arg);
    void *arg;
};

/* All in the arena: freeing that frees them. */
struct changes {
    struct arena arena;
    struct row *rows, **last_row;
    struct row *alerts, **last_alert; /* those of the rows that are, by next_alert */
    struct waiter *waiters, **last_waiter;
    size_t n;  /* rows */
    bool sync; /* it goes to the disk even without any */
};

void changes_init(struct changes *changes);

/* The same anew, its memory kept for what gathers next. */
void changes_clear(struct changes *changes);

/* A new row, its value still to be filled; NULL when memory is out. Names and texts are copied. */
struct row *changes_add_row(struct changes *changes, enum row_kind kind, const char *name);
bool changes_add_alert(struct changes *changes, const struct kept_alert *alert);
bool changes_add_entry(struct changes *changes, const struct kept_entry *entry);
bool changes_add_waiter(struct changes *changes, void (*done)(bool ok, void *arg), void *arg);

/* Where the rows stand; and back to there, when a change does not fit as a whole. */
struct changes_place {
    struct arena_place arena;
    struct row **last_row, **last_alert;
    size_t n;
};
struct changes_place changes_here(const struct changes *changes);
void changes_back(struct changes *changes, const struct changes_place *place);

/* Calls each waiter once. */
void changes_tell(const struct changes *changes, bool ok);

/* Relinks the rows so that only the alerts are left: nobody needs the others any more. */
struct row *changes_alerts(struct changes *changes);

#endif
