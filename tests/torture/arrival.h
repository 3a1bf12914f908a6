/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrival.h - when a ping of a wrong clock was judged. Only breachd knows it: sent five times, such
 * a ping was made long before it came. So it is read from the ledger, and only its bounds are
 * checked.
 */
#ifndef TORTURE_ARRIVAL_H
#define TORTURE_ARRIVAL_H

#include "tally.h"
#include "town.h"

/* Sets `made` of those reports to the time of arrival; lost is one that the ledger does not have.
 */
void arrival_read(struct town *town, const char *ledger, struct tally *tally);

#endif
