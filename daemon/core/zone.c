/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c - a circle is a centre and a radius; a polygon is GEOS's, in metres around its centre. */
#include "core/zone_parts.h"

#include "core/projected.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NESTING_MAX = 64 };

static const double edge_width = 0.001; // metres: what only rounding could decide is the edge

struct zone_maker {
    GEOSContextHandle_t geos;
    char error[FAULT_TEXT_MAX]; // GEOS's newest complaint
};

static void on_geos_error(const char *message, void *arg)
{
    struct zone_maker *maker = arg;

    snprintf(maker->error, sizeof maker->error, "%s", message);
}

struct zone_maker *zone_maker_create(void)
{
    struct zone_maker *maker = calloc(1, sizeof *maker);

    if (maker == NULL)
        return NULL;
    maker->geos = GEOS_init_r();
    if (maker->geos == NULL) {
        free(maker);
        return NULL;
    }
    GEOSContext_setErrorMessageHandler_r(maker->geos, on_geos_error, maker);
    return maker;
}

void zone_maker_destroy(struct zone_maker *maker)
{
    if (maker == NULL)
        return;
    GEOS_finish_r(maker->geos);
    free(maker);
}

/* The box around `inner` grown by `by` metres on every side; a touch more, so it never cuts. */
static struct lonlat_box box_grown(struct lonlat_box inner, double by)
{
    double dlat = by * 1.001 / plane_at(inner.sw).north;
    // A degree of longitude is shortest at the end nearer to a pole.
    double far = fmin(fmax(fabs(inner.sw.lat), fabs(inner.ne.lat)) + dlat, 90);
    double dlon = by * 1.001 / plane_at((struct lonlat){ inner.sw.lon, far }).east;

    inner.sw.lon -= dlon;
    inner.sw.lat -= dlat;
    inner.ne.lon += dlon;
    inner.ne.lat += dlat;
    return inner;
}

/* A zone across the 180th meridian or touching a pole has a box that this map cannot hold. */
static bool box_on_map(const struct lonlat_box *box, struct fault *why)
{
    if (fabs(box->sw.lat) > 89 || fabs(box->ne.lat) > 89)
        return fault_set(why, "touches a pole");
    // The long way round is what crossing 180 looks like in numbers that end there.
    if (!lonlat_valid(box->sw) || !lonlat_valid(box->ne) || box->ne.lon - box->sw.lon > 180)
        return fault_set(why, "reaches over the 180th meridian, or off the map");
    return true;
}

bool zone_from_circle(struct lonlat centre, double radius, struct zone **out_zone,
                      struct fault *why)
{
    struct zone *zone;

    if (!lonlat_valid(centre))
        return fault_set(why, "the centre is off the map");
    if (!(radius >= ZONE_RADIUS_MIN_M && radius <= ZONE_RADIUS_MAX_M))
        return fault_set(why, "%g m is outside %g..%g m", radius, ZONE_RADIUS_MIN_M,
                         ZONE_RADIUS_MAX_M);
    zone = calloc(1, sizeof *zone);
    if (zone == NULL)
        return fault_set(why, "out of memory");
    zone->plane = plane_at(centre);
    zone->grown = radius;
    zone->box = box_grown((struct lonlat_box){ centre, centre }, radius);
    if (!box_on_map(&zone->box, why)) {
        zone_destroy(zone);
        return false;
    }
    *out_zone = zone;
    return true;
}

/* How deep brackets of any kind are nested, outside quotes: GEOS recurses as deep as they are. */
static int nesting(const char *text)
{
    int depth = 0, deepest = 0;
    bool quoted = false;

    for (const char *at = text; *(at += strcspn(at, "\\\"([{)]}")) != '\0'; at++) {
        if (*at == '\\' && quoted && at[1] != '\0')
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && strchr("([{", *at) != NULL)
            deepest = ++depth > deepest ? depth : deepest;
        else if (!quoted && strchr(")]}", *at) != NULL)
            depth--;
    }
    return deepest;
}

/* GEOS reads one shape and does not look at what comes after it. */
static bool is_one_shape(const char *wkt)
{
    const char *at = wkt + strcspn(wkt, "(");
    int depth = 0;

    for (; *at != '\0'; at++) {
        depth += (*at == '(') - (*at == ')');
        if (depth == 0)
            break;
    }
    return *at == '\0' || at[1 + strspn(at + 1, " \t\r\n")] == '\0';
}

/* The reader's geometry, or NULL with GEOS's words in maker->error. */
static GEOSGeometry *read_text(struct zone_maker *maker, enum zone_format format, const char *text)
{
    GEOSGeometry *read = NULL;

    if (format == ZONE_WKT) {
        GEOSWKTReader *reader = GEOSWKTReader_create_r(maker->geos);

        read = GEOSWKTReader_read_r(maker->geos, reader, text);
        GEOSWKTReader_destroy_r(maker->geos, reader);
    } else {
        GEOSGeoJSONReader *reader = GEOSGeoJSONReader_create_r(maker->geos);

        read = GEOSGeoJSONReader_readGeometry_r(maker->geos, reader, text);
        GEOSGeoJSONReader_destroy_r(maker->geos, reader);
    }
    return read;
}

/*
 * A collection of one is that one, and so is a collection of such. Takes
 * `read`, gives back what to go on with.
 */
static GEOSGeometry *unwrap(GEOSContextHandle_t geos, GEOSGeometry *read)
{
    // As deep as the reader lets a shape be.
    while (read != NULL && GEOSGeomTypeId_r(geos, read) == GEOS_GEOMETRYCOLLECTION &&
           GEOSGetNumGeometries_r(geos, read) == 1) {
        GEOSGeometry *only = GEOSGeom_clone_r(geos, GEOSGetGeometryN_r(geos, read, 0));

        GEOSGeom_destroy_r(geos, read);
        read = only;
    }
    return read;
}

/* Asks GEOS where and why, in the operator's own degrees. */
static bool check_valid(GEOSContextHandle_t geos, const GEOSGeometry *read, struct fault *why)
{
    char *reason = NULL;
    GEOSGeometry *place = NULL;
    double x = NAN, y = NAN;
    bool valid = GEOSisValidDetail_r(geos, read, 0, &reason, &place) == 1;

    if (!valid)
        fault_set(why, "%s", reason ? reason : "the map gave no answer");
    if (!valid && place != NULL && GEOSGeomGetX_r(geos, place, &x) == 1 &&
        GEOSGeomGetY_r(geos, place, &y) == 1 && isfinite(x) && isfinite(y))
        fault_add_secret(why, " at longitude %.7g, latitude %.7g", x, y);
    GEOSGeom_destroy_r(geos, place);
    GEOSFree_r(geos, reason);
    return valid;
}

/* The box of the corners as they stand in the text, which must be degrees. */
static bool read_box(GEOSContextHandle_t geos, const GEOSGeometry *read, struct lonlat_box *out,
                     struct fault *why)
{
    if (GEOSGeom_getXMin_r(geos, read, &out->sw.lon) == 0 ||
        GEOSGeom_getYMin_r(geos, read, &out->sw.lat) == 0 ||
        GEOSGeom_getXMax_r(geos, read, &out->ne.lon) == 0 ||
        GEOSGeom_getYMax_r(geos, read, &out->ne.lat) == 0)
        return fault_set(why, "the map gave no answer");
    return projected_not(out, why);
}

static bool check_polygonal(GEOSContextHandle_t geos, const GEOSGeometry *read,
                            struct lonlat_box *out_box, struct fault *why)
{
    int type = GEOSGeomTypeId_r(geos, read), corners = GEOSGetNumCoordinates_r(geos, read);

    if (type != GEOS_POLYGON && type != GEOS_MULTIPOLYGON) {
        char *name = GEOSGeomType_r(geos, read);

        fault_set(why, "a %s is no area: one polygon or multipolygon is wanted",
                  name ? name : "shape");
        GEOSFree_r(geos, name);
        return false;
    }
    if (GEOSisEmpty_r(geos, read) != 0)
        return fault_set(why, "the polygon is empty");
    if (corners > ZONE_CORNERS_MAX)
        return fault_set(why, "%d corners are more than %d", corners, ZONE_CORNERS_MAX);
    return read_box(geos, read, out_box, why) && check_valid(geos, read, why);
}

static int project(double *x, double *y, void *arg)
{
    struct metres at = plane_project(arg, (struct lonlat){ *x, *y });

    *x = at.x;
    *y = at.y;
    return 1;
}

/*
 * Corners in a line are valid for GEOS when rounding makes a sliver of them, in which
 * nobody is. A buffer makes an area of it.
 */
static bool check_area(const struct zone *zone, struct fault *why)
{
    double area = NAN, least = M_PI * ZONE_RADIUS_MIN_M * ZONE_RADIUS_MIN_M;
    const GEOSGeometry *of = zone->polygon->area;

    if (of == NULL || GEOSArea_r(zone->geos, of, &area) != 1)
        return fault_set(why, "the map could not hold the polygon");
    return area >= least || zone->grown >= ZONE_RADIUS_MIN_M ||
           fault_set(why, "covers %.2g m\302\262: all of its corners lie in a line", area);
}

/* Plane and the prepared shapes from a valid polygon in degrees; its box is in the zone already. */
static bool shape(struct zone *zone, const GEOSGeometry *read, double buffer, struct fault *why)
{
    GEOSContextHandle_t geos = zone->geos;
    struct zone_polygon *polygon = zone->polygon;
    struct lonlat_box *box = &zone->box;

    zone->plane = plane_at(
        (struct lonlat){ (box->sw.lon + box->ne.lon) / 2, (box->sw.lat + box->ne.lat) / 2 });
    zone->grown = buffer;
    *box = box_grown(*box, buffer);
    if (!box_on_map(box, why))
        return false;
    polygon->area = GEOSGeom_transformXY_r(geos, read, project, &zone->plane);
    if (!check_area(zone, why))
        return false;
    polygon->fast_area = GEOSPrepare_r(geos, polygon->area);
    if (polygon->fast_area == NULL || !zone_edge_take(zone))
        return fault_set(why, "the map could not hold the polygon");
    // The first question builds GEOS's indexes: now, not when a ping waits.
    if (isnan(zone_distance(zone, zone->plane.origin, 0)))
        return fault_set(why, "the map gives no answer for this polygon");
    return true;
}

bool zone_from_text(struct zone_maker *maker, enum zone_format format, const char *text,
                    double buffer, struct zone **out_zone, struct fault *why)
{
    bool ok = false;
    GEOSContextHandle_t geos = maker->geos;
    GEOSGeometry *read = NULL;
    struct lonlat_box box;
    struct zone *zone = NULL;

    if (!(buffer >= 0 && buffer <= ZONE_RADIUS_MAX_M))
        return fault_set(why, "a buffer of %g m is outside 0..%g m", buffer, ZONE_RADIUS_MAX_M);
    if (format == ZONE_WKT && !is_one_shape(text))
        return fault_set(why, "something stands behind the shape");
    if (nesting(text) > NESTING_MAX)
        return fault_set(why, "brackets nested deeper than %d", NESTING_MAX);
    maker->error[0] = '\0';
    read = read_text(maker, format, text);
    read = unwrap(geos, read);
    if (read == NULL) {
        fault_set(why, "cannot be read as a shape");
        fault_add_secret(why, ": %.400s", maker->error[0] ? maker->error : "no geometry in it");
        goto out;
    }
    if (!check_polygonal(geos, read, &box, why))
        goto out;
    zone = calloc(1, sizeof *zone);
    if (zone == NULL || (zone->polygon = calloc(1, sizeof *zone->polygon)) == NULL) {
        fault_set(why, "out of memory");
        goto out;
    }
    zone->geos = geos;
    zone->box = box;
    if (!shape(zone, read, buffer, why))
        goto out;
    *out_zone = zone;
    zone = NULL; // now the caller's
    ok = true;
out:
    zone_destroy(zone);
    GEOSGeom_destroy_r(geos, read);
    return ok;
}

static void polygon_destroy(GEOSContextHandle_t geos, struct zone_polygon *polygon)
{
    GEOSPreparedGeom_destroy_r(geos, polygon->fast_edge);
    GEOSPreparedGeom_destroy_r(geos, polygon->fast_area);
    GEOSGeom_destroy_r(geos, polygon->edge);
    GEOSGeom_destroy_r(geos, polygon->area);
    zone_edge_fini(&polygon->few);
    free(polygon);
}

void zone_destroy(struct zone *zone)
{
    if (zone == NULL)
        return;
    if (zone->polygon != NULL)
        polygon_destroy(zone->geos, zone->polygon);
    free(zone);
}

/*
 * Metres to the box, never more than to anything in it; 0 inside.
 * Plain doubles settle most pings here.
 */
static double box_distance(const struct zone *zone, struct lonlat at)
{
    const struct lonlat_box *box = &zone->box;
    double dlon = fmax(fmax(box->sw.lon - at.lon, at.lon - box->ne.lon), 0);
    double dlat = fmax(fmax(box->sw.lat - at.lat, at.lat - box->ne.lat), 0);

    // A degree of longitude shrinks to the north: a tenth off keeps this below the truth in the
    // region.
    return 0.9 * fmax(dlon * zone->plane.east, dlat * zone->plane.north);
}

/*
 * Metres between `at` and the nearest place of the edge. That is found in the plane, which is true
 * to scale at the zone's centre alone (a metre off at 5 km, on the diagonal); the distance to it is
 * then taken as between any two positions.
 */
static double edge_distance(const struct zone *zone, const GEOSGeometry *point, struct metres here,
                            struct lonlat at)
{
    struct metres place = zone_nearest(zone, point, here);

    return lonlat_distance(at, plane_unproject(&zone->plane, place));
}

static double shape_distance(const struct zone *zone, struct lonlat at)
{
    struct metres here = plane_project(&zone->plane, at);
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(zone->geos, here.x, here.y);
    double edge = NAN;
    char inside = 2;

    if (point != NULL) {
        inside = GEOSPreparedIntersects_r(zone->geos, zone->polygon->fast_area, point);
        edge = edge_distance(zone, point, here, at);
        GEOSGeom_destroy_r(zone->geos, point);
    }
    if (inside == 2 || isnan(edge))
        return NAN;
    return (inside == 1 ? -edge : edge) - zone->grown;
}

double zone_distance(const struct zone *zone, struct lonlat at, double horizon)
{
    double metres, east = at.lon - zone->plane.origin.lon;

    if (!lonlat_valid(at))
        return NAN;
    // The short way round; of a way that is short already it is the same, and slow.
    at.lon = zone->plane.origin.lon + (fabs(east) <= 180 ? east : remainder(east, 360));
    metres = box_distance(zone, at);
    if (metres > horizon)
        return metres;
    metres = zone->geos != NULL ? shape_distance(zone, at)
                                : lonlat_distance(zone->plane.origin, at) - zone->grown;
    return fabs(metres) <= edge_width ? 0 : metres;
}

struct lonlat_box zone_box(const struct zone *zone)
{
    return zone->box;
}
