/* SPDX-License-Identifier: Apache-2.0 */
#include "core/reach.h"

#include "core/motion.h"
#include "core/places.h"

#include <math.h>

enum {
    REOPEN_MS = 4 * 3600 * 1000, // who is shut for less is not told as having begun again
    REOPEN_STEPS = 64            // boundaries looked at to see that; more in so short a time: shut
};

/*
 * Milliseconds that turning round takes of who was last seen to go elsewhere: in full when the zone
 * lies behind him, not at all when it lies ahead. A car that brakes by 8 m/s2, comes back what it
 * overshot and gains its speed again by 3 m/s2 loses 0.35 s for each m/s; less is counted, so that
 * no zone in reach is hidden.
 */
static double turning_ms(const struct exclusion *exclusion, const struct known_device *device,
                         double distance)
{
    struct motion motion = motion_newest(device);
    double speed = hypot(motion.east, motion.north), nearer;

    if (!motion.moving)
        return 0;
    nearer = distance -
             zone_distance(exclusion->zone, motion_along(&motion, device->newest.at, 1), INFINITY);
    return 1000 * fmax(speed - nearer, 0) / 2 / MOTION_GAIN;
}

bool reach_rests(const struct known_device *device)
{
    return device->pace < MOTION_MOVER;
}

bool reach_has_two(const struct known_device *device)
{
    return device->heard && device->elsewhere.pings > 0 && places_torn(device, device->newest.time);
}

/* Milliseconds for so many metres of who goes on as he was seen to; INFINITY: he does not. */
static double as_seen_ms(const struct watch *watch, const struct known_device *device, double way)
{
    if (reach_rests(device) && way > watch->detect->rest_reach)
        return INFINITY;
    return fmax(way / fmax(device->pace, REACH_WALK) * 1000 - REACH_AHEAD_MS, 0);
}

/* From one place; how he was last seen to go is of the newest alone. */
static struct utc from_place(const struct watch *watch, const struct exclusion *exclusion,
                             const struct known_device *device, const struct position *place,
                             enum reach_gait gait)
{
    double speed = fmax(watch->detect->reach_speed, device->pace);
    double distance = zone_distance(exclusion->zone, place->at, INFINITY);
    double way = distance - motion_accuracy(watch->detect, place->accuracy), ms;

    if (!(way > 0))
        return place->time;
    if (gait == REACH_AS_SEEN)
        ms = as_seen_ms(watch, device, way);
    else
        ms = way / speed * 1000 +
             (place == &device->newest ? turning_ms(exclusion, device, distance) : 0);
    return isinf(ms) ? UTC_NEVER : utc_plus(place->time, (int64_t)ms + 1);
}

struct utc reach_from(const struct watch *watch, const struct exclusion *exclusion,
                      const struct known_device *device, enum reach_gait gait)
{
    struct utc from;

    if (!device->heard)
        return UTC_NEVER;
    from = from_place(watch, exclusion, device, &device->newest, gait);
    if (!reach_has_two(device))
        return from;
    return utc_earlier(from, from_place(watch, exclusion, device, &device->elsewhere.at, gait));
}

bool reach_binds(const struct watch *watch, const struct exclusion *exclusion, struct utc at)
{
    return exclusion_standing(exclusion, watch->civil, at) == IN_FORCE &&
           exclusion_permit(exclusion, watch->civil, at) == NULL;
}

bool reach_counts(const struct watch *watch, const struct exclusion *exclusion,
                  const struct known_device *device, enum reach_gait gait, struct utc at)
{
    return reach_binds(watch, exclusion, at) &&
           reach_from(watch, exclusion, device, gait).ms <= at.ms;
}

bool reach_shut_for_long(const struct watch *watch, const struct exclusion *exclusion,
                         struct utc at)
{
    struct utc next = at;

    for (int i = 0; i < REOPEN_STEPS; i++) {
        next = exclusion_next(exclusion, watch->civil, next);
        if (next.ms == UTC_NEVER.ms || next.ms - at.ms >= REOPEN_MS)
            return true;
        if (reach_binds(watch, exclusion, next))
            return false;
    }
    return false;
}
