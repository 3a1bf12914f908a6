/* SPDX-License-Identifier: Apache-2.0 */
/* looks.h - the looks at places that stand in the ledger, read beside breachd. Asserts nothing. */
#ifndef ADVERSARY_LOOKS_H
#define ADVERSARY_LOOKS_H

#include <stdbool.h>

/* A ledger at `path` and what was asked with the reason "look N ...". */
struct looks;

struct looks *looks_open(const char *path); /* NULL: it cannot be read */
void looks_close(struct looks *looks);      /* NULL is fine */

/* The digest of the first link, as doors of the ledger want it; "" while there is none. */
enum { LOOKS_DIGEST = 65 };
void looks_first(struct looks *looks, char digest[LOOKS_DIGEST]);

/* Whether look `nth` is on disk now, among the newest that are. */
bool looks_hold(struct looks *looks, unsigned long nth);

/* Sets bit N of `found` for each look N below `most` that stands there; how many there are. */
unsigned long looks_find(struct looks *looks, unsigned char *found, unsigned long most);

#endif
