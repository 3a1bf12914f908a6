/* SPDX-License-Identifier: Apache-2.0 */
/* zone_rings.c - a zone's edge as lines of corners. */
#include "core/zone_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
    ROUND_SEGMENTS = 16, // of a quarter of a circle
    MEASURED_MAX = 1000, // corners of a ring: the loop waits
};

typedef void ring_taker(const struct zone_ring *ring, void *arg);

/* So far from the centre in this direction: the plane's place, drawn in or out until it fits. */
static struct lonlat on_circle(const struct zone *zone, double angle)
{
    double reach = zone->grown;
    struct lonlat at = zone->plane.origin;

    for (int i = 0; i < 3; i++) {
        at = plane_unproject(&zone->plane,
                             (struct metres){ reach * sin(angle), reach * cos(angle) });
        reach *= zone->grown / lonlat_distance(zone->plane.origin, at);
    }
    return at;
}

static void circle_ring(const struct zone *zone, ring_taker *on_ring, void *arg)
{
    struct lonlat corners[ZONE_CIRCLE_CORNERS + 1];
    struct zone_ring ring = { .corners = corners, .n = ZONE_CIRCLE_CORNERS + 1 };

    for (int i = 0; i < ZONE_CIRCLE_CORNERS; i++)
        corners[i] = on_circle(zone, -2 * M_PI * i / ZONE_CIRCLE_CORNERS);
    corners[ZONE_CIRCLE_CORNERS] = corners[0];
    on_ring(&ring, arg);
}

static bool give_ring(const struct zone *zone, const GEOSGeometry *line, struct zone_ring ring,
                      ring_taker *on_ring, void *arg)
{
    const GEOSCoordSequence *places = GEOSGeom_getCoordSeq_r(zone->geos, line);
    struct lonlat *corners;
    struct metres at;
    unsigned n = 0;
    bool ok = places != NULL && GEOSCoordSeq_getSize_r(zone->geos, places, &n) == 1;

    if (ok && n == 0) // an empty hole is no line
        return true;
    corners = ok ? calloc(n, sizeof *corners) : NULL;
    ok = corners != NULL;
    for (unsigned i = 0; ok && i < n; i++) {
        ok = GEOSCoordSeq_getXY_r(zone->geos, places, i, &at.x, &at.y) == 1;
        corners[i] = plane_unproject(&zone->plane, at);
    }
    ring.corners = corners;
    ring.n = n;
    if (ok)
        on_ring(&ring, arg);
    free(corners);
    return ok;
}

static bool polygon_rings(const struct zone *zone, const GEOSGeometry *polygon, size_t nth,
                          ring_taker *on_ring, void *arg)
{
    GEOSContextHandle_t geos = zone->geos;
    int holes = GEOSGetNumInteriorRings_r(geos, polygon);
    bool ok = holes >= 0 && give_ring(zone, GEOSGetExteriorRing_r(geos, polygon),
                                      (struct zone_ring){ .polygon = nth }, on_ring, arg);

    for (int i = 0; ok && i < holes; i++)
        ok = give_ring(zone, GEOSGetInteriorRingN_r(geos, polygon, i),
                       (struct zone_ring){ .polygon = nth, .hole = true }, on_ring, arg);
    return ok;
}

bool zone_circle(const struct zone *zone, struct lonlat *out_centre, double *out_radius)
{
    if (zone->geos != NULL)
        return false;
    *out_centre = zone->plane.origin;
    *out_radius = zone->grown;
    return true;
}

bool zone_rings(const struct zone *zone, ring_taker *on_ring, void *arg)
{
    GEOSGeometry *grown = NULL;
    const GEOSGeometry *area = zone->polygon != NULL ? zone->polygon->area : NULL;
    size_t polygons = 0;
    int n;
    bool ok;

    if (area == NULL) {
        circle_ring(zone, on_ring, arg);
        return true;
    }
    if (zone->grown > 0)
        area = grown = GEOSBuffer_r(zone->geos, area, zone->grown, ROUND_SEGMENTS);
    n = area != NULL ? GEOSGetNumGeometries_r(zone->geos, area) : 0;
    ok = n > 0;
    for (int i = 0; ok && i < n; i++) {
        const GEOSGeometry *polygon = GEOSGetGeometryN_r(zone->geos, area, i);

        // A multipolygon may have empty members.
        if (GEOSisEmpty_r(zone->geos, polygon) == 0)
            ok = polygon_rings(zone, polygon, polygons++, on_ring, arg);
    }
    GEOSGeom_destroy_r(zone->geos, grown);
    return ok;
}

bool zone_rings_around(const struct zone *zone, double around, ring_taker *on_ring, void *arg)
{
    struct zone wider = *zone; // to draw it nothing else is asked than how far it is grown

    wider.grown += around;
    return zone_rings(&wider, on_ring, arg);
}

/* ---- how far apart two edges are ---- */

struct apart {
    const struct zone *other;
    double farthest;
};

static void measure(const struct zone_ring *ring, void *arg)
{
    struct apart *apart = arg;
    size_t step = 1 + ring->n / MEASURED_MAX;

    for (size_t i = 0; i < ring->n; i += step) {
        double away = fabs(zone_distance(apart->other, ring->corners[i], INFINITY));

        // NaN stays: no answer is not 0.
        if (isnan(away) || away > apart->farthest)
            apart->farthest = away;
    }
}

static double moved(const struct zone *from, const struct zone *to)
{
    struct apart there = { to, 0 }, back = { from, 0 };

    if (!zone_rings(from, measure, &there) || !zone_rings(to, measure, &back))
        return NAN;
    return isnan(there.farthest) || there.farthest > back.farthest ? there.farthest : back.farthest;
}

/* The same zone, seen with another context. */
static struct zone seen_with(const struct zone *zone, GEOSContextHandle_t geos)
{
    struct zone seen = *zone;

    seen.geos = zone->geos != NULL ? geos : NULL;
    return seen;
}

/*
 * Polygons with the same buffer are as far apart as their bare edges: GEOS draws a buffer's round
 * corners, and even its sides, some centimetres off.
 */
static void leave_out_buffer(struct zone *from, struct zone *to)
{
    if (from->geos != NULL && to->geos != NULL && from->grown == to->grown)
        from->grown = to->grown = 0;
}

double zone_moved(const struct zone *from, const struct zone *to)
{
    // A context serves one thread, and that of a zone in force is the loop's.
    GEOSContextHandle_t own = NULL;
    struct zone seen_from, seen_to;
    double metres = NAN;

    if (from->geos == NULL && to->geos == NULL)
        return lonlat_distance(from->plane.origin, to->plane.origin) +
               fabs(from->grown - to->grown);
    own = GEOS_init_r();
    if (own == NULL)
        return NAN;
    seen_from = seen_with(from, own);
    seen_to = seen_with(to, own);
    leave_out_buffer(&seen_from, &seen_to);
    metres = moved(&seen_from, &seen_to);
    GEOS_finish_r(own);
    return metres;
}
