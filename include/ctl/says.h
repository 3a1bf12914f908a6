/* SPDX-License-Identifier: Apache-2.0 */
/*
 * says.h - what links of the chain say of others: which entries became evidence, whose bodies
 * retention took, which alerts were renumbered, where the chain of an older ledger ends.
 */
#ifndef CTL_SAYS_H
#define CTL_SAYS_H

#include "ctl/gone.h"

struct says_evidence {
    uint64_t from, link; /* all of the respondent from there on, up to this link */
    uint64_t lowest;     /* of this and all later ones of the respondent: the lowest `from` */
};

struct says_taken {
    uint64_t from, until, link;
    struct utc before; /* only what is older than that */
    bool alerts;       /* the alerts of these links, rows and all; else bodies */
    bool evidence;     /* evidence too: its time was over, */
    enum gone_why why;
    bool forgotten; /* or the respondent was forgotten, or it is not in this archive: texts too */
};

struct says_renumbered {
    uint64_t link;
    int64_t after, from; /* those after `after` moved, so that the first is `from` + 1 */
};

/* The link "migrated" (store_closing.h). Link 0: there is none. */
struct says_closing {
    uint64_t link, number;
    char digest[CHAIN_HEX], entries[CHAIN_HEX], alerts[CHAIN_HEX];
    int64_t sequence, published;
};

struct says {
    void *persons; /* tree of who has evidence */
    struct says_taken *taken;
    size_t n_taken, room_taken;
    struct says_renumbered *renumbered;
    size_t n_renumbered, room_renumbered;
    struct says_closing closing;
    struct gone gone;
    int64_t published; /* as far as Redis has confirmed */
    bool broken;       /* out of memory */
    void (*on_odd)(uint64_t link, const char *why, void *arg);
    void *arg;
};

/* Reads them all; `on_odd` is told of those that do not fit each other. `arg` is for it. */
bool says_read(struct ledger_reader *reader, struct says *says, struct fault *why);
void says_fini(struct says *says); /* zeroed is fine */

/* The first link after this entry that made it evidence; 0: none. */
uint64_t says_evidence(const struct says *says, const struct read_entry *entry);

/* The link by which retention took that entry's body, or its alert; NULL: none. */
const struct says_taken *says_taken(const struct says *says, uint64_t entry);

#endif
