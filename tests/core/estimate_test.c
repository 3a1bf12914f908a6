/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever pings come and however long none does, what is believed comes back from disk. */
#include "core/estimate.h"

#include <math.h>

#include "support/dice.h"
#include "support/test.h"

enum { DEVICES = 200, PINGS = 60 };

static struct position throw_position(struct dice *dice, struct utc before)
{
    double longest = pow(10, dice_between(dice, 0, 12.3)); // ms: up to 63 years
    struct position at = { .time = utc_plus(before, 1 + (int64_t)dice_between(dice, 0, longest)),
                           .at = { dice_between(dice, -180, 180), dice_between(dice, -89, 89) },
                           .accuracy = pow(10, dice_between(dice, -1, 5)) };

    if (dice_below(dice, 4) != 0)
        at.at = (struct lonlat){ 0.4578 + dice_between(dice, -0.02, 0.02), 51.568 };
    if (dice_below(dice, 5) == 0)
        at.accuracy = NAN;
    return at;
}

static void what_is_believed_comes_back_from_disk(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int nth = 0; nth < DEVICES; nth++) {
        struct estimate estimate = { .origin = { 0 } };
        struct known_device device = { .estimate = &estimate };
        struct position at = { .time = { 1000 } };
        struct belief_step step;

        for (int i = 0; i < PINGS && at.time.ms < 4000000000000; i++) {
            at = throw_position(&dice, at.time);
            estimate_hear(&device, &at, &step);
            if (!estimate_settle(&estimate))
                fail_msg("device %d, ping %d: it is no estimate", nth, i);
        }
    }
}

static void what_is_no_number_does_not(void **state)
{
    struct estimate estimate = { .origin = { 0 } };
    struct known_device device = { .estimate = &estimate };
    struct position at = { { 1000 }, { 0.4578, 51.568 }, 8, 0 };
    struct belief_step step;
    struct estimate bad;

    (void)state;
    estimate_hear(&device, &at, &step);
    bad = estimate;
    bad.belief.components[0].pp = NAN;
    assert_false(estimate_settle(&bad));
    bad = estimate;
    bad.belief.n = BELIEF_COMPONENTS + 1;
    assert_false(estimate_settle(&bad));
    bad = estimate;
    bad.belief.components[0].weight = 0.5;
    assert_false(estimate_settle(&bad));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_believed_comes_back_from_disk),
        cmocka_unit_test(what_is_no_number_does_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
