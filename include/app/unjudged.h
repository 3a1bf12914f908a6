/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unjudged.h - the bulkhead's word: what could not be judged or kept of one respondent is that
 * respondent's trouble, and told as such. Told once until it works again, and not again within ten
 * minutes, with how often it has happened; when it cannot be told at once, each second anew.
 */
#ifndef APP_UNJUDGED_H
#define APP_UNJUDGED_H

#include "core/instant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pipeline;

enum { UNJUDGED_AGAIN_MS = 10 * 60 * 1000 };

/* What failed; its word is the alert's `cause`. */
enum unjudged_cause {
    UNJUDGED_PING,       /* a ping: its sender is told too */
    UNJUDGED_TIME,       /* a boundary in time: tried again each second */
    UNJUDGED_RULES,      /* judging by the rules in force: tried again each second */
    UNJUDGED_SAVED,      /* saving where somebody far was: tried again a minute later */
    UNJUDGED_ESCALATION, /* telling that nobody has taken an alert: tried again each second */
    UNJUDGED_RECALLED,   /* reading from the ledger what was known: the rest is gone on with */
    UNJUDGED_CAUSES
};

/* Of one respondent; in the roster. Zeroed is none. */
struct unjudged {
    enum unjudged_cause cause; /* the newest */
    uint32_t count;            /* times since it last worked, or since that was told */
    unsigned char device;      /* of the respondent's: whose it was, or the first */
    bool owed, reported;       /* it is to be told; it was, and has not worked since */
    bool rules;                /* judging by the rules in force is to be tried again */
    bool over;                 /* it works again, and that could not be kept: tried again */
    bool past;                 /* what is due lay in the past: that was logged */
    struct utc at;             /* when it was told last; 0: never */
};

/*
 * A question about respondent number `nth` could not be judged or kept: counts, and tells if due.
 */
void unjudged_note(struct pipeline *pipeline, size_t nth, size_t device, enum unjudged_cause cause);

/* Judging by the rules in force failed too: it is tried again in a second. */
void unjudged_owe_rules(struct pipeline *pipeline, size_t nth);

/*
 * Something of the respondent was judged and kept: what was told before
 * goes on no more, also after a restart.
 */
void unjudged_over(struct pipeline *pipeline, size_t nth);

/*
 * Begins to look through everybody for what is owed, if anything is and that is not going on
 * already: once a second, and at the end of a round. What is owed in such a look is done once.
 */
void unjudged_begin(struct pipeline *pipeline);

/*
 * Goes on looking: at UNJUDGED_STEPS respondents at most, and does UNJUDGED_UNITS for them and what
 * the last one costs, so that a turn has as much left for time; stops where the ledger is full.
 * Returns the units that it took: those of PIPELINE_TURN_UNITS, and a row is one too.
 */
enum { UNJUDGED_STEPS = 10000, UNJUDGED_UNITS = 128 };
size_t unjudged_go_on(struct pipeline *pipeline);

#endif
