/* SPDX-License-Identifier: Apache-2.0 */
#include "core/places.h"

#include "core/motion.h"

#include <stdlib.h>

void places_here(struct known_device *device)
{
    device->elsewhere.parted |= device->elsewhere.pings > 0;
    device->back_here = true;
}

static bool belongs(const struct elsewhere *before, const struct position *at)
{
    return before->pings > 0 && llabs(at->time.ms - before->at.time.ms) <= PLACES_GAP_MS &&
           motion_reaches(&before->at, lonlat_distance(before->at.at, at->at), at->time);
}

/*
 * So many in so short a time are no receiver's mistakes, wherever to: `afresh` when it is to
 * another place than the last one was, unless that is of the same instant.
 */
static bool leaps_too_much(struct known_device *device, struct utc when, bool afresh)
{
    struct elsewhere *elsewhere = &device->elsewhere;
    bool twin = elsewhere->pings > 0 && elsewhere->at.time.ms == when.ms;

    if (llabs(when.ms - elsewhere->leaps_since.ms) > PLACES_LEAPS_MS) {
        elsewhere->leaps = 0;
        elsewhere->leaps_since = when;
    }
    elsewhere->leaps += (device->back_here || afresh) && !twin && elsewhere->leaps < PLACES_LEAPS;
    device->back_here = false;
    return elsewhere->leaps >= PLACES_LEAPS;
}

void places_elsewhere(struct known_device *device, const struct position *at)
{
    struct elsewhere *elsewhere = &device->elsewhere;
    bool torn = places_torn(device, at->time), same = belongs(elsewhere, at),
         leaps = leaps_too_much(device, at->time, elsewhere->pings > 0 && !same);

    if (!same) {
        elsewhere->pings = 0;
        elsewhere->parted = false;
    }
    elsewhere->pings += elsewhere->pings == 0 ||
                        (elsewhere->pings < PLACES_AGREE && at->time.ms != elsewhere->at.time.ms);
    elsewhere->at = *at;
    // Once a device is known to be at two places, every other place counts, or a new one each time
    // would hide.
    if (torn || leaps || (elsewhere->parted && elsewhere->pings >= PLACES_AGREE))
        places_tear(device, at->time, places_are_alike(&device->newest, at));
}

void places_leap(struct known_device *device, const struct position *at)
{
    device->elsewhere.at = device->newest;
    device->elsewhere.pings = 1;
    device->elsewhere.parted = false;
    places_tear(device, at->time, places_are_alike(&device->newest, at));
}

bool places_are_alike(const struct position *a, const struct position *b)
{
    // An accuracy that is not told tells no kind.
    return !(a->accuracy >= PLACES_KINDS * b->accuracy) &&
           !(b->accuracy >= PLACES_KINDS * a->accuracy);
}

void places_tear(struct known_device *device, struct utc when, bool alike)
{
    device->elsewhere.torn = when;
    if (alike)
        device->elsewhere.alike = when;
}

static bool is_lately(struct utc last, struct utc when)
{
    return last.ms != 0 && llabs(when.ms - last.ms) <= PLACES_TORN_MS;
}

bool places_torn(const struct known_device *device, struct utc when)
{
    return is_lately(device->elsewhere.torn, when);
}

bool places_torn_alike(const struct known_device *device, struct utc when)
{
    return is_lately(device->elsewhere.alike, when);
}
