/* SPDX-License-Identifier: Apache-2.0 */
/* backoff.h - how long a link that went down waits before it is tried again; times for the loop. */
#ifndef ADAPTER_BACKOFF_H
#define ADAPTER_BACKOFF_H

#include <sys/time.h>

struct timeval milliseconds(int ms);

/*
 * At least half of *ms, and of the rest so much as chance gives, so that not all who lost the same
 * server come back at once. *ms doubles, up to `most`.
 */
struct timeval backoff_next(int *ms, int most);

#endif
