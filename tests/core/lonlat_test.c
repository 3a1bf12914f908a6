/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lonlat.h"

#include <math.h>

#include "support/near.h"

static void a_position_is_finite_and_on_the_map(void **state)
{
    static const struct {
        struct lonlat at;
        bool valid;
    } rows[] = {
        { { 0.45782, 51.56844 }, true }, { { 180, 90 }, true },        { { -180, -90 }, true },
        { { 180.0000001, 0 }, false },   { { 0, 90.0000001 }, false }, { { -181, 0 }, false },
        { { 0, -91 }, false },           { { NAN, 0 }, false },        { { 0, NAN }, false },
        { { INFINITY, 0 }, false },      { { 0, -INFINITY }, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(lonlat_valid(rows[i].at), rows[i].valid);
}

static void the_edges_belong_to_the_box(void **state)
{
    struct lonlat_box box = { { 0, 51 }, { 1, 52 } };

    (void)state;
    assert_true(lonlat_box_holds(&box, (struct lonlat){ 0.5, 51.5 }));
    assert_true(lonlat_box_holds(&box, box.sw));
    assert_true(lonlat_box_holds(&box, box.ne));
    assert_true(lonlat_box_holds(&box, (struct lonlat){ 0, 52 }));
    assert_false(lonlat_box_holds(&box, (struct lonlat){ -0.000001, 51.5 }));
    assert_false(lonlat_box_holds(&box, (struct lonlat){ 0.5, 52.000001 }));
    assert_false(lonlat_box_holds(&box, (struct lonlat){ NAN, 51.5 }));
}

static void it_is_nothing_to_oneself_and_the_same_there_and_back(void **state)
{
    struct lonlat a = { 0.45782, 51.56844 }, b = { 0.51, 51.6 };

    (void)state;
    assert_near(lonlat_distance(a, a), 0, 0);
    assert_near(lonlat_distance(a, b), lonlat_distance(b, a), 1e-9);
}

/* 111.3 km to a degree at the equator, on either side of the 180th meridian. */
static void the_180th_meridian_is_crossed_the_short_way(void **state)
{
    (void)state;
    assert_near(lonlat_distance((struct lonlat){ 179.5, 0 }, (struct lonlat){ -179.5, 0 }),
                111319.491, 0.001);
    assert_near(lonlat_distance((struct lonlat){ -0.5, 0 }, (struct lonlat){ 0.5, 0 }), 111319.491,
                0.001);
}

static void far_away_it_is_still_monotone(void **state)
{
    struct lonlat chelmsford = { 0.47, 51.73 };
    double last = 0;

    (void)state;
    for (int degrees = 1; degrees <= 130; degrees++) {
        double now = lonlat_distance(chelmsford, (struct lonlat){ 0.47, 51.73 - degrees });

        assert_true(now > last);
        last = now;
    }
}

static void what_is_no_place_is_no_distance(void **state)
{
    (void)state;
    assert_true(isnan(lonlat_distance((struct lonlat){ NAN, 51 }, (struct lonlat){ 0, 51 })));
    assert_true(isnan(lonlat_distance((struct lonlat){ 0, 51 }, (struct lonlat){ 0, NAN })));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_position_is_finite_and_on_the_map),
        cmocka_unit_test(the_edges_belong_to_the_box),
        cmocka_unit_test(it_is_nothing_to_oneself_and_the_same_there_and_back),
        cmocka_unit_test(the_180th_meridian_is_crossed_the_short_way),
        cmocka_unit_test(far_away_it_is_still_monotone),
        cmocka_unit_test(what_is_no_place_is_no_distance),
    };

    return cmocka_run_group_tests_name("lonlat", tests, NULL, NULL);
}
