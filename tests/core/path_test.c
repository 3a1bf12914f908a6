/* SPDX-License-Identifier: Apache-2.0 */
#include "core/path.h"

#include "support/dice.h"
#include "support/near.h"
#include "support/rows.h"
#include "support/scene.h"

static struct way_end end(const struct zone *zone, double second, double east, double north)
{
    struct position at = { { (int64_t)(second * 1000) }, scene_place(east, north), 8 };

    return (struct way_end){ at, zone_distance(zone, at.at, INFINITY) };
}

static struct zone *circle(double radius)
{
    struct zone *zone = NULL;
    struct fault why;

    assert_true(zone_from_circle(scene_place(0, 0), radius, &zone, &why));
    return zone;
}

/* Around a circle of 100 m: from one place to another in so many seconds, at that pace. */
static const struct row {
    const char *says;
    double from[2], to[2]; // metres east, north
    double seconds, pace, blur;
    enum way want;
} rows[] = {
    { "straight through the middle", { -400, 0 }, { 400, 0 }, 60, 13, 11, WAY_CROSSES },
    { "along a tangent 5 m off, within half the blur",
      { -400, 105 },
      { 400, 105 },
      60,
      13,
      11,
      WAY_CROSSES },
    { "30 m off it is no crossing, and he went as fast as he goes",
      { -400, 130 },
      { 400, 130 },
      60,
      13,
      11,
      WAY_CLEAR },
    { "30 m off, but he had the time to turn in",
      { -400, 130 },
      { 400, 130 },
      60,
      18,
      11,
      WAY_REACHES },
    { "away from it", { 0, 150 }, { 0, 800 }, 60, 11, 11, WAY_CLEAR },
    { "he waits 50 m off and never moved", { 0, 150 }, { 0, 150 }, 60, 0, 11, WAY_CLEAR },
    { "he waits 50 m off, 110 m there and back at 2 m/s",
      { 0, 150 },
      { 0, 150 },
      60,
      2,
      11,
      WAY_REACHES },
    { "at 1.8 m/s that is too far", { 0, 150 }, { 0, 150 }, 60, 1.8, 11, WAY_CLEAR },
    { "a step of less than twice the blur is none",
      { -10, 103 },
      { 10, 103 },
      15,
      0,
      11,
      WAY_CLEAR },
    { "one end seems 2 m inside: the way is not 5 m deep",
      { -60, 100 },
      { 0, 98 },
      60,
      0,
      11,
      WAY_CLEAR },
    { "one end seems 2 m inside and the way leads on through",
      { 0, 98 },
      { 0, -400 },
      60,
      8,
      11,
      WAY_CROSSES },
};

static void way_is_known(void **state)
{
    const struct row *row = *state;
    struct zone *zone = circle(100);
    struct way_end from = end(zone, 0, row->from[0], row->from[1]);
    struct way_end to = end(zone, row->seconds, row->to[0], row->to[1]);

    assert_int_equal(path_between(zone, &from, &to, row->pace, row->blur), row->want);
    zone_destroy(zone);
}

/* What path_possible spares the map must have been clear. */
static void what_is_not_possible_is_clear(void **state)
{
    enum { WAYS = 20000 };
    struct dice dice = dice_begin();
    size_t spared = 0, told = 0;

    (void)state;
    for (int i = 0; i < WAYS; i++) {
        struct zone *zone = circle(dice_between(&dice, 20, 300));
        struct way_end from =
            end(zone, 0, dice_between(&dice, -600, 600), dice_between(&dice, -600, 600));
        struct way_end to =
            end(zone, 60, dice_between(&dice, -600, 600), dice_between(&dice, -600, 600));
        double pace = dice_between(&dice, 0, 20), blur = dice_between(&dice, 2, 60);
        double moved = lonlat_distance(from.at.at, to.at.at);
        enum way way = path_between(zone, &from, &to, pace, blur);
        bool possible = path_possible(to.distance, moved, pace * 60, blur);

        assert_true(possible || way == WAY_CLEAR);
        spared += !possible;
        told += way != WAY_CLEAR;
        zone_destroy(zone);
    }
    assert_in_range(spared, WAYS / 50, WAYS);
    assert_in_range(told, WAYS / 50, WAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_possible_is_clear),
    };

    return rows_hold("ways", rows, way_is_known) +
           cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
