/* SPDX-License-Identifier: Apache-2.0 */
#include "core/steps.h"

#include "support/dice.h"
#include "support/rows.h"

#include <math.h>

#include "support/test.h"

static const struct row {
    const char *says;
    double (*step)(double value);
    double value, want;
} rows[] = {
    { "inside by 42 m is 40", steps_depth, 42, 40 },
    { "inside by 45 m is 50", steps_depth, 45, 50 },
    { "4 m inside is the edge, which belongs to the zone", steps_depth, 4, 0 },
    { "the edge is the edge", steps_depth, 0, 0 },
    { "a hair outside stays outside", steps_depth, -0.001, -10 },
    { "4 m outside stays outside", steps_depth, -4, -10 },
    { "784 m outside is 780", steps_depth, -784, -780 },
    { "another device is never told as at the edge", steps_distance, 1, 10 },
    { "608 s is 615", steps_seconds, 608, 615 },
    { "3 s is not there yet", steps_seconds, 3, 15 },
    { "there is there", steps_seconds, 0, 0 },
    { "0.004 is 0", steps_probability, 0.004, 0 },
    { "0.02 is 0.01", steps_probability, 0.02, 0.01 },
    { "0.46 is no coin toss", steps_probability, 0.46, 0.4 },
    { "0.5 is a coin toss", steps_probability, 0.5, 0.5 },
    { "0.64 is 0.6", steps_probability, 0.64, 0.6 },
    { "0.93 is 0.95", steps_probability, 0.93, 0.95 },
    { "0.98 is 0.99", steps_probability, 0.98, 0.99 },
    { "0.996 is 1", steps_probability, 0.996, 1 },
};

static void a_row_holds(void **state)
{
    const struct row *row = *state;

    assert_true(fabs(row->step(row->value) - row->want) < 1e-9);
}

static void what_is_not_known_stays_so(void **state)
{
    (void)state;
    assert_true(isnan(steps_depth(NAN)));
    assert_true(isnan(steps_seconds(NAN)));
    assert_true(isnan(steps_probability(NAN)));
}

static void no_step_changes_the_side_or_goes_far(void **state)
{
    struct dice dice = dice_begin();
    (void)state;

    for (int i = 0; i < 100000; i++) {
        double depth = dice_between(&dice, -5000, 5000), sure = dice_between(&dice, 0, 1);

        assert_int_equal(steps_depth(depth) >= 0, depth >= 0);
        assert_true(fabs(steps_depth(depth) - depth) <= STEPS_METRES);
        assert_int_equal(steps_probability(sure) >= 0.5, sure >= 0.5);
        assert_true(fabs(steps_probability(sure) - sure) <= 0.1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_stays_so),
        cmocka_unit_test(no_step_changes_the_side_or_goes_far),
    };

    return rows_hold("steps, number by number", rows, a_row_holds) +
           cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
