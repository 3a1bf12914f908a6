/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geodesic_shape.h - the true distance to a polygon's edge, by Karney's geodesics (PROJ's
 * geodesic.h) and patience: each edge is the straight line in longitude and latitude that GeoJSON
 * means, and its nearest point is searched for. Shares no formula with core.
 */
#ifndef CORE_TEST_GEODESIC_SHAPE_H
#define CORE_TEST_GEODESIC_SHAPE_H

#include "core/lonlat.h"

#include <geodesic.h>
#include <stddef.h>

enum { SHAPE_RINGS_MAX = 4, SHAPE_CORNERS_MAX = 16, SHAPE_TEXT_MAX = 4096 };

/*
 * Inside is what an odd number of rings encloses. Rings are not
 * closed: the first corner stands once.
 */
struct shape {
    size_t n_rings;
    struct shape_ring {
        size_t n;
        struct lonlat corners[SHAPE_CORNERS_MAX];
        int opens; /* 1: begins a polygon; 0: a hole of the polygon before it */
    } rings[SHAPE_RINGS_MAX];
};

double geodesic_metres(const struct geod_geodesic *earth, struct lonlat a, struct lonlat b);
struct lonlat geodesic_from(const struct geod_geodesic *earth, struct lonlat at, double azimuth,
                            double metres);

/* Signed, negative inside. */
double shape_distance(const struct geod_geodesic *earth, const struct shape *shape,
                      struct lonlat at);

/* As a MULTIPOLYGON; returns `text`. */
char *shape_wkt(const struct shape *shape, char text[SHAPE_TEXT_MAX]);

#endif
