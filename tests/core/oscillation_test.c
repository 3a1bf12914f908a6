/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oscillation_test.c - decoys so near that a car could come to them, one or three beside each ping
 * of who stands in a zone that is no wider than his receiver is good: he is possible, and the
 * device is told to be at two places. No receiver's errors are, and nobody's ride. (Found by an
 * attacker: nothing for 45 minutes, of a zone and a receiver of 20 m as of 100 m and 80 m.)
 */
#include "core/oscillation.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/places.h"
#include "core/watch.h"

#include "support/dice.h"
#include "support/london.h"
#include "support/recording.h"
#include "support/rows.h"
#include "support/scene.h"

static const struct detect usual = { .unknown_accuracy = 30, .coarse = 200 };

static struct utc evening(double seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(seconds * 1000));
}

/* What is made of one device's pings. */
struct made {
    bool turned, swung;
};

/* ---- one device's pings ---- */

static const struct row {
    const char *says;
    const char *places; // again and again, 300 in all: h at home, a away, b elsewhere, m midway,
                        // v and w at home and away but vague
    double every, off;  // seconds; metres
    double accuracy;
    struct made want;
} rows[] = {
    { "to and fro each 7 s, 150 m off", "ha", 7, 150, 20, { true, true } },
    { "three there for each one here", "haaa", 3, 100, 20, { true, true } },
    { "and as poor as the zone is wide", "ha", 7, 150, 80, { true, true } },
    { "150 m off each 15 s: a car could", "ha", 15, 150, 20, { false, true } },
    { "300 m off each 10 s: none could", "ha", 10, 300, 20, { true, true } },
    { "by the minute", "ha", 60, 150, 20, { false, true } },
    { "by way of a place between them, as a car goes", "hmam", 8, 150, 20, { false, true } },
    { "nearer than 50 m", "ha", 7, 45, 8, { false, false } },
    { "nearer than one and a half of its radii", "ha", 7, 110, 80, { false, false } },
    { "once in twenty pings", "hhhhhhhhhhhhhhhhhhha", 15, 150, 20, { false, false } },
    { "away, and elsewhere, and back", "hbab", 7, 150, 20, { true, true } },
    { "150 m off each 6 s, and vague ones at both places between",
      "hwav",
      3,
      150,
      20,
      { true, true } },
    { "more of those than of others", "hwwwavvv", 2, 150, 20, { true, true } },
    { "the places of vague ones are none", "hw", 7, 150, 20, { false, false } },
    { "once there it stays",
      "haaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      7,
      150,
      20,
      { 0 } },
};

static struct lonlat place_of(char name, double off)
{
    switch (name) {
    case 'a':
    case 'w':
        return scene_place(off, 0);
    case 'b':
        return scene_place(0, off);
    case 'm':
        return scene_place(off / 2, 0);
    }
    return scene_place(0, 0);
}

static double accuracy_of(char name, double else_as)
{
    return name == 'v' ? 150 : name == 'w' ? 199 : else_as;
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct known_device device = { .heard = true };
    struct made made = { false, false };

    for (int i = 0; i < 300; i++) {
        char name = row->places[(size_t)i % strlen(row->places)];
        struct position at = { evening(i * row->every), place_of(name, row->off),
                               accuracy_of(name, row->accuracy), 0 };

        oscillation_hear(&device, &at, &usual);
        made.turned |= places_torn(&device, at.time);
        made.swung |= oscillation_lasts(&device, at.time);
        assert_true(isnan(oscillation_apart(&device, at.time)) == !places_torn(&device, at.time));
    }
    assert_int_equal(made.turned, row->want.turned);
    assert_int_equal(made.swung, row->want.swung);
}

/* However often, of one instant it is one turn. */
static void a_burst_of_one_instant_is_one_turn(void **state)
{
    struct known_device device = { .heard = true };

    (void)state;
    for (int i = 0; i < 300; i++) {
        struct position at = { evening(0), scene_place(i % 2 * 150, 0), 20, 0 };

        oscillation_hear(&device, &at, &usual);
    }
    assert_false(oscillation_lasts(&device, evening(0)));
}

/* ---- receivers ---- */

static double normal(struct dice *dice)
{
    double sum = 0;

    for (int i = 0; i < 12; i++)
        sum += dice_between(dice, -0.5, 0.5);
    return sum;
}

/* A receiver at rest: errors that last for tau, and a fifth of white ones; a burst now and then. */
struct receiver {
    double sigma, tau, every;
    double slow[2], burst[2];
    int bursts; // pings that one lasts on
};

static struct lonlat receive(struct receiver *receiver, struct dice *dice)
{
    double kept = exp(-receiver->every / receiver->tau), at[2];

    if (receiver->bursts > 0) {
        receiver->bursts--;
    } else if (dice_between(dice, 0, 900) < receiver->every) {
        receiver->bursts = 1 + (int)(dice_between(dice, 0, 50) / receiver->every);
        for (int i = 0; i < 2; i++)
            receiver->burst[i] = dice_between(dice, -5, 5) * receiver->sigma;
    }
    for (int i = 0; i < 2; i++) {
        receiver->slow[i] = kept * receiver->slow[i] + sqrt(1 - kept * kept) * normal(dice);
        at[i] = receiver->sigma * (sqrt(0.8) * receiver->slow[i] + sqrt(0.2) * normal(dice)) +
                (receiver->bursts > 0 ? receiver->burst[i] : 0);
    }
    return scene_place(at[0], at[1]);
}

enum { ROUNDS = 60 };

/* Six hours each: of street and canyon, told right or at half of what they are. */
static void who_rests_is_at_one_place(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        double accuracy = exp(dice_between(&dice, log(6), log(40)));
        struct receiver receiver = { .sigma = accuracy / 1.5,
                                     .tau = exp(dice_between(&dice, log(10), log(600))),
                                     .every = exp(dice_between(&dice, log(1), log(60))) };
        struct known_device device = { .heard = true };

        accuracy /= dice_below(&dice, 2) == 0 ? 2 : 1;
        for (double second = 0; second < 6 * 3600; second += receiver.every) {
            struct position at = { evening(second), receive(&receiver, &dice), accuracy, 0 };

            oscillation_hear(&device, &at, &usual);
        }
        if (device.oscillation.turned.ms != 0 || device.oscillation.swung.ms != 0)
            fail_msg("round %d: accuracy %.0f m, tau %.0f s, a ping each %.0f s", round, accuracy,
                     receiver.tau, receiver.every);
    }
}

/* ---- recordings ---- */

struct record {
    char track[128];
    struct known_device device;
    double most_turns, most_swings;
    size_t fixes;
};

static void take(const struct recorded *row, void *arg)
{
    struct record *record = arg;
    double accuracy = row->accuracy > 0 ? row->accuracy : NAN;
    struct position at = { { (int64_t)(row->epoch * 1000) }, { row->lon, row->lat }, accuracy, 0 };

    if (isnan(row->epoch) || accuracy > usual.coarse || !lonlat_valid(at.at))
        return;
    if (strcmp(record->track, row->track) != 0) {
        snprintf(record->track, sizeof record->track, "%s", row->track);
        record->device = (struct known_device){ .heard = true };
    }
    if (at.time.ms < record->device.oscillation.last.time.ms)
        return;
    record->fixes++;
    oscillation_hear(&record->device, &at, &usual);
    record->most_turns = fmax(record->most_turns, record->device.oscillation.turns);
    record->most_swings = fmax(record->most_swings, record->device.oscillation.swings);
}

static void no_recording_oscillates(void **state)
{
    static const char *const sources[] = { "emission",    "geolife",          "gpsbabel",  "gpsd",
                                           "mobilitynet", "movebank-fishers", "trackeR-uk" };

    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct record record = { .track = "" };
        char folder[512];

        snprintf(folder, sizeof folder, "%s/tracks-%s", SHARED_DATA, sources[i]);
        if (access(folder, R_OK) != 0) {
            printf("%s: skipped\n", sources[i]);
            continue;
        }
        recording_rows(folder, take, &record);
        printf("%s: %zu fixes, %.1f turns and %.1f swings at the most\n", sources[i], record.fixes,
               record.most_turns, record.most_swings);
        assert_true(record.most_turns < OSCILLATION_ENOUGH / 2);
        assert_true(record.most_swings < OSCILLATION_ENOUGH / 2);
    }
}

/* ---- before a zone ---- */

struct tally {
    unsigned places, grave;
};

static void on_told(const struct alert *alert, void *arg)
{
    struct tally *tally = arg;

    tally->places += alert->type == ALERT_TAMPER;
    tally->grave += alert->type == ALERT_POSSIBLE || alert->type == ALERT_BREACH;
}

/* A liar, and whom he hides. */
struct plot {
    double radius, accuracy;
    unsigned decoys;   // for each true ping
    double every, off; // seconds from one true ping to the next; metres
    double quiet[2];   // how much of their accuracy the true and the false ones err by
    bool before;       // the false ones come in one breath before the true one, else in between
    bool rests;        // where the false ones are, for an hour before
};

static struct plot draw_plot(struct dice *dice)
{
    static const double sizes[][2] = { { 20, 20 }, { 50, 40 }, { 75, 60 }, { 100, 80 } };
    const double *size = sizes[dice_below(dice, 4)];
    struct plot plot = { .radius = size[0],
                         .accuracy = size[1],
                         .decoys = dice_below(dice, 2) == 0 ? 1 : 3,
                         .every = dice_between(dice, 5, 15),
                         .quiet = { dice_between(dice, 0.02, 1), dice_between(dice, 0.02, 1) },
                         .before = dice_below(dice, 2) == 0,
                         .rests = dice_below(dice, 2) == 0 };

    plot.off = dice_between(dice, fmax(100, plot.radius + plot.accuracy), 300);
    return plot;
}

static void ping(struct scene *scene, struct dice *dice, double second, const struct plot *plot,
                 double off, double quiet)
{
    double error = quiet * plot->accuracy / 1.5;
    struct ping one =
        scene_ping_of("tag", evening(second), off + error * normal(dice), error * normal(dice));

    one.accuracy = plot->accuracy;
    scene_ping(scene, &one, one.time);
    scene_hush(scene);
}

/* From the decoys he comes at a walk, and stands in the middle; the seconds until he was told. */
static double play(struct scene *scene, struct dice *dice, const struct plot *plot,
                   struct tally *tally)
{
    double begin = plot->rests ? 3600 : 5 * plot->every, east = plot->off, in = 0;

    for (double second = 0; second < begin; second += plot->every)
        ping(scene, dice, second, plot, plot->off, plot->quiet[1]);
    *tally = (struct tally){ 0 };
    for (double second = begin; second < begin + 2700; second += plot->every) {
        east = fmax(east - 1.4 * plot->every, 0);
        in = in == 0 && east < plot->radius ? second : in;
        ping(scene, dice, second, plot, east, plot->quiet[0]);
        if (tally->grave > 0 || (in != 0 && scene->incident_views[0]->phase >= PHASE_POSSIBLE))
            return in == 0 ? 0 : second - in;
        for (unsigned i = 1; i <= plot->decoys; i++)
            ping(scene, dice,
                 second + (plot->before ? plot->every - 0.3 * (plot->decoys + 1 - i)
                                        : plot->every * i / (plot->decoys + 1)),
                 plot, plot->off, plot->quiet[1]);
    }
    return INFINITY;
}

enum { PLOTS = 200, MINUTE = 60 };

static void who_hides_among_near_decoys_is_told(void **state)
{
    struct dice dice = dice_begin();
    int soon = 0;

    (void)state;
    for (int round = 0; round < PLOTS; round++) {
        struct plot plot = draw_plot(&dice);
        struct tally tally = { 0 };
        struct scene *scene = scene_create();
        double after;

        scene_zone(scene, "home", 0, 0, plot.radius, 0);
        scene->on_alert = on_told;
        scene->on_alert_arg = &tally;
        scene->clock = evening(0);
        scene_load(scene);
        after = play(scene, &dice, &plot, &tally);
        if (!(after < 45 * MINUTE))
            fail_msg("round %d: %u decoys each, %.0f m off, radius %.0f m, accuracy %.0f m, a ping "
                     "each %.0f s: nothing told",
                     round, plot.decoys, plot.off, plot.radius, plot.accuracy, plot.every);
        soon += after < 10 * MINUTE;
        scene_destroy(scene);
    }
    assert_in_range(soon, PLOTS * 95 / 100, PLOTS);
}

/* ---- vague ones between ---- */

static void told_as(struct scene *scene, double second, double off, double accuracy)
{
    struct ping one = scene_ping_of("tag", evening(second), off, 0);

    one.accuracy = accuracy;
    scene_ping(scene, &one, one.time);
    scene_hush(scene);
}

/* Stands in the middle, each time between precise decoys beside the edge and a vague one inside. */
static bool is_told_between(struct scene *scene, struct dice *dice, double radius)
{
    double every = dice_between(dice, 15, 60), off = radius + dice_between(dice, 30, 150),
           accuracy = dice_between(dice, 3, radius / 6), decoy = dice_between(dice, 2, 10),
           before = dice_below(dice, 2) == 0 ? 199 : decoy,
           vague = dice_between(dice, 1.7 * radius, 199);

    for (double second = 0; second < 1800; second += every)
        told_as(scene, second, off + dice_between(dice, -2, 2), decoy);
    for (double second = 1800; second < 1800 + 20 * every; second += every) {
        if (scene->incident_views[0]->phase >= PHASE_POSSIBLE)
            return true;
        told_as(scene, second, dice_between(dice, -2, 2), accuracy);
        told_as(scene, second + every / 5, off, before);
        for (int i = 2; i < 4; i++)
            told_as(scene, second + every * i / 5, off + dice_between(dice, -2, 2), decoy);
        told_as(scene, second + every * 4 / 5, dice_between(dice, -2, 2), vague);
    }
    return false;
}

static void who_hides_behind_vague_decoys_is_told(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < PLOTS; round++) {
        double radius = dice_between(&dice, 40, 100);
        struct scene *scene = scene_create();

        scene_zone(scene, "home", 0, 0, radius, 0);
        scene->clock = evening(0);
        scene_load(scene);
        if (!is_told_between(scene, &dice, radius))
            fail_msg("round %d: radius %.0f m: nothing told", round, radius);
        scene_destroy(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_of_one_instant_is_one_turn),
        cmocka_unit_test(who_rests_is_at_one_place),
        cmocka_unit_test(no_recording_oscillates),
        cmocka_unit_test(who_hides_among_near_decoys_is_told),
        cmocka_unit_test(who_hides_behind_vague_decoys_is_told),
    };

    return rows_hold("to and fro", rows, row_holds) + cmocka_run_group_tests(tests, NULL, NULL);
}
