/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_box_test.c - everything of a zone lies in its box, by geodesics: what
 * is outside of it is never asked about.
 */
#include "core/geodesic_cases.h"
#include "core/zone.h"

#include <stdio.h>

#include "support/near.h"

/*
 * The place on the rim, seen from the centre, is in the box, and inside for
 * whoever looks no further than the edge.
 */
static void try_circle(struct lonlat centre, double radius)
{
    struct zone *zone = NULL;
    struct fault why;
    int outside = 0;

    if (!zone_from_circle(centre, radius, &zone, &why))
        fail_msg("%s", why.text);
    for (double azimuth = 0; azimuth < 360; azimuth += 0.5) {
        struct lonlat rim = geodesic_from(&cases_earth, centre, azimuth, 0.9999 * radius);
        struct lonlat_box box = zone_box(zone);

        outside += !lonlat_box_holds(&box, rim) || zone_distance(zone, rim, 0) > 0.1;
    }
    zone_destroy(zone);
    if (outside > 0)
        fail_msg("%d of 720 places of a circle of %g m at latitude %g", outside, radius,
                 centre.lat);
}

static void circles_up_to_ten_kilometres(void **state)
{
    (void)state;
    for (double lat = -75; lat <= 75; lat += 12.5) {
        for (double radius = 1; radius <= 10000; radius *= 10)
            try_circle((struct lonlat){ 0.45, lat }, radius);
    }
}

static void the_largest_circle_in_essex(void **state)
{
    (void)state;
    try_circle((struct lonlat){ 0.45782, 51.56844 }, ZONE_RADIUS_MAX_M);
}

/*
 * From its north-eastern corner as far as the buffer goes: a degree of longitude is shorter
 * there than at the middle of the polygon.
 */
static void try_grown(double high, double buffer)
{
    char text[256];
    struct zone_maker *maker = zone_maker_create();
    struct zone *zone = NULL;
    struct fault why;
    struct lonlat_box box;
    int outside = 0;

    snprintf(text, sizeof text, "POLYGON ((0.1 51.5, 0.9 51.5, 0.9 %f, 0.1 %f, 0.1 51.5))",
             51.5 + high, 51.5 + high);
    if (!zone_from_text(maker, ZONE_WKT, text, buffer, &zone, &why))
        fail_msg("%s", why.text);
    box = zone_box(zone);
    for (double azimuth = 0; azimuth <= 180; azimuth += 0.5) {
        struct lonlat corner = { 0.9, azimuth < 90 ? 51.5 + high : 51.5 };
        struct lonlat rim = geodesic_from(&cases_earth, corner, azimuth, 0.99999 * buffer);

        outside += !lonlat_box_holds(&box, rim);
    }
    zone_destroy(zone);
    zone_maker_destroy(maker);
    if (outside > 0)
        fail_msg("%d of 361 places grown by %g m from one %g degrees high", outside, buffer, high);
}

static void a_grown_polygon_of_a_kilometre(void **state)
{
    (void)state;
    try_grown(0.009, 50);
    try_grown(0.009, 1000);
}

static void a_grown_polygon_of_ten_kilometres(void **state)
{
    (void)state;
    try_grown(0.09, 50);
    try_grown(0.09, 1000);
}

static void a_grown_county(void **state)
{
    (void)state;
    try_grown(0.6, 50);
    try_grown(0.6, 5000);
}

static void the_width_is_that_of_the_narrow_side(void **state)
{
    struct zone *zone = NULL;
    struct fault why;

    (void)state;
    assert_true(zone_from_circle((struct lonlat){ 0.45782, 51.56844 }, 200, &zone, &why));
    assert_near(zone_width(zone), 400, 1);
    zone_destroy(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circles_up_to_ten_kilometres),
        cmocka_unit_test(the_largest_circle_in_essex),
        cmocka_unit_test(a_grown_polygon_of_a_kilometre),
        cmocka_unit_test(a_grown_polygon_of_ten_kilometres),
        cmocka_unit_test(a_grown_county),
        cmocka_unit_test(the_width_is_that_of_the_narrow_side),
    };

    cases_open();
    return cmocka_run_group_tests_name("zones and their boxes", tests, NULL, NULL);
}
