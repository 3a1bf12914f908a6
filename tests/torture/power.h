/* SPDX-License-Identifier: Apache-2.0 */
/* power.h - the power fails: writes to the ledger that no sync has covered are taken back. */
#ifndef TORTURE_POWER_H
#define TORTURE_POWER_H

#include "support/dice.h"
#include "support/testbed.h"

/* An empty file of notes, before breachd is started for the first time. */
void power_begin(const struct testbed *testbed);

/* Before breachd is started: leaves but the notes that may be needed, and none that a kill cut. */
void power_mend(const struct testbed *testbed);

/*
 * After breachd was killed: takes back all unsynced writes, or some of them, as the dice say: a
 * disk may have kept any. How many.
 */
size_t power_fail(const struct testbed *testbed, struct dice *dice);

#endif
