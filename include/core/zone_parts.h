/* SPDX-License-Identifier: Apache-2.0 */
/* zone_parts.h - what a zone is made of; for zone*.c alone. */
#ifndef CORE_ZONE_PARTS_H
#define CORE_ZONE_PARTS_H

#include "core/plane.h"
#include "core/zone.h"

#include <geos_c.h>

/* Corners of an edge, and gaps, up to which it is looked at side by side: GEOS is no quicker. */
enum { ZONE_EDGE_FEW = 160, ZONE_EDGE_BOX = 8 /* sides in a row that have a box around them */ };

struct zone_edge_box {
    struct metres low, high;
};

/* Such an edge: its rings' corners, each ring closed and followed by a gap; n 0: it has more. */
struct zone_edge {
    struct metres *corners;
    size_t n;
    struct zone_edge_box *boxes;
};

struct zone_polygon {
    GEOSGeometry *area, *edge; /* edge, fast_edge: NULL where `few` has it all */
    const GEOSPreparedGeometry *fast_area, *fast_edge;
    struct zone_edge few;
};

struct zone {
    struct lonlat_box box; /* grown by the buffer */
    struct plane plane;    /* around the centre */
    double grown;          /* radius of a circle, buffer of a polygon */
    /* NULL for a circle: */
    GEOSContextHandle_t geos;
    struct zone_polygon *polygon;
};

/* False when memory is out, or GEOS gives no corners. */
bool zone_edge_init(struct zone_edge *edge, GEOSContextHandle_t geos, const GEOSGeometry *of);
void zone_edge_fini(struct zone_edge *edge);

/* Takes the edge of its area, for zone_nearest; false when memory is out, or GEOS has none. */
bool zone_edge_take(struct zone *zone);

/* As GEOSPreparedNearestPoints_r has it, of the first side of several as near; n must not be 0. */
struct metres zone_edge_nearest(const struct zone_edge *edge, struct metres at);

/* The place of the zone's edge nearest to `at`, of which `point` is GEOS's; NaN: no answer. */
struct metres zone_nearest(const struct zone *zone, const GEOSGeometry *point, struct metres at);

#endif
