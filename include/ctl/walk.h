/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.h - a ledger from its first link to its last, and its tables beside them: what does not fit
 * the chain is told, each once.
 */
#ifndef CTL_WALK_H
#define CTL_WALK_H

#include "ctl/anchors.h"
#include "ctl/meter.h"
#include "ctl/statements.h"

struct walk {
    /* Told of each break; of one that is of no entry 0. */
    void (*on_break)(uint64_t entry, const char *why, void *arg);
    void *arg;
    struct anchors *anchors;
    const char *what;         /* for the progress meter */
    struct removals *removed; /* by somebody; NULL: nobody wants to know */

    /* What was found: */
    struct chain chain; /* as far as it was walked */
    uint64_t entries, taken, orphans, anchored, accesses;
    uint64_t gone[REMOVED_LEFT_OUT + 1]; /* of `taken`, by why */
    struct utc first, last;

    /* For the walk itself: */
    struct meter meter;
    struct statements statements;
    struct digest closing;  /* of what the link "migrated" closed */
    int64_t sequence;       /* of the alert before, as it was given */
    size_t moved;           /* links "renumbered" that came before it */
    size_t passed;          /* of statements.taken, those before it */
    struct utc anchored_at; /* when the chain was last told, */
    uint64_t anchored_by;   /* and by which entry */
};

/* Reads everything. False when the file cannot be read. */
bool walk_ledger(struct walk *walk, struct ledger_reader *reader, struct fault *why);

/* The two halves of it: links; and the tables. */
bool walk_links(struct walk *walk, struct ledger_reader *reader, struct fault *why);
bool walk_tables(struct walk *walk, struct ledger_reader *reader, struct fault *why);

#endif
