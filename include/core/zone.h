/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.h - an area to keep out of: how far inside or outside a
 * position lies. Owns GEOS. Never changed.
 */
#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include "core/fault.h"
#include "core/lonlat.h"

#include <stddef.h>

enum { ZONE_CORNERS_MAX = 100000 };

/* Circles of 1 m to 100 km; a buffer of 0 to 100 km. */
#define ZONE_RADIUS_MIN_M 1.0
#define ZONE_RADIUS_MAX_M 100000.0

struct zone;

/*
 * Keeps GEOS for the zones that it makes: one thread at a time, and it outlives them. What GEOS
 * would only build at a question is built with the zone, so that asking changes nothing in it.
 */
struct zone_maker;
struct zone_maker *zone_maker_create(void); /* NULL when memory is out */
void zone_maker_destroy(struct zone_maker *maker);

enum zone_format { ZONE_WKT, ZONE_GEOJSON };

/*
 * A circle of `radius` metres, or a polygon or multipolygon (holes too) read from `text`
 * and grown by `buffer` metres. GeoJSON may be a geometry, a Feature, or a
 * FeatureCollection of one feature. On failure says why - GEOS's reason and place for an
 * invalid polygon - and leaves *out_zone untouched.
 */
bool zone_from_circle(struct lonlat centre, double radius, struct zone **out_zone,
                      struct fault *why);
bool zone_from_text(struct zone_maker *maker, enum zone_format format, const char *text,
                    double buffer, struct zone **out_zone, struct fault *why);
void zone_destroy(struct zone *zone); /* NULL is fine */

/*
 * Metres from the edge, negative inside, within 0.1 m of the geodesic: of a circle however large,
 * at any distance; of a polygon up to some 10 km across, out to 5 km. The edge belongs to the zone
 * and is 1 mm wide, so that no rounding decides: for a square from (0,0) to (1,1) the corner (1,1)
 * gives 0 and (1.000001,1) gives 0.11. Farther out than `horizon` metres any number between
 * `horizon` and the true distance may come back. In the grown rim of a buffered polygon the depth
 * may be less than the true one, never more. NaN: the map gave no answer.
 */
double zone_distance(const struct zone *zone, struct lonlat at, double horizon);

/* Everything of the zone, its buffer too, lies in this box. */
struct lonlat_box zone_box(const struct zone *zone);

/* Whether it is a circle; then which, grown by its buffer. */
bool zone_circle(const struct zone *zone, struct lonlat *out_centre, double *out_radius);

/* Metres: the smaller side of the box. */
double zone_width(const struct zone *zone);

/* Metres, of a circle; NaN: it is none. */
double zone_radius(const struct zone *zone);

/* A closed line of the edge, borrowed for the call: its first corner stands again at its end. */
struct zone_ring {
    size_t polygon; /* of which it is, from 0 */
    bool hole;
    const struct lonlat *corners;
    size_t n;
};

enum { ZONE_CIRCLE_CORNERS = 128 };

/*
 * Hands over the edge, with its buffer, ring by ring: to draw it, and to compare it. A polygon's
 * outer ring comes before its holes. A circle, and a round corner of a buffer, is drawn by corners
 * that lie on it. False when memory is out or the map gave no answer.
 */
bool zone_rings(const struct zone *zone, void (*on_ring)(const struct zone_ring *ring, void *arg),
                void *arg);

/* The same of what lies up to `around` metres outside of it: where an approach is told. */
bool zone_rings_around(const struct zone *zone, double around,
                       void (*on_ring)(const struct zone_ring *ring, void *arg), void *arg);

/*
 * Metres by which the edge has moved, at the corner that moved farthest (of a thousand a ring),
 * from one zone to another: 0 for the same, 100 for a circle of 200 m that became one of 300 m.
 * Of polygons with the same buffer the bare edges are compared, for a buffer is drawn with round
 * corners that are a little off.
 * NaN: the map gave no answer. Either may be in use by another thread meanwhile.
 */
double zone_moved(const struct zone *from, const struct zone *to);

#endif
