/* SPDX-License-Identifier: Apache-2.0 */
/* lonlat.h - one position on the WGS84 ellipsoid, never two bare doubles. */
#ifndef CORE_LONLAT_H
#define CORE_LONLAT_H

#include <stdbool.h>

/* Degrees: longitude -180..180, east positive; latitude -90..90, north positive. */
struct lonlat {
    double lon, lat;
};

/* South-west and north-east corners; never across the 180th meridian. */
struct lonlat_box {
    struct lonlat sw, ne;
};

/* Finite and within the ranges above. */
bool lonlat_valid(struct lonlat at);

/* Edges belong to the box. */
bool lonlat_box_holds(const struct lonlat_box *box, struct lonlat at);

/*
 * Metres between two positions: the straight chord through the ellipsoid, bent into an arc of
 * Euler's radius of curvature in its direction at the mean latitude. Off from the geodesic by less
 * than 0.01 mm at 100 km and 1 m at 1000 km, at every latitude up to 89 degrees; a rough but
 * monotone answer over thousands of kilometres.
 */
double lonlat_distance(struct lonlat a, struct lonlat b);

#endif
