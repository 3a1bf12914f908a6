/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signals.h - SIGHUP, SIGTERM and SIGINT wait until the loop can obey them: none ends a start, or a
 * stop that is on its way. The kernel keeps one of each; which of them waits can be asked.
 */
#ifndef ADAPTER_SIGNALS_H
#define ADAPTER_SIGNALS_H

#include "core/fault.h"

#include <stdbool.h>

enum { SIGNALS = 3 };
extern const int signals_numbers[SIGNALS];

/*
 * Blocks the three signals: they wait from now on. To be called before the first thread is made, as
 * every thread inherits the mask; so the loop's thread alone ever gets a signal.
 */
void signals_hold(void);

/* Unblocks the signals: what waited is delivered now, to the handlers that have been set. */
void signals_release(void);

/*
 * A descriptor, the caller's, that is readable while SIGTERM or SIGINT waits; -1 with the reason.
 */
int signals_stop_fd(struct fault *why);

/* Whether SIGTERM or SIGINT waits. */
bool signals_stop_waits(void);

#endif
