/* SPDX-License-Identifier: Apache-2.0 */
#include "core/growth.h"

#include <math.h>

#include "support/test.h"

static struct tick minute(int64_t n)
{
    return (struct tick){ 5000 + n * 60000 };
}

static void within_the_first_hour_nobody_knows(void **state)
{
    struct growth growth = { 0 };
    (void)state;

    assert_true(isnan(growth_a_day(&growth, minute(0), 100)));
    growth_note(&growth, minute(0), 100);
    assert_true(isnan(growth_a_day(&growth, minute(59), 500)));
    assert_true(growth_a_day(&growth, minute(60), 200) == 2400);
}

static void what_shrinks_is_below_0(void **state)
{
    struct growth growth = { 0 };
    (void)state;

    growth_note(&growth, minute(0), 5000);
    assert_true(growth_a_day(&growth, minute(120), 4000) == -12000);
}

/* A burst of yesterday is no growth of today. */
static void after_a_day_only_the_last_one_counts(void **state)
{
    struct growth growth = { 0 };
    double bytes = 0;
    (void)state;

    for (int64_t i = 0; i <= 48 * 60; i++) {
        bytes += i < 24 * 60 ? 1000 : 1;
        growth_note(&growth, minute(i), bytes);
    }
    assert_in_range((int64_t)growth_a_day(&growth, minute(48 * 60), bytes), 24 * 60 - 60,
                    24 * 60 + 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_the_first_hour_nobody_knows),
        cmocka_unit_test(what_shrinks_is_below_0),
        cmocka_unit_test(after_a_day_only_the_last_one_counts),
    };

    return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
