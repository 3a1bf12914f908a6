/* SPDX-License-Identifier: Apache-2.0 */
#include "core/somebody.h"

#include <stdio.h>
#include <string.h>

static void weights_add_up_to_one_and_the_state_is_small(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    assert_true(sizeof(struct belief) <= 1024);
    go(&who, -3000, 20, 11, 15, 60);
    assert_true(is_sound(&who.belief));
    assert_near(weights(&who.belief), 1, 1e-12);
    assert_true(belief_going(&who.belief) > 0.99);
}

static void of_who_was_never_heard_nothing_is_believed(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    assert_true(inside(&who, &home) == 0 && way(&who, &home) == 0);
    assert_true(belief_going(&who.belief) == 0);
}

/* What is refused leaves the belief as it was, byte for byte. */
static const struct refused {
    const char *says;
    int64_t ms;
    double x, accuracy;
} refused[] = {
    { "a fix of the same instant", 0, 50, 8 },
    { "one a millisecond before", -1, 50, 8 },
    { "one of years ago", -100000000000, 50, 8 },
    { "a place that is none", 1000, NAN, 8 },
    { "a place beyond the earth", 1000, 2e8, 8 },
    { "an infinite place", 1000, INFINITY, 8 },
    { "an accuracy of 0", 1000, 50, 0 },
    { "an accuracy of -1", 1000, 50, -1 },
    { "an infinite accuracy", 1000, 50, INFINITY },
};

static void it_is_refused(void **state)
{
    const struct refused *row = *state;
    struct somebody who = { .ms = 200000000000 };
    struct belief_fix fix = { .at = { row->x, 3 }, .accuracy = row->accuracy };
    struct belief before;

    rest(&who, 300, 8);
    before = who.belief;
    fix.when.ms = who.ms + row->ms;
    assert_false(belief_hear(&belief_usual, &who.belief, &fix, &who.step));
    assert_memory_equal(&who.belief, &before, sizeof before);
    assert_true(who.step.seconds == 0);
}

static void a_frozen_fix_changes_nothing(void **state)
{
    struct somebody who = { .ms = 1000 }, before;

    (void)state;
    rest(&who, 300, 8);
    assert_true(hear(&who, 60, 90, 0, 8));
    before = who;
    for (int i = 0; i < 12; i++)
        assert_true(hear(&who, 300, 90, 0, 8));
    assert_int_equal(who.belief.frozen, 12);
    assert_true(way(&who, &home) == 0);
    before.belief.frozen = 12;
    assert_memory_equal(&who.belief, &before.belief, sizeof before.belief);
    assert_true(hear(&who, 60, 91, 0, 8));
    assert_int_equal(who.belief.frozen, 0);
}

/* 500 m from rest, into a circle or not. */
static void a_lone_leap_leaves_both_stories_and_the_next_fix_decides(void **state)
{
    struct somebody who = { .ms = 1000 }, back, there;
    double leap;

    (void)state;
    rest(&who, 700, 20);
    assert_true(inside(&who, &big) > 0.999 && inside(&who, &home) < 1e-6);
    hear(&who, 60, 0, 0, 20);
    leap = inside(&who, &home);
    back = there = who;
    hear(&back, 60, 702, 3, 20);
    hear(&there, 60, -20, 5, 20);
    assert_true(leap > 0.2 && leap < 0.9);
    assert_true(inside(&back, &home) < 0.02);
    assert_true(inside(&there, &home) > 0.9);
}

static void a_second_and_a_third_leap_back_and_forth_prove_nothing(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    rest(&who, 700, 20);
    for (int i = 0; i < 10; i++) {
        hear(&who, 60, 10 * i, 0, 20);
        assert_true(inside(&who, &home) < 0.9);
        for (int k = 1; k <= 5; k++)
            hear(&who, 60, 700 + 3 * k - i, 3, 20);
        assert_true(inside(&who, &home) < 0.02);
    }
}

static void a_lone_leap_is_never_proven_and_the_next_fix_proves_it(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    rest(&who, 700, 20);
    hear(&who, 60, 0, 0, 6);
    assert_true(view_of(&who, &home).inside > 0.3);
    assert_true(view_of(&who, &home).proven < 0.1);
    hear(&who, 60, -9, 5, 6);
    assert_true(view_of(&who, &home).proven > 0.9);
}

/* What was never told: 540 m deep, accuracy 55, from 100 m beside a zone of 4 km. */
static void a_leap_far_into_a_town_is_a_leap_too(void **state)
{
    struct somebody who = { .ms = 1000 }, back;

    (void)state;
    rest(&who, 100, 20);
    hear(&who, 60, -540, 0, 55);
    assert_true(view_of(&who, &west).inside > 0.3 && view_of(&who, &west).proven < 0.1);
    back = who;
    hear(&back, 60, 103, 4, 20);
    hear(&who, 60, -560, 20, 55);
    assert_true(view_of(&who, &west).proven > 0.74);
    assert_true(view_of(&back, &west).inside < 0.05);
}

/* 20 km in a minute nobody drives; a phone that slept on a train says so, and says it again. */
static void who_was_moved_unseen_is_believed_in_the_end(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    rest(&who, 20000, 8);
    for (int i = 0; i < 4; i++)
        hear(&who, 60, 10 + i, i, 8);
    assert_true(inside(&who, &home) > 0.9);
}

/* Or every phone that was silent overnight would be anywhere at dawn. */
static void who_rested_before_a_long_gap_mostly_rests_after_it(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    rest(&who, 300, 8);
    hear(&who, 10 * 3600, 302, 1, 900);
    assert_true(belief_going(&who.belief) < 0.6);
    assert_true(inside(&who, &home) < 0.1);
}

/*
 * A phone just switched on, 20 m beside a zone: two fixes of a network, then two of satellites.
 * What the first two are off by says nothing of the others.
 */
static void a_fix_of_another_kind_has_another_error(void **state)
{
    struct somebody who = { .ms = 1000 }, same = { .ms = 1000 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        hear(&who, 4, 31 + 7 * i, 0, 65);
        hear(&same, 4, 20 + i, 0, 10);
    }
    hear(&who, 3, 6, 0, 10);
    hear(&who, 1, -4, 0, 10);
    assert_true(view_of(&who, &west).inside < 0.7);
    hear(&who, 24, 1, 0, 10);
    assert_near(view_of(&who, &west).inside, 0.4, 0.1);
    assert_true(who.belief.deviation > 4 && who.belief.deviation < 10);
    // Of one kind, and a little better or worse: the error lasts.
    for (int i = 0; i < 20; i++)
        hear(&same, 1, 20, 0, 8 + i % 8);
    assert_true(view_of(&same, &west).inside < 0.05);
}

/*
 * Two receivers by turns, 35 m apart, of accuracies that differ by a fifth: he is where they say.
 * If a slow error grew with the accuracy, one place 170 m beyond both would explain each of them.
 */
static void two_receivers_by_turns_are_where_they_say(void **state)
{
    struct somebody in = { .ms = 1000 }, out = { .ms = 1000 };

    (void)state;
    for (int i = 0; i < 300; i++) {
        hear(&in, i == 0 ? 0 : 9, i % 3, 0, 17);
        hear(&in, 1, i % 3 + 35, 0, 14);
        hear(&out, i == 0 ? 0 : 9, 255 + i % 3, 0, 17);
        hear(&out, 1, 220 + i % 3, 0, 14);
    }
    assert_true(inside(&in, &home) > 0.95);
    assert_true(inside(&out, &home) < 0.05);
}

static void a_component_far_from_the_heaviest_counts_too(void **state)
{
    struct belief belief = { .n = 2 };

    (void)state;
    belief.components[0] = (struct belief_component){ .weight = 0.6, .at = { 700, 0 }, .pp = 100 };
    belief.components[1] = (struct belief_component){ .weight = 0.4, .pp = 100 };
    assert_near(belief_inside(&belief, &home), 0.4, 1e-9);
    belief.components[0].at = (struct metres){ 0, 0 };
    belief.components[1].at = (struct metres){ 700, 0 };
    assert_near(belief_inside(&belief, &home), 0.6, 1e-9);
}

/* Who comes to the edge is likelier to go in than who has been there for long, or goes by. */
static void who_comes_is_likelier_inside(void **state)
{
    struct somebody comes = { .ms = 1000 }, stays = { .ms = 1000 }, by = { .ms = 1000 };

    (void)state;
    go(&comes, 205, 0, -1.4, 15, 11);
    rest(&stays, 5, 12);
    for (int i = 0; i < 11; i++)
        hear(&by, 15, 3, -110 + 21 * i, 6);
    assert_true(comes.belief.came > 0.8 && by.belief.came > 0.8 && stays.belief.came < 0.1);
    assert_true(view_of(&comes, &west).inside > inside(&comes, &west) + 0.01);
    assert_near(view_of(&by, &west).inside, inside(&by, &west), 0.15);
    assert_near(view_of(&stays, &west).inside, inside(&stays, &west), 0.05);
}

/* One fix of a network after a walk: by that he has not come to any edge. */
static void who_is_somewhere_about_has_come_to_no_edge(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    hear(&who, 0, 700, 0, 8);
    hear(&who, 30, 660, 0, 8);
    hear(&who, 30, 620, 0, 8);
    hear(&who, 90, 0, 0, 190);
    assert_true(who.belief.came > 0.5);
    assert_near(view_of(&who, &west).inside, 0.6, 0.15);
}

static void who_came_and_rests_has_settled_after_a_while(void **state)
{
    struct somebody who = { .ms = 1000 };

    (void)state;
    go(&who, 300, 0, -1.4, 15, 14);
    for (int i = 0; i < 40; i++)
        hear(&who, 60, 10 + i % 3, i % 4, 12);
    assert_true(who.belief.came < 0.1);
    assert_true(who.belief.rested > 600);
}

/* Straight on along y = 0: how surely that is coming here, whatever the gaps between the fixes. */
static const struct comer {
    const char *says;
    double speed, every, accuracy;
    int fixes;
    double least, most;
} comers[] = {
    { "drives, a fix each 5 s", 12, 5, 6, 20, 0.8, 1 },
    { "walks, a fix each 15 s", 1.4, 15, 6, 14, 0.8, 1 },
    { "walks slowly, a fix a minute", 1, 60, 8, 5, 0.8, 1 },
    { "walks slowly, a fix a minute, accuracy 20", 1, 60, 20, 5, 0.8, 1 },
    { "walks slowly, a fix a minute, accuracy 100", 1, 60, 100, 5, 0, 0.3 },
    { "strolls, a fix a minute", 0.4, 60, 8, 5, 0, 0.2 },
    { "rests", 0, 60, 8, 20, 0, 0.05 },
    { "rests, accuracy 40", 0, 60, 40, 20, 0, 0.05 },
};

static void it_has_come_so_surely(void **state)
{
    const struct comer *row = *state;
    struct somebody who = { .ms = 1000 };
    struct dice dice = { 5 };

    for (int i = 0; i < row->fixes; i++)
        hear(&who, row->every, row->speed * row->every * i + row->accuracy / 3 * dice_normal(&dice),
             row->accuracy / 3 * dice_normal(&dice), row->accuracy);
    if (who.belief.came < row->least || who.belief.came > row->most)
        fail_msg("%g is not in %g..%g", who.belief.came, row->least, row->most);
}

/* All west of the edge is a zone; fixes are as good as they say. */
static const struct stay {
    const char *says;
    double depth, accuracy, every;
    int fixes;
    double least, most;
} stays[] = {
    { "on the edge nobody knows", 0, 8, 15, 40, 0.2, 0.8 },
    { "40 m deep with a good receiver is inside", 40, 8, 15, 20, 0.99, 1 },
    { "40 m outside with a good receiver is not", -40, 8, 15, 20, 0, 0.01 },
    { "30 m deep, accuracy 100: not at once", 30, 100, 60, 1, 0.3, 0.8 },
    { "30 m deep, accuracy 100, an hour: likelier inside", 30, 100, 60, 60, 0.5, 1 },
    { "15 m deep, accuracy 40, an hour", 15, 40, 15, 240, 0.5, 1 },
    { "accuracy not told, 60 m deep", 60, NAN, 15, 30, 0.95, 1 },
    { "accuracy not told, 60 m outside", -60, NAN, 15, 30, 0, 0.05 },
};

static void it_is_believed_so(void **state)
{
    const struct stay *row = *state;
    struct somebody who = { .ms = 1000 };
    struct dice dice = { 3 };

    for (int i = 0; i < row->fixes; i++) {
        double off = (isnan(row->accuracy) ? 8 : row->accuracy) / 3;

        hear(&who, row->every, -row->depth + off * dice_normal(&dice), off * dice_normal(&dice),
             row->accuracy);
    }
    if (inside(&who, &west) < row->least || inside(&who, &west) > row->most)
        fail_msg("%g is not in %g..%g", inside(&who, &west), row->least, row->most);
}

/* Over a square of 3 km around who rests; what a leap would be worth lies beyond it. */
static void what_is_foretold_adds_up_to_one(void **state)
{
    struct somebody who = { .ms = 1000 }, then;
    double sum = 0;

    (void)state;
    hear(&who, 0, 0, 0, 8);
    assert_true(who.step.density == 0);
    rest(&who, 0, 8);
    for (double x = -1500.3; x < 1500; x += 5) {
        for (double y = -1500.3; y < 1500; y += 5) {
            then = who;
            hear(&then, 60, x, y, 8);
            sum += 25 * then.step.density;
        }
    }
    assert_true(sum > 0.98 && sum < 1.01);
    hear(&who, 60, who.belief.last.x, who.belief.last.y, 8);
    assert_true(who.belief.frozen == 1 && who.step.density == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_add_up_to_one_and_the_state_is_small),
        cmocka_unit_test(of_who_was_never_heard_nothing_is_believed),
        cmocka_unit_test(a_frozen_fix_changes_nothing),
        cmocka_unit_test(a_lone_leap_leaves_both_stories_and_the_next_fix_decides),
        cmocka_unit_test(a_lone_leap_is_never_proven_and_the_next_fix_proves_it),
        cmocka_unit_test(a_leap_far_into_a_town_is_a_leap_too),
        cmocka_unit_test(who_was_moved_unseen_is_believed_in_the_end),
        cmocka_unit_test(who_rested_before_a_long_gap_mostly_rests_after_it),
        cmocka_unit_test(a_fix_of_another_kind_has_another_error),
        cmocka_unit_test(two_receivers_by_turns_are_where_they_say),
        cmocka_unit_test(a_component_far_from_the_heaviest_counts_too),
        cmocka_unit_test(who_comes_is_likelier_inside),
        cmocka_unit_test(who_is_somewhere_about_has_come_to_no_edge),
        cmocka_unit_test(who_came_and_rests_has_settled_after_a_while),
        cmocka_unit_test(a_second_and_a_third_leap_back_and_forth_prove_nothing),
        cmocka_unit_test(what_is_foretold_adds_up_to_one),
    };

    return rows_hold("refused", refused, it_is_refused) +
           rows_hold("comers", comers, it_has_come_so_surely) +
           rows_hold("stays", stays, it_is_believed_so) +
           cmocka_run_group_tests_name("belief", tests, NULL, NULL);
}
