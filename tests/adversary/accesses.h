/* SPDX-License-Identifier: Apache-2.0 */
/* accesses.h - who looked at places, as the ledger has it, read beside breachd. Asserts nothing. */
#ifndef ADVERSARY_ACCESSES_H
#define ADVERSARY_ACCESSES_H

#include <stdbool.h>

/* A ledger at `path` and what was asked with the reason "look N ...". */
struct accesses;

struct accesses *accesses_open(const char *path); /* NULL: it cannot be read */
void accesses_close(struct accesses *accesses);   /* NULL is fine */

/* The digest of the first link, as doors of the ledger want it; "" while there is none. */
enum { ACCESSES_DIGEST = 65 };
void accesses_first(struct accesses *accesses, char digest[ACCESSES_DIGEST]);

/* Whether look `nth` is on disk now, among the newest that are. */
bool accesses_hold(struct accesses *accesses, unsigned long nth);

/* Sets bit N of `found` for each look N below `most` that stands there; how many there are. */
unsigned long accesses_find(struct accesses *accesses, unsigned char *found, unsigned long most);

#endif
