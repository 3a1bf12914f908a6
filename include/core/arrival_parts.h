/* SPDX-License-Identifier: Apache-2.0 */
/* arrival_parts.h - by what instant a ping is judged; for arrival.c and arrival_clock.c. */
#ifndef CORE_ARRIVAL_PARTS_H
#define CORE_ARRIVAL_PARTS_H

#include "core/arrival.h"

/* Whether a device's clock can say so at `now`: it was set, and is LAG_AHEAD_MS ahead at most. */
bool arrival_can_be(struct utc time, struct utc now);

/* While our clock is in doubt no device's is judged by it. */
void arrival_judge_in_doubt(struct known_device *device, const struct ping *ping, struct utc now,
                            const struct detect *detect, struct reception *out);

/* Of a kind whose clocks say nothing: what it sends is of now, and nothing is learnt of its own. */
void arrival_judge_untrusted(struct known_device *device, struct utc now, struct reception *out);

/* By what instant the ping is judged, and whether that is its own time. */
void arrival_judge_clock(struct known_device *device, const struct ping *ping, struct utc now,
                         const struct detect *detect, struct reception *out);

/* What a clock says that has gained ARRIVAL_HURRY_MS is of its arrival. */
void arrival_hold_back(struct known_device *device, struct utc now, struct reception *out);

#endif
