/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h - what tests of reloads share: files are changed, what comes of it is asked. */
#ifndef CTL_LIVE_RULES_H
#define CTL_LIVE_RULES_H

#include "support/testbed.h"

/* breachctl reload; its exit code. */
int reload(struct testbed *testbed);

/* breachd -n; its exit code, and what it said, the caller's to free. */
int check(struct testbed *testbed, char **out, char **err);

void assert_has(const char *text, const char *part);

/* Waits until what a heartbeat says has this in it; or has it no more. */
void await_heartbeat(struct testbed *testbed, const char *part, bool has);

/* The newest alert of a reload. */
const json_t *newest(struct testbed *testbed);

/* A text of /v1/status, until the next one is asked. */
const char *status_text(struct testbed *testbed, const char *path);

/* The order's file has a key that is none. */
void break_order(struct testbed *testbed, const char *id, const char *device);

/* Waits until what is in force is on disk and in its place, which the watch does not wait for. */
void await_kept(struct testbed *testbed);

/* Killed once that is so, and started. */
void start_again(struct testbed *testbed);

#endif
