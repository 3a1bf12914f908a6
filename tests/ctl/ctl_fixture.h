/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl_fixture.h - breachctl at work on a testbed's ledger. What cannot be
 * done fails the test on the spot.
 */
#ifndef CTL_CTL_FIXTURE_H
#define CTL_CTL_FIXTURE_H

#include "support/testbed.h"

/*
 * Asserts that verify finds the chain whole, and replay no difference; how many alerts it compared.
 */
long long ctl_fixture_agrees(struct testbed *testbed);

/* A number of replay --json. */
long long ctl_fixture_replayed(struct testbed *testbed, const char *member);

/* Runs SQL that changes nothing in the ledger; one that does, behind breachd's back. */
void ctl_fixture_run(struct testbed *testbed, const char *sql);
void ctl_fixture_doctor(struct testbed *testbed, const char *sql);
long long ctl_fixture_number(struct testbed *testbed,
                             const char *sql); /* the first of the first row */
void ctl_fixture_text(struct testbed *testbed, const char *sql, char *out,
                      size_t room); /* the same */

/* The evening that the demo plays, in this testbed. */
void ctl_fixture_play_the_demo(struct testbed *testbed);

#endif
