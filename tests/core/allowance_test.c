/* SPDX-License-Identifier: Apache-2.0 */
#include "core/allowance.h"

#include <stdio.h>

#include "support/dice.h"
#include "support/rows.h"

enum { STEPS_MAX = 6, HOUR = 3600 };

/* Ten at once, 24 a day: one an hour comes back. */
static const struct allowance_limit limit = { 10, 24 };

static const struct row {
    const char *says;
    struct step {
        double cost; // 0: the end
        int64_t second;
        bool want;
    } steps[STEPS_MAX];
} rows[] = {
    { "ten at once, and no more", { { 10, 0, true }, { 1, 0, false } } },
    { "what is too much is none of it", { { 11, 0, false }, { 10, 0, true } } },
    { "one comes back in an hour",
      { { 10, 0, true }, { 1, HOUR - 1, false }, { 1, HOUR + 1, true }, { 1, HOUR + 1, false } } },
    { "a quiet week saves no more than ten",
      { { 10, 0, true }, { 10, 7 * 24 * HOUR, true }, { 1, 7 * 24 * HOUR, false } } },
    { "being refused costs nothing",
      { { 10, 0, true }, { 1, 100, false }, { 1, 200, false }, { 1, HOUR + 1, true } } },
    { "a clock that was set back gives nothing back, and goes on from there",
      { { 10, 9 * HOUR, true },
        { 1, 5 * HOUR, false },
        { 1, 6 * HOUR - 1, false },
        { 1, 6 * HOUR + 1, true } } },
};

static struct utc second(int64_t n)
{
    return (struct utc){ 1592942400000 + n * 1000 };
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct allowance allowance = { 0 };

    for (size_t i = 0; i < STEPS_MAX && row->steps[i].cost > 0; i++) {
        const struct step *step = &row->steps[i];
        struct utc now = second(step->second);

        assert_int_equal(allowance_has(&allowance, limit, step->cost, now), step->want);
        assert_int_equal(allowance_take(&allowance, limit, step->cost, now), step->want);
    }
}

/* At any rate, and with any costs: what was used in d days is at most burst + d days' worth. */
static void no_rate_takes_more(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < 100; round++) {
        struct allowance allowance = { 0 };
        double taken = 0;
        int64_t ms = 0;
        unsigned pace = 1 + dice_below(&dice, 600000);

        for (int i = 0; i < 3000; i++, ms += dice_below(&dice, pace)) {
            double cost = dice_between(&dice, 0, 3);

            if (allowance_take(&allowance, limit, cost, utc_plus(second(0), ms)))
                taken += cost;
            assert_true(taken <= limit.burst + limit.day * (double)ms / 86400000 + 1e-6);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(no_rate_takes_more) };

    return rows_hold("allowance", rows, row_holds) +
           cmocka_run_group_tests_name("allowance", tests, NULL, NULL);
}
