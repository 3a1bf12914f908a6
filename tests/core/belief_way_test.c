/* SPDX-License-Identifier: Apache-2.0 */
/* belief_way_test.c - the ways between fixes, and where he was a fix before. */
#include "core/somebody.h"

#include <stdio.h>
#include <string.h>

/* A car at 13 m/s with a fix a minute, along a line so far from the middle of a circle of 100 m. */
static const struct drive {
    const char *says;
    double off, least, most;
} drives[] = {
    { "through the middle", 0, 0.8, 1 },
    { "50 m deep", 50, 0.6, 1 },
    { "150 m beside", 250, 0, 0.1 },
    { "400 m beside", 500, 0, 1e-3 },
};

static void the_way_is_believed_so(void **state)
{
    const struct drive *row = *state;
    struct somebody who = { .ms = 1000 };
    double most = 0;

    go(&who, -4000, row->off, 13, 60, 5);
    for (int i = 0; i < 2; i++) {
        hear(&who, 60, -400 + 780 * i, row->off, 6);
        most = fmax(most, way(&who, &home));
        assert_true(inside(&who, &home) < 0.1);
    }
    if (most < row->least || most > row->most)
        fail_msg("%g is not in %g..%g", most, row->least, row->most);
}

/*
 * A car at 13 m/s with a fix a minute, that turns by so many degrees between two of them, so far
 * from the middle of a circle of 100 m: what the second fix behind the turn says of the way there.
 */
static const struct turn {
    const char *says;
    double degrees, off, least, most;
} turns[] = {
    { "a right angle in the middle", 90, 0, 0.2, 1 },
    { "75 degrees in the middle", 75, 0, 0.3, 1 },
    { "60 degrees, 40 m from the middle", 60, 40, 0.2, 1 },
    { "a right angle 400 m beside", 90, 500, 0, 0.05 },
    { "straight on 100 m beside", 0, 200, 0, 0.1 },
};

static void where_he_turned_is_believed_so(void **state)
{
    const struct turn *row = *state;
    double east = cos(row->degrees * M_PI / 180), north = sin(row->degrees * M_PI / 180), got;
    struct somebody who = { .ms = 1000 };

    go(&who, -3510, row->off, 13, 60, 5); // the last 390 m before the turn
    hear(&who, 60, 390 * east, row->off + 390 * north, 6);
    assert_true(inside(&who, &home) < 0.1);
    hear(&who, 60, 1170 * east, row->off + 1170 * north, 6);
    got = way_before(&who, &home);
    if (got < row->least || got > row->most)
        fail_msg("%g is not in %g..%g", got, row->least, row->most);
}

static void the_way_before_needs_three_fixes_and_short_gaps(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    go(&who, -800, 0, 13, 60, 2);
    assert_true(way_before(&who, &home) == 0);
    go(&who, 760, 0, 13, 60, 1);
    assert_true(way_before(&who, &home) == 0 || who.step.seconds_before > 0);
    go(&who, 1540, 0, 13, 301, 1);
    assert_true(way_before(&who, &home) == 0);
}

static void a_way_of_more_than_five_minutes_is_not_guessed(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    go(&who, -4000, 0, 13, 60, 5);
    hear(&who, 301, 3000, 0, 6);
    assert_true(who.step.seconds > 300 && way(&who, &home) == 0);
}

static void who_rests_goes_no_way(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    rest(&who, 160, 8);
    assert_true(belief_going(&who.belief) < 0.1);
    assert_true(way(&who, &home) == 0);
}

/* At rest 700 m off, one fix 30 m deep, then on or back: what the last says of the one before. */
static const struct gone {
    const char *says;
    double seconds, x, y, least, most;
} gone[] = {
    { "on, elsewhere", 60, -500, 300, 0.7, 1 },
    { "back", 60, 702, 1, 0, 0.1 },
    { "no farther", 60, -65, 5, 0.9, 1 },
    { "on, after six minutes", 360, -500, 300, 0, 0 },
    { "the very same place again", 60, -70, 0, 0, 0 },
};

static void where_he_was_is_believed_so(void **state)
{
    const struct gone *row = *state;
    struct somebody who = { .ms = 1000 };
    double got;

    rest(&who, 700, 8);
    hear(&who, 60, -70, 0, 8);
    hear(&who, row->seconds, row->x, row->y, 8);
    got = belief_was(&belief_usual, &who.belief, &who.step, &home);
    if (got < row->least || got > row->most)
        fail_msg("%g is not in %g..%g", got, row->least, row->most);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_way_before_needs_three_fixes_and_short_gaps),
        cmocka_unit_test(a_way_of_more_than_five_minutes_is_not_guessed),
        cmocka_unit_test(who_rests_goes_no_way),
    };

    return rows_hold("ways", drives, the_way_is_believed_so) +
           rows_hold("turns", turns, where_he_turned_is_believed_so) +
           rows_hold("gone", gone, where_he_was_is_believed_so) +
           cmocka_run_group_tests_name("belief_way", tests, NULL, NULL);
}
