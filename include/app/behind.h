/* SPDX-License-Identifier: Apache-2.0 */
/*
 * behind.h - orders that were in force last, as the chain of evidence has it, and are not by the
 * rules of a start: what was last good could not be kept, so what is kept beside the ledger is
 * older.
 */
#ifndef APP_BEHIND_H
#define APP_BEHIND_H

#include "core/fault.h"
#include "core/index.h"
#include "core/rulebook.h"

/* Zeroed is none. */
struct behind {
    char **ids; /* of orders; each once */
    size_t n, room;
    struct index of;
};

/*
 * Compares `rules` with the list that the newest start or reload left in the ledger at that path:
 * orders that are not there and, when `exact`, those with another text. A start that was behind
 * itself has left the same. No ledger: none. False with the reason when nobody can tell.
 */
bool behind_find(const char *ledger, const struct rulebook *rules, bool exact, struct behind *out,
                 struct fault *why);

/* Those of `old` that are not in these rules either. False when memory is out. */
bool behind_inherit(const struct behind *old, const struct rulebook *rules, struct behind *out);
void behind_fini(struct behind *behind);

/* Whether the zone "ORDER/ZONE" is of one of them. */
bool behind_has(const struct behind *behind, const char *subject);

/* "A, B and others" */
enum { BEHIND_NAMED = 5, BEHIND_TEXT_MAX = BEHIND_NAMED * (NAME_MAX_CHARS + 2) + 16 };
const char *behind_print(const struct behind *behind, char text[BEHIND_TEXT_MAX]);

#endif
