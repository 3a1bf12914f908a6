/* SPDX-License-Identifier: Apache-2.0 */
#include "core/trouble.h"

#include <stdio.h>

#include "support/dice.h"
#include "support/rows.h"

enum { STEPS_MAX = 8, EVERY_S = 300 };

/* What happens at a second, and what is then told: number and count; 0: nothing. */
enum deed { NOTHING, SIGN, WELL, CHECK, ENDS, CLOSED };

static const struct row {
    const char *says;
    struct step {
        enum deed deed;
        int64_t second;
        uint32_t number, count;
    } steps[STEPS_MAX];
} rows[] = {
    { "the first sign is told at once", { { SIGN, 0, 1, 1 } } },
    { "nothing new is not told again", { { SIGN, 0, 1, 1 }, { CHECK, 9000, 0, 0 } } },
    { "what happens again is told at the end of the interval, with how often",
      { { SIGN, 0, 1, 1 },
        { SIGN, 1, 0, 0 },
        { SIGN, 2, 0, 0 },
        { CHECK, 299, 0, 0 },
        { CHECK, 300, 1, 3 } } },
    { "an interval of being well ends it: the next is another",
      { { SIGN, 0, 1, 1 }, { WELL, 1, 0, 0 }, { SIGN, 301, 2, 1 } } },
    { "a second less does not",
      { { SIGN, 0, 1, 1 }, { WELL, 1, 0, 0 }, { SIGN, 299, 0, 0 }, { CHECK, 300, 1, 2 } } },
    { "being well begins anew after each sign",
      { { SIGN, 0, 1, 1 },
        { WELL, 1, 0, 0 },
        { SIGN, 200, 0, 0 },
        { WELL, 201, 0, 0 },
        { SIGN, 400, 1, 3 } } },
    { "after an hour it is told again each tenth of its age",
      { { SIGN, 0, 1, 1 },
        { SIGN, 3600, 1, 2 },
        { SIGN, 3601, 0, 0 },
        { CHECK, 3999, 0, 0 },
        { CHECK, 4000, 1, 3 } } },
    { "what ended begins another at once",
      { { SIGN, 0, 1, 1 }, { ENDS, 1, 0, 0 }, { SIGN, 2, 2, 1 } } },
    { "what somebody closed is quiet while it goes on",
      { { SIGN, 0, 1, 1 }, { CLOSED, 1, 0, 0 }, { SIGN, 2, 0, 0 }, { SIGN, 9000, 0, 0 } } },
    { "and is another after it was well",
      { { SIGN, 0, 1, 1 }, { CLOSED, 1, 0, 0 }, { WELL, 2, 0, 0 }, { SIGN, 302, 2, 1 } } },
    { "a clock that was a year ahead keeps nothing quiet for a year",
      { { SIGN, 31536000, 1, 1 }, { SIGN, 100, 1, 2 } } },
};

static struct utc second(int64_t n)
{
    return (struct utc){ 1592942400000 + n * 1000 };
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct trouble_course course = { 0 };

    for (size_t i = 0; i < STEPS_MAX && row->steps[i].deed != NOTHING; i++) {
        const struct step *step = &row->steps[i];
        struct utc now = second(step->second);

        if (step->deed == SIGN)
            trouble_happens(&course, now, EVERY_S * 1000);
        else if (step->deed == WELL)
            trouble_rests(&course, now);
        else if (step->deed == ENDS)
            trouble_ends(&course);
        else if (step->deed == CLOSED)
            course.closed = true;
        assert_int_equal(trouble_due(&course, now, EVERY_S * 1000), step->number != 0);
        if (step->number == 0)
            continue;
        assert_int_equal(course.number, step->number);
        assert_int_equal(course.count, step->count);
        trouble_tell(&course, now);
    }
}

/*
 * Whatever the rate of flips, and whatever the pauses between: the first is told at once, and in
 * any span there are never more than one an interval and one.
 */
static void no_rate_of_flips_tells_more_than_one_an_interval(void **state)
{
    struct dice dice = dice_begin();
    enum { DAY_MS = 24 * 60 * 60 * 1000 };

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct trouble_course course = { 0 };
        unsigned pace = 2000 + dice_below(&dice, 3 * EVERY_S * 1000);
        int64_t ms = 0, alerted = 0, last = 0;

        for (bool bad = true; ms < DAY_MS; bad = !bad, ms += dice_below(&dice, pace)) {
            struct utc now = utc_plus(second(0), ms);

            if (bad)
                trouble_happens(&course, now, EVERY_S * 1000);
            else
                trouble_rests(&course, now);
            if (!trouble_due(&course, now, EVERY_S * 1000))
                continue;
            assert_true(alerted == 0 || ms - last >= EVERY_S * 1000);
            trouble_tell(&course, now);
            last = ms;
            alerted++;
        }
        assert_true(alerted >= 1 && alerted <= DAY_MS / (EVERY_S * 1000) + 1);
        assert_true(course.alerted_count > 0);
    }
}

/* As when an older copy of the ledger was put back: what goes on is still the same. */
static void what_comes_after_a_number_is_numbered_above_it(void **state)
{
    struct trouble_course course = { 0 }, other = { 0 };
    (void)state;

    trouble_happens(&course, second(0), 1000);
    trouble_number_after(&course, 70);
    assert_int_equal(course.number, 1);
    trouble_happens(&course, second(0), 1000);
    assert_int_equal(course.number, 1);
    assert_int_equal(trouble_over(&course).number, 70);
    trouble_ends(&course);
    trouble_happens(&course, second(1), 1000);
    assert_int_equal(course.number, 71);
    trouble_ends(&course);
    trouble_number_after(&course, 70); // as at each start
    trouble_happens(&course, second(2), 1000);
    assert_int_equal(course.number, 72);
    trouble_number_after(&other, 70); // none ever
    trouble_happens(&other, second(3), 1000);
    assert_int_equal(other.number, 71);
    assert_true(other.opened.ms == second(3).ms); // by whose age it is told again
}

static void each_kind_has_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < TROUBLES; i++) {
        enum trouble_kind found = TROUBLES;

        assert_true(trouble_of_name(trouble_name((enum trouble_kind)i), &found));
        assert_int_equal(found, i);
    }
    assert_false(trouble_of_name("tampered", &(enum trouble_kind){ 0 }));
    assert_false(trouble_of_name("", &(enum trouble_kind){ 0 }));
}

static void what_is_worse_is_told_at_once(void **state)
{
    struct trouble_course course = { 0 };
    struct utc then = { 1000000000000 };

    (void)state;
    trouble_happens(&course, then, EVERY_S * 1000);
    trouble_tell(&course, then);
    course.closed = true;
    trouble_worsens(&course);
    assert_false(trouble_due(&course, utc_plus(then, 1000), EVERY_S * 1000)); // nothing happened
    trouble_happens(&course, utc_plus(then, 1000), EVERY_S * 1000);
    assert_true(trouble_due(&course, utc_plus(then, 1000), EVERY_S * 1000));
    assert_int_equal(course.number, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rate_of_flips_tells_more_than_one_an_interval),
        cmocka_unit_test(what_comes_after_a_number_is_numbered_above_it),
        cmocka_unit_test(each_kind_has_its_name),
        cmocka_unit_test(what_is_worse_is_told_at_once),
    };

    return rows_hold("trouble", rows, row_holds) +
           cmocka_run_group_tests_name("trouble", tests, NULL, NULL);
}
