/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leftover.h - an entry of `open` or `todo` that a Redis still holds when the ledger is an older
 * copy, or new: what was going on, as far as it says. Hostile bytes: whoever may write there wrote
 * them. Pure.
 */
#ifndef ADAPTER_JSON_LEFTOVER_H
#define ADAPTER_JSON_LEFTOVER_H

#include "core/alert.h"
#include "core/custody.h"
#include "core/index.h"

enum {
    LEFTOVER_INCIDENT_MAX = 160, /* its id with the NUL: of two names, a kind and a number */
    LEFTOVER_WORD_MAX = 32,
    LEFTOVER_REASON_MAX = ALERT_REASON_MAX
};

/* Texts are clean UTF-8, "" where they are not told or cannot be read. */
struct leftover {
    char incident[LEFTOVER_INCIDENT_MAX];
    uint64_t sequence; /* of its alert; 0: not told */
    enum severity severity;
    char type[LEFTOVER_WORD_MAX], time[LEFTOVER_WORD_MAX]; /* "breach", RFC 3339 */
    char area[NAME_MAX_CHARS + 1], respondent[NAME_MAX_CHARS + 1], reason[LEFTOVER_REASON_MAX];
    char by[CUSTODY_BY_MAX], note[CUSTODY_NOTE_MAX]; /* who has it; `by` "": nobody */
};

enum leftover_kind {
    LEFTOVER_OURS,     /* or nothing says whose: *out is filled in as far as it can be read */
    LEFTOVER_ANOTHERS, /* it says that it is of another site */
    LEFTOVER_NONE      /* its key is the id of no incident */
};

/*
 * The entry `incident` of such a hash, with its `value`: an alert, or an object that has one as its
 * member `alert`; "" when that was too large to be read.
 */
enum leftover_kind leftover_read(const char *incident, const char *value, const char *site,
                                 struct leftover *out);

#endif
