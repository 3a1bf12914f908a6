/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_geodesic_test.c - two places, and circles: within 0.1 m of the geodesic, from 0.1 m to 5 km
 * off the edge and inside it. The judge is Karney's algorithm in PROJ, itself first tried on
 * GeographicLib's test set. Polygons: zone_geodesic_polygon_test.c.
 */
#include "core/geodesic_cases.h"
#include "core/zone.h"

#include "support/near.h"

enum { CASES = 3000 };

static void the_judge_agrees_with_the_test_set(void **state)
{
    struct geodesic rows[CASES_SET_MAX];
    size_t n = cases_set(rows);

    (void)state;
    assert_int_equal(n, CASES_SET_MAX);
    for (size_t i = 0; i < n; i++) {
        struct lonlat to = geodesic_from(&cases_earth, rows[i].a, rows[i].azimuth, rows[i].metres);

        assert_near(geodesic_metres(&cases_earth, rows[i].a, rows[i].b), rows[i].metres, 1e-6);
        assert_near(geodesic_metres(&cases_earth, to, rows[i].b), 0, 1e-6);
    }
}

static void two_places_are_as_far_apart_as_promised(void **state)
{
    struct cases near = cases_begin(), far = cases_begin();

    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct lonlat a = cases_in_essex(&near.dice);
        double azimuth = dice_between(&near.dice, 0, 360);
        struct lonlat b = geodesic_from(&cases_earth, a, azimuth, CASES_FAR);
        struct lonlat c = geodesic_from(&cases_earth, a, azimuth, ZONE_RADIUS_MAX_M);

        cases_count(&near, lonlat_distance(a, b), CASES_FAR, b);
        cases_count(&far, lonlat_distance(a, c), ZONE_RADIUS_MAX_M, c);
    }
    cases_settle(&near);
    cases_settle(&far);
    assert_near(near.worst, 0, 1e-6);
    assert_near(far.worst, 0, 1e-5);
}

static void two_places_of_the_test_set_are_as_far_apart_as_promised(void **state)
{
    static const double legs[] = { CASES_FAR, ZONE_RADIUS_MAX_M, 1e6 }, off[] = { 1e-6, 1e-5, 1 };
    struct geodesic rows[CASES_SET_MAX];
    size_t n = cases_set(rows);

    (void)state;
    for (size_t i = 0; i < 3 * n; i++) {
        struct lonlat a = rows[i / 3].a;
        struct lonlat b = geodesic_from(&cases_earth, a, rows[i / 3].azimuth, legs[i % 3]);

        if (fabs(a.lat) <= 89)
            assert_near(lonlat_distance(a, b), legs[i % 3], off[i % 3]);
    }
}

/* From the edge of a circle outwards and inwards, as far as asked. */
static void try_circle(struct cases *cases, struct lonlat centre, double radius, double azimuth,
                       double off)
{
    double inwards = fmin(off, radius);
    struct lonlat out = geodesic_from(&cases_earth, centre, azimuth, radius + off);
    struct lonlat in = geodesic_from(&cases_earth, centre, azimuth, radius - inwards);
    struct zone *zone = NULL;
    struct fault why;

    if (!zone_from_circle(centre, radius, &zone, &why))
        fail_msg("%s", why.text);
    cases_count(cases, zone_distance(zone, out, INFINITY), off, out);
    cases_count(cases, zone_distance(zone, in, INFINITY), -inwards, in);
    zone_destroy(zone);
}

static void circles_in_essex(void **state)
{
    struct cases cases = cases_begin();

    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct lonlat centre = cases_in_essex(&cases.dice);
        double radius = 1 + cases_distance(&cases.dice);

        try_circle(&cases, centre, radius, dice_between(&cases.dice, 0, 360),
                   cases_distance(&cases.dice));
    }
    cases_settle(&cases);
}

/* A radius of any size that is taken, 1 m to 100 km, each decade as often. */
static double any_radius(struct dice *dice)
{
    return pow(ZONE_RADIUS_MAX_M, dice_between(dice, 0, 1));
}

static void circles_up_to_the_largest_in_essex(void **state)
{
    struct cases cases = cases_begin();

    (void)state;
    for (int i = 0; i < CASES; i++) {
        double radius = i % 4 > 0 ? any_radius(&cases.dice) : ZONE_RADIUS_MAX_M;

        try_circle(&cases, cases_in_essex(&cases.dice), radius, dice_between(&cases.dice, 0, 360),
                   cases_distance(&cases.dice));
    }
    cases_settle(&cases);
}

/* Both ends of each row of the test set, but no zone that crosses the 180th meridian. */
static void circles_over_the_whole_earth(void **state)
{
    struct geodesic rows[CASES_SET_MAX];
    size_t n = cases_set(rows);
    struct cases cases = cases_begin();

    (void)state;
    for (size_t i = 0; i < 2 * n; i++) {
        struct lonlat centre = i % 2 ? rows[i / 2].b : rows[i / 2].a;

        if (fabs(centre.lat) > 85 || fabs(centre.lon) > 167)
            continue;
        for (int k = 0; k < 20; k++)
            try_circle(&cases, centre, any_radius(&cases.dice), rows[i / 2].azimuth + 18 * k,
                       cases_distance(&cases.dice));
    }
    cases_settle(&cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_agrees_with_the_test_set),
        cmocka_unit_test(two_places_are_as_far_apart_as_promised),
        cmocka_unit_test(two_places_of_the_test_set_are_as_far_apart_as_promised),
        cmocka_unit_test(circles_in_essex),
        cmocka_unit_test(circles_up_to_the_largest_in_essex),
        cmocka_unit_test(circles_over_the_whole_earth),
    };

    cases_open();
    return cmocka_run_group_tests_name("circles against geodesics", tests, NULL, NULL);
}
