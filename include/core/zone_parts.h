/* SPDX-License-Identifier: Apache-2.0 */
/* zone_parts.h - what a zone is made of; for zone.c and zone_rings.c alone. */
#ifndef CORE_ZONE_PARTS_H
#define CORE_ZONE_PARTS_H

#include "core/plane.h"
#include "core/zone.h"

#include <geos_c.h>

struct zone {
    struct lonlat_box box; /* grown by the buffer */
    struct plane plane;    /* around the centre */
    double grown;          /* radius of a circle, buffer of a polygon */
    /* NULL for a circle: */
    GEOSContextHandle_t geos;
    GEOSGeometry *area, *edge;
    const GEOSPreparedGeometry *fast_area, *fast_edge;
};

#endif
