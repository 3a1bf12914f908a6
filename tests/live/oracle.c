/* SPDX-License-Identifier: Apache-2.0 */
#include "live/oracle.h"

#include <geos_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUARTER 1024 // segments in a quarter circle: 300 m are right within 0.1 mm

struct oracle {
    struct frame frame;
    GEOSContextHandle_t geos;
    GEOSGeometry *area, *edge;
    const GEOSPreparedGeometry *fast_area, *fast_edge; // of the same, asked thousands of times
    char lines[2048];
};

static GEOSGeometry *dot(const struct oracle *oracle, struct flat at)
{
    return GEOSGeom_createPointFromXY_r(oracle->geos, at.east, at.north);
}

/* Takes the outline over, and grows it into the area. */
static struct oracle *finish(struct oracle *oracle, GEOSGeometry *outline, double buffer)
{
    oracle->area = GEOSBuffer_r(oracle->geos, outline, buffer, QUARTER);
    oracle->edge = GEOSBoundary_r(oracle->geos, oracle->area);
    oracle->fast_area = GEOSPrepare_r(oracle->geos, oracle->area);
    oracle->fast_edge = GEOSPrepare_r(oracle->geos, oracle->edge);
    GEOSGeom_destroy_r(oracle->geos, outline);
    return oracle;
}

static struct oracle *begin(struct place centre)
{
    struct oracle *oracle = calloc(1, sizeof(*oracle));

    oracle->frame = frame_at(centre);
    oracle->geos = GEOS_init_r();
    return oracle;
}

struct oracle *oracle_circle(struct place centre, double radius)
{
    struct oracle *oracle = begin(centre);

    snprintf(oracle->lines, sizeof(oracle->lines), "centre = %.7f, %.7f\nradius = %g m\n",
             centre.lat, centre.lon, radius);
    return finish(oracle, dot(oracle, (struct flat){ 0, 0 }), radius);
}

/*
 * The corners as the order file has them (longitude latitude, to the last digit), the first again
 * at the end.
 */
static void write_wkt(struct oracle *oracle, const struct flat *corners, size_t n, double buffer)
{
    FILE *out = fmemopen(oracle->lines, sizeof(oracle->lines), "w");

    fprintf(out, "wkt = POLYGON ((");
    for (size_t i = 0; i <= n; i++) {
        struct place at = frame_place(&oracle->frame, corners[i % n]);

        fprintf(out, "%s%.9f %.9f", i == 0 ? "" : ", ", at.lon, at.lat);
    }
    fprintf(out, "))\n");
    if (buffer > 0)
        fprintf(out, "buffer = %g m\n", buffer);
    fclose(out);
}

struct oracle *oracle_polygon(struct place centre, const struct flat *corners, size_t n,
                              double buffer)
{
    struct oracle *oracle = begin(centre);
    GEOSCoordSequence *ring = GEOSCoordSeq_create_r(oracle->geos, (unsigned)n + 1, 2);

    for (size_t i = 0; i <= n; i++)
        GEOSCoordSeq_setXY_r(oracle->geos, ring, (unsigned)i, corners[i % n].east,
                             corners[i % n].north);
    write_wkt(oracle, corners, n, buffer);
    return finish(oracle,
                  GEOSGeom_createPolygon_r(
                      oracle->geos, GEOSGeom_createLinearRing_r(oracle->geos, ring), NULL, 0),
                  buffer);
}

void oracle_destroy(struct oracle *oracle)
{
    if (oracle == NULL)
        return;
    GEOSPreparedGeom_destroy_r(oracle->geos, oracle->fast_area);
    GEOSPreparedGeom_destroy_r(oracle->geos, oracle->fast_edge);
    GEOSGeom_destroy_r(oracle->geos, oracle->area);
    GEOSGeom_destroy_r(oracle->geos, oracle->edge);
    GEOS_finish_r(oracle->geos);
    free(oracle);
}

const char *oracle_lines(const struct oracle *oracle)
{
    return oracle->lines;
}

bool oracle_inside(const struct oracle *oracle, struct place place)
{
    GEOSGeometry *point = dot(oracle, frame_flat(&oracle->frame, place));
    bool inside = GEOSPreparedCovers_r(oracle->geos, oracle->fast_area, point) == 1;

    GEOSGeom_destroy_r(oracle->geos, point);
    return inside;
}

double oracle_to_edge(const struct oracle *oracle, struct place place)
{
    GEOSGeometry *point = dot(oracle, frame_flat(&oracle->frame, place));
    double metres = 0;

    GEOSPreparedDistance_r(oracle->geos, oracle->fast_edge, point, &metres);
    GEOSGeom_destroy_r(oracle->geos, point);
    return metres;
}
