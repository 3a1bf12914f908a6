/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody.h - who in the control room has an incident: an alert that nobody saw did not happen. A
 * critical alert that nobody takes is escalated after `remind`, again at twice and at four times.
 * (ISA-18.2 and EEMUA 191: an alarm wants an operator's action, and its acknowledgement is kept
 * apart from its end.)
 */
#ifndef CORE_CUSTODY_H
#define CORE_CUSTODY_H

#include "core/fault.h"
#include "core/instant.h"

#include <stdint.h>

enum { CUSTODY_BY_MAX = 65, CUSTODY_NOTE_MAX = 512, CUSTODY_REMINDERS = 3, CUSTODY_ENTRY_MAX = 48 };

/*
 * What is shelved (ISA-18.2) is kept quiet for so long at most. Who says until when reads another
 * clock than ours: what is so little more is cut to that.
 */
enum { CUSTODY_SHELF_MS = 8 * 3600 * 1000, CUSTODY_SHELF_SLACK_MS = 60 * 1000 };

/*
 * Of one incident. Zeroed: nothing critical was told of it, and nobody has it; and, of a ledger of
 * before, where its first alert stands is not known.
 */
struct custody {
    struct utc since;  /* the newest critical alert; it waits until it is taken; 0: there is none */
    uint32_t reminded; /* how often it was escalated */
    uint32_t alerts;   /* what took it, handed, shelved, escalated, closed it, so far */
    bool taken, closed;
    char by[CUSTODY_BY_MAX]; /* who has it, or closed it */
    bool unseen;             /* Redis has not yet said that an alert of it stands in the stream */
    char since_entry[CUSTODY_ENTRY_MAX]; /* only an ack of a later entry may be about it; "": any */
    /*
     * The ledger is an older copy, or new: of the incident it knows only what Redis showed. It
     * stays in `todo`, taken or not, until it is closed.
     */
    bool lost;
    bool forgotten;              /* whose it was is forgotten: nothing can be said of it any more */
    uint32_t corrected;          /* it went through so many moves of our clock: corrections.h */
    char note[CUSTODY_NOTE_MAX]; /* the newest one, cut; whole it stands in the ack's own entry */
    struct utc shelved;          /* it is kept quiet until then; 0: it is not */
    uint32_t shelved_at;         /* how grave it was then, an enum severity */
    bool outgrown;               /* it has become graver since: that ends at once */
    char shelved_by[CUSTODY_BY_MAX];
};

enum custody_act {
    CUSTODY_ACK,
    CUSTODY_CLOSE,
    CUSTODY_HAND,
    CUSTODY_SHELVE,
    CUSTODY_NOTE,
    CUSTODY_ACTS
};

/*
 * What the control room says about an incident: `action` is an act or a note alone. Texts are ""
 * where a field is missing, and borrowed for the call.
 */
struct ack {
    const char *id, *incident, *action, *by, *reason, *note;
    const char *to, *until; /* to whom it is handed; until when, or for how long, it is shelved */
    bool settled; /* all alerts on disk stand in Redis; `telling`: some are on their way there */
    bool telling;
};

/* A reason that an incident may be closed with; else false, and *why names them. */
bool custody_reason_check(const char *reason, struct fault *why);

/* "ack", "close", "hand", "shelve", "note". */
bool custody_act_of(const char *word, enum custody_act *out_act);

/* A critical alert: whoever took it when it was less must look again, and it is shelved no more. */
void custody_alarm(struct custody *custody, struct utc at);

/* An alert so grave was told of it; whether that ends that it is shelved. */
bool custody_grows(struct custody *custody, uint32_t severity);

/*
 * Somebody takes it, or closes it; `reason` may be "" for CUSTODY_ACK. The first stands: refused,
 * with the reason and *custody as it was, when another has taken it or it is closed.
 */
bool custody_put(struct custody *custody, enum custody_act act, const char *by, const char *reason,
                 struct fault *why);

/*
 * `by` gives it to somebody else, who has it from then on; the last one who does so stands. Refused
 * likewise: what nobody has, what `to` has already, and what is closed.
 */
bool custody_hand(struct custody *custody, const char *by, const char *to, struct fault *why);

/* What is to be shelved: by whom, until when, and as how grave. */
struct custody_shelf {
    const char *by;
    struct utc now, until;
    uint32_t severity;
};

/*
 * It is kept quiet, CUSTODY_SHELF_MS at most. Refused likewise: what waits for somebody, what
 * another has shelved, and what is closed. Who has shelved it may say another time, and so may who
 * has it now, however it came to him: the shelf is then his.
 */
bool custody_shelve(struct custody *custody, const struct custody_shelf *shelf, struct fault *why);
void custody_unshelve(struct custody *custody);

/* Whether `by` may note that: it says something, and the incident is not closed. */
bool custody_may_note(const struct custody *custody, const char *by, const char *note,
                      struct fault *why);

/* The newest note stands; "" leaves the one before. Cut between characters of UTF-8. */
void custody_note(struct custody *custody, const char *note);

/* Whether that it is shelved ends at `now`. */
bool custody_shelf_is_over(const struct custody *custody, struct utc now);

/* When it is to be escalated next, or is shelved no more; UTC_NEVER: not. */
struct utc custody_due(const struct custody *custody, int64_t remind_ms);

#endif
