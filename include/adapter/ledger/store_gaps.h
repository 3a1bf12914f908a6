/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_gaps.h - what went must not stand between the cells of a page. `secure_delete` clears what
 * is freed, but a b-tree page that is made anew when its tree is balanced keeps old bytes in its
 * unallocated part (sqlite.org/fileformat2.html, 1.6). So that part is cleared as a page is written
 * into the file, which is when the log is emptied into it. For store*.c and worker.c.
 */
#ifndef ADAPTER_LEDGER_STORE_GAPS_H
#define ADAPTER_LEDGER_STORE_GAPS_H

#include "core/fault.h"

#include <sqlite3.h>

#include <stddef.h>
#include <stdint.h>

struct store;

/* How a file is written, and which page a pass over one of before comes to. */
struct store_gaps {
    sqlite3_io_methods clearing; /* the file's own, but for xWrite */
    const sqlite3_io_methods *own;
    uint64_t next; /* from 0 */
    bool cleared;  /* all pages were written by `clearing`, or passed over */
};

/*
 * Clears the unallocated part of one page of `size` bytes, 512 to 65536; `first` is page 1, which
 * has the file's header before its own. False, and nothing is changed, when the page is no b-tree
 * page, or has no such part, or there is nothing in it.
 */
bool store_gaps_clear(unsigned char *page, size_t size, bool first);

/* From now on each page that goes into the file is cleared. */
bool store_gaps_watch(struct store *store, struct fault *why);

/*
 * Notes in the file that each of its pages was cleared, by the view gaps_cleared, which says which
 * file that is: a copy of its pages, as a snapshot is, may hold what was not cleared yet. No mark:
 * one more would be a break to who verifies, and older versions do. False: it cannot be noted.
 */
bool store_gaps_note(sqlite3 *db);

/*
 * Of a ledger that a breachd of before has written, or of a copy, clears the next pages, at most
 * 16 MiB. Does nothing while the log is not empty. True when all are clear; each ledger is passed
 * over once.
 */
bool store_gaps_sweep(struct store *store);
bool store_gaps_cleared(const struct store *store);

#endif
