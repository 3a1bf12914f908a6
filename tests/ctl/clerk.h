/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clerk.h - breachctl at work on a house's ledger. What cannot be done fails the test on the spot.
 */
#ifndef CTL_CLERK_H
#define CTL_CLERK_H

#include "support/house.h"

/*
 * Asserts that verify finds the chain whole, and replay no difference; how many alerts it compared.
 */
long long clerk_agrees(struct house *house);

/* A number of replay --json. */
long long clerk_replayed(struct house *house, const char *member);

/* Changes the ledger behind breachd's back. */
void clerk_doctor(struct house *house, const char *sql);
long long clerk_number(struct house *house, const char *sql); /* the first of the first row */
void clerk_text(struct house *house, const char *sql, char *out, size_t room); /* the same */

/* The evening that the demo plays, in this house. */
void clerk_play_the_demo(struct house *house);

#endif
