/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plane.h - metres around one place: an affine map of longitude and latitude, so straight stays
 * straight.
 */
#ifndef CORE_PLANE_H
#define CORE_PLANE_H

#include "core/lonlat.h"

struct plane {
    struct lonlat origin;
    double east, north; /* metres in a degree of longitude, of latitude, at the origin */
};

struct metres {
    double x, y; /* east and north of the origin */
};

/* Radii of curvature M and N of WGS84 (Snyder, Map Projections, USGS PP 1395, eq. 4-18 and 4-20).
 */
struct plane plane_at(struct lonlat origin);
struct metres plane_project(const struct plane *plane, struct lonlat at);

#endif
