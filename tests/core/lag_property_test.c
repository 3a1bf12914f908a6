/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag_property_test.c - whatever a device's clock says, who stays inside is told by his fifth ping,
 * and between fresh ones from elsewhere as two places; and an hour that was held up is of the past,
 * however it is uploaded.
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

/* Milliseconds by which a clock is behind, as long ago as a device can have kept a ping. */
static int64_t some_lag(struct dice *dice)
{
    static const double least[] = { 11 * 60, 3600, 86400 },
                        most[] = { 3600, 86400, 7 * 86400 - 7200 };
    unsigned kind = dice_below(dice, 3);

    return (int64_t)(1000 * dice_between(dice, least[kind], most[kind]));
}

/* How many of his own pings he has sent from inside until that was told, of now; at most 12. */
static int pings_until_told(struct scene *scene, const struct tally *tally, struct dice *dice,
                            int64_t lag, double interval, int decoys)
{
    struct utc now = evening;
    int64_t gap;

    hear(scene, utc_plus(now, -90000), 3000, utc_plus(now, -90000));
    for (int k = -3; k < 12; k++) {
        now.ms += gap = (int64_t)(interval * dice_between(dice, 0.95, 1.05));
        if (k >= 0) // he was elsewhere before, and his clock right
            hear(scene, utc_plus(now, -lag), k, utc_plus(now, dice_below(dice, 50)));
        for (int i = 1; i <= decoys; i++) {
            struct utc fresh = utc_plus(now, gap * i / (decoys + 1));

            hear(scene, fresh, 30000 + i, utc_plus(fresh, 50));
        }
        if (tally->of[ALERT_BREACH] + tally->of[ALERT_POSSIBLE] > 0)
            return k + 1;
    }
    return 13;
}

static void a_stay_between_fresh_pings_from_elsewhere_is_told(void **state)
{
    struct dice *dice = *state;
    int most = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        int64_t lag = some_lag(dice);
        double interval = dice_between(dice, 4000, i % 4 < 2 ? 20000 : 600000);
        int decoys = 1 + i % 2,
            pings = pings_until_told(scene, &tally, dice, lag, interval, decoys);

        if (pings > 8 || tally.of[ALERT_CLOCK] != 1)
            fail_msg("round %d: %.3f s behind, every %.3f s, %d decoys: %d pings, %zu clocks", i,
                     (double)lag / 1000, interval / 1000, decoys, pings, tally.of[ALERT_CLOCK]);
        most = pings > most ? pings : most;
        scene_destroy(scene);
    }
    printf("by his ping %d\n", most);
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
static size_t some_hour(struct dice *dice, unsigned order, int64_t every, struct utc until,
                        int64_t times[UPLOAD_MAX])
{
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
        int64_t every = (int64_t)dice_between(dice, 1000, dice_below(dice, 3) ? 60000 : 2000);
        size_t n = some_hour(dice, i % 3, every, utc_plus(now, -720000), times);
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

/*
 * Faster than it was recorded, one by one and in any order between live ones from elsewhere, or in
 * its own without any.
 */
static void an_hour_between_live_pings_is_of_the_past(void **state)
{
    static int64_t times[UPLOAD_MAX];
    struct dice *dice = *state;

    for (unsigned i = 0; i < ROUNDS / 4; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        struct utc now = utc_plus(evening, HOUR), live = now;
        int64_t every = (int64_t)dice_between(dice, 3000, 60000);
        double pace =
            dice_between(dice, 0, 1) < 0.5 ? dice_between(dice, 1.2, 3) : dice_between(dice, 3, 60);
        size_t n = some_hour(dice, i % 3, every, utc_plus(now, -720000), times);

        hear(scene, evening, 3000, evening);
        for (size_t k = 0; k < n; k++) {
            now.ms += (int64_t)((double)every / pace);
            hear(scene, (struct utc){ times[k] }, 0, utc_plus(now, dice_below(dice, 50)));
            if ((i % 3 != 0 || i % 2 != 0) && now.ms - live.ms >= 5000) {
                live = utc_plus(now, 60);
                hear(scene, live, 3000, live);
            }
        }
        if (tally.of[ALERT_BREACH] + tally.of[ALERT_POSSIBLE] + tally.of[ALERT_CLOCK] != 0 ||
            tally.of[ALERT_RETROSPECTIVE] == 0)
            fail_msg("round %u: %zu pings, order %u, every %.3f s, pace %.2f: %zu breaches, "
                     "%zu possible, %zu clocks",
                     i, n, i % 3, (double)every / 1000, pace, tally.of[ALERT_BREACH],
                     tally.of[ALERT_POSSIBLE], tally.of[ALERT_CLOCK]);
        scene_destroy(scene);
    }
}

int main(void)
{
    struct dice dice = dice_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_stay_is_told_whatever_the_clock_says, &dice),
        cmocka_unit_test_prestate(a_stay_between_fresh_pings_from_elsewhere_is_told, &dice),
        cmocka_unit_test_prestate(an_hour_that_was_held_up_is_of_the_past, &dice),
        cmocka_unit_test_prestate(an_hour_between_live_pings_is_of_the_past, &dice),
    };

    return cmocka_run_group_tests_name("lag_property", tests, NULL, NULL);
}
