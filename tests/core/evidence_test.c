/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence.h"

#include "support/dice.h"
#include "support/near.h"

static void on_the_edge_it_is_even(void **state)
{
    (void)state;
    assert_near(evidence_inside(0, 8), 0.5, 1e-12);
    assert_near(evidence_inside(0, 500), 0.5, 1e-12);
}

static void without_a_distance_nothing_is_known(void **state)
{
    (void)state;
    assert_near(evidence_inside(NAN, 8), 0.5, 0);
}

static void deeper_is_surer_and_a_worse_fix_less_so(void **state)
{
    (void)state;
    assert_true(evidence_inside(-20, 8) > evidence_inside(-10, 8));
    assert_true(evidence_inside(10, 8) > evidence_inside(20, 8));
    assert_true(evidence_inside(-20, 8) > evidence_inside(-20, 30));
    assert_true(evidence_inside(20, 8) < evidence_inside(20, 30));
}

static void in_and_out_make_one(void **state)
{
    (void)state;
    for (double metres = 0; metres < 100; metres += 0.5)
        assert_near(evidence_inside(-metres, 20) + evidence_inside(metres, 20), 1, 1e-12);
}

static void far_off_it_is_certain_and_still_a_number(void **state)
{
    (void)state;
    assert_near(evidence_inside(-1e7, 5), 1, 0);
    assert_near(evidence_inside(1e7, 5), 0, 0);
    assert_near(evidence_inside(INFINITY, 5), 0, 0);
}

/* Two independent Gaussians of which 68 % fall within `accuracy`: count how many cross the edge. */
static void it_is_what_a_thrown_round_gaussian_gives(void **state)
{
    enum { THROWS = 200000 };
    unsigned long seed = dice_seed();
    struct dice dice = { seed };
    const double accuracy = 10, distance = 4, sigma = accuracy / sqrt(-2 * log(0.32));
    int within = 0, inside = 0;

    (void)state;
    print_message("DICE_SEED=%lu\n", seed);
    for (int i = 0; i < THROWS; i++) {
        double r = sigma * sqrt(-2 * log(1 - dice_between(&dice, 0, 1)));
        double angle = dice_between(&dice, 0, 6.283185307179586);

        within += r <= accuracy;
        inside += distance + r * cos(angle) <= 0;
    }
    assert_near((double)within / THROWS, 0.68, 0.005);
    assert_near(evidence_inside(distance, accuracy), (double)inside / THROWS, 0.005);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_the_edge_it_is_even),
        cmocka_unit_test(without_a_distance_nothing_is_known),
        cmocka_unit_test(deeper_is_surer_and_a_worse_fix_less_so),
        cmocka_unit_test(in_and_out_make_one),
        cmocka_unit_test(far_off_it_is_certain_and_still_a_number),
        cmocka_unit_test(it_is_what_a_thrown_round_gaussian_gives),
    };

    return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
