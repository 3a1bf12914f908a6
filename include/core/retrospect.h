/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retrospect.h - which breaches of the past are told as incidents of their own, and which of too
 * many are counted in one. A device that makes up its times could be inside at any of them: each
 * such ping was an alert, 500 in 17 s, and then none was left for the true one.
 */
#ifndef CORE_RETROSPECT_H
#define CORE_RETROSPECT_H

#include "core/alert.h"
#include "core/detect.h"

/*
 * Of one zone so many runs of late pings at once are incidents of their own, and as many come back
 * in a day; of those the first number by their first ping alone. Later only a run of so many pings
 * is, at the last of these: a true upload of a stay has them. Of all zones half of [alerts]
 * device-day is told by first pings alone, and the rest kept for such runs.
 *
 * The pings of a run need not come in a row: INCIDENT_RUNS others may lie between any two of them.
 */
enum { RETROSPECT_FIRST = 8, RETROSPECT_MOST = 24, RETROSPECT_RUN = 3 };

/* A gathering counts for so long; what comes later is counted in another. */
enum { RETROSPECT_GATHERS_MS = 24 * 60 * 60 * 1000 };

/* Whether it belongs to a run that is remembered: that grows by it, and is the newest then. */
bool retrospect_join(struct incident *incident, struct utc when);

/* Begins another run, which is the newest; gives back the one that is remembered no more. */
struct past_run retrospect_begin(struct incident *incident, struct utc when);

/* Whether the ping of `when` adds to the newest run, which is only counted so far. */
bool retrospect_goes_on(const struct incident *incident, struct utc when);

/*
 * Whether the newest run may be told as an incident, and uses that up. What a permit allows takes
 * nothing from what the zone has.
 */
bool retrospect_take(struct incident *incident, struct known_device *device,
                     const struct detect *detect, bool permitted, struct utc now);

/* Counts one more, in a new gathering with the next of `numbers` when there is none. */
void retrospect_count(struct past_gathering *gathering, uint32_t *numbers, struct utc now);

/*
 * Whether the count is to be told: the first at once, then when it has doubled, or `every_ms` and a
 * tenth of the gathering's age after it was told last.
 */
bool retrospect_due(const struct past_gathering *gathering, struct utc now, int64_t every_ms);

/* It is told by `alert`, which gets the count. */
void retrospect_alerted(struct past_gathering *gathering, struct alert *alert);

#endif
