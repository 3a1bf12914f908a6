/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An edge of few sides is looked at side by side, one of many is GEOS's to search: of shapes with
 * rings, holes and islands thrown at random both name the same nearest place, to the last bit.
 */
#include "core/zone_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/test.h"

enum { SHAPES = 400, PLACES = 500, TEXT = 16384 };

/* A ring around a middle, as WKT: star-shaped, so that it is valid. */
static size_t ring(struct dice *dice, double east, double north, double least, double most,
                   char *text)
{
    int corners = 3 + (int)dice_below(dice, 40);
    char first[64];
    size_t n = 0;

    for (int i = 0; i < corners; i++) {
        double angle = 2 * M_PI * i / corners, radius = dice_between(dice, least, most);
        char corner[64];

        snprintf(corner, sizeof corner, "%.17g %.17g", east + radius * cos(angle),
                 north + radius * sin(angle));
        if (i == 0)
            strcpy(first, corner);
        n += (size_t)sprintf(text + n, "%s%s", i == 0 ? "(" : ",", corner);
    }
    return n + (size_t)sprintf(text + n, ",%s)", first);
}

/* One or two areas, with a hole or none. */
static void throw_shape(struct dice *dice, char text[TEXT])
{
    unsigned areas = 1 + dice_below(dice, 2), n = 0;

    n += (unsigned)sprintf(text, "MULTIPOLYGON(");
    for (unsigned i = 0; i < areas; i++) {
        double east = 1000.0 * i;

        n += (unsigned)sprintf(text + n, "%s(", i > 0 ? "," : "");
        n += (unsigned)ring(dice, east, 7, 250, 400, text + n);
        if (dice_below(dice, 2) == 0) {
            n += (unsigned)sprintf(text + n, ",");
            n += (unsigned)ring(dice, east, 7, 30, 100, text + n);
        }
        n += (unsigned)sprintf(text + n, ")");
    }
    sprintf(text + n, ")");
}

static struct metres by_geos(GEOSContextHandle_t geos, const GEOSPreparedGeometry *edge,
                             struct metres at)
{
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, at.x, at.y);
    GEOSCoordSequence *nearest = GEOSPreparedNearestPoints_r(geos, edge, point);
    struct metres place;

    assert_int_equal(GEOSCoordSeq_getXY_r(geos, nearest, 0, &place.x, &place.y), 1);
    GEOSCoordSeq_destroy_r(geos, nearest);
    GEOSGeom_destroy_r(geos, point);
    return place;
}

static int compare(GEOSContextHandle_t geos, const GEOSGeometry *line, struct dice *dice)
{
    const GEOSPreparedGeometry *fast = GEOSPrepare_r(geos, line);
    struct zone_edge edge;
    int compared = 0;

    assert_true(zone_edge_init(&edge, geos, line));
    for (int i = 0; edge.n > 0 && i < PLACES; i++, compared++) {
        struct metres at = { dice_between(dice, -600, 1600), dice_between(dice, -600, 600) };
        struct metres ours, theirs;

        if (i % 50 == 0) // on a corner itself
            at = edge.corners[dice_below(dice, 3)];
        ours = zone_edge_nearest(&edge, at);
        theirs = by_geos(geos, fast, at);
        if (memcmp(&ours, &theirs, sizeof ours) != 0)
            fail_msg("of %.17g %.17g: %.17g %.17g, not %.17g %.17g", at.x, at.y, ours.x, ours.y,
                     theirs.x, theirs.y);
    }
    zone_edge_fini(&edge);
    GEOSPreparedGeom_destroy_r(geos, fast);
    return compared;
}

static void both_name_the_same_place(void **state)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    struct dice dice = dice_begin();
    static char text[TEXT];
    int compared = 0;

    (void)state;
    for (int i = 0; i < SHAPES; i++) {
        GEOSGeometry *area, *line;

        throw_shape(&dice, text);
        area = GEOSWKTReader_read_r(geos, reader, text);
        assert_non_null(area);
        line = GEOSBoundary_r(geos, area);
        assert_non_null(line);
        compared += compare(geos, line, &dice);
        GEOSGeom_destroy_r(geos, line);
        GEOSGeom_destroy_r(geos, area);
    }
    assert_true(compared > SHAPES * PLACES / 2);
    GEOSWKTReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
}

/* Two sides as near: the place is on one of them. */
static void a_tie_is_as_near(void **state)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *line =
        GEOSWKTReader_read_r(geos, reader, "LINESTRING(-1 -1,1 -1,1 1,-1 1,-1 -1)");
    struct zone_edge edge;
    struct metres at;

    (void)state;
    assert_true(zone_edge_init(&edge, geos, line));
    at = zone_edge_nearest(&edge, (struct metres){ 0, 0 });
    assert_true(fabs(hypot(at.x, at.y) - 1) < 1e-12);
    at = zone_edge_nearest(&edge, (struct metres){ 5, 5 });
    assert_true(at.x == 1 && at.y == 1);
    assert_true(isnan(zone_edge_nearest(&edge, (struct metres){ NAN, 0 }).x));
    zone_edge_fini(&edge);
    GEOSGeom_destroy_r(geos, line);
    GEOSWKTReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_name_the_same_place),
        cmocka_unit_test(a_tie_is_as_near),
    };

    return cmocka_run_group_tests_name("zone edge", tests, NULL, NULL);
}
