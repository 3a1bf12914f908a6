/* SPDX-License-Identifier: Apache-2.0 */
/* power.h - the power fails: writes to the ledger that no sync has covered are taken back. */
#ifndef TORTURE_POWER_H
#define TORTURE_POWER_H

#include "support/dice.h"
#include "support/house.h"

/* An empty file of notes, before breachd is started for the first time. */
void power_begin(const struct house *house);

/*
 * After breachd was killed and before it is started: a note that the kill cut short, and that no
 * write has followed, goes.
 */
void power_mend(const struct house *house);

/*
 * After breachd was killed: takes back all unsynced writes, or some of them, as the dice say: a
 * disk may have kept any. How many.
 */
size_t power_fail(const struct house *house, struct dice *dice);

#endif
