/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statements.h - what links of the chain say of others: which entries became evidence, whose bodies
 * retention took, which alerts were renumbered, where the chain of an older ledger ends.
 */
#ifndef CTL_STATEMENTS_H
#define CTL_STATEMENTS_H

#include "ctl/removals.h"

struct statement_evidence {
    uint64_t from, link; /* all of the respondent from there on, up to this link */
    uint64_t lowest;     /* of this and all later ones of the respondent: the lowest `from` */
};

struct statement_taken {
    uint64_t from, until, link;
    struct utc before; /* only what is older than that */
    bool alerts;       /* the alerts of these links, rows and all; else bodies */
    bool evidence;     /* evidence too: its time was over, */
    enum removal_cause why;
    bool forgotten; /* or the respondent was forgotten, or it is not in this archive: texts too */
};

struct statement_renumbered {
    uint64_t link;
    int64_t after, from; /* those after `after` moved, so that the first is `from` + 1 */
};

/* The link "migrated" (store_closing.h). Link 0: there is none. */
struct statement_closing {
    uint64_t link, number;
    char digest[CHAIN_HEX], entries[CHAIN_HEX], alerts[CHAIN_HEX];
    int64_t sequence, published;
};

struct statements {
    void *persons; /* tree of who has evidence */
    struct statement_taken *taken;
    size_t n_taken, room_taken;
    struct statement_renumbered *renumbered;
    size_t n_renumbered, room_renumbered;
    struct statement_closing closing;
    struct removals gone;
    int64_t published; /* as far as Redis has confirmed */
    bool broken;       /* out of memory */
    void (*on_odd)(uint64_t link, const char *why, void *arg);
    void *arg;
};

/* Reads them all; `on_odd` is told of those that do not fit each other. `arg` is for it. */
bool statements_read(struct ledger_reader *reader, struct statements *statements,
                     struct fault *why);
void statements_fini(struct statements *statements); /* zeroed is fine */

/* The first link after this entry that made it evidence; 0: none. */
uint64_t statement_evidence(const struct statements *statements, const struct read_entry *entry);

/* The link by which retention took that entry's body, or its alert; NULL: none. */
const struct statement_taken *statement_taken(const struct statements *statements, uint64_t entry);

#endif
