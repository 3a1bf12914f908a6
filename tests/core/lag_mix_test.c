/* SPDX-License-Identifier: Apache-2.0 */
/* lag_mix_test.c - old times between fresh ones: of now, or an upload? Seconds throughout. */
#include "core/lag_mix.h"

#include <math.h>

#include "support/dice.h"
#include "support/rows.h"

enum { ROUNDS = 500, HOUR = 3600 };

static struct utc at(double seconds)
{
    return (struct utc){ 1790000000000 + llround(seconds * 1000) };
}

/* Old pings, a fresh one half way to each. When each is made and comes, counted from 0. */
typedef double times_of(struct dice *dice, unsigned nth, double came);

struct way {
    struct dice *dice;
    times_of *time_of;
    double interval;
    unsigned n;
};

/* The first that is of now: its number and when it came; n when none is. */
static unsigned first_of_now(const struct way *way, double *out_came)
{
    struct lag_mix mix = { 0 };

    lag_mix_hear(&mix, at(-120));
    lag_mix_hear(&mix, at(-30));
    for (unsigned i = 0; i < way->n; i++) {
        double came = i * way->interval;

        *out_came = came;
        if (lag_mix_tells(&mix, at(way->time_of(way->dice, i, came)), at(came), 600000))
            return i;
        lag_mix_hear(&mix, at(came + way->interval / 2));
    }
    return way->n;
}

static double steady(struct dice *dice, unsigned nth, double came)
{
    (void)nth;
    return came - 3 * HOUR - dice_between(dice, 0, 0.2);
}

static void at_one_pace_it_is_the_fourth_over_ten_seconds(void **state)
{
    static const double intervals[] = { 1, 4, 15, 60, 300, 600, 1800 };
    static const unsigned nth[] = { 10, 3, 3, 3, 3, 3, 3 };
    double came;

    for (size_t i = 0; i < sizeof nth / sizeof *nth; i++) {
        struct way way = { *state, steady, intervals[i], 20 };

        assert_int_equal(first_of_now(&way, &came), nth[i]);
    }
}

static double held_up(struct dice *dice, unsigned nth, double came)
{
    (void)nth;
    return came - dice_between(dice, 610, 1800);
}

/* A quarter of an hour, and until the least late has come: so far it may seem to catch up. */
static void late_by_no_rule_it_is_found_in_an_hour(void **state)
{
    double came, worst = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct way way = { *state, held_up, 15, 960 };

        assert_in_range(first_of_now(&way, &came), 60, 240);
        worst = fmax(worst, came);
    }
    printf("the latest after %.0f s\n", worst);
}

static double behind_another(struct dice *dice, unsigned nth, double came)
{
    return nth % 2 ? came - 3 * HOUR : came - dice_between(dice, 3.5 * HOUR, 100 * HOUR);
}

static void older_ones_between_them_hide_it_for_a_quarter_of_an_hour(void **state)
{
    struct way way = { *state, behind_another, 15, 240 };
    double came;

    assert_in_range(first_of_now(&way, &came), 60, 62);
}

static double catching_up(struct dice *dice, unsigned nth, double came)
{
    (void)dice;
    (void)nth;
    return came * 1.3 - 100 * HOUR;
}

static void what_catches_up_for_ever_is_found_in_an_hour(void **state)
{
    struct way way = { *state, catching_up, 15, 300 };
    double came;

    assert_int_equal(first_of_now(&way, &came), 240);
}

/* An hour that was kept, in some order. */
static double newest_first(struct dice *dice, unsigned nth, double came)
{
    (void)dice;
    (void)came;
    return -900 - 15.0 * nth;
}

static double in_no_order(struct dice *dice, unsigned nth, double came)
{
    (void)nth;
    (void)came;
    return -900 - 15.0 * dice_below(dice, 240);
}

static double in_order(struct dice *dice, unsigned nth, double came)
{
    (void)dice;
    (void)came;
    return -900 - 15.0 * (239 - nth);
}

static void an_hour_that_was_kept_is_an_upload(void **state)
{
    static times_of *const orders[] = { newest_first, in_no_order, in_order };
    double came;

    for (int i = 0; i < ROUNDS; i++) {
        double faster = exp(dice_between(*state, log(1.2), log(60)));
        struct way way = { *state, orders[i % 3], 15 / faster, 240 };

        if (first_of_now(&way, &came) != way.n)
            fail_msg("order %d, %.2f times as fast: of now after %.0f s", i % 3, faster, came);
    }
}

/* A tracker that sends all of half an hour at once, the newest first, as often: not heard since. */
static void batches_are_uploads(void **state)
{
    struct lag_mix mix = { 0 };

    (void)state;
    for (int batch = 0; batch < 48; batch++)
        for (int i = 0; i < 120; i++) {
            struct utc now = at(1800 * batch + 0.2 * i), time = at(1800 * batch - 15 * i);

            if (now.ms - time.ms <= 600000)
                lag_mix_hear(&mix, now);
            else
                assert_false(lag_mix_tells(&mix, time, now, 600000));
        }
}

int main(void)
{
    struct dice dice = dice_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(at_one_pace_it_is_the_fourth_over_ten_seconds, &dice),
        cmocka_unit_test_prestate(late_by_no_rule_it_is_found_in_an_hour, &dice),
        cmocka_unit_test_prestate(older_ones_between_them_hide_it_for_a_quarter_of_an_hour, &dice),
        cmocka_unit_test_prestate(what_catches_up_for_ever_is_found_in_an_hour, &dice),
        cmocka_unit_test_prestate(an_hour_that_was_kept_is_an_upload, &dice),
        cmocka_unit_test(batches_are_uploads),
    };

    return cmocka_run_group_tests_name("lag_mix", tests, NULL, NULL);
}
