/* SPDX-License-Identifier: Apache-2.0 */
#include "core/motion.h"

#include <string.h>

#include "support/near.h"
#include "support/rows.h"
#include "support/scene.h"

enum { PLACES_MAX = 16 };

static const struct detect detect = { .unknown_accuracy = 30, .coarse = 200 };

static struct position at(double second, double east, double north, double accuracy)
{
    struct utc time = { 1592942400000 + (int64_t)(second * 1000) };

    return (struct position){ time, scene_place(east, north), accuracy, 0 };
}

/* Somebody goes north and was seen `n` times before: so far, so often, so well. */
static const struct walk {
    const char *says;
    size_t n;
    double every, speed, accuracy;
    bool moving;
    double want; // m/s to the north
} walks[] = {
    { "a walker under an open sky", 6, 15, 1.4, 8, true, 1.4 },
    { "a walker in a street canyon, over three minutes", 36, 5, 1.4, 40, true, 1.4 },
    { "of an unknown accuracy, which is taken for 30 m", 36, 5, 1.4, NAN, true, 1.4 },
    { "a car after one ping", 1, 15, 13, 8, true, 13 },
    { "one step says little of a walker", 1, 10, 1.4, 8, false, 1.4 },
    { "who stands", 10, 15, 0, 8, false, 0 },
    { "nobody was seen before", 0, 15, 5, 8, false, 0 },
    { "eleven minutes ago is too long", 1, 660, 5, 8, false, 0 },
};

static void walk_is_seen(void **state)
{
    const struct walk *walk = *state;
    struct known_device device = { 0 };
    struct position now = at((double)walk->n * walk->every, 0,
                             (double)walk->n * walk->every * walk->speed, walk->accuracy);
    struct ping ping = { .at = now.at, .speed = NAN, .course = NAN };
    struct motion motion;

    for (size_t i = 0; i < walk->n; i++) {
        double second = (double)i * walk->every;
        struct position place = at(second, 0, second * walk->speed, walk->accuracy);

        motion_remember(&device, &place, &detect);
    }
    motion = motion_of(&device, &ping, &now, &detect);
    assert_int_equal(motion.moving, walk->moving);
    assert_near(motion.north, walk->want, 0.02);
    assert_near(motion.east, 0, 0.02);
}

/* A ping that says how fast and where to is believed, within bounds. */
static const struct report {
    const char *says;
    double speed, course;
    bool believed;
    double east, north;
} reports[] = {
    { "ten to the east", 10, 90, true, 10, 0 },
    { "360 is north", 10, 360, true, 0, 10 },
    { "below half a metre a second a course is noise", 0.4, 90, false, 0, 0 },
    { "over 70 nothing goes here", 71, 90, false, 0, 0 },
    { "a speed without a course", 10, NAN, false, 0, 0 },
    { "a course of -1 is none", 10, -1, false, 0, 0 },
};

static void report_is_weighed(void **state)
{
    const struct report *report = *state;
    struct known_device device = { 0 };
    struct position now = at(0, 0, 0, 8);
    struct ping ping = { .at = now.at, .speed = report->speed, .course = report->course };
    struct motion motion = motion_of(&device, &ping, &now, &detect);

    assert_int_equal(motion.moving, report->believed);
    assert_near(motion.east, report->east, 1e-9);
    assert_near(motion.north, report->north, 1e-9);
}

static void one_wrong_place_in_four_does_not_turn_him(void **state)
{
    struct known_device device = { 0 };
    struct position now = at(75, 0, 750, 8);
    struct ping ping = { .at = now.at, .speed = NAN, .course = NAN };
    struct motion motion;

    (void)state;
    for (int i = 0; i < 5; i++) {
        struct position place = at(15 * i, i == 2 ? 900 : 0, 150 * i, 8);

        motion_remember(&device, &place, &detect);
    }
    motion = motion_of(&device, &ping, &now, &detect);
    assert_near(motion.east, 0, 0.5);
    assert_near(motion.north, 10, 0.5);
}

/* From rest at the origin, seconds later, metres north: could he have got there? */
static const struct leap {
    const char *says;
    double seconds, metres;
    bool surprises;
} leaps[] = {
    { "within the blur nothing moved", 15, 22, false },
    { "from rest a car is 54 m off after six seconds", 6, 76, false },
    { "but not more", 6, 78, true },
    { "after two minutes 1,800 m can be", 120, 1820, false },
    { "and 1,830 m cannot", 120, 1830, true },
    { "two pings of one instant are given a second", 0, 24, false },
    { "and no more", 0, 25, true },
};

static void leap_is_weighed(void **state)
{
    const struct leap *leap = *state;
    struct known_device device = { .heard = true, .newest = at(0, 0, 0, 8) };
    struct position now = at(leap->seconds, 0, leap->metres, 8);

    assert_int_equal(
        motion_surprises(&device, &now, lonlat_distance(device.newest.at, now.at), &detect),
        leap->surprises);
}

/* From one fix to the next, of two receivers: too far for anybody, whatever both err by? */
static const struct sources {
    const char *says;
    double accuracy, other; // metres
    double seconds, metres;
    bool leaps;
} sources[] = {
    { "the network's 100 m off, told as 100 m", 8, 100, 1, 100, false },
    { "190 m between one of 8 m and one of 60 m", 8, 60, 1, 190, false },
    { "192 m are too far", 8, 60, 1, 192, true },
    { "and so the other way round", 60, 8, 1, 192, true },
    { "within a second it is as much", 8, 60, 0.5, 190, false },
    { "92 m between two of 8 m", 8, 8, 1, 92, false },
    { "93 m are too far", 8, 8, 1, 93, true },
    { "an unknown accuracy is taken for 30 m: 132 m", 8, NAN, 1, 132, false },
    { "and 133 m are too far", 8, NAN, 1, 133, true },
    { "decoys 300 m off, told as 60 m, each second", 8, 60, 1, 300, true },
    { "a car's way over two seconds", 8, 8, 2, 162, false },
};

static void leap_counts_by_what_is_left(void **state)
{
    const struct sources *row = *state;
    struct position known = at(0, 0, 0, row->accuracy),
                    now = at(row->seconds, 0, row->metres, row->other);

    assert_int_equal(motion_leaps(&known, &now, row->metres, &detect), row->leaps);
}

/* The trail's own steps: metres gone in each quarter of a minute, the newest last. */
static const struct steps {
    const char *says;
    size_t n;
    double metres[PLACES_MAX];
    double pace; // m/s, what the accuracies explain taken off
} steps[] = {
    { "a walk of 30 m a quarter of a minute", 3, { 30, 30, 30 }, 1.246 },
    { "what brought him is his pace, not how he goes", 4, { 300, 300, 0, 0 }, 19.246 },
    { "so it is of who has just stopped", 3, { 300, 300, 0 }, 19.246 },
    { "nobody moved", 3, { 0, 0, 0 }, 0 },
    { "after six steps the drive is forgotten", 7, { 300, 0, 0, 0, 0, 0, 0 }, 0 },
};

static void steps_are_remembered(void **state)
{
    const struct steps *row = *state;
    struct known_device device = { 0 };
    struct position place = at(0, 0, 0, 8);
    double north = 0;

    motion_remember(&device, &place, &detect);
    for (size_t i = 0; i < row->n; i++) {
        north += row->metres[i];
        place = at(15 * ((double)i + 1), 0, north, 8);
        motion_remember(&device, &place, &detect);
    }
    assert_near(device.pace, row->pace, 0.01);
    assert_int_equal(motion_newest(&device).moving, row->metres[row->n - 1] > 12);
}

static void there_and_back_is_where_he_was(void **state)
{
    struct motion motion = { 2, true, 3, -4, NULL };
    struct lonlat from = scene_place(0, 0), to = motion_along(&motion, from, 10);

    (void)state;
    assert_near(lonlat_distance(from, to), 50, 0.01);
    to = motion_along(&motion, to, -10);
    assert_near(lonlat_distance(from, to), 0, 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_wrong_place_in_four_does_not_turn_him),
        cmocka_unit_test(there_and_back_is_where_he_was),
    };

    return rows_hold("walks", walks, walk_is_seen) +
           rows_hold("reports", reports, report_is_weighed) +
           rows_hold("leaps", leaps, leap_is_weighed) +
           rows_hold("sources", sources, leap_counts_by_what_is_left) +
           rows_hold("steps", steps, steps_are_remembered) +
           cmocka_run_group_tests_name("motion", tests, NULL, NULL);
}
