/* SPDX-License-Identifier: Apache-2.0 */
/* belief_soon_test.c - who will be inside, and who passes by. */
#include "core/somebody.h"

enum { MINUTES_5 = 300 };

/*
 * At so many m/s along a line that passes the middle of a circle of 100 m by `off`, seen every
 * `every` seconds up to x = `until`: inside within five minutes.
 */
static const struct coming {
    const char *says;
    double speed, every, until, off, least, most;
} comings[] = {
    { "a car, straight there", 13, 30, -1000, 0, 0.15, 1 },
    { "a car, near it and straight there", 13, 10, -300, 0, 0.6, 1 },
    { "a car that passes by 150 m beside", 13, 10, -300, 250, 0, 0.2 },
    { "a car that passes by 400 m beside", 13, 10, -300, 500, 0, 0.02 },
    { "a car that has passed by", 13, 10, 600, 250, 0, 0.02 },
    { "a car that is 20 km off", 13, 30, -20000, 0, 0, 1e-3 },
    { "who walks there", 1.4, 15, -200, 0, 0.3, 1 },
    { "who walks by 100 m beside", 1.4, 15, -100, 200, 0, 0.25 },
    { "who walks away", 1.4, 15, 400, 0, 0, 0.05 },
};

static struct somebody seen(double speed, double every, double until, double off)
{
    struct somebody who = { .ms = 1000 };

    for (int i = 30; i >= 0; i--)
        hear(&who, every, until - speed * every * i, off, 6);
    return who;
}

static double soon(const struct somebody *who, double seconds, const struct belief_zone *zone,
                   double within)
{
    return belief_soon(&belief_usual, &who->belief, seconds, zone, 2 * radius, within);
}

static void it_is_believed_so(void **state)
{
    const struct coming *row = *state;
    struct somebody who = seen(row->speed, row->every, row->until, row->off);
    double got = soon(&who, MINUTES_5, &home, 0);

    if (got < row->least || got > row->most)
        fail_msg("%g is not in %g..%g", got, row->least, row->most);
}

static void a_rim_makes_the_zone_wider(void **state)
{
    struct somebody who = seen(13, 10, -300, 250);

    (void)state;
    assert_true(soon(&who, MINUTES_5, &home, 200) > 0.5);
}

static void who_rests_comes_nowhere(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    rest(&who, 200, 8);
    assert_true(soon(&who, MINUTES_5, &home, 0) < 0.02);
}

static void in_no_time_he_comes_no_farther(void **state)
{
    struct somebody who = seen(13, 10, -400, 0);

    (void)state;
    assert_true(soon(&who, 0, &home, 0) < 1e-3);
    assert_true(soon(&who, 10, &home, 0) < 1e-3);
}

static double no_answer(const void *area, struct metres at, double horizon)
{
    (void)area, (void)at, (void)horizon;
    return NAN;
}

static void what_is_not_known_is_no_number(void **state)
{
    static const struct belief_zone silent = { no_answer, NULL, NAN };
    struct somebody nobody = { 0 }, who = seen(13, 10, -300, 0);

    (void)state;
    assert_true(isnan(soon(&nobody, MINUTES_5, &home, 0)));
    assert_true(isnan(soon(&who, MINUTES_5, &silent, 0)));
}

static unsigned asked;

static double counted(const void *area, struct metres at, double horizon)
{
    asked++;
    return from_circle(area, at, horizon);
}

static void the_map_is_asked_little(void **state)
{
    static const struct belief_zone zone = { counted, &radius, 100 };
    struct dice dice = dice_begin();

    (void)state;
    for (int nth = 0; nth < 2000; nth++) {
        struct somebody who = { .ms = 1000 };
        double got;

        for (int i = 0; i < 8; i++)
            hear(&who, dice_between(&dice, 1, 300), dice_between(&dice, -3000, 3000),
                 dice_between(&dice, -3000, 3000), dice_between(&dice, 1, 200));
        asked = 0;
        got = soon(&who, dice_between(&dice, 0, 3600), &zone, 0);
        assert_true(got >= 0 && got <= 1 + 1e-9);
        assert_true(asked <= 3 * BELIEF_COMPONENTS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rim_makes_the_zone_wider),
        cmocka_unit_test(who_rests_comes_nowhere),
        cmocka_unit_test(in_no_time_he_comes_no_farther),
        cmocka_unit_test(what_is_not_known_is_no_number),
        cmocka_unit_test(the_map_is_asked_little),
    };

    return rows_hold("comings", comings, it_is_believed_so) +
           cmocka_run_group_tests_name("belief_soon", tests, NULL, NULL);
}
