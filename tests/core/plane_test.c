/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plane.h"

#include "support/near.h"

/*
 * WGS84: a = 6378137 m, e2 = 0.00669437999014; degrees at the equator and at a pole (Snyder, USGS
 * PP 1395, table 3).
 */
static void a_degree_is_as_long_as_the_tables_say(void **state)
{
    (void)state;
    assert_near(plane_at((struct lonlat){ 0, 0 }).east, 111319.4908, 0.0001);
    assert_near(plane_at((struct lonlat){ 0, 0 }).north, 110574.2758, 0.0001);
    assert_near(plane_at((struct lonlat){ 7, 60 }).east, 55800.0, 0.3);
    assert_near(plane_at((struct lonlat){ 7, -60 }).east, 55800.0, 0.3);
    assert_near(plane_at((struct lonlat){ 0, 90 }).north, 111693.9796, 0.0001);
    assert_near(plane_at((struct lonlat){ 0, 90 }).east, 0, 1e-6);
}

static void the_origin_is_nought_and_north_is_up(void **state)
{
    struct lonlat origin = { 0.45782, 51.56844 };
    struct plane plane = plane_at(origin);
    struct metres here = plane_project(&plane, origin);
    struct metres there = plane_project(&plane, (struct lonlat){ 0.46782, 51.56744 });

    (void)state;
    assert_near(here.x, 0, 0);
    assert_near(here.y, 0, 0);
    assert_near(there.x, 0.01 * plane.east, 1e-8);
    assert_near(there.y, -0.001 * plane.north, 1e-8);
}

/* What lies halfway in degrees lies halfway in metres, so GeoJSON's lines stay where they are. */
static void straight_stays_straight(void **state)
{
    struct plane plane = plane_at((struct lonlat){ 0.45782, 51.56844 });
    struct lonlat a = { 0.41, 51.53 }, b = { 0.52, 51.61 };
    struct metres from = plane_project(&plane, a), to = plane_project(&plane, b);

    (void)state;
    for (double t = 0; t <= 1; t += 0.125) {
        struct lonlat between = { a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat) };
        struct metres at = plane_project(&plane, between);

        assert_near(at.x, from.x + t * (to.x - from.x), 1e-6);
        assert_near(at.y, from.y + t * (to.y - from.y), 1e-6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_degree_is_as_long_as_the_tables_say),
        cmocka_unit_test(the_origin_is_nought_and_north_is_up),
        cmocka_unit_test(straight_stays_straight),
    };

    return cmocka_run_group_tests_name("plane", tests, NULL, NULL);
}
