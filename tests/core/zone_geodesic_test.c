/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_geodesic_test.c - within 0.1 m of the geodesic, from 0.1 m to 5 km off the edge and inside
 * it. The judge is Karney's algorithm in PROJ, itself first tried on GeographicLib's test set.
 */
#include "core/geodesic_shape.h"
#include "core/zone.h"

#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/near.h"

enum { CASES = 3000, ROWS = 100 };

#define FAR       5000.0 // metres
#define TOLERANCE 0.1    // metres

static const char test_set[] =
    SHARED_DATA "/suite-geodesic/geographiclib-rs/test_fixtures/GeodTest-100.dat";

static struct geod_geodesic earth;
static struct zone_maker *maker;

struct geodesic {
    struct lonlat a, b;
    double azimuth, metres;
};

/* Rows of the test set; 0 when it is not there. */
static size_t read_set(struct geodesic rows[ROWS])
{
    FILE *file = fopen(test_set, "re");
    size_t n = 0;

    while (file != NULL && n < ROWS &&
           fscanf(file, "%lf %lf %lf %lf %lf %*f %lf %*f %*f %*f", &rows[n].a.lat, &rows[n].a.lon,
                  &rows[n].azimuth, &rows[n].b.lat, &rows[n].b.lon, &rows[n].metres) == 6)
        n++;
    if (file != NULL)
        fclose(file);
    return n;
}

static size_t wanted_set(struct geodesic rows[ROWS])
{
    size_t n = read_set(rows);

    if (n == 0) {
        print_message("skipped: %s is not there\n", test_set);
        skip();
    }
    return n;
}

/* What is measured in one test, and the worst of it. */
struct tally {
    struct dice dice;
    unsigned long seed;
    int cases;
    double worst;
    struct lonlat where;
    double there; // the true distance at the worst
};

static struct tally begin(void)
{
    struct tally tally = { .seed = dice_seed() };

    tally.dice.state = tally.seed;
    return tally;
}

static void count(struct tally *tally, double got, double truth, struct lonlat at)
{
    double off = fabs(got - truth);

    tally->cases++;
    if (off <= tally->worst)
        return;
    tally->worst = off;
    tally->where = at;
    tally->there = truth;
}

static void settle(const struct tally *tally)
{
    print_message("DICE_SEED=%lu: %d cases, worst %.6f m, at latitude %.5f, longitude %.5f, "
                  "%.1f m from the edge\n",
                  tally->seed, tally->cases, tally->worst, tally->where.lat, tally->where.lon,
                  tally->there);
    assert_true(tally->cases > 0);
    assert_true(tally->worst <= TOLERANCE);
}

/* 0.1 m to 5 km, each decade as often. */
static double some_distance(struct dice *dice)
{
    return 0.1 * pow(FAR / 0.1, dice_between(dice, 0, 1));
}

static struct lonlat somewhere_in_essex(struct dice *dice)
{
    return (struct lonlat){ dice_between(dice, 0, 1.3), dice_between(dice, 51.45, 52.1) };
}

static void the_judge_agrees_with_the_test_set(void **state)
{
    struct geodesic rows[ROWS];
    size_t n = wanted_set(rows);

    (void)state;
    assert_int_equal(n, ROWS);
    for (size_t i = 0; i < n; i++) {
        struct lonlat to = geodesic_from(&earth, rows[i].a, rows[i].azimuth, rows[i].metres);

        assert_near(geodesic_metres(&earth, rows[i].a, rows[i].b), rows[i].metres, 1e-6);
        assert_near(geodesic_metres(&earth, to, rows[i].b), 0, 1e-6);
    }
}

static void two_places_are_as_far_apart_as_promised(void **state)
{
    struct tally near = begin(), far = begin();

    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct lonlat a = somewhere_in_essex(&near.dice);
        double azimuth = dice_between(&near.dice, 0, 360);
        struct lonlat b = geodesic_from(&earth, a, azimuth, FAR);
        struct lonlat c = geodesic_from(&earth, a, azimuth, ZONE_RADIUS_MAX_M);

        count(&near, lonlat_distance(a, b), FAR, b);
        count(&far, lonlat_distance(a, c), ZONE_RADIUS_MAX_M, c);
    }
    settle(&near);
    settle(&far);
    assert_near(near.worst, 0, 1e-6);
    assert_near(far.worst, 0, 1e-5);
}

static void two_places_of_the_test_set_are_as_far_apart_as_promised(void **state)
{
    static const double legs[] = { FAR, ZONE_RADIUS_MAX_M, 1e6 }, off[] = { 1e-6, 1e-5, 1 };
    struct geodesic rows[ROWS];
    size_t n = wanted_set(rows);

    (void)state;
    for (size_t i = 0; i < 3 * n; i++) {
        struct lonlat a = rows[i / 3].a;
        struct lonlat b = geodesic_from(&earth, a, rows[i / 3].azimuth, legs[i % 3]);

        if (fabs(a.lat) <= 89)
            assert_near(lonlat_distance(a, b), legs[i % 3], off[i % 3]);
    }
}

/* From the edge of a circle outwards and inwards, as far as asked. */
static void try_circle(struct tally *tally, struct lonlat centre, double radius, double azimuth,
                       double off)
{
    double inwards = fmin(off, radius);
    struct lonlat out = geodesic_from(&earth, centre, azimuth, radius + off);
    struct lonlat in = geodesic_from(&earth, centre, azimuth, radius - inwards);
    struct zone *zone = NULL;
    struct fault why;

    if (!zone_from_circle(centre, radius, &zone, &why))
        fail_msg("%s", why.text);
    count(tally, zone_distance(zone, out, INFINITY), off, out);
    count(tally, zone_distance(zone, in, INFINITY), -inwards, in);
    zone_destroy(zone);
}

static void circles_in_essex(void **state)
{
    struct tally tally = begin();

    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct lonlat centre = somewhere_in_essex(&tally.dice);
        double radius = 1 + some_distance(&tally.dice);

        try_circle(&tally, centre, radius, dice_between(&tally.dice, 0, 360),
                   some_distance(&tally.dice));
    }
    settle(&tally);
}

/* A radius of any size that is taken, 1 m to 100 km, each decade as often. */
static double any_radius(struct dice *dice)
{
    return pow(ZONE_RADIUS_MAX_M, dice_between(dice, 0, 1));
}

static void circles_up_to_the_largest_in_essex(void **state)
{
    struct tally tally = begin();

    (void)state;
    for (int i = 0; i < CASES; i++) {
        double radius = i % 4 > 0 ? any_radius(&tally.dice) : ZONE_RADIUS_MAX_M;

        try_circle(&tally, somewhere_in_essex(&tally.dice), radius,
                   dice_between(&tally.dice, 0, 360), some_distance(&tally.dice));
    }
    settle(&tally);
}

/* Both ends of each row of the test set, but no zone that crosses the 180th meridian. */
static void circles_over_the_whole_earth(void **state)
{
    struct geodesic rows[ROWS];
    size_t n = wanted_set(rows);
    struct tally tally = begin();

    (void)state;
    for (size_t i = 0; i < 2 * n; i++) {
        struct lonlat centre = i % 2 ? rows[i / 2].b : rows[i / 2].a;

        if (fabs(centre.lat) > 85 || fabs(centre.lon) > 167)
            continue;
        for (int k = 0; k < 20; k++)
            try_circle(&tally, centre, any_radius(&tally.dice), rows[i / 2].azimuth + 18 * k,
                       some_distance(&tally.dice));
    }
    settle(&tally);
}

/* A star of `n` corners around `centre`, its radii between the two. */
static struct shape_ring star(struct dice *dice, struct lonlat centre, size_t n, double least,
                              double most)
{
    struct shape_ring ring = { .n = n, .opens = 1 };

    for (size_t i = 0; i < n; i++)
        ring.corners[i] = geodesic_from(&earth, centre, 360.0 * (double)i / (double)n,
                                        dice_between(dice, least, most));
    return ring;
}

/* Up to 10 km across: a star, now and then with a hole in it, or with a second star beside it. */
static struct shape random_shape(struct dice *dice, struct lonlat centre)
{
    double size = 20 * pow(250, dice_between(dice, 0, 1)); // 20 m to 5 km
    size_t corners = 3 + dice_below(dice, SHAPE_CORNERS_MAX - 3);
    struct shape shape = { .n_rings = 1 };
    unsigned kind = dice_below(dice, 3);

    if (kind == 2)
        size *= 0.45;
    shape.rings[0] = star(dice, centre, corners, 0.6 * size, size);
    if (kind == 1) {
        // No radius under 0.6, no chord nearer than half of that: the hole lies within.
        shape.rings[shape.n_rings] =
            star(dice, centre, 3 + dice_below(dice, 6), 0.1 * size, 0.25 * size);
        shape.rings[shape.n_rings++].opens = 0;
    } else if (kind == 2) {
        struct lonlat beside =
            geodesic_from(&earth, centre, dice_between(dice, 0, 360), 2.2 * size);

        shape.rings[shape.n_rings++] = star(dice, beside, corners, 0.6 * size, size);
    }
    return shape;
}

/* So far from some place of the edge, to any side; often from a corner itself. */
static struct lonlat near_the_edge(struct dice *dice, const struct shape *shape)
{
    const struct shape_ring *ring = &shape->rings[dice_below(dice, (unsigned)shape->n_rings)];
    size_t nth = dice_below(dice, (unsigned)ring->n);
    struct lonlat a = ring->corners[nth], b = ring->corners[(nth + 1) % ring->n];
    double t = dice_below(dice, 4) ? dice_between(dice, 0, 1) : 0;
    struct lonlat on = { a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat) };

    return geodesic_from(&earth, on, dice_between(dice, 0, 360), some_distance(dice));
}

/* A buffer moves the edge. In its rim the depth may be too small: that of the bare polygon. */
static void try_shape(struct tally *tally, const struct shape *shape, double buffer, int places)
{
    char text[SHAPE_TEXT_MAX];
    struct zone *zone = NULL;
    struct fault why;

    if (!zone_from_text(maker, ZONE_WKT, shape_wkt(shape, text), buffer, &zone, &why))
        fail_msg("%s: %s", why.text, text);
    for (int i = 0; i < places; i++) {
        struct lonlat at = near_the_edge(&tally->dice, shape);
        double truth = shape_distance(&earth, shape, at);

        if (fabs(truth) <= FAR)
            count(tally, zone_distance(zone, at, INFINITY), truth - buffer, at);
    }
    zone_destroy(zone);
}

static void polygons_in_essex(void **state)
{
    struct tally tally = begin();

    (void)state;
    for (int i = 0; i < 150; i++) {
        struct shape shape = random_shape(&tally.dice, somewhere_in_essex(&tally.dice));

        try_shape(&tally, &shape, 0, 6);
    }
    settle(&tally);
}

static void polygons_with_a_buffer(void **state)
{
    struct tally tally = begin();

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct shape shape = random_shape(&tally.dice, somewhere_in_essex(&tally.dice));

        try_shape(&tally, &shape, dice_between(&tally.dice, 0, 500), 6);
    }
    settle(&tally);
}

/* A square kilometre along meridians and parallels: outwards from each middle and corner. */
static void squares_along_the_meridian(void **state)
{
    struct tally tally = begin();

    (void)state;
    for (int i = 0; i < 30; i++) {
        struct lonlat sw = somewhere_in_essex(&tally.dice);
        struct lonlat ne = { sw.lon + 0.0144, sw.lat + 0.009 };
        struct lonlat middle = { (sw.lon + ne.lon) / 2, (sw.lat + ne.lat) / 2 };
        struct shape square = { 1,
                                { { 4, { sw, { ne.lon, sw.lat }, ne, { sw.lon, ne.lat } }, 1 } } };
        struct lonlat from[] = { { ne.lon, middle.lat }, ne,
                                 { middle.lon, ne.lat }, { sw.lon, ne.lat },
                                 { sw.lon, middle.lat }, sw,
                                 { middle.lon, sw.lat }, { ne.lon, sw.lat } };
        char text[SHAPE_TEXT_MAX];
        struct zone *zone = NULL;
        struct fault why;

        assert_true(zone_from_text(maker, ZONE_WKT, shape_wkt(&square, text), 0, &zone, &why));
        for (size_t k = 0; k < 8; k++) {
            double off = some_distance(&tally.dice);
            struct lonlat at = geodesic_from(&earth, from[k], 90 - 45.0 * (double)k, off);
            double truth = shape_distance(&earth, &square, at);

            if (k % 2 == 1)
                assert_near(truth, off, 1e-4); // the judge's search, judged by construction
            count(&tally, zone_distance(zone, at, INFINITY), truth, at);
        }
        zone_destroy(zone);
    }
    settle(&tally);
}

static void polygons_over_the_inhabited_earth(void **state)
{
    struct geodesic rows[ROWS];
    size_t n = wanted_set(rows);
    struct tally tally = begin();

    (void)state;
    for (size_t i = 0; i < 2 * n; i++) {
        struct lonlat centre = i % 2 ? rows[i / 2].b : rows[i / 2].a;
        struct shape shape;

        if (fabs(centre.lat) > 70 || fabs(centre.lon) > 179)
            continue;
        shape = random_shape(&tally.dice, centre);
        try_shape(&tally, &shape, 0, 4);
    }
    settle(&tally);
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
        cmocka_unit_test(squares_along_the_meridian),
        cmocka_unit_test(polygons_in_essex),
        cmocka_unit_test(polygons_with_a_buffer),
        cmocka_unit_test(polygons_over_the_inhabited_earth),
    };
    int failed;

    geod_init(&earth, 6378137, 1 / 298.257223563);
    maker = zone_maker_create();
    failed = cmocka_run_group_tests_name("zones against geodesics", tests, NULL, NULL);
    zone_maker_destroy(maker);
    return failed;
}
