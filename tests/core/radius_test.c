/* SPDX-License-Identifier: Apache-2.0 */
#include "core/radius.h"

#include <math.h>

#include "support/dice.h"
#include "support/near.h"
#include "support/rows.h"

/* Metres: of a round Gaussian, sqrt(-2 ln(1 - p)). */
static const struct row {
    const char *says;
    double reported, percentile, usual;
} rows[] = {
    { "8 m that hold 95 % are 4.9 m that hold 68 %", 8, 95, 4.9338 },
    { "one in a hundred is outside", 8, 99, 3.9793 },
    { "CEP, the circle of half of them", 8, 50, 10.2570 },
    { "two sd in one dimension", 8, 95.45, 4.8579 },
    { "the least that may be told", 8, 10, 26.3085 },
    { "the most", 8, 99.9, 3.2491 },
    { "as every accuracy is", 8, 68, 8 },
    { "and where nothing is said", 8, 0, 8 },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    assert_near(radius_usual(row->reported, row->percentile), row->usual, 0.0001);
    assert_near(radius_reported(radius_usual(row->reported, row->percentile), row->percentile),
                row->reported, 1e-12);
}

static void at_68_not_a_bit_is_another(void **state)
{
    (void)state;
    for (double metres = 0.1; metres < 1e5; metres *= 1.37) {
        assert_true(radius_usual(metres, 68) == metres && radius_reported(metres, 68) == metres);
        assert_true(radius_usual(metres, 0) == metres && radius_reported(metres, 0) == metres);
    }
}

static void what_is_not_told_stays_so(void **state)
{
    (void)state;
    assert_true(isnan(radius_usual(NAN, 95)) && isnan(radius_reported(NAN, 95)));
    assert_true(isnan(radius_usual(NAN, 0)) && isnan(radius_reported(NAN, 0)));
}

/* The formula against what it is of: errors thrown, and counted in the circle. */
static void a_circle_holds_so_many_of_the_errors_as_it_says(void **state)
{
    static const double percentiles[] = { 10, 50, 68, 95, 99.9 };
    enum { THROWN = 200000 };
    struct dice dice = dice_begin();

    (void)state;
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++) {
        double radius = radius_reported(1, percentiles[i]) * 1.5096; // sd 1 an axis
        size_t held = 0;

        for (int n = 0; n < THROWN; n++) {
            // Box & Muller: the two axes of one error.
            double r = sqrt(-2 * log(dice_between(&dice, 1e-12, 1)));
            double angle = dice_between(&dice, 0, 2 * M_PI);

            held += hypot(r * cos(angle), r * sin(angle)) <= radius;
        }
        assert_near((double)held / THROWN * 100, percentiles[i], 0.5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_68_not_a_bit_is_another),
        cmocka_unit_test(what_is_not_told_stays_so),
        cmocka_unit_test(a_circle_holds_so_many_of_the_errors_as_it_says),
    };

    return rows_hold("radii", rows, row_holds) +
           cmocka_run_group_tests_name("radius", tests, NULL, NULL);
}
