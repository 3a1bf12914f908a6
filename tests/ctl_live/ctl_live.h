/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl_live.h - what tests of the control room share. What cannot be
 * done fails the test on the spot.
 */
#ifndef CTL_LIVE_ROOM_H
#define CTL_LIVE_ROOM_H

#include "support/testbed.h"

/* An order A over tag-1, a zone of 200 m, breachd with these further arguments, NULL the last. */
void ctl_live_open(struct testbed *testbed, const char *argument);

/* The same beside orders B, C over tag-2, tag-3, far off: one of three may go unasked. */
void ctl_live_open_three(struct testbed *testbed);

/* tag-1 is 900 m away, and a quarter of an hour later inside: "breach A/home/1/1". */
void ctl_live_breach(struct testbed *testbed);

/* breachctl snapshot of its ledger, to this name in its folder; the exit code. */
int ctl_live_snapshot(struct testbed *testbed, const char *to);

/* Waits until the stream of alerts, of refused acks, holds so many. */
void ctl_live_await(struct testbed *testbed, const char *key, long long n);

/* Waits until there is a heartbeat. */
void ctl_live_await_heartbeat(struct testbed *testbed);

/* Puts one into the stream of acknowledgements, without breachctl. */
void ctl_live_say(struct testbed *testbed, const char *incident, const char *action, const char *by,
                  const char *reason);

/* What breachctl said last has this in it. */
void ctl_live_assert_says(struct testbed *testbed, const char *want);

/* An alert that no breachd made, as JSON; the caller frees. */
struct made {
    int sequence;
    const char *type, *severity, *area, *incident, *time;
};
char *ctl_live_event(const struct made *made);
void ctl_live_publish(struct testbed *testbed, const struct made *made); /* into the stream */

#endif
