/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag_property_test.c - whatever a device's clock says, who stays inside is told by his fifth ping;
 * and an hour that was held up is of the past, however it is uploaded.
 */
#include "core/watch.h"

#include <stdio.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"
#include "support/test.h"

enum { ROUNDS = 400, HOUR = 3600 * 1000, UPLOAD_MAX = 3601 };

static void hear(struct scene *scene, struct utc time, double north, struct utc received)
{
    struct ping ping = scene_ping_of("tag", time, 0, north);

    scene_hush(scene);
    scene_ping(scene, &ping, received);
}

static const struct utc evening = { 1792000000000 };

/* Milliseconds by which a clock is behind; < 0: ahead. As many of minutes as of years. */
static int64_t some_offset(struct dice *dice)
{
    static const double least[] = { 12 * 60, 3600, 86400, 7 * 86400, -120, -3600, -86400 };
    static const double most[] = { 3600,  86400,  7 * 86400,           20 * 365.25 * 86400,
                                   -3600, -86400, -20 * 365.25 * 86400 };
    unsigned kind = dice_below(dice, sizeof least / sizeof *least);

    return (int64_t)(1000 * dice_between(dice, least[kind], most[kind]));
}

static void a_stay_is_told_whatever_the_clock_says(void **state)
{
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        int64_t offset = some_offset(dice);
        double interval = dice_between(dice, 1000, i % 2 ? 20000 : 600000);
        struct utc now = evening;

        if (i % 3 == 0) // it was right, and he elsewhere, until now
            hear(scene, now, 3000, now);
        for (int k = 0; k < 5; k++) {
            now.ms += (int64_t)(interval * dice_between(dice, 0.9, 1.1));
            hear(scene, utc_plus(now, -offset), k, utc_plus(now, dice_below(dice, 50)));
        }
        if (tally.of[ALERT_BREACH] == 0 || tally.of[ALERT_CLOCK] != 1)
            fail_msg("round %d: %.3f s behind, every %.3f s: %zu breaches, %zu clocks", i,
                     (double)offset / 1000, interval / 1000, tally.of[ALERT_BREACH],
                     tally.of[ALERT_CLOCK]);
        scene_destroy(scene);
    }
}

static void shuffle(struct dice *dice, int64_t *times, size_t n)
{
    for (size_t i = n - 1; i > 0; i--) {
        size_t k = dice_below(dice, (unsigned)i + 1);
        int64_t swapped = times[i];

        times[i] = times[k];
        times[k] = swapped;
    }
}

/* An hour's times in the order in which they come: as they were made, the newest first, or none. */
static size_t some_hour(struct dice *dice, unsigned order, struct utc until,
                        int64_t times[UPLOAD_MAX])
{
    int64_t every = (int64_t)dice_between(dice, 1000, dice_below(dice, 3) ? 60000 : 2000);
    size_t n = 0;

    for (int64_t age = 0; age < HOUR; age += every)
        times[n++] = until.ms - age;
    for (size_t i = 0; order == 0 && i < n / 2; i++) {
        int64_t swapped = times[i];

        times[i] = times[n - 1 - i];
        times[n - 1 - i] = swapped;
    }
    if (order == 2)
        shuffle(dice, times, n);
    return n;
}

static void an_hour_that_was_held_up_is_of_the_past(void **state)
{
    static int64_t times[UPLOAD_MAX];
    struct dice *dice = *state;

    for (unsigned i = 0; i < ROUNDS / 4; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        struct utc now = utc_plus(evening, HOUR);
        // All of it old, so that nothing that is told is of the present.
        size_t n = some_hour(dice, i % 3, utc_plus(now, -720000), times);
        unsigned pace = dice_below(dice, 2) ? 301 : 1;

        hear(scene, evening, 3000, evening);
        for (size_t k = 0; k < n; k++) {
            now.ms += dice_below(dice, pace);
            hear(scene, (struct utc){ times[k] }, 0, now);
        }
        if (tally.of[ALERT_BREACH] + tally.of[ALERT_POSSIBLE] + tally.of[ALERT_CLOCK] != 0 ||
            tally.of[ALERT_RETROSPECTIVE] == 0)
            fail_msg("round %u: %zu pings, order %u, pace %u: %zu breaches, %zu clocks", i, n,
                     i % 3, pace, tally.of[ALERT_BREACH], tally.of[ALERT_CLOCK]);
        // He is elsewhere now, and still nothing is told.
        hear(scene, utc_plus(now, 15000), 3000, utc_plus(now, 15000));
        assert_int_equal(tally.of[ALERT_CLOCK] + tally.of[ALERT_CLEARED], 0);
        scene_destroy(scene);
    }
}

int main(void)
{
    struct dice dice = dice_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_stay_is_told_whatever_the_clock_says, &dice),
        cmocka_unit_test_prestate(an_hour_that_was_held_up_is_of_the_past, &dice),
    };

    return cmocka_run_group_tests_name("lag_property", tests, NULL, NULL);
}
