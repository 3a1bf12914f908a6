/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places_property_test.c - somebody who has the device's token sends pings from elsewhere among
 * those of the tag, as many and as fast as he likes: who walks in and stays is told, and that the
 * device is at two places. A receiver that leaps now and then is never told so.
 */
#include "core/watch.h"

#include <math.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"

enum { ROUNDS = 400, STAYS = 25 };

/* Where the decoys are: at one place, or going about it. */
struct decoys {
    unsigned each;    // for each true one
    double third;     // how many of the true ones come with one of anywhere besides
    double far, step; // metres
    bool first;       // before the tag was ever heard
};

static struct decoys draw_decoys(struct dice *dice)
{
    return (struct decoys){ .each = 1 + dice_below(dice, 10),
                            .third = dice_below(dice, 2) == 0 ? 0 : dice_between(dice, 0, 1),
                            .far = exp(dice_between(dice, log(250), log(300000))),
                            .step = dice_between(dice, 0, 20),
                            .first = dice_below(dice, 2) == 0 };
}

static void ping_as_good(struct scene *scene, double seconds, double north, double accuracy)
{
    struct utc at = utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(seconds * 1000));
    struct ping ping = scene_ping_of("tag", at, 0, north);

    ping.accuracy = accuracy;
    scene_ping(scene, &ping, at);
    scene_hush(scene);
}

static void ping_from(struct scene *scene, double seconds, double north)
{
    ping_as_good(scene, seconds, north, 8);
}

static void who_walks_in_among_decoys_is_told(void **state)
{
    struct dice dice = dice_begin();
    int alerted = 0, fast = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tally tally = { 0 };
        struct scene *scene = tally_scene_of(&tally, 200, 400, utc_of("2020-06-23T20:00:00Z"));
        struct decoys decoys = draw_decoys(&dice);
        double every = exp(dice_between(&dice, log(5), log(600))), north = 1500, second = 0;
        // Slower ones could be the same device, driven; and nobody can tell.
        bool too_fast = decoys.far > 75 * every / (decoys.each + 1);

        // Two places are at least possible, whatever that is here.
        scene->detect.possible = dice_below(&dice, 4) == 0 ? 0.8 : scene->detect.possible;

        for (int i = 0; decoys.first && i < 4; i++)
            ping_from(scene, second++, decoys.far);
        for (int stayed = 0; stayed < STAYS; second += every) {
            north = fmax(north - 1.5 * every, 0);
            stayed += north <= 0;
            ping_from(scene, second, north);
            if (dice_between(&dice, 0, 1) < decoys.third)
                ping_from(scene, second + every / 30, dice_between(&dice, -300000, 300000));
            for (unsigned k = 1; k <= decoys.each; k++)
                ping_from(scene, second + every * k / (decoys.each + 1),
                          decoys.far + decoys.step * second / every);
        }
        if (tally_grave(&tally) == 0)
            fail_msg(
                "round %d: %u decoys each, %.0f m off, a third place with %.0f %%, a ping each "
                "%.0f s: nothing told, but two places %u times",
                round, decoys.each, decoys.far, 100 * decoys.third, every, tally.of[ALERT_TAMPER]);
        alerted += too_fast && tally.of[ALERT_TAMPER] > 0;
        fast += too_fast;
        scene_destroy(scene);
    }
    assert_in_range(alerted, fast * 9 / 10, fast);
}

/* A way from stand to stand, as a pressed car goes: it gains and loses so many m/s a second. */
struct leg {
    double way, top, gain, seconds;
};

static struct leg leg_of(double way, double top, double gain)
{
    double peak = fmin(top, sqrt(way * gain)); // of half of it, where the way is short

    return (struct leg){ way, peak, gain, way / peak + peak / gain };
}

/* Metres after so many seconds of it; before and after he stands. */
static double leg_at(const struct leg *leg, double seconds)
{
    double t = fmin(fmax(seconds, 0), leg->seconds), rest = leg->seconds - t,
           gains = leg->top / leg->gain;

    if (t < gains)
        return leg->gain * t * t / 2;
    if (rest < gains)
        return leg->way - leg->gain * rest * rest / 2;
    return leg->top * (t - gains / 2);
}

/* Of a car that goes to and fro between two doors all evening, at up to 13 to 25 m/s. */
static void who_drives_to_and_fro_is_at_one_place(void **state)
{
    struct dice dice = dice_begin();
    struct tally tally = { 0 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene *scene = tally_scene_of(&tally, 200, 400, utc_of("2020-06-23T20:00:00Z"));
        double every = dice_between(&dice, 5, 120), way = dice_between(&dice, 100, 3000),
               rests = dice_between(&dice, 5, 60);
        struct leg leg = leg_of(way, dice_between(&dice, 13, 25), 3);

        for (int i = 0; i < 300; i++) {
            double in_lap = fmod(i * every, 2 * (leg.seconds + rests)),
                   back = in_lap - leg.seconds - rests;

            ping_from(scene, i * every, 400 + leg_at(&leg, in_lap) - leg_at(&leg, back));
        }
        scene_destroy(scene);
    }
    assert_int_equal(tally.of[ALERT_TAMPER], 0);
}

/* Of 400 times 300 pings; leaps that agree by chance, one soon after the other, are rare. */
static void who_leaps_now_and_then_is_at_one_place(void **state)
{
    struct dice dice = dice_begin();
    struct tally tally = { 0 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene *scene = tally_scene_of(&tally, 200, 400, utc_of("2020-06-23T20:00:00Z"));
        double every = dice_between(&dice, 5, 120);

        for (int i = 0; i < 300; i++) {
            bool leaps = dice_between(&dice, 0, 7200) < every; // once in two hours

            ping_from(scene, i * every, leaps ? dice_between(&dice, -300000, 300000) : 2000);
        }
        scene_destroy(scene);
    }
    assert_in_range(tally.of[ALERT_TAMPER], 0, ROUNDS / 50);
}

/*
 * He stands inside, and then whoever has the token leaps away, by as many pings and as fast as he
 * likes, and so far that nobody gets there so soon; by clocks of the device, which may be two
 * minutes ahead of ours, or by ours. Nothing ends for a quarter of an hour, and he is told.
 */
static void who_leaps_out_of_a_zone_has_not_left(void **state)
{
    struct dice dice = dice_begin();
    const struct utc begin = utc_of("2020-06-23T20:00:00Z");

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tally tally = { 0 };
        struct scene *scene = tally_scene_of(&tally, 200, 400, begin);
        double every = exp(dice_between(&dice, log(1), log(600))), second = 0,
               soon = exp(dice_between(&dice, log(0.1), log(60))), first, far, ahead;
        unsigned stays = 2 + dice_below(&dice, 10);

        for (unsigned i = 0; i < stays; i++, second += every)
            ping_from(scene, second, dice_between(&dice, -60, 60));
        second += soon - every;
        first = soon;
        far = 400 + 80 * (3.3 * soon + 3) * exp(dice_between(&dice, 0, log(30000)));
        ahead = dice_below(&dice, 2) == 0 ? 0 : dice_between(&dice, 25, 118);
        for (double left = second + 900; second < left; second += fmax(soon, 0.1)) {
            struct utc at = utc_plus(begin, (int64_t)(second * 1000));
            struct ping ping = scene_ping_of("tag", utc_plus(at, (int64_t)(ahead * 1000)), 0,
                                             fmin(far, 3e6) + dice_between(&dice, -9, 9));

            scene_ping(scene, &ping, at);
            scene_hush(scene);
            soon = fmin(soon * 1.3, 60); // three soon, and then as the tag
        }
        if (tally.of[ALERT_CLEARED] > 0 || tally.of[ALERT_BREACH] != 1 ||
            tally.of[ALERT_TAMPER] != 1)
            fail_msg("round %d: %u pings each %.1f s, one after %.1f s, %.0f m off, %.0f s ahead: "
                     "%zu cleared, %zu breaches, %zu tampers",
                     round, stays, every, first, far, ahead, tally.of[ALERT_CLEARED],
                     tally.of[ALERT_BREACH], tally.of[ALERT_TAMPER]);
        scene_destroy(scene);
    }
}

/* A phone indoors, by two routers' places, 150 to 450 m apart, each ten to twenty minutes. */
static void who_rests_between_two_routers_is_at_one_place(void **state)
{
    struct dice dice = dice_begin();
    struct tally tally = { 0 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene *scene = tally_scene_of(&tally, 200, 400, utc_of("2020-06-23T20:00:00Z"));
        double every = dice_between(&dice, 5, 120), off = dice_between(&dice, 150, 450), next = 600;

        for (double second = 0; second < 300 * every; second += every) {
            bool leaps = second >= next;

            next += leaps ? dice_between(&dice, 600, 1200) : 0;
            ping_from(scene, second, leaps ? 2000 + off : 2000);
        }
        scene_destroy(scene);
    }
    assert_int_equal(tally.of[ALERT_TAMPER], 0);
}

/* A phone at rest that tells the satellites' place, and soon after it the network's. */
static void who_has_two_receivers_is_at_one_place(void **state)
{
    struct dice dice = dice_begin();
    struct tally tally = { 0 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene *scene = tally_scene_of(&tally, 200, 400, utc_of("2020-06-23T20:00:00Z"));
        double every = dice_between(&dice, 20, 300), reported = dice_between(&dice, 20, 100),
               off = 50 + dice_between(&dice, 0.5, 2) * reported;

        for (double second = 0; second < 100 * every; second += every) {
            ping_from(scene, second, 1000);
            ping_as_good(scene, second + dice_between(&dice, 0.5, 5), 1000 + off, reported);
        }
        scene_destroy(scene);
    }
    assert_int_equal(tally.of[ALERT_TAMPER], 0);
}

/*
 * The same whose network has it two to fifteen of its told radii off, which is told as a doubt and
 * no tampering; and who so leaps between places of one kind is told that.
 */
static void who_has_two_receivers_far_apart_is_in_doubt(void **state)
{
    struct dice dice = dice_begin();
    unsigned doubts = 0, alike = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tally tally = { 0 }, of_one_kind = { 0 };
        struct scene *scene = tally_scene_of(&tally, 200, 400, utc_of("2020-06-23T20:00:00Z")),
                     *other =
                         tally_scene_of(&of_one_kind, 200, 400, utc_of("2020-06-23T20:00:00Z"));
        double every = dice_between(&dice, 20, 300), told = dice_between(&dice, 20, 100),
               off = 100 + dice_between(&dice, 2, 15) * told;

        for (double second = 0; second < 100 * every; second += every) {
            double then = second + dice_between(&dice, 0.5, 2);

            ping_from(scene, second, 1000);
            ping_as_good(scene, then, 1000 + off, told);
            ping_from(other, second, 1000);
            ping_from(other, then, 1000 + off);
        }
        assert_int_equal(tally.of[ALERT_TAMPER], 0);
        doubts += tally.of[ALERT_DOUBT] > 0;
        alike += of_one_kind.of[ALERT_TAMPER] > 0;
        assert_int_equal(of_one_kind.of[ALERT_DOUBT], 0);
        scene_destroy(scene);
        scene_destroy(other);
    }
    printf("%u of %d in doubt; of one kind %u are tampered with\n", doubts, ROUNDS, alike);
    assert_in_range(doubts, ROUNDS / 4, ROUNDS);
    assert_in_range(alike, ROUNDS * 3 / 4, ROUNDS);
}

/* Whose pings were in doubt for a quarter of an hour, and then leap by places of one kind. */
static void what_was_in_doubt_is_told_when_it_is_more(void **state)
{
    struct tally tally = { 0 };
    struct scene *scene = tally_scene_of(&tally, 200, 400, utc_of("2020-06-23T20:00:00Z"));

    (void)state;
    for (double second = 0; second < 900; second += 20) {
        ping_from(scene, second, 1000);
        ping_as_good(scene, second + 1, 2500, 80);
    }
    assert_int_equal(tally.of[ALERT_DOUBT], 1);
    assert_int_equal(tally.of[ALERT_TAMPER], 0);
    for (double second = 900; second < 1800; second += 20) {
        ping_from(scene, second, 1000);
        ping_from(scene, second + 1, 2500);
    }
    assert_int_equal(tally.of[ALERT_DOUBT], 1);
    assert_in_range(tally.of[ALERT_TAMPER], 1, 2);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_walks_in_among_decoys_is_told),
        cmocka_unit_test(who_drives_to_and_fro_is_at_one_place),
        cmocka_unit_test(who_leaps_now_and_then_is_at_one_place),
        cmocka_unit_test(who_leaps_out_of_a_zone_has_not_left),
        cmocka_unit_test(who_rests_between_two_routers_is_at_one_place),
        cmocka_unit_test(who_has_two_receivers_is_at_one_place),
        cmocka_unit_test(who_has_two_receivers_far_apart_is_in_doubt),
        cmocka_unit_test(what_was_in_doubt_is_told_when_it_is_more)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
