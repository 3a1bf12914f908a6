/* SPDX-License-Identifier: Apache-2.0 */
#include "core/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/near.h"
#include "support/rows.h"

static const struct lonlat basildon = { 0.45782, 51.56844 };
static struct zone_maker *maker;

static struct zone *zone_of(enum zone_format format, const char *text, double buffer)
{
    struct zone *zone = NULL;
    struct fault why;

    if (!zone_from_text(maker, format, text, buffer, &zone, &why))
        fail_msg("%s", why.text);
    return zone;
}

static struct zone *circle_of(struct lonlat centre, double radius)
{
    struct zone *zone = NULL;
    struct fault why;

    if (!zone_from_circle(centre, radius, &zone, &why))
        fail_msg("%s", why.text);
    return zone;
}

static double distance_at(const struct zone *zone, double lon, double lat)
{
    return zone_distance(zone, (struct lonlat){ lon, lat }, INFINITY);
}

#define UNIT_SQUARE "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"

static void the_edge_belongs_to_the_zone(void **state)
{
    struct zone *zone = zone_of(ZONE_WKT, UNIT_SQUARE, 0);

    (void)state;
    assert_near(distance_at(zone, 1, 1), 0, 0);
    assert_near(distance_at(zone, 1.000001, 1), 0.11, 0.005);
    assert_near(distance_at(zone, 0, 0), 0, 0);
    assert_near(distance_at(zone, 0.5, 0), 0, 0);
    assert_near(distance_at(zone, 1, 0.3), 0, 0);
    assert_near(distance_at(zone, 1.0 / 3, 1), 0, 0);
    assert_near(distance_at(zone, 0.999999, 0.5), -0.11, 0.005);
    assert_near(distance_at(zone, 0.5, -0.000001), 0.11, 0.005);
    zone_destroy(zone);
}

/* Each of its corners and middles too, where their degrees are no round numbers. */
static void a_real_polygons_edge_belongs_to_it(void **state)
{
    static const struct lonlat corners[] = { { 0.4601, 51.5701 },
                                             { 0.4637, 51.5713 },
                                             { 0.4655, 51.5689 },
                                             { 0.4611, 51.5677 },
                                             { 0.4601, 51.5701 } };
    struct zone *zone = zone_of(ZONE_WKT,
                                "POLYGON ((0.4601 51.5701, 0.4637 51.5713, 0.4655 51.5689, 0.4611 "
                                "51.5677, 0.4601 51.5701))",
                                0);

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct lonlat a = corners[i], b = corners[i + 1];

        for (double t = 0; t < 1; t += 0.03125)
            assert_near(distance_at(zone, a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat)),
                        0, 0);
    }
    zone_destroy(zone);
}

/* 200 m north on the meridian: M at that latitude makes 111,272 m of a degree. */
static void a_circles_edge_belongs_to_it(void **state)
{
    struct zone *zone = circle_of(basildon, 200);
    double low = basildon.lat, high = basildon.lat + 0.01;

    (void)state;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;

        if (lonlat_distance(basildon, (struct lonlat){ basildon.lon, middle }) <= 200)
            low = middle;
        else
            high = middle;
    }
    assert_near((low - basildon.lat) * 111272, 200, 0.1);
    assert_near(distance_at(zone, basildon.lon, low), 0, 0);
    assert_near(distance_at(zone, basildon.lon, low + 1e-6), 0.111, 0.001);
    assert_near(distance_at(zone, basildon.lon, low - 1e-6), -0.111, 0.001);
    assert_near(distance_at(zone, basildon.lon, basildon.lat), -200, 1e-9);
    zone_destroy(zone);
}

static const struct shape_row {
    const char *says;
    enum zone_format format;
    const char *text;
    double buffer;
    struct lonlat at;
    double want, tolerance;
} shapes[] = {
    { "inside of a polygon", ZONE_WKT, UNIT_SQUARE, 0, { 0.5, 0.5 }, -55288, 30 },
    { "clockwise is the same",
      ZONE_WKT,
      "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
    { "with heights",
      ZONE_WKT,
      "POLYGON Z ((0 0 9, 1 0 9, 1 1 9, 0 1 9, 0 0 9))",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
    { "in a hole one is out",
      ZONE_WKT,
      "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (0.4 0.4, 0.6 0.4, 0.6 0.6, 0.4 0.6, 0.4 0.4))",
      0,
      { 0.5, 0.41 },
      1105.7,
      0.5 },
    { "the hole's edge belongs to the zone",
      ZONE_WKT,
      "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (0.4 0.4, 0.6 0.4, 0.6 0.6, 0.4 0.6, 0.4 0.4))",
      0,
      { 0.5, 0.4 },
      0,
      0 },
    { "beside a hole one is in",
      ZONE_WKT,
      "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (0.4 0.4, 0.6 0.4, 0.6 0.6, 0.4 0.6, 0.4 0.4))",
      0,
      { 0.5, 0.39 },
      -1105.7,
      0.5 },
    { "the first of two",
      ZONE_WKT,
      "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((2 0, 3 0, 3 1, 2 1, 2 0)))",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
    { "the second of two",
      ZONE_WKT,
      "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((2 0, 3 0, 3 1, 2 1, 2 0)))",
      0,
      { 2.5, 0.99 },
      -1105.7,
      0.5 },
    { "between two: to the nearer",
      ZONE_WKT,
      "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((2 0, 3 0, 3 1, 2 1, 2 0)))",
      0,
      { 1.99, 0.01 },
      1113.2,
      0.5 },
    { "an island in a hole",
      ZONE_WKT,
      "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0), (0.2 0.2, 0.8 0.2, 0.8 0.8, 0.2 0.8, 0.2 0.2)), "
      "((0.4 0.4, 0.6 0.4, 0.6 0.6, 0.4 0.6, 0.4 0.4)))",
      0,
      { 0.5, 0.41 },
      -1105.7,
      0.5 },
    { "a collection of one",
      ZONE_WKT,
      "GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0)))",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
    { "grown: outside by less", ZONE_WKT, UNIT_SQUARE, 50, { 0.5, -0.01 }, 1105.7 - 50, 0.5 },
    { "grown: in the rim", ZONE_WKT, UNIT_SQUARE, 2000, { 0.5, -0.01 }, 1105.7 - 2000, 0.5 },
    { "grown: inside by more", ZONE_WKT, UNIT_SQUARE, 50, { 0.5, 0.01 }, -1105.7 - 50, 0.5 },
    { "grown: past a corner it is round",
      ZONE_WKT,
      UNIT_SQUARE,
      1000,
      { -0.01, -0.01 },
      1569.0 - 1000,
      1 },
    { "grown into a hole",
      ZONE_WKT,
      "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (0.4 0.4, 0.6 0.4, 0.6 0.6, 0.4 0.6, 0.4 0.4))",
      2000,
      { 0.5, 0.41 },
      1105.7 - 2000,
      0.5 },
    { "a GeoJSON geometry",
      ZONE_GEOJSON,
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
    { "GeoJSON with a hole",
      ZONE_GEOJSON,
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]],"
      "[[0.4,0.4],[0.4,0.6],[0.6,0.6],[0.6,0.4],[0.4,0.4]]]}",
      0,
      { 0.5, 0.41 },
      1105.7,
      0.5 },
    { "a GeoJSON multipolygon",
      ZONE_GEOJSON,
      "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,1],[0,0]]],"
      "[[[2,0],[3,0],[3,1],[2,1],[2,0]]]]}",
      0,
      { 2.5, 0.99 },
      -1105.7,
      0.5 },
    { "a GeoJSON feature",
      ZONE_GEOJSON,
      "{\"type\":\"Feature\",\"properties\":{\"name\":\"a square\"},\"geometry\":"
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
    { "a feature without properties",
      ZONE_GEOJSON,
      "{\"type\":\"Feature\",\"properties\":null,\"geometry\":"
      "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
    { "a collection of one feature",
      ZONE_GEOJSON,
      "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},"
      "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}]}",
      0,
      { 0.5, 0.01 },
      -1105.7,
      0.5 },
};

static void it_measures_so(void **state)
{
    const struct shape_row *row = *state;
    struct zone *zone = zone_of(row->format, row->text, row->buffer);
    double got = zone_distance(zone, row->at, INFINITY);

    zone_destroy(zone);
    assert_near(got, row->want, row->tolerance);
}

static void past_the_horizon_any_number_up_to_the_truth_will_do(void **state)
{
    struct zone *zones[] = {
        circle_of(basildon, 200),
        zone_of(ZONE_WKT, "POLYGON ((0.45 51.56, 0.47 51.56, 0.46 51.58, 0.45 51.56))", 50)
    };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (double lon = 0.3; lon < 0.6; lon += 0.007) {
            for (double lat = 51.5; lat < 51.65; lat += 0.007) {
                double truth = distance_at(zones[i], lon, lat);

                for (double horizon = 0; horizon < 10000; horizon = horizon * 3 + 7) {
                    double got = zone_distance(zones[i], (struct lonlat){ lon, lat }, horizon);

                    if (truth <= horizon)
                        assert_near(got, truth, 0);
                    else
                        assert_true(got >= horizon && got <= truth);
                }
            }
        }
        zone_destroy(zones[i]);
    }
}

static void no_place_has_no_distance_to_a_circle(void **state)
{
    struct zone *zone = circle_of(basildon, 200);
    double nowhere = distance_at(zone, NAN, NAN), half = distance_at(zone, 0.45, NAN);

    (void)state;
    zone_destroy(zone);
    assert_true(isnan(nowhere));
    assert_true(isnan(half));
}

static void no_place_has_no_distance_to_a_polygon(void **state)
{
    struct zone *zone = zone_of(ZONE_WKT, UNIT_SQUARE, 0);
    double nowhere = distance_at(zone, NAN, NAN), half = distance_at(zone, NAN, 0.5);

    (void)state;
    zone_destroy(zone);
    assert_true(isnan(nowhere));
    assert_true(isnan(half));
}

/* The zone may not lie across the meridian, but he may stand on its other side. */
static void across_the_180th_meridian_it_is_still_near(void **state)
{
    struct zone *circle = circle_of((struct lonlat){ 179.99, -17 }, 200);
    struct zone *square =
        zone_of(ZONE_WKT, "POLYGON ((179.98 -17, 179.99 -17, 179.99 -16.99, 179.98 -17))", 0);
    struct lonlat there = { -179.99, -17 };
    double all = zone_distance(circle, there, INFINITY);
    double ring = zone_distance(circle, there, 5000);
    double polygon = zone_distance(square, there, INFINITY);

    (void)state;
    zone_destroy(circle);
    zone_destroy(square);
    assert_near(all, 1930, 5);
    assert_near(ring, 1930, 5);
    assert_near(polygon, 2130, 5);
}

static void nothing_is_destroyed_without_complaint(void **state)
{
    (void)state;
    zone_destroy(NULL);
    zone_maker_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_edge_belongs_to_the_zone),
        cmocka_unit_test(a_real_polygons_edge_belongs_to_it),
        cmocka_unit_test(a_circles_edge_belongs_to_it),
        cmocka_unit_test(past_the_horizon_any_number_up_to_the_truth_will_do),
        cmocka_unit_test(no_place_has_no_distance_to_a_circle),
        cmocka_unit_test(no_place_has_no_distance_to_a_polygon),
        cmocka_unit_test(across_the_180th_meridian_it_is_still_near),
        cmocka_unit_test(nothing_is_destroyed_without_complaint),
    };
    int failed;

    maker = zone_maker_create();
    failed = rows_hold("shapes, measured", shapes, it_measures_so) +
             cmocka_run_group_tests_name("zone", tests, NULL, NULL);
    zone_maker_destroy(maker);
    return failed;
}
