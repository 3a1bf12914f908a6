/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oscillation.h"

#include "core/arrival.h"
#include "core/motion.h"
#include "core/places.h"
#include "core/plane.h"

#include <math.h>
#include <stdlib.h>

static const double home_share = 0.25; // of the newest ping in the mean of those at home

/* From the ping before to this one. */
struct stride {
    double seconds; // one at least, as anybody is given
    double metres, far, off;
    double east, north; // m/s
    bool fast;          // as nobody goes, after the one before
};

static struct stride stride_of(const struct oscillation *oscillation, const struct position *now,
                               const struct detect *detect)
{
    const struct position *last = &oscillation->last;
    struct plane plane = plane_at(last->at);
    struct metres way = plane_project(&plane, now->at);
    double accuracy =
        fmax(motion_accuracy(detect, last->accuracy), motion_accuracy(detect, now->accuracy));
    struct stride stride = { .seconds = fmax((double)(now->time.ms - last->time.ms) / 1000, 1),
                             .metres = hypot(way.x, way.y),
                             .far = fmax(OSCILLATION_LEAST_M, OSCILLATION_RADII * accuracy),
                             .off = lonlat_distance(oscillation->home, now->at) };

    stride.east = way.x / stride.seconds;
    stride.north = way.y / stride.seconds;
    stride.fast = oscillation->seconds > 0 &&
                  hypot(stride.east - oscillation->east, stride.north - oscillation->north) >
                      MOTION_GAIN * (stride.seconds + oscillation->seconds) / 2;
    return stride;
}

static void fade(struct oscillation *oscillation, double seconds)
{
    oscillation->turns = fmax(oscillation->turns - seconds / OSCILLATION_TURN_S, 0);
    oscillation->swings =
        fmax(oscillation->swings - seconds / OSCILLATION_SWING_S - OSCILLATION_SWING_PING, 0);
}

/* It is back where it was: counts that. */
static void come_back(struct known_device *device, const struct position *now)
{
    struct oscillation *oscillation = &device->oscillation;
    struct utc when = now->time;

    oscillation->away = false;
    if (llabs(when.ms - oscillation->back.ms) < ARRIVAL_APART_MS)
        return;
    oscillation->back = when;
    // No more than are enough: it is no longer at two places for all that it was.
    oscillation->swings = fmin(oscillation->swings + 1, OSCILLATION_ENOUGH);
    if (oscillation->fast)
        oscillation->turns = fmin(oscillation->turns + 1, OSCILLATION_ENOUGH);
    if (oscillation->swings >= OSCILLATION_ENOUGH)
        oscillation->swung = when;
    if (oscillation->turns >= OSCILLATION_ENOUGH) {
        oscillation->turned = oscillation->swung = when;
        places_tear(device, when, places_are_alike(&oscillation->last, now));
    }
}

/* Whether the ping is at home; as it goes away, and as it comes back. */
static bool is_home(struct known_device *device, const struct stride *stride,
                    const struct position *now)
{
    struct oscillation *oscillation = &device->oscillation;
    bool home = stride->off <= stride->far / 2;

    oscillation->fast |= stride->fast;
    if (oscillation->away && stride->metres >= stride->far * 3 / 4 &&
        stride->off <= oscillation->off / 2) {
        come_back(device, now);
        return true;
    }
    if (!oscillation->away && oscillation->at_home && stride->off >= stride->far) {
        oscillation->away = true;
        oscillation->off = stride->off;
        oscillation->fast = stride->fast;
    }
    oscillation->away = oscillation->away && !home;
    return home;
}

static void begin(struct oscillation *oscillation, const struct position *now)
{
    oscillation->home = now->at;
    oscillation->at_home = true;
    oscillation->away = false;
    oscillation->astray = 0;
}

/*
 * Worse than the one before, and no step away from it: it may be there still, or anywhere near. It
 * is no place, and what comes after it is seen from the one before.
 */
static bool is_vague(const struct oscillation *oscillation, const struct position *now,
                     const struct detect *detect)
{
    double accuracy = motion_accuracy(detect, now->accuracy);

    return accuracy >= OSCILLATION_VAGUE * motion_accuracy(detect, oscillation->last.accuracy) &&
           lonlat_distance(oscillation->last.at, now->at) < OSCILLATION_RADII * accuracy;
}

void oscillation_hear(struct known_device *device, const struct position *now,
                      const struct detect *detect)
{
    struct oscillation *oscillation = &device->oscillation;
    struct stride stride;

    if (oscillation->last.time.ms == 0) {
        begin(oscillation, now);
        oscillation->last = *now;
        return;
    }
    if (is_vague(oscillation, now, detect))
        return;
    stride = stride_of(oscillation, now, detect);
    fade(oscillation, stride.seconds);
    oscillation->at_home = is_home(device, &stride, now);
    if (oscillation->at_home) {
        oscillation->home.lon += home_share * (now->at.lon - oscillation->home.lon);
        oscillation->home.lat += home_share * (now->at.lat - oscillation->home.lat);
        oscillation->astray = 0;
    } else if (++oscillation->astray >= OSCILLATION_ASTRAY) {
        begin(oscillation, now);
    }
    oscillation->last = *now;
    oscillation->east = stride.east;
    oscillation->north = stride.north;
    oscillation->seconds = stride.seconds;
}

static bool is_lately(struct utc last, struct utc when)
{
    return last.ms != 0 && llabs(when.ms - last.ms) <= PLACES_TORN_MS;
}

bool oscillation_lasts(const struct known_device *device, struct utc when)
{
    return is_lately(device->oscillation.swung, when);
}

double oscillation_apart(const struct known_device *device, struct utc when)
{
    return is_lately(device->oscillation.turned, when) ? device->oscillation.off : NAN;
}
