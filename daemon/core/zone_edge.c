/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_edge.c - the nearest place of an edge. GEOS builds an index of each question's one point,
 * which costs more than to look at all sides of an edge that has few: those are looked at here, by
 * the same arithmetic in the same order as GEOS's (Distance::pointToSegment, then
 * LineSegment::closestPoint), so that both give the same place to the last bit.
 */
#include "core/zone_parts.h"

#include <math.h>
#include <stdlib.h>

static const struct metres gap = { NAN, NAN }; // between two rings; no side that has it is near

enum { BOXES_MAX = ZONE_EDGE_FEW / ZONE_EDGE_BOX + 1 };

static const double slack = 1 + 1e-9; // of squares: what rounding makes of them is far below

/* The side that is nearest so far, and how far off that is. */
struct zone_edge_side {
    size_t nth;
    double off;
};

/* Of a number and what is none: the number, where that stands first. fmin is no inline function. */
static double lesser(double a, double b)
{
    return b < a ? b : a;
}

static double greater(double a, double b)
{
    return b > a ? b : a;
}

static double apart(struct metres a, struct metres b)
{
    double dx = a.x - b.x, dy = a.y - b.y;

    return sqrt(dx * dx + dy * dy);
}

static double square(double x)
{
    return x * x;
}

/* Metres from the side between two corners; infinity where that is more than `limit2`, squared. */
static double off_side(struct metres at, struct metres a, struct metres b, double limit2)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double part = (at.x - a.x) * dx + (at.y - a.y) * dy; // of length2
    double across = (a.y - at.y) * dx - (a.x - at.x) * dy;

    if (part <= 0 || part >= length2) {
        struct metres end = part <= 0 ? a : b;

        return square(at.x - end.x) + square(at.y - end.y) > limit2 ? INFINITY : apart(at, end);
    }
    return across * across > limit2 * length2 ? INFINITY : fabs(across / length2) * sqrt(length2);
}

static struct metres closest_point(struct metres at, struct metres a, struct metres b)
{
    double dx = b.x - a.x, dy = b.y - a.y;
    double part = ((at.x - a.x) * dx + (at.y - a.y) * dy) / (dx * dx + dy * dy);

    if (part > 0 && part < 1)
        return (struct metres){ a.x + part * dx, a.y + part * dy };
    return apart(a, at) < apart(b, at) ? a : b;
}

/* The least that something in the box is off, squared. */
static double least2(const struct zone_edge_box *box, struct metres at)
{
    double dx = greater(greater(box->low.x - at.x, at.x - box->high.x), 0);
    double dy = greater(greater(box->low.y - at.y, at.y - box->high.y), 0);

    return dx * dx + dy * dy;
}

/*
 * The first of the nearest, of the sides of one box and what was seen before; *limit2 is what it is
 * no farther than.
 */
static void scan_sides(const struct zone_edge *edge, struct metres at, size_t box,
                       struct zone_edge_side *best, double *limit2)
{
    size_t from = box * ZONE_EDGE_BOX, sides = edge->n - 1;
    size_t until = from + ZONE_EDGE_BOX < sides ? from + ZONE_EDGE_BOX : sides;

    for (size_t i = from; i < until; i++) {
        double off = off_side(at, edge->corners[i], edge->corners[i + 1], *limit2);

        // Nor of what has no number; and of two as near the first, in whatever order they are seen.
        if (!(off < best->off) && !(off == best->off && i < best->nth))
            continue;
        *best = (struct zone_edge_side){ i, off };
        *limit2 = off * off * slack;
    }
}

/* The nearest box first: it mostly has the nearest side, and then no other is looked into. */
struct metres zone_edge_nearest(const struct zone_edge *edge, struct metres at)
{
    size_t boxes = (edge->n - 2) / ZONE_EDGE_BOX + 1, first = 0;
    struct zone_edge_side best = { 0, INFINITY };
    double least[BOXES_MAX], limit2 = INFINITY;

    for (size_t i = 0; i < boxes; i++) {
        least[i] = least2(&edge->boxes[i], at);
        first = least[i] < least[first] ? i : first;
    }
    scan_sides(edge, at, first, &best, &limit2);
    for (size_t i = 0; i < boxes; i++) {
        if (i != first && least[i] <= limit2)
            scan_sides(edge, at, i, &best, &limit2);
    }
    return best.off < INFINITY
               ? closest_point(at, edge->corners[best.nth], edge->corners[best.nth + 1])
               : gap;
}

struct metres zone_nearest(const struct zone *zone, const GEOSGeometry *point, struct metres at)
{
    GEOSCoordSequence *nearest;
    struct metres place = gap;

    if (zone->polygon->few.n > 0)
        return zone_edge_nearest(&zone->polygon->few, at);
    nearest = GEOSPreparedNearestPoints_r(zone->geos, zone->polygon->fast_edge, point);
    if (nearest != NULL && GEOSCoordSeq_getXY_r(zone->geos, nearest, 0, &place.x, &place.y) == 0)
        place = gap;
    GEOSCoordSeq_destroy_r(zone->geos, nearest);
    return place;
}

/* The corners of one line, and a gap. */
static bool take_line(GEOSContextHandle_t geos, const GEOSGeometry *line, struct zone_edge *edge,
                      size_t room)
{
    const GEOSCoordSequence *places = GEOSGeom_getCoordSeq_r(geos, line);
    unsigned n = 0;

    if (places == NULL || GEOSCoordSeq_getSize_r(geos, places, &n) != 1 || n >= room - edge->n)
        return false;
    for (unsigned i = 0; i < n; i++) {
        struct metres *at = &edge->corners[edge->n++];

        if (GEOSCoordSeq_getXY_r(geos, places, i, &at->x, &at->y) != 1)
            return false;
    }
    edge->corners[edge->n++] = gap;
    return true;
}

/* A box of each so many sides; one of gaps alone is nowhere. */
static void box_sides(struct zone_edge *edge)
{
    for (size_t i = 0; i + 1 < edge->n; i += ZONE_EDGE_BOX) {
        struct zone_edge_box *box = &edge->boxes[i / ZONE_EDGE_BOX];

        *box = (struct zone_edge_box){ { INFINITY, INFINITY }, { -INFINITY, -INFINITY } };
        for (size_t k = i; k <= i + ZONE_EDGE_BOX && k < edge->n; k++) { // NaN is neither
            box->low.x = lesser(box->low.x, edge->corners[k].x);
            box->low.y = lesser(box->low.y, edge->corners[k].y);
            box->high.x = greater(box->high.x, edge->corners[k].x);
            box->high.y = greater(box->high.y, edge->corners[k].y);
        }
    }
}

bool zone_edge_init(struct zone_edge *edge, GEOSContextHandle_t geos, const GEOSGeometry *of)
{
    int corners = GEOSGetNumCoordinates_r(geos, of), lines = GEOSGetNumGeometries_r(geos, of);
    size_t room = (size_t)corners + (size_t)lines + 1;
    bool ok = true;

    *edge = (struct zone_edge){ .n = 0 };
    if (corners < 2 || lines < 1 || corners + lines > ZONE_EDGE_FEW)
        return true;
    edge->corners = calloc(room, sizeof *edge->corners);
    edge->boxes = calloc(room / ZONE_EDGE_BOX + 1, sizeof *edge->boxes);
    ok = edge->corners != NULL && edge->boxes != NULL;
    for (int i = 0; ok && i < lines; i++) {
        const GEOSGeometry *line = GEOSGetGeometryN_r(geos, of, i);

        ok = line != NULL && take_line(geos, line, edge, room);
    }
    if (ok)
        box_sides(edge);
    else
        zone_edge_fini(edge);
    return ok;
}

bool zone_edge_take(struct zone *zone)
{
    struct zone_polygon *polygon = zone->polygon;
    GEOSGeometry *edge = GEOSBoundary_r(zone->geos, polygon->area);
    bool ok = edge != NULL && zone_edge_init(&polygon->few, zone->geos, edge);

    if (ok && polygon->few.n == 0) {
        polygon->edge = edge;
        polygon->fast_edge = GEOSPrepare_r(zone->geos, edge);
        return polygon->fast_edge != NULL;
    }
    GEOSGeom_destroy_r(zone->geos, edge);
    return ok;
}

void zone_edge_fini(struct zone_edge *edge)
{
    free(edge->corners);
    free(edge->boxes);
    *edge = (struct zone_edge){ .n = 0 };
}
