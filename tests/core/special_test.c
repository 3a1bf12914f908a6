/* SPDX-License-Identifier: Apache-2.0 */
/* special_test.c - beside libm's long doubles, whose last bits are far below those of a double. */
#include "core/special.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "support/dice.h"
#include "support/test.h"

enum { THROWS = 200000 };

static double ulps(double got, long double want)
{
    double near = fabs((double)want), ulp = nextafter(near, INFINITY) - near;

    return (double)(fabsl((long double)got - want) / (long double)ulp);
}

static double apart(double got, long double want)
{
    return (double)fabsl(((long double)got - want) / want);
}

#define assert_within(what, x, got, most)                                                          \
    do {                                                                                           \
        if (!((got) <= (most)))                                                                    \
            fail_msg("%s at %.17g: %g is more than %g", what, x, got, most);                       \
    } while (0)

static void exp_and_log_are_within_an_ulp(void **state)
{
    struct dice dice = { dice_seed() };

    (void)state;
    print_message("DICE_SEED=%lu\n", dice_seed());
    for (int i = 0; i < THROWS; i++) {
        double x = dice_between(&dice, -700, 700), small = dice_between(&dice, -1, 1) / (1 + i);
        double near_one = dice_between(&dice, 0.5, 1.5), any = (double)expl(x);

        assert_within("exp", x, ulps(special_exp(x), expl(x)), 1.0);
        assert_within("exp", small, ulps(special_exp(small), expl(small)), 1.0);
        assert_within("log", near_one, ulps(special_log(near_one), logl(near_one)), 1.0);
        assert_within("log", any, ulps(special_log(any), logl(any)), 1.0);
    }
}

static void powers_of_chi_square_are_near_enough(void **state)
{
    struct dice dice = { dice_seed() };

    (void)state;
    for (int i = 0; i < THROWS; i++) {
        double base = (double)expl(dice_between(&dice, -60, 60));
        double power = dice_between(&dice, 0.3, 1);

        assert_within("power", base, apart(special_power(base, power), powl(base, power)), 1e-13);
    }
}

static void the_normal_distribution_is_right_in_its_tail_too(void **state)
{
    struct dice dice = { dice_seed() };

    (void)state;
    for (int i = 0; i < THROWS; i++) {
        double x = dice_between(&dice, -37.5, 12);
        long double want = erfcl(-(long double)x / sqrtl(2)) / 2;

        assert_within("normal", x, apart(special_normal(x), want), x > -10 ? 1e-15 : 1e-14);
    }
}

/* Where one formula gives way to the next, no step down. */
static void the_normal_distribution_never_falls(void **state)
{
    static const double seams[] = { -37.5,      -5.65685424949238019521, -0.67448975, 0,
                                    0.67448975, 5.65685424949238019521 };

    (void)state;
    for (size_t i = 0; i < sizeof seams / sizeof *seams; i++) {
        double before = special_normal(seams[i] - 1e-6);

        for (int step = -99; step <= 100; step++) {
            double here = special_normal(seams[i] + step * 1e-8);

            assert_true(here >= before);
            before = here;
        }
    }
}

static void ends_are_ends(void **state)
{
    (void)state;
    assert_true(special_exp(0) == 1 && special_exp(-746) == 0 && special_exp(-INFINITY) == 0);
    assert_true(isinf(special_exp(710)) && isinf(special_exp(INFINITY)));
    assert_true(special_exp(-745) > 0);
    assert_true(special_log(1) == 0 && special_log(0) == -INFINITY);
    assert_true(isnan(special_log(-1)) && special_log(INFINITY) == INFINITY);
    assert_true(special_log(DBL_TRUE_MIN) < -744);
    assert_true(special_normal(0) == 0.5 && special_normal(40) == 1 && special_normal(-40) == 0);
    assert_true(special_normal(INFINITY) == 1 && special_normal(-INFINITY) == 0);
    assert_true(isnan(special_exp(NAN)) && isnan(special_log(NAN)) && isnan(special_normal(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_and_log_are_within_an_ulp),
        cmocka_unit_test(powers_of_chi_square_are_near_enough),
        cmocka_unit_test(the_normal_distribution_is_right_in_its_tail_too),
        cmocka_unit_test(the_normal_distribution_never_falls),
        cmocka_unit_test(ends_are_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
