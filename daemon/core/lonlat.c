/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lonlat.h"

#include "core/wgs84.h"

#include <math.h>

bool lonlat_valid(struct lonlat at)
{
    return isfinite(at.lon) && isfinite(at.lat) && fabs(at.lon) <= 180 && fabs(at.lat) <= 90;
}

bool lonlat_box_holds(const struct lonlat_box *box, struct lonlat at)
{
    return at.lon >= box->sw.lon && at.lon <= box->ne.lon && at.lat >= box->sw.lat &&
           at.lat <= box->ne.lat;
}

double lonlat_distance(struct lonlat a, struct lonlat b)
{
    struct wgs84_parallel from = wgs84_parallel_at(a.lat), to = wgs84_parallel_at(b.lat);
    double half = sin((b.lon - a.lon) * WGS84_DEGREE / 2); // the short way round, also across 180
    double out = from.radius - to.radius, up = from.height - to.height;
    double along = 4 * from.radius * to.radius * half * half; // squared, as the chord is
    double chord = out * out + up * up + along, share, diameter;

    if (chord == 0)
        return 0;
    // Euler's radius of curvature in that direction, midway between the two.
    share = along / chord;
    diameter = 2 / (share / wgs84_prime_vertical((from.sine + to.sine) / 2) +
                    (1 - share) / wgs84_meridian((from.sine + to.sine) / 2));
    return diameter * asin(fmin(1, sqrt(chord) / diameter));
}
