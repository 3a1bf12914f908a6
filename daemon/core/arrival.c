/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arrival.h"

#include <math.h>
#include <stdlib.h>

static const struct utc clock_set = { 946684800000 }; // 2000-01-01: no tag is older

const char *arrival_name(enum arrival arrival)
{
    static const char *const names[ARRIVALS] = { "new",    "again",       "late",
                                                 "future", "implausible", "refused" };

    return names[arrival];
}

bool arrival_clock_was_set(struct utc time)
{
    return time.ms >= clock_set.ms;
}

bool arrival_clock_wrong(const struct ping *ping, struct utc now)
{
    return ping->time.ms > now.ms + ARRIVAL_AHEAD_MS || !arrival_clock_was_set(ping->time);
}

/* True when it was there already; else it is now. An empty place is 0,0 in 1970: no ping to miss.
 */
static bool remember(struct known_device *device, const struct ping *ping)
{
    for (size_t i = 0; i < DEVICE_RECENT; i++) {
        const struct sighting *old = &device->recent[i];

        if (old->time.ms == ping->time.ms && old->at.lon == ping->at.lon &&
            old->at.lat == ping->at.lat)
            return true;
    }
    device->recent[device->recent_next] = (struct sighting){ ping->time, ping->at };
    device->recent_next = (device->recent_next + 1) % DEVICE_RECENT;
    return false;
}

/* Whether somebody could have been at both; within a second anybody is given a second. */
static bool agrees(const struct position *known, struct utc when, struct lonlat at)
{
    double seconds = fmax((double)llabs(when.ms - known->time.ms) / 1000, 1);

    return lonlat_distance(known->at, at) <= ARRIVAL_SPEED_MAX * seconds;
}

static bool at_null_island(struct lonlat at)
{
    return fabs(at.lon) < 1e-4 && fabs(at.lat) < 1e-4;
}

/* Counts those in a row that agree; true when they are enough to be believed. */
static bool believed(struct known_device *device, struct utc when, const struct ping *ping)
{
    if (device->doubts == 0 || !agrees(&device->doubted, when, ping->at))
        device->doubts = 0;
    device->doubted = (struct position){ when, ping->at, ping->accuracy };
    return ++device->doubts >= ARRIVAL_AGREE;
}

enum arrival arrival_of(struct known_device *device, const struct ping *ping, struct utc now,
                        struct utc *out_when)
{
    bool clock_wrong = arrival_clock_wrong(ping, now), late;

    *out_when = clock_wrong ? now : ping->time;
    if (ping->untrusted) // not remembered: a trusted one of the same time and place is news
        return ARRIVED_IMPLAUSIBLE;
    if (remember(device, ping))
        return ARRIVED_AGAIN;
    if (at_null_island(ping->at))
        return ARRIVED_IMPLAUSIBLE;
    // What is judged by its arrival is never late, even if the one before was a little ahead of us.
    late = device->heard && !clock_wrong && out_when->ms < device->newest.time.ms;
    if (device->heard && !agrees(&device->newest, *out_when, ping->at) &&
        (late || !believed(device, *out_when, ping)))
        return ARRIVED_IMPLAUSIBLE;
    if (late)
        return ARRIVED_LATE;
    device->doubts = 0;
    return clock_wrong ? ARRIVED_FUTURE : ARRIVED_NEW;
}
