/* SPDX-License-Identifier: Apache-2.0 */
/* prepare.h - all that new rules need, made beside the loop, so that it only swaps pointers. */
#ifndef APP_PREPARE_H
#define APP_PREPARE_H

#include "adapter/complaints.h"
#include "app/config.h"
#include "app/journal.h"
#include "app/roster.h"
#include "core/revision.h"

struct prepare_options {
    const char *path;             /* of breachd.conf */
    const struct config *running; /* in force, only looked at, must stay meanwhile; NULL: a start */
    struct utc now;               /* orders that have ended by then may go */
    struct utc at;                /* the same by our own clock, also in an exercise */
    bool exercise;                /* a start with bad files is none */
    char really[DIGEST_CHARS + 1]; /* the step that may let half of the orders go; "": none */
};

/* Lines of the thresholds that a reload changes, as many as an alert has room for. */
enum { PREPARED_CHANGED_MAX = 256 };

struct prepared {
    struct config *config;              /* NULL: refused, as the complaints say; */
    struct complaints complaints;       /* else what of the files is not in force */
    char really[DIGEST_CHARS + 1];      /* names the step where too many orders would go; else "" */
    struct last_good_copy *copy;        /* of these texts, to be put in place; NULL: none */
    struct revision_counts revised;     /* since the rules that run, */
    char changed[PREPARED_CHANGED_MAX]; /* and their thresholds, a line each; "": none */
    struct journal_texts *texts;
    struct slots *slots;
};

/*
 * Reads and builds what the files say. Refused too is a step from the rules in force to ones in
 * which half of the orders are gone that have not ended, but for the one of `really`. What is
 * refused at a start comes into force as it was last good, if it ever was; so does a single file of
 * orders with `reload = by-file`. What comes into force is copied beside the ledger: the caller
 * has the copy put in its place once the ledger is its own. Logs complaints, and what would change.
 * Comes back soon, with nothing, once `stop` is true.
 */
void prepare(const struct prepare_options *options, const atomic_bool *stop, struct prepared *out);

/* Zeroed is fine, and so is what it becomes. */
void prepared_fini(struct prepared *prepared);

#endif
