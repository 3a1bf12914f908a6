/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flood_test.c - whatever one device sends, how often it is told of is bounded; what opens, gets
 * graver or is cleared is not.
 */
#include "core/watch.h"

#include <stdio.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"
#include "support/test.h"

static struct utc evening(double second)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(second * 1000));
}

static void hear(struct scene *scene, struct ping ping, struct utc received)
{
    scene_hush(scene);
    scene_ping(scene, &ping, received);
}

/* The day is used up: nothing is told again, and all that is new is. */
static void a_used_up_day_holds_back_updates_alone(void **state)
{
    struct tally tally;
    struct scene *scene = tally_scene(&tally);

    (void)state;
    for (int visit = 0; visit < 3; visit++) {
        for (int minute = 0; minute <= 14; minute++) {
            double second = 3600 * visit + 60 * minute, north = minute < 12 ? 0 : 70 * minute;

            scene->devices[0].updates = (struct allowance){ 500, evening(second) };
            hear(scene, scene_ping_of("tag", evening(second), 0.1 * minute, north),
                 evening(second));
        }
    }
    assert_int_equal(tally.of[ALERT_BREACH], 3);
    assert_int_equal(tally.of[ALERT_CLEARED], 3);
    assert_int_equal(tally.of[ALERT_UPDATE], 0);
    assert_int_equal(tally.of[ALERT_DOUBT], 1);
    scene_destroy(scene);
}

/* Into the zone and out each 80 seconds, for four hours: the third time holds: places.h. */
static void who_goes_in_and_out_all_day_is_told_three_times(void **state)
{
    static const double north[] = { 0, 0, 120, 240, 350, 350, 240, 120 };
    struct tally tally;
    struct scene *scene = tally_scene(&tally);

    (void)state;
    for (int i = 0; i < 1440; i++)
        hear(scene, scene_ping_of("tag", evening(10 * i), 0.1 * i, north[i % 8]), evening(10 * i));
    assert_int_equal(tally.of[ALERT_BREACH], 3);
    assert_int_equal(tally.of[ALERT_CLEARED], 2);
    assert_int_equal(scene->incident_views[0]->phase, PHASE_BREACH);
    scene_destroy(scene);
}

/* The same by no ping that says inside to 98 %, for four hours: 180 times, at a car's pace. */
static void who_goes_in_and_out_all_day_is_cleared_less_quickly(void **state)
{
    static const double north[] = { 192, 192, 210, 240, 350, 350, 240, 210 };
    struct tally tally;
    struct scene *scene = tally_scene(&tally);

    (void)state;
    for (int i = 0; i < 1440; i++)
        hear(scene, scene_ping_of("tag", evening(10 * i), 0.1 * i, north[i % 8]), evening(10 * i));
    // A hundred, and what comes back in four hours; then one a minute: never quiet, never silent.
    assert_in_range(tally.of[ALERT_POSSIBLE] + tally.of[ALERT_BREACH], 100, 2 * (100 + 17 + 240));
    // In the end he is away, and that is told.
    for (int i = 0; i < 8; i++)
        hear(scene, scene_ping_of("tag", evening(14400 + 15 * i), 0, 400 + 100 * i),
             evening(14400 + 15 * i));
    assert_int_equal(scene->incident_views[0]->phase, PHASE_NONE);
    scene_destroy(scene);
}

/*
 * An hour of anything: how often it is told again, and what it says of itself, stay below what an
 * interval allows: 27 updates, and of each of three troubles 12 and the first.
 */
static void no_hour_of_anything_is_told_more_often_than_the_intervals(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < 5; round++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        double pace = dice_between(&dice, 0.05, 2);

        for (double second = 0; second < 3600; second += dice_between(&dice, 0, pace)) {
            struct ping ping = scene_ping_of("tag", evening(second), dice_between(&dice, -20, 20),
                                             dice_between(&dice, -20, 20));

            ping.tamper = dice_below(&dice, 2) == 0;
            ping.battery = dice_between(&dice, 0, 100);
            if (dice_below(&dice, 3) == 0)
                ping.time.ms += 200000; // a clock ahead of ours
            hear(scene, ping, evening(second));
        }
        assert_true(tally.of[ALERT_UPDATE] <= 27);
        assert_true(tally.of[ALERT_TAMPER] >= 1 && tally.of[ALERT_TAMPER] <= 13);
        assert_true(tally.of[ALERT_BATTERY] >= 1 && tally.of[ALERT_BATTERY] <= 13);
        assert_true(tally.of[ALERT_CLOCK] >= 1 && tally.of[ALERT_CLOCK] <= 13);
        assert_true(tally.of[ALERT_BREACH] >= 1);
        scene_destroy(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_used_up_day_holds_back_updates_alone),
        cmocka_unit_test(who_goes_in_and_out_all_day_is_told_three_times),
        cmocka_unit_test(who_goes_in_and_out_all_day_is_cleared_less_quickly),
        cmocka_unit_test(no_hour_of_anything_is_told_more_often_than_the_intervals),
    };

    return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
