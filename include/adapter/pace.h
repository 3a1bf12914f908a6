/* SPDX-License-Identifier: Apache-2.0 */
/* pace.h - how many pings a second somebody may send: of a token, of a device. Pure. */
#ifndef ADAPTER_PACE_H
#define ADAPTER_PACE_H

#include "core/instant.h"

/* Zeroed has sent nothing yet. */
struct pace {
    double spent; /* pings of its rate, at `since` */
    struct tick since;
};

/* Pings of its rate that are spent at `now`, of which so many a second come back. */
double pace_spent(const struct pace *pace, double rate, struct tick now);

/*
 * How many seconds to wait before more may come, at so many a second; 0: none. What was not used of
 * `burst_s` seconds may come at once. A rate of 0 has no end.
 */
int pace_wait(struct pace *pace, double rate, double burst_s, struct tick now);

/* So many came. That may be more than there was: then it takes longer to come back. */
void pace_charge(struct pace *pace, double pings);

#endif
