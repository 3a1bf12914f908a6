/* SPDX-License-Identifier: Apache-2.0 */
/* masts_test.c - what coarse fixes far off take away from a good one, and what they do not. */
#include "core/masts.h"

#include <math.h>

#include "core/watch.h"

#include "support/dice.h"
#include "support/london.h"
#include "support/rows.h"
#include "support/tally.h"

static struct utc evening(double seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(seconds * 1000));
}

static const struct row {
    const char *says; // of the masts before a good fix
    int fixes;
    double every, off, accuracy; // seconds; metres
    double then;                 // seconds from the last of them to the good fix
    bool denied;
} rows[] = {
    { "80 minutes of a mast 172 km off, and 30 s later", 9, 600, 172000, 2000, 30, true },
    { "one a minute", 80, 60, 172000, 2000, 30, true },
    { "in 41 minutes he can have come", 9, 600, 172000, 2000, 41 * 60, false },
    { "five over a quarter of an hour", 5, 225, 172000, 2000, 30, true },
    { "four, however long", 4, 1200, 172000, 2000, 30, false },
    { "forty over ten minutes", 40, 15, 172000, 2000, 30, false },
    { "more than 35 minutes apart they are no row", 9, 36 * 60, 172000, 2000, 30, false },
    { "a mast plainly wrong by 19 km", 80, 60, 19000, 500, 30, false },
    { "and by 21, of a small radius", 80, 60, 21000, 500, 30, true },
    { "21 km are few for a radius of 2500 m", 80, 60, 21000, 2500, 30, false },
    { "a country's fix says nothing of a town", 80, 60, 300000, 50000, 30, false },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct masts masts = { .fixes = 0 };
    double second = 0;

    for (int i = 0; i < row->fixes; i++, second += row->every) {
        struct position at = { evening(second), scene_place(row->off, 0), row->accuracy, 0 };

        masts_hear(&masts, &at);
    }
    second += row->then - row->every;
    assert_int_equal(
        masts_deny(&masts, &(struct position){ evening(second), scene_place(0, 0), 8, 0 }),
        row->denied);
}

/* ---- before a zone ---- */

static void ping(struct scene *scene, double second, double east, double accuracy)
{
    struct ping one = scene_ping_of("tag", evening(second), east, 0);

    one.accuracy = accuracy;
    scene_ping(scene, &one, one.time);
    scene_hush(scene);
}

/* Masts for so long, one each `every` seconds, around `off`; the second after the last of them. */
static double masts(struct scene *scene, struct dice *dice, double second, double lasts,
                    double every, double off, double accuracy)
{
    // A ping each `every` seconds.
    for (double end = second + lasts; second < end; second += every)
        ping(scene, second, off + dice_between(dice, -1, 1) * accuracy, accuracy);
    return second;
}

enum { ROUNDS = 200 };

/* A good fix anywhere, masts for half an hour to three hours, and then he stands in the zone. */
static void who_was_far_by_masts_is_believed_with_the_third(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tally tally = { 0 };
        struct scene *scene = tally_scene_of(&tally, 200, 400, evening(0));
        double accuracy = exp(dice_between(&dice, log(300), log(8000))),
               off = fmax(25000, 12 * accuracy) + dice_between(&dice, 0, 200000),
               every = dice_between(&dice, 30, 600), next = dice_between(&dice, 5, 60), second;
        bool between = dice_below(&dice, 2) == 0;

        ping(scene, 0, dice_between(&dice, 500, 3000), 8);
        second =
            masts(scene, &dice, 60, dice_between(&dice, 3600, 10800), every, off, accuracy) - every;
        for (int i = 1; i <= 3; i++) {
            assert_int_equal(tally.of[ALERT_BREACH], 0);
            ping(scene, second += next, i, 8);
            if (tally.of[ALERT_POSSIBLE] != 1)
                fail_msg("round %d: fix %d, masts %.0f m off of %.0f m: %u possible", round, i, off,
                         accuracy, tally.of[ALERT_POSSIBLE]);
            if (between)
                ping(scene, second + next / 2, off, accuracy);
        }
        assert_int_equal(tally.of[ALERT_BREACH], 1);
        // They go on, and have no say any more.
        second = masts(scene, &dice, second + 60, 3600, every, off, accuracy);
        tally = (struct tally){ 0 };
        ping(scene, second, 900, 8);
        ping(scene, second + 60, 900, 8);
        ping(scene, second + 600, 8, 8);
        ping(scene, second + 615, 10, 8);
        assert_int_equal(tally.of[ALERT_BREACH], 1);
        assert_int_equal(tally.of[ALERT_TAMPER], 0);
        scene_destroy(scene);
    }
}

/* Phones whose masts are wrong by up to 15 km, between good fixes: nothing is implausible. */
static void masts_wrong_by_a_few_km_doubt_nothing(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tally tally = { 0 };
        struct scene *scene = tally_scene_of(&tally, 200, 400, evening(0));
        double accuracy = exp(dice_between(&dice, log(300), log(5000))), second = 0;

        ping(scene, 0, 1500, 8);
        for (int i = 0; i < 8; i++) {
            second =
                masts(scene, &dice, second + 30, dice_between(&dice, 600, 3600),
                      dice_between(&dice, 30, 300), dice_between(&dice, 2000, 15000), accuracy);
            ping(scene, second, 1500 + 10 * i, 8);
            assert_int_not_equal(scene->out.arrival, ARRIVED_IMPLAUSIBLE);
        }
        assert_int_equal(tally.of[ALERT_TAMPER], 0);
        scene_destroy(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_far_by_masts_is_believed_with_the_third),
        cmocka_unit_test(masts_wrong_by_a_few_km_doubt_nothing),
    };

    return rows_hold("good fixes after masts", rows, row_holds) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
