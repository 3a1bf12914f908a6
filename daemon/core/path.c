/* SPDX-License-Identifier: Apache-2.0 */
#include "core/path.h"

#include <math.h>

enum { STEPS_MAX = 48 };

static const double deep_enough = 10; // metres inside that must fit into the time

/*
 * Whether the straight way comes within `touch` metres of the zone;
 * with less than 0, so deep into it.
 */
static bool crosses(const struct zone *zone, const struct way_end *from, const struct way_end *to,
                    double length, double touch)
{
    double done = fmax(from->distance - touch, 0);

    for (int i = 0; i < STEPS_MAX && done < length; i++) {
        double part = done / length;
        struct lonlat at = { from->at.at.lon + part * (to->at.at.lon - from->at.at.lon),
                             from->at.at.lat + part * (to->at.at.lat - from->at.at.lat) };
        double distance = zone_distance(zone, at, INFINITY) - touch;

        if (isnan(distance))
            return false;
        if (distance <= 0)
            return true;
        done += fmax(distance, 1);
    }
    return false;
}

/* Metres of the shortest way that goes well into the zone, from and to so far from its edge. */
static double way_in(double length, double from, double to, double blur)
{
    double a = fmax(from - blur / 2, 0) + deep_enough, b = fmax(to - blur / 2, 0) + deep_enough;

    return sqrt(length * length + 4 * a * b);
}

bool path_possible(double distance, double moved, double can, double blur)
{
    double nearest = distance - moved, length = moved < 2 * blur ? 0 : moved;

    if (length > 0 && nearest + distance <= length + 2 * blur)
        return true;
    return distance > 0 && way_in(length, nearest, distance, blur) <= can;
}

enum way path_between(const struct zone *zone, const struct way_end *from, const struct way_end *to,
                      double pace, double blur)
{
    double length = lonlat_distance(from->at.at, to->at.at);
    double seconds = (double)(to->at.time.ms - from->at.time.ms) / 1000;
    bool outside = from->distance > 0 && to->distance > 0;

    if (length < 2 * blur)
        length = 0;
    // Who touches the zone on the way goes at least from one end to it and from it to the other.
    if (length > 0 && from->distance + to->distance <= length + 2 * blur &&
        crosses(zone, from, to, length, outside ? blur / 2 : -deep_enough / 2))
        return WAY_CROSSES;
    return outside && way_in(length, from->distance, to->distance, blur) <= pace * seconds
               ? WAY_REACHES
               : WAY_CLEAR;
}
