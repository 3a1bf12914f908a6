/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag_seldom_property_test.c - a clock that stands still, or says any time, between fresh pings
 * from elsewhere: who pings seldom waits for no more pings than anybody else. And what was kept is
 * of the past, be it of an hour or a day, in any order, interrupted, or kept again and again.
 */
#include "core/watch.h"

#include <math.h>
#include <stdio.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"
#include "support/test.h"

enum { ROUNDS = 200, MINUTE = 60 * 1000, HOUR = 60 * MINUTE, UPLOAD_MAX = 6000 };

static const struct utc evening = { 1792000000000 };

/* No receiver tells the very same place twice: those are frozen. */
static void hear(struct scene *scene, struct utc time, double north, struct utc received)
{
    struct ping ping = scene_ping_of("tag", time, (double)(time.ms / 7 % 11), north);

    scene_hush(scene);
    scene_ping(scene, &ping, received);
}

static size_t grave(const struct tally *tally)
{
    return tally->of[ALERT_BREACH] + tally->of[ALERT_POSSIBLE];
}

/* ---- a wrong clock ---- */

/* His pings, each `interval` ms, from inside, and one fresh from elsewhere between each two. */
struct stay {
    struct dice *dice;
    bool stands_still;
    int64_t interval;
    double decoy; // metres from the zone
};

static int pings_until_told(const struct stay *stay, struct tally *tally)
{
    struct scene *scene = tally_scene(tally);
    struct utc now = evening, said = utc_plus(evening, -(int64_t)dice_below(stay->dice, 5 * HOUR));
    int k;

    hear(scene, utc_plus(now, -300000), 3000, utc_plus(now, -300000));
    hear(scene, utc_plus(now, -90000), 3000, utc_plus(now, -90000));
    now = utc_plus(now, 12 * MINUTE);
    for (k = 1; k < 1000; k++) {
        if (!stay->stands_still)
            said = utc_plus(now, -(int64_t)dice_between(
                                     stay->dice, (double)stay->interval + 11 * MINUTE, 20 * HOUR));
        hear(scene, said, k % 17, now);
        if (grave(tally) > 0)
            break;
        hear(scene, utc_plus(now, stay->interval / 2), stay->decoy + k % 5,
             utc_plus(now, stay->interval / 2));
        now = utc_plus(now, stay->interval);
    }
    scene_destroy(scene);
    return k;
}

/* By his fourth ping, or after two minutes; and three more, while his place is a leap. */
static void a_clock_that_stands_still_is_found_in_seven_pings(void **state)
{
    int most = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct stay stay = { *state, true,
                             (int64_t)(1000 * dice_between(*state, 15, i % 2 ? 600 : 7200)),
                             dice_between(*state, 2500, 30000) };
        int pings = pings_until_told(&stay, &tally), bound = 7 + (int)(2 * MINUTE / stay.interval);

        if (pings > bound || tally.of[ALERT_CLOCK] == 0)
            fail_msg("round %d: every %.3f s, %.0f m off: %d pings, %zu clocks", i,
                     (double)stay.interval / 1000, stay.decoy, pings, tally.of[ALERT_CLOCK]);
        most = stay.interval >= 2 * MINUTE && pings > most ? pings : most;
    }
    printf("by his ping %d\n", most);
}

/* After an hour and his fourth ping; and two more. */
static void a_clock_that_says_any_time_is_found_in_an_hour(void **state)
{
    int most = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct stay stay = { *state, false,
                             (int64_t)(1000 * dice_between(*state, 120, i % 2 ? 1200 : 7200)),
                             dice_between(*state, 2500, 30000) };
        int pings = pings_until_told(&stay, &tally), hour = 2 + (int)(HOUR / stay.interval);

        if (pings > (hour > 4 ? hour : 4) + 2 || tally.of[ALERT_CLOCK] == 0)
            fail_msg("round %d: every %.3f s, %.0f m off: %d pings, %zu clocks", i,
                     (double)stay.interval / 1000, stay.decoy, pings, tally.of[ALERT_CLOCK]);
        most = stay.interval >= 10 * MINUTE && pings > most ? pings : most;
    }
    printf("by his ping %d, who pings each ten minutes or more\n", most);
}

/* ---- what was kept ---- */

static void shuffle(struct dice *dice, int64_t *times, size_t n)
{
    for (size_t i = n - 1; i > 0; i--) {
        size_t k = dice_below(dice, (unsigned)i + 1);
        int64_t swapped = times[i];

        times[i] = times[k];
        times[k] = swapped;
    }
}

/* What was kept each `every` ms since `from`: the newest first, as it was made, or in no order. */
static size_t some_kept(struct dice *dice, unsigned order, int64_t every, struct utc from,
                        struct utc until, int64_t times[UPLOAD_MAX])
{
    size_t n = 0;

    for (int64_t time = until.ms; time > from.ms && n < UPLOAD_MAX; time -= every)
        times[n++] = time;
    for (size_t i = 0; order == 1 && i < n / 2; i++) {
        int64_t swapped = times[i];

        times[i] = times[n - 1 - i];
        times[n - 1 - i] = swapped;
    }
    if (order == 2)
        shuffle(dice, times, n);
    return n;
}

/* One upload beside live pings from elsewhere, whence he drove to the middle and back. */
struct upload {
    struct dice *dice;
    const int64_t *times;
    size_t n;
    struct utc lost, left; // so he set out for it, and from it
    int64_t gap;           // between two of it; live ones each 5 s or more,
    size_t breaks;         // and interrupted so often, for ten minutes and more
};

static double place(const struct upload *upload, int64_t time)
{
    double there = 3000 - 12 * (double)(time - upload->lost.ms) / 1000,
           back = 12 * (double)(time - upload->left.ms) / 1000;

    return fmin(fmax(fmax(there, back), 0), 3000);
}

static struct utc take(struct scene *scene, const struct upload *upload, struct utc now)
{
    struct utc live = now;
    size_t part = upload->n / (upload->breaks + 1) + 1;

    hear(scene, now, 3000, now);
    for (size_t k = 0; k < upload->n; k++) {
        now = utc_plus(now, upload->gap);
        if (k > 0 && k % part == 0)
            now = utc_plus(now, (int64_t)dice_between(upload->dice, 10 * MINUTE, 30 * MINUTE));
        hear(scene, (struct utc){ upload->times[k] }, place(upload, upload->times[k]), now);
        if (now.ms - live.ms >= 5000) {
            now = live = utc_plus(now, upload->gap / 2 + 1);
            hear(scene, live, 3000, live);
        }
    }
    return now;
}

static void check_past(const struct tally *tally, int round, const char *what)
{
    if (grave(tally) + tally->of[ALERT_CLOCK] != 0 || tally->of[ALERT_RETROSPECTIVE] == 0)
        fail_msg("round %d, %s: %zu breaches, %zu possible, %zu clocks, %zu retrospectives", round,
                 what, tally->of[ALERT_BREACH], tally->of[ALERT_POSSIBLE], tally->of[ALERT_CLOCK],
                 tally->of[ALERT_RETROSPECTIVE]);
}

static void an_hour_or_a_day_is_of_the_past(void **state)
{
    static int64_t times[UPLOAD_MAX];
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS / 2; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        int64_t length = i % 2 ? 24 * HOUR : HOUR, end = i / 2 % 2 ? 12 * MINUTE : 0;
        int64_t every = (int64_t)dice_between(dice, i % 2 ? 15000 : 3000, 600000);
        struct utc now = utc_plus(evening, 25 * HOUR);
        size_t n = some_kept(dice, (unsigned)i / 4 % 3, every, utc_plus(now, -length - end),
                             utc_plus(now, -end), times);
        // An upload ends within an hour, and is faster than what it brings was made.
        double fastest = (double)every / 100, slowest = (double)every / 1.3,
               most = (double)(30 * MINUTE) / (double)n; // live ones make it half as long again
        int64_t gap = (int64_t)dice_between(dice, fastest < most ? fastest : most / 2,
                                            slowest < most ? slowest : most);
        struct utc since = utc_plus(now, -length - end);
        struct upload upload = { dice,
                                 times,
                                 n,
                                 since,
                                 utc_plus(now, -15 * MINUTE),
                                 gap,
                                 i % 5 == 0 ? 1 + dice_below(dice, 2) : 0 };

        if (upload.breaks > 0)
            upload.gap = gap < 200 ? gap : 200;
        hear(scene, since, 3000, since);
        take(scene, &upload, now);
        check_past(&tally, i, i % 2 ? "a day" : "an hour");
        scene_destroy(scene);
    }
}

/* Without a network for a while, again and again for two hours and a half. */
static void what_is_kept_again_and_again_is_of_the_past(void **state)
{
    static int64_t times[UPLOAD_MAX];
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS / 2; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        struct utc now = evening;

        while (now.ms - evening.ms < 150 * MINUTE) {
            struct utc lost = now;
            struct upload upload;
            size_t n;

            now = utc_plus(now, (int64_t)dice_between(dice, 18 * MINUTE, 40 * MINUTE));
            n = some_kept(dice, dice_below(dice, 3), (int64_t)dice_between(dice, 5000, 120000),
                          utc_plus(lost, 1), now, times);
            // It is heard for more than a minute before what it kept comes.
            hear(scene, now, 3000, now);
            upload = (struct upload){
                dice, times, n, lost, utc_plus(now, -11 * MINUTE), 1 + dice_below(dice, 2000), 0
            };
            now = take(scene, &upload, utc_plus(now, (int64_t)dice_between(dice, 61000, 120000)));
            hear(scene, utc_plus(now, 61000), 3000, utc_plus(now, 61000));
            now = utc_plus(now, 61000);
        }
        check_past(&tally, i, "again and again");
        scene_destroy(scene);
    }
}

int main(void)
{
    struct dice dice = dice_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_clock_that_stands_still_is_found_in_seven_pings, &dice),
        cmocka_unit_test_prestate(a_clock_that_says_any_time_is_found_in_an_hour, &dice),
        cmocka_unit_test_prestate(an_hour_or_a_day_is_of_the_past, &dice),
        cmocka_unit_test_prestate(what_is_kept_again_and_again_is_of_the_past, &dice),
    };

    return cmocka_run_group_tests_name("lag_seldom_property", tests, NULL, NULL);
}
