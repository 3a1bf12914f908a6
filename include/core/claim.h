/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claim.h - what is known is kept by names and must be of the right ones: scores follow a device
 * wherever an order file names it, and nothing follows a device from one person to another. For
 * watch.c and observation.c.
 */
#ifndef CORE_CLAIM_H
#define CORE_CLAIM_H

#include "core/assessment.h"

/*
 * Notes that the device is on `who`. True when it was on somebody else until now: where it was and
 * goes is forgotten then (not its numbers, budgets and clock), and pings of its times before `at`
 * say nothing of `who`.
 */
bool claim_device(const struct respondent *who, struct known_device *device, struct utc at);

/*
 * The zone is another than the scores are about, or the devices are: the scores follow their
 * devices by name where the zone's place is the same; else, and of new devices, they begin anew
 * from positions. True when the place is known to be another.
 */
bool claim_scores(struct assessment *assessment);

/*
 * Something speaks for his being inside since `when`: unless something did before, the run of pings
 * that do begins anew. What is of an older one was never kept, so a restart would not know it.
 */
void claim_begin(struct incident *incident, struct utc when);

/*
 * Begins the score of device number `nth` anew, from where it was last known to be: of an incident
 * of which nothing is open.
 */
void claim_by_position(struct assessment *assessment, size_t nth);

/* Notes whose scores those of the incident are, where that is not noted. */
void claim_note(struct assessment *assessment);

#endif
