/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rejudge.h - kept questions asked again, entry by entry of a ledger: whatever alert comes out
 * otherwise than it was told is a difference.
 */
#ifndef CTL_REJUDGE_H
#define CTL_REJUDGE_H

#include "adapter/ledger/ledger_reader.h"

#include <stdbool.h>

struct respondent_replay;
struct rejudge;

struct rejudge_counts {
    uint64_t questions, alerts;
    uint64_t skipped; /* questions that cannot be asked: what was known before them is gone */
    uint64_t older;   /* questions that another engine has judged: by a release before */
    uint64_t differences;
};

/* `on_difference` is told of each: the entry, what was told ("": nothing), what comes out now. */
typedef void rejudge_difference(uint64_t entry, const char *recorded, const char *now, void *arg);

struct rejudge *rejudge_create(rejudge_difference *on_difference, void *arg); /* NULL: no memory */
void rejudge_destroy(struct rejudge *rejudge);

/* Entries in the order of the ledger, from a start on; all that belong to it. */
void rejudge_entry(struct rejudge *rejudge, const struct read_entry *entry);

/* Whoever was judged, as they are known by now (respondent_replay.h); NULL: nobody of that name. */
const struct respondent_replay *rejudge_replay(const struct rejudge *rejudge, const char *id);

/* After the last: what is still expected was never told. */
struct rejudge_counts rejudge_end(struct rejudge *rejudge);

#endif
