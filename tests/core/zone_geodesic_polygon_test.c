/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_geodesic_polygon_test.c - polygons, with holes and buffers: within 0.1 m of the geodesic,
 * from 0.1 m to 5 km off the edge and inside it.
 */
#include "core/geodesic_cases.h"
#include "core/zone.h"

#include "support/near.h"

static struct zone_maker *maker;

/* A star of `n` corners around `centre`, its radii between the two. */
static struct shape_ring star(struct dice *dice, struct lonlat centre, size_t n, double least,
                              double most)
{
    struct shape_ring ring = { .n = n, .opens = 1 };

    for (size_t i = 0; i < n; i++)
        ring.corners[i] = geodesic_from(&cases_earth, centre, 360.0 * (double)i / (double)n,
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
            geodesic_from(&cases_earth, centre, dice_between(dice, 0, 360), 2.2 * size);

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

    return geodesic_from(&cases_earth, on, dice_between(dice, 0, 360), cases_distance(dice));
}

/*
 * A buffer moves the edge by so much. In its rim the depth may be less than the true one: there the
 * judge, who knows only the polygon, says the same.
 */
static void try_shape(struct cases *cases, const struct shape *shape, double buffer, int places)
{
    char text[SHAPE_TEXT_MAX];
    struct zone *zone = NULL;
    struct fault why;

    if (!zone_from_text(maker, ZONE_WKT, shape_wkt(shape, text), buffer, &zone, &why))
        fail_msg("%s: %s", why.text, text);
    for (int i = 0; i < places; i++) {
        struct lonlat at = near_the_edge(&cases->dice, shape);
        double truth = shape_distance(&cases_earth, shape, at);

        if (fabs(truth) <= CASES_FAR)
            cases_count(cases, zone_distance(zone, at, INFINITY), truth - buffer, at);
    }
    zone_destroy(zone);
}

static void polygons_in_essex(void **state)
{
    struct cases cases = cases_begin();

    (void)state;
    for (int i = 0; i < 150; i++) {
        struct shape shape = random_shape(&cases.dice, cases_in_essex(&cases.dice));

        try_shape(&cases, &shape, 0, 6);
    }
    cases_settle(&cases);
}

static void polygons_with_a_buffer(void **state)
{
    struct cases cases = cases_begin();

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct shape shape = random_shape(&cases.dice, cases_in_essex(&cases.dice));

        try_shape(&cases, &shape, dice_between(&cases.dice, 0, 500), 6);
    }
    cases_settle(&cases);
}

/* A square kilometre along meridians and parallels: outwards from each middle and corner. */
static void squares_along_the_meridian(void **state)
{
    struct cases cases = cases_begin();

    (void)state;
    for (int i = 0; i < 30; i++) {
        struct lonlat sw = cases_in_essex(&cases.dice);
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
            double off = cases_distance(&cases.dice);
            struct lonlat at = geodesic_from(&cases_earth, from[k], 90 - 45.0 * (double)k, off);
            double truth = shape_distance(&cases_earth, &square, at);

            if (k % 2 == 1)
                assert_near(truth, off, 1e-4); // the judge's search, judged by construction
            cases_count(&cases, zone_distance(zone, at, INFINITY), truth, at);
        }
        zone_destroy(zone);
    }
    cases_settle(&cases);
}

static void polygons_over_the_inhabited_earth(void **state)
{
    struct geodesic rows[CASES_SET_MAX];
    size_t n = cases_set(rows);
    struct cases cases = cases_begin();

    (void)state;
    for (size_t i = 0; i < 2 * n; i++) {
        struct lonlat centre = i % 2 ? rows[i / 2].b : rows[i / 2].a;
        struct shape shape;

        if (fabs(centre.lat) > 70 || fabs(centre.lon) > 179)
            continue;
        shape = random_shape(&cases.dice, centre);
        try_shape(&cases, &shape, 0, 4);
    }
    cases_settle(&cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squares_along_the_meridian),
        cmocka_unit_test(polygons_in_essex),
        cmocka_unit_test(polygons_with_a_buffer),
        cmocka_unit_test(polygons_over_the_inhabited_earth),
    };
    int failed;

    cases_open();
    maker = zone_maker_create();
    failed = cmocka_run_group_tests_name("polygons against geodesics", tests, NULL, NULL);
    zone_maker_destroy(maker);
    return failed;
}
