/* SPDX-License-Identifier: Apache-2.0 */
/* lag_vouched_test.c - how long an upload may last, and what a kind's satellites vouch for. */
#include "core/lag.h"

#include <math.h>

#include "support/test.h"

/* Seconds. */
#define HOUR 3600.0
#define DAY  86400.0

static struct utc at(double seconds)
{
    return (struct utc){ 1790000000000 + llround(seconds * 1000) };
}

/* Somebody who never pauses: no upload lasts for twenty minutes. */
static void talk_without_a_pause(bool vouched_for)
{
    struct lag lag = { 0 };

    for (int i = 0; i < 3300; i++) {
        struct lag_ping ping = { at(-DAY + i * 7919 % 3600), at(0.4 * i), UTC_ALWAYS, 600000,
                                 (int64_t)(7 * DAY * 1000),  vouched_for };

        assert_int_equal(lag_judge(&lag, &ping).ours, i >= 3000);
    }
}

static void who_talks_without_a_pause_waits_for_twenty_minutes(void **state)
{
    (void)state;
    talk_without_a_pause(false);
    talk_without_a_pause(true); // nor does any kind vouch for more
}

/* At its own pace, and at none: what a kind vouches for is an upload for ten minutes of pauses. */
static void what_is_vouched_for_waits_for_ten_minutes(void **state)
{
    static const double drifts[] = { 0, 0.05 };

    (void)state;
    for (size_t k = 0; k < sizeof drifts / sizeof *drifts; k++) {
        struct lag lag = { 0 };

        for (int i = 0; i < 60; i++) {
            double came = 30.0 * i, time = k == 0 ? came - HOUR : -HOUR + i * 7 % 11 * drifts[k];
            struct lag_ping ping = {
                at(time), at(came), UTC_ALWAYS, 600000, (int64_t)(7 * DAY * 1000), true
            };

            // The first pause follows the first ping: twenty of them are ten minutes.
            assert_int_equal(lag_judge(&lag, &ping).ours, i >= 20);
            assert_int_equal(lag.fault, i < 20 ? LAG_NONE : k == 0 ? LAG_STEADY : LAG_ERRATIC);
        }
    }
}

/* What cannot be is wrong, whoever vouches for it. */
static void no_kind_vouches_for_what_cannot_be(void **state)
{
    static const double times[] = { 121, -8 * DAY, -20 * 365 * DAY };

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct lag lag = { 0 };
        struct lag_ping ping = { at(times[i]), at(0), UTC_ALWAYS, 600000, (int64_t)(7 * DAY * 1000),
                                 true };

        assert_true(lag_judge(&lag, &ping).ours);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_talks_without_a_pause_waits_for_twenty_minutes),
        cmocka_unit_test(what_is_vouched_for_waits_for_ten_minutes),
        cmocka_unit_test(no_kind_vouches_for_what_cannot_be),
    };

    return cmocka_run_group_tests_name("lag_vouched", tests, NULL, NULL);
}
