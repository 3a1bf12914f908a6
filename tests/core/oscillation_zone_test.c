/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oscillation_zone_test.c - decoys so near that a car could come to them, one or three beside each
 * ping of who stands in a zone that is no wider than his receiver is good: he is possible. (Found
 * by an attacker: nothing for 45 minutes, of a zone and a receiver of 20 m as of 100 m and 80 m.)
 */
#include "core/oscillation.h"

#include <math.h>

#include "core/watch.h"

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"
#include "support/test.h"

static struct utc evening(double seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(seconds * 1000));
}

/* ---- precise ones alone ---- */

/* A liar, and whom he hides. */
struct decoys {
    double radius, accuracy;
    unsigned each;     // for each true ping
    double every, off; // seconds from one true ping to the next; metres
    double quiet[2];   // how much of their accuracy the true and the false ones err by
    bool before;       // the false ones come in one breath before the true one, else in between
    bool rests;        // where the false ones are, for an hour before
};

static struct decoys draw_decoys(struct dice *dice)
{
    static const double sizes[][2] = { { 20, 20 }, { 50, 40 }, { 75, 60 }, { 100, 80 } };
    const double *size = sizes[dice_below(dice, 4)];
    struct decoys decoys = { .radius = size[0],
                             .accuracy = size[1],
                             .each = dice_below(dice, 2) == 0 ? 1 : 3,
                             .every = dice_between(dice, 5, 15),
                             .quiet = { dice_between(dice, 0.02, 1), dice_between(dice, 0.02, 1) },
                             .before = dice_below(dice, 2) == 0,
                             .rests = dice_below(dice, 2) == 0 };

    decoys.off = dice_between(dice, fmax(100, decoys.radius + decoys.accuracy), 300);
    return decoys;
}

static void ping(struct scene *scene, struct dice *dice, double second, const struct decoys *decoys,
                 double off, double quiet)
{
    double error = quiet * decoys->accuracy / 1.5;
    struct ping one = scene_ping_of("tag", evening(second), off + error * dice_normal(dice),
                                    error * dice_normal(dice));

    one.accuracy = decoys->accuracy;
    scene_ping(scene, &one, one.time);
    scene_hush(scene);
}

/* From the decoys he comes at a walk, and stands in the middle; the seconds until he was told. */
static double play(struct scene *scene, struct dice *dice, const struct decoys *decoys,
                   struct tally *tally)
{
    double begin = decoys->rests ? 3600 : 5 * decoys->every, east = decoys->off, in = 0;

    for (double second = 0; second < begin; second += decoys->every)
        ping(scene, dice, second, decoys, decoys->off, decoys->quiet[1]);
    *tally = (struct tally){ { 0 } };
    for (double second = begin; second < begin + 2700; second += decoys->every) {
        east = fmax(east - 1.4 * decoys->every, 0);
        in = in == 0 && east < decoys->radius ? second : in;
        ping(scene, dice, second, decoys, east, decoys->quiet[0]);
        if (tally_grave(tally) > 0 ||
            (in != 0 && scene->incident_views[0]->phase >= PHASE_POSSIBLE))
            return in == 0 ? 0 : second - in;
        for (unsigned i = 1; i <= decoys->each; i++)
            ping(scene, dice,
                 second + (decoys->before ? decoys->every - 0.3 * (decoys->each + 1 - i)
                                          : decoys->every * i / (decoys->each + 1)),
                 decoys, decoys->off, decoys->quiet[1]);
    }
    return INFINITY;
}

enum { ROUNDS = 200, MINUTE = 60 };

static void who_hides_among_near_decoys_is_told(void **state)
{
    struct dice dice = dice_begin();
    int soon = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct decoys decoys = draw_decoys(&dice);
        struct tally tally;
        struct scene *scene = tally_scene_of(&tally, decoys.radius, 0, evening(0));
        double after = play(scene, &dice, &decoys, &tally);

        if (!(after < 45 * MINUTE))
            fail_msg("round %d: %u decoys each, %.0f m off, radius %.0f m, accuracy %.0f m, a ping "
                     "each %.0f s: nothing told",
                     round, decoys.each, decoys.off, decoys.radius, decoys.accuracy, decoys.every);
        soon += after < 10 * MINUTE;
        scene_destroy(scene);
    }
    assert_in_range(soon, ROUNDS * 95 / 100, ROUNDS);
}

/* ---- vague ones between ---- */

static void ping_as(struct scene *scene, double second, double off, double accuracy)
{
    struct ping one = scene_ping_of("tag", evening(second), off, 0);

    one.accuracy = accuracy;
    scene_ping(scene, &one, one.time);
    scene_hush(scene);
}

/* Stands in the middle, each time between precise decoys beside the edge and a vague one inside. */
static bool is_seen_between(struct scene *scene, struct dice *dice, double radius)
{
    double every = dice_between(dice, 15, 60), off = radius + dice_between(dice, 30, 150),
           accuracy = dice_between(dice, 3, radius / 6), decoy = dice_between(dice, 2, 10),
           before = dice_below(dice, 2) == 0 ? 199 : decoy,
           vague = dice_between(dice, 1.7 * radius, 199);

    for (double second = 0; second < 1800; second += every)
        ping_as(scene, second, off + dice_between(dice, -2, 2), decoy);
    for (double second = 1800; second < 1800 + 20 * every; second += every) {
        if (scene->incident_views[0]->phase >= PHASE_POSSIBLE)
            return true;
        ping_as(scene, second, dice_between(dice, -2, 2), accuracy);
        ping_as(scene, second + every / 5, off, before);
        for (int i = 2; i < 4; i++)
            ping_as(scene, second + every * i / 5, off + dice_between(dice, -2, 2), decoy);
        ping_as(scene, second + every * 4 / 5, dice_between(dice, -2, 2), vague);
    }
    return false;
}

static void who_hides_behind_vague_decoys_is_told(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        double radius = dice_between(&dice, 40, 100);
        struct tally tally;
        struct scene *scene = tally_scene_of(&tally, radius, 0, evening(0));

        if (!is_seen_between(scene, &dice, radius))
            fail_msg("round %d: radius %.0f m: nothing told", round, radius);
        scene_destroy(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_hides_among_near_decoys_is_told),
        cmocka_unit_test(who_hides_behind_vague_decoys_is_told),
    };

    return cmocka_run_group_tests_name("oscillation_zone", tests, NULL, NULL);
}
