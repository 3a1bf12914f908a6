/* SPDX-License-Identifier: Apache-2.0 */
/* older_copy.h - a ledger that was lived on after its copy was made, and that copy put back. */
#ifndef CTL_LIVE_OLDER_COPY_H
#define CTL_LIVE_OLDER_COPY_H

#include "support/testbed.h"

/* copy.db in place of ledger.db, with nothing of its log. */
void older_copy_put_back(struct testbed *testbed);

/* A ping of tag-1 of now, so many seconds after the base. */
void older_copy_ping(struct testbed *testbed, int second, double north);

/* Asserts that the ids of the stream are all different. */
void older_copy_assert_ids(struct testbed *testbed);

/*
 * Opens the testbed, has copy.db made while he is inside by A/home/1, and lives on: that is taken
 * and ends, A/home/2 begins and ends, A/home/3 begins. Then breachd is killed, and the copy put
 * back.
 */
void older_copy_live_on(struct testbed *testbed);

/* Asserts that `todo` has the incident, with these words; or has it not. */
void older_copy_assert_needed(struct testbed *testbed, const char *incident, const char *words);
void older_copy_assert_gone(struct testbed *testbed, const char *incident);

#endif
