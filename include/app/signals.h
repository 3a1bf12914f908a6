/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signals.h - SIGHUP, SIGTERM and SIGINT wait until the loop can obey them: none ends a start, or a
 * stop that is on its way. The kernel keeps one of each; which of them waits can be asked.
 */
#ifndef APP_SIGNALS_H
#define APP_SIGNALS_H

#include "core/fault.h"

#include <stdbool.h>

enum { SIGNALS = 3 };
extern const int signals_numbers[SIGNALS];

/*
 * They wait from now on. To be called before the first thread is made: each inherits that for ever,
 * so that the loop's thread alone ever gets one.
 */
void signals_hold(void);

/* What waited comes now, and what is sent from now on, to whoever has been named for it. */
void signals_release(void);

/*
 * A descriptor, the caller's, that is readable while SIGTERM or SIGINT waits; -1 with the reason.
 */
int signals_stop_fd(struct fault *why);

/* Whether one of those two waits. */
bool signals_stop_waits(void);

#endif
