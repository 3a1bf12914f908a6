/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of our time whatever a minority of the respondents says, and how often. */
#include "core/skew.h"

#include <stdlib.h>

#include "support/dice.h"
#include "support/test.h"

enum { WORLDS = 400, PEOPLE_MAX = 60, DELAY_MS = 12000, DAY_MS = 86400000, PINGS = 2 };

static const int64_t truth = 1795000000000; // at tick 0

struct person {
    bool lies;
    int64_t every, next; // ms
    int64_t off;         // of a liar
    bool wavers;         // a liar who says something else each time
};

/* Anything a clock may be off by: seconds to decades. */
static int64_t any_offset(struct dice *dice)
{
    int64_t off = (int64_t)(dice_throw(dice) >> (23 + dice_below(dice, 33)));

    return dice_below(dice, 2) == 0 ? off : -off;
}

static void make(struct person *person, bool lies, struct dice *dice)
{
    *person = (struct person){ .lies = lies,
                               .every = lies ? 20 + (int64_t)dice_below(dice, 60000)
                                             : 10000 + (int64_t)dice_below(dice, 50000),
                               .off = any_offset(dice),
                               .wavers = dice_below(dice, 3) == 0 };
    person->next = (int64_t)dice_below(dice, (unsigned)person->every);
}

static void speak(struct skew *skew, struct person *person, uint64_t id, int64_t now,
                  struct dice *dice)
{
    int64_t off = person->lies ? person->off : -(int64_t)dice_below(dice, DELAY_MS);

    if (person->wavers && person->lies)
        off = any_offset(dice);
    skew_hear(skew, id, (struct utc){ truth + now + off }, (struct tick){ now });
    person->next = now + person->every;
}

/* Everybody speaks when it is his turn, and we look once a second, until all have spoken enough. */
static void live(struct skew *skew, struct person *people, size_t n, int64_t wall_off,
                 int64_t until, struct dice *dice)
{
    for (int64_t now = 0; now <= until; now += 1000) {
        struct skew_wall wall = { .time = { truth + now + wall_off } };

        skew_check(skew, &wall, (struct tick){ now });
        for (size_t i = 0; i < n; i++) {
            while (people[i].next < now + 1000)
                speak(skew, &people[i], i + 1, people[i].next > now ? people[i].next : now, dice);
        }
    }
}

/* A second more than the slowest honest one needs for his pings. */
static int64_t long_enough(const struct person *people, size_t n)
{
    int64_t slowest = 0;

    for (size_t i = 0; i < n; i++) {
        if (!people[i].lies && people[i].every > slowest)
            slowest = people[i].every;
    }
    return PINGS * slowest + 3000;
}

static void for_any_minority_of_liars_the_time_of_the_others_is_found(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int world = 0; world < WORLDS; world++) {
        struct person people[PEOPLE_MAX];
        struct skew skew = { 0 };
        size_t honest = 3 + dice_below(&dice, PEOPLE_MAX / 2 - 3);
        size_t n = honest + dice_below(&dice, (unsigned)honest);
        int64_t wall_off = any_offset(&dice), until, off;

        for (size_t i = 0; i < n; i++)
            make(&people[i], i >= honest, &dice);
        if (dice_below(&dice, 2) == 0)
            skew_set_floor(&skew, (struct utc){ truth + any_offset(&dice) });
        until = long_enough(people, n);
        live(&skew, people, n, wall_off, until, &dice);
        off = skew_utc(&skew, (struct tick){ until }).ms - truth - until;
        if (llabs(off) > BALLOT_NEAR_MS + DELAY_MS)
            fail_msg("world %d: %zu of %zu honest, the wall off by %lld: we by %lld", world, honest,
                     n, (long long)wall_off, (long long)off);
    }
}

static void one_respondent_never_moves_our_clock(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int world = 0; world < WORLDS; world++) {
        struct person person;
        struct skew skew = { 0 };
        int64_t now = 0;

        make(&person, true, &dice);
        for (int k = 0; k < 50; k++, now += 100000) {
            struct skew_wall wall = { .time = { truth + now }, .synchronised = world % 3 == k };

            skew_check(&skew, &wall, (struct tick){ now });
            assert_int_equal(skew_utc(&skew, (struct tick){ now }).ms, truth + now);
            for (int i = 0; i < 100; i++)
                speak(&skew, &person, 1, now + i * 1000, &dice);
        }
    }
}

/* Nor do they, once the others have been heard, whatever they do to the wall. */
static void what_respondents_stood_for_no_minority_and_no_wall_moves(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int world = 0; world < WORLDS; world++) {
        struct person people[PEOPLE_MAX];
        struct skew skew = { 0 };
        size_t honest = 3 + dice_below(&dice, 20), n = honest + dice_below(&dice, (unsigned)honest);
        int64_t now = 0;

        for (size_t i = 0; i < n; i++) {
            make(&people[i], i >= honest, &dice);
            people[i].next = people[i].lies ? 130000 : people[i].next;
        }
        for (; now < 600000; now += 1000) {
            int64_t off = now < 150000 ? 0 : any_offset(&dice);
            struct skew_wall wall = { .time = { truth + now + off }, .set = off != 0 };

            skew_check(&skew, &wall, (struct tick){ now });
            if (llabs(skew_utc(&skew, (struct tick){ now }).ms - truth - now) >
                BALLOT_NEAR_MS + DELAY_MS)
                fail_msg("world %d: off at %lld", world, (long long)now);
            for (size_t i = 0; i < n; i++) {
                while (people[i].next < now + 1000)
                    speak(&skew, &people[i], i + 1, people[i].next > now ? people[i].next : now,
                          &dice);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(for_any_minority_of_liars_the_time_of_the_others_is_found),
        cmocka_unit_test(one_respondent_never_moves_our_clock),
        cmocka_unit_test(what_respondents_stood_for_no_minority_and_no_wall_moves),
    };

    return cmocka_run_group_tests_name("skew", tests, NULL, NULL);
}
