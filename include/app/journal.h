/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h - what core was asked and what it knew before, kept beside its alerts so that a court
 * can have it judged again. What is kept: every question that changed something, and those in the
 * minutes after an alert; the minutes before it stay when they were kept at all. Where something
 * happened in between that was not kept, and now and then, an entry also says what was known.
 */
#ifndef APP_JOURNAL_H
#define APP_JOURNAL_H

#include "adapter/json/input.h"
#include "adapter/ledger/ledger.h"
#include "app/config.h"
#include "app/roster.h"
#include "core/memory.h"

/* Around an alert; and so often an entry says what was known, to judge again from there. */
enum { JOURNAL_AROUND_MS = 10 * 60 * 1000 };

/*
 * Which texts come into force: prepared beside the loop, put by it. Of a million orders they are 30
 * MiB, so the ledger borrows them: they stay until the commit that has them is over.
 */
struct journal_texts {
    struct journal_texts *older; /* that a commit may still have */
    uint64_t commit;             /* that these went into; 0: none yet */
    const char *kind;            /* "started", "reload" */
    char *list, *body;           /* of the entries; NULL: on disk */
    bool *news; /* by an order's number: its text is new by this reload; NULL: at a start */
};

/* `old` NULL: a start. Looks at rules alone, so any thread may. NULL when memory is out. */
struct journal_texts *journal_texts_create(const struct rulebook *old, const struct config *fresh);
void journal_texts_destroy(struct journal_texts *texts); /* with all older ones; NULL is fine */

struct journal {
    struct ledger *ledger;
    const struct config *config;
    bool exercise;
    bool settings_kept;          /* the ledger has those in force */
    struct memory before;        /* what was known before the question being asked, */
    struct record before_it;     /* what the ledger had of the respondent, */
    bool before_settings;        /* and whether it had the settings */
    bool starts;                 /* the question must say what was known */
    uint64_t zones;              /* which it is about */
    bool kept;                   /* the newest question became an entry, */
    size_t bytes;                /* of about so many */
    struct journal_texts *texts; /* that came into force last */
};

/*
 * These are in force from now on: `config` borrowed, `texts` taken. Of several while nothing can be
 * put only the newest are: by the others nobody was judged.
 */
void journal_adopt(struct journal *journal, const struct config *config,
                   struct journal_texts *texts, bool exercise);

/*
 * What was put may not have reached the disk, and no commit is in flight: begins anew. The roster
 * forgets its records.
 */
void journal_forget(struct journal *journal);

/* Call before a question about some of his zones is asked, */
void journal_before(struct journal *journal, struct record *record, struct vicinity *vicinity,
                    struct utc now);

/*
 * and after it was answered, before its alerts are put: puts its entry if it is one. One of which
 * nothing is told counts against its device's budget, [ledger] device-day, and is not kept beyond
 * that; nor when the disk gets full. False when it does not fit into memory.
 */
bool journal_after(struct journal *journal, struct record *record, const struct respondent *who,
                   const struct track *track, const struct question *question,
                   const struct outcome *outcome);

/* Nothing of the question stands: all is as before journal_before. */
void journal_undo(struct journal *journal, struct record *record, const struct respondent *who,
                  struct track *track);

/*
 * Puts which texts came into force, unless that is on disk. Before an exercise knows its time it
 * waits. False, as below, when it does not fit into memory.
 */
bool journal_put_revision(struct journal *journal, struct utc now);

/* Puts those of the respondent's orders that are new by the newest reload. */
bool journal_put_news(struct journal *journal, const struct respondent *who, struct utc now);

void journal_fini(struct journal *journal); /* zeroed is fine */

/* A zone is in no order any more. */
bool journal_withdrawn(struct journal *journal, const struct exclusion *gone,
                       const struct incident *before, struct utc now);

#endif
