/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text: printf() is the judge, to the byte. */
#include "adapter/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/test.h"

enum { THROWS = 200000 };

static void assert_as_printf(double value)
{
    char ours[NUMBER_TEXT_MAX], its[NUMBER_TEXT_MAX];
    size_t n = number_print_real(value, ours);

    snprintf(its, sizeof its, "%.17g", value);
    if (strcmp(ours, its) != 0 || n != strlen(its))
        fail_msg("%a: %s, and printf %s", value, ours, its);
}

/* Where digits become more or fewer, an exponent begins or the exact range ends. */
static void edges_are_as_printf_writes_them(void **state)
{
    static const double odd[] = { 0,   -0.0, INFINITY, NAN,    5e-324, 2.2250738585072014e-308,
                                  0.1, 0.5,  1.0 / 3,  123456, 2.5,    9007199254740993.0 };

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_as_printf(odd[i]);
    for (int power = -330; power <= 308; power++) {
        double value = pow(10, power);

        assert_as_printf(value);
        assert_as_printf(-value);
        assert_as_printf(nextafter(value, 0));
        assert_as_printf(nextafter(value, INFINITY));
        assert_as_printf(5 * value);
    }
    for (int power = -1074; power <= 1023; power++)
        assert_as_printf(ldexp(1, power));
}

/* Any bits; sums of few halves, of which 17 digits may end in a tie; what devices send. */
static void any_number_is_as_printf_writes_it(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int i = 0; i < THROWS; i++) {
        uint64_t bits = dice_throw(&dice);
        double value;

        memcpy(&value, &bits, sizeof value);
        assert_as_printf(value);
        assert_as_printf(ldexp((double)(bits >> 11), -(int)(bits % 70)));
        assert_as_printf((double)(bits % 3600000000) / 1e7 - 180);
    }
}

static void whole_numbers_are_as_printf_writes_them(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int i = 0; i < THROWS; i++) {
        int64_t value = (int64_t)dice_throw(&dice) >> i % 64;
        char ours[NUMBER_TEXT_MAX], its[NUMBER_TEXT_MAX];

        value = i == 0 ? INT64_MIN : i == 1 ? INT64_MAX : value;
        snprintf(its, sizeof its, "%" PRId64, value);
        assert_int_equal(number_print_whole(value, ours), strlen(its));
        assert_string_equal(ours, its);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_as_printf_writes_them),
        cmocka_unit_test(any_number_is_as_printf_writes_it),
        cmocka_unit_test(whole_numbers_are_as_printf_writes_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
