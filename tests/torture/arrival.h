/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrival.h - what was acknowledged is in the ledger, each report in its turn. When a ping of a
 * wrong clock was judged, only breachd knows: sent five times, such a ping was made long before it
 * came. So that is read there too, and only its bounds are checked.
 */
#ifndef TORTURE_ARRIVAL_H
#define TORTURE_ARRIVAL_H

#include "population.h"
#include "tally.h"

/*
 * Lost is a report that the ledger does not have; `made` of those of a
 * wrong clock is set to when they came.
 */
void arrival_read(struct population *population, const char *ledger, struct tally *tally);

#endif
