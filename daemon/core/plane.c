/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plane.h"

#include "core/wgs84.h"

struct plane plane_at(struct lonlat origin)
{
    double sine = sin(origin.lat * WGS84_DEGREE);

    return (struct plane){ origin,
                           wgs84_prime_vertical(sine) * sqrt(1 - sine * sine) * WGS84_DEGREE,
                           wgs84_meridian(sine) * WGS84_DEGREE };
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
