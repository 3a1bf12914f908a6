/* SPDX-License-Identifier: Apache-2.0 */
#include "core/places.h"

#include "core/arrival.h"

#include <math.h>
#include <stdlib.h>

void places_here(struct known_device *device)
{
    device->elsewhere.parted |= device->elsewhere.pings > 0;
}

/* Over so long a time anything agrees with anything. */
static double gap_most(const struct known_device *device)
{
    return fmin(fmax(4 * device->interval_ms, PLACES_GAP_LEAST_MS), PLACES_GAP_MOST_MS);
}

static bool belongs(const struct known_device *device, const struct position *at)
{
    const struct elsewhere *before = &device->elsewhere;

    return before->pings > 0 &&
           (double)llabs(at->time.ms - before->at.time.ms) <= gap_most(device) &&
           arrival_agrees(&before->at, at->time, at->at);
}

void places_elsewhere(struct known_device *device, const struct position *at)
{
    struct elsewhere *elsewhere = &device->elsewhere;
    bool torn = places_torn(device, at->time);

    if (!belongs(device, at)) {
        elsewhere->pings = 0;
        elsewhere->parted = false;
    }
    elsewhere->pings += elsewhere->pings == 0 ||
                        (elsewhere->pings < PLACES_AGREE && at->time.ms > elsewhere->at.time.ms);
    elsewhere->at = *at;
    // Once it is known to be made up, every other place counts, or a new one each time would hide.
    if (torn || (elsewhere->parted && elsewhere->pings >= PLACES_AGREE))
        elsewhere->torn = at->time;
}

bool places_torn(const struct known_device *device, struct utc when)
{
    return device->elsewhere.torn.ms != 0 &&
           llabs(when.ms - device->elsewhere.torn.ms) <= PLACES_TORN_MS;
}
