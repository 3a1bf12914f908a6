/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coarse_property_test.c - a phone all of whose fixes are coarser than `coarse`: who goes in and
 * stays is possibly inside, however often it pings and however slowly he creeps, and mostly is
 * cleared when he has left: the model may take small steps for strays. He is never a breach, and
 * who stays miles away is told by nothing.
 */
#include "core/watch.h"

#include <math.h>

#include "support/dice.h"
#include "support/tally.h"
#include "support/test.h"

enum { ROUNDS = 120, KEPT_MOST = 3, MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static const struct utc evening = { 1792000000000 };

/* Its errors: as wide as it says, and mostly the same for some minutes. */
struct phone {
    struct dice *dice;
    struct scene *scene;
    double accuracy;
    int64_t interval;
    double east, north; // the slow part, in sd
    struct utc now;
};

static double normal(struct dice *dice)
{
    return sqrt(-2 * log(dice_between(dice, 1e-9, 1))) * cos(2 * M_PI * dice_between(dice, 0, 1));
}

static void tell(struct phone *phone, double north)
{
    double keeps = exp(-(double)phone->interval / 300000), sd = phone->accuracy / 1.5096;
    double slow = sd * sqrt(0.7), white = sd * sqrt(0.3);
    struct ping ping;

    phone->east = phone->east * keeps + normal(phone->dice) * sqrt(1 - keeps * keeps);
    phone->north = phone->north * keeps + normal(phone->dice) * sqrt(1 - keeps * keeps);
    ping = scene_ping_of("tag", phone->now, slow * phone->east + white * normal(phone->dice),
                         north + slow * phone->north + white * normal(phone->dice));
    ping.accuracy = phone->accuracy;
    scene_hush(phone->scene);
    scene_ping(phone->scene, &ping, phone->now);
    phone->now = utc_plus(phone->now, phone->interval);
}

static void rest(struct phone *phone, double north, int64_t ms)
{
    for (struct utc from = phone->now; phone->now.ms - from.ms < ms;)
        tell(phone, north);
}

static void go(struct phone *phone, double from, double to, double speed)
{
    double step = speed * (double)phone->interval / 1000;

    for (double north = from; fabs(to - north) > step; north += to > north ? step : -step)
        tell(phone, north);
}

static struct phone some_phone(struct dice *dice, struct scene *scene, double coarsest)
{
    return (struct phone){ .dice = dice,
                           .scene = scene,
                           .accuracy = dice_between(dice, 201, coarsest),
                           .interval = (int64_t)(1000 * exp(dice_between(dice, log(5), log(120)))),
                           .now = evening };
}

static void who_creeps_in_and_stays_is_possible(void **state)
{
    int kept = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        struct phone phone = some_phone(*state, scene, 320);
        double home = dice_between(*state, 3000, 6000), speed = dice_between(*state, 1.2, 14);

        rest(&phone, home, i % 2 ? 2 * HOUR : 5 * MINUTE);
        go(&phone, home, 0, speed);
        rest(&phone, 0, HOUR);
        if (tally.of[ALERT_POSSIBLE] == 0 || tally.of[ALERT_BREACH] != 0)
            fail_msg("round %d, %.0f m each %.1f s, %.1f m/s: %zu possible, %zu breaches", i,
                     phone.accuracy, (double)phone.interval / 1000, speed, tally.of[ALERT_POSSIBLE],
                     tally.of[ALERT_BREACH]);
        go(&phone, 0, home, speed);
        rest(&phone, home, 20 * MINUTE);
        kept += tally.of[ALERT_CLEARED] != tally.of[ALERT_POSSIBLE];
        scene_destroy(scene);
    }
    printf("of %d not cleared %d\n", ROUNDS, kept);
    assert_in_range(kept, 0, KEPT_MOST);
}

static void who_stays_far_away_is_told_by_nothing(void **state)
{
    for (int i = 0; i < ROUNDS / 4; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        struct phone phone = some_phone(*state, scene, 320);

        rest(&phone, 200 + 5 * phone.accuracy, 6 * HOUR);
        if (tally.of[ALERT_POSSIBLE] + tally.of[ALERT_BREACH] != 0)
            fail_msg("round %d, %.0f m each %.1f s: %zu possible", i, phone.accuracy,
                     (double)phone.interval / 1000, tally.of[ALERT_POSSIBLE]);
        scene_destroy(scene);
    }
}

int main(void)
{
    struct dice dice = dice_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(who_creeps_in_and_stays_is_possible, &dice),
        cmocka_unit_test_prestate(who_stays_far_away_is_told_by_nothing, &dice),
    };

    return cmocka_run_group_tests_name("coarse_property", tests, NULL, NULL);
}
