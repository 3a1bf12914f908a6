/* SPDX-License-Identifier: Apache-2.0 */
/* wall.h - a testbed whose clock on the wall is the test's: see support/wallclock.c. */
#ifndef LIVE_WALL_H
#define LIVE_WALL_H

#include "support/testbed.h"

enum { MINUTE = 60, HOUR = 3600, YEAR = 365 * 24 * 3600 };

/* Orders are there; starts Redis, and breachd with a clock so many seconds ahead of the truth. */
void wall_open(struct testbed *testbed, int64_t ahead, const char *kernel);
void wall_set(const struct testbed *testbed, int64_t ahead);
/* What the kernel says of it, for breachd to find within a second: "yes", "once", "no". */
void wall_say(const struct testbed *testbed, const char *kernel);
/* The kernel says at once that it was set, and breachd has looked. */
void wall_was_set(struct testbed *testbed);
/* The machine has been asleep for so long: its count and the wall go on, our timers do not. */
void wall_sleep(const struct testbed *testbed, int seconds);

/* Fails unless this instant of the event is within two minutes of the true time, plus `slept`. */
void wall_is_of_now(const json_t *event, const char *path, int slept);

/* A text of /v1/status, as "clock" or "now"; the testbed's own, until asked again. */
const char *wall_status(struct testbed *testbed, const char *path);
void wall_await_status(struct testbed *testbed, const char *path, const char *begins);

/* What was kept is whole and judged again the same, as a court would have it; ends the test. */
void wall_close_agreeing(struct testbed *testbed);

#endif
