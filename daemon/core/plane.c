/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plane.h"

#include <math.h>

static const double wgs84_a = 6378137.0;            // metres
static const double wgs84_e2 = 6.69437999014131e-3; // f * (2 - f), f = 1/298.257223563
static const double degree = 0.017453292519943295;  // radians

struct plane plane_at(struct lonlat origin)
{
    double s = sin(origin.lat * degree);
    double w2 = 1 - wgs84_e2 * s * s;
    double n = wgs84_a / sqrt(w2);      // prime vertical
    double m = n * (1 - wgs84_e2) / w2; // meridian

    return (struct plane){ origin, n * sqrt(1 - s * s) * degree, m * degree };
}

struct metres plane_project(const struct plane *plane, struct lonlat at)
{
    return (struct metres){ (at.lon - plane->origin.lon) * plane->east,
                            (at.lat - plane->origin.lat) * plane->north };
}

struct lonlat plane_unproject(const struct plane *plane, struct metres at)
{
    return (struct lonlat){ plane->origin.lon + at.x / plane->east,
                            plane->origin.lat + at.y / plane->north };
}
