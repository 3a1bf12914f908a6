/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oscillation_test.c - when a device's pings go to and fro between two places: as nobody goes, and
 * at all. No receiver's errors do, and nobody's ride. What becomes of it before a zone:
 * oscillation_zone_test.c.
 */
#include "core/oscillation.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/places.h"

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
        receiver->slow[i] = kept * receiver->slow[i] + sqrt(1 - kept * kept) * dice_normal(dice);
        at[i] = receiver->sigma * (sqrt(0.8) * receiver->slow[i] + sqrt(0.2) * dice_normal(dice)) +
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_of_one_instant_is_one_turn),
        cmocka_unit_test(who_rests_is_at_one_place),
        cmocka_unit_test(no_recording_oscillates),
    };

    return rows_hold("to and fro", rows, row_holds) + cmocka_run_group_tests(tests, NULL, NULL);
}
