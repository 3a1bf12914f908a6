/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ballot.h"

#include "support/dice.h"
#include "support/rows.h"

enum { PINGS_MAX = 8 };

static const int64_t truth = 1795000000000; // at tick 0

/* Pings of one respondent: when, and how far from the truth, in seconds. */
struct heard {
    int at, off;
};

static const struct row {
    const char *says;
    struct heard pings[PINGS_MAX];
    int at;   // when it is asked
    int vote; // for so many seconds from the truth, or:
    bool none;
} rows[] = {
    { "one ping is no vote", { { 1, 0 } }, 60, 0, true },
    { "two that are equally old are, 10 s apart", { { 1, 0 }, { 11, 0 } }, 11, 0, false },
    { "and not 9", { { 1, 0 }, { 10, 0 } }, 60, 0, true },
    { "equally old: by 15 s", { { 1, -15 }, { 11, 0 } }, 11, 0, false },
    { "and not by 16", { { 1, -16 }, { 11, 0 } }, 11, 0, true },
    { "a burst of what was held up: each younger than the one before",
      { { 1, -90 }, { 2, -75 }, { 4, -60 }, { 6, -45 }, { 8, -30 }, { 11, -14 } },
      60,
      0,
      true },
    { "a vote stands while he says this and that",
      { { 1, 0 }, { 11, 0 }, { 16, -3600 }, { 17, 86400 }, { 18, -3600 } },
      60,
      0,
      false },
    { "until he steadily says something else",
      { { 1, 0 }, { 11, 0 }, { 16, -3600 }, { 26, -3600 } },
      60,
      -3600,
      false },
    { "or says nothing steady for a quarter of an hour",
      { { 1, 0 }, { 11, 0 }, { 900, 3600 } },
      912,
      0,
      true },
    { "before 2025 is no time: it does not even break his run",
      { { 1, 0 }, { 5, -1795000000 }, { 11, 0 } },
      11,
      0,
      false },
    { "nor is 2080, as a year of 9970 is taken for one",
      { { 1, 1700000000 }, { 11, 1700000000 } },
      60,
      0,
      true },
};

static void a_row_holds(void **state)
{
    const struct row *row = *state;
    struct ballot ballot = { 0 };
    struct tally tally;

    for (int i = 0; i < PINGS_MAX && row->pings[i].at != 0; i++) {
        struct tick now = { row->pings[i].at * 1000LL };

        ballot_hear(&ballot, 5, (struct utc){ truth + now.ms + row->pings[i].off * 1000LL }, now);
    }
    tally = ballot_count(&ballot, truth + row->vote * 1000LL, (struct tick){ row->at * 1000LL });
    assert_int_equal(tally.with, row->none ? 0 : 1);
    assert_int_equal(tally.against, 0);
    assert_int_equal(
        ballot_is_against(&ballot, 5, truth - 86400000, (struct tick){ row->at * 1000LL }),
        !row->none);
}

/* From tick 1 on, by so much from the truth. */
static void vote(struct ballot *ballot, uint64_t id, int64_t off_ms)
{
    for (int64_t at = 1; at <= 20001; at += 10000)
        ballot_hear(ballot, id, (struct utc){ truth + at + off_ms }, (struct tick){ at });
}

static struct tally count(const struct ballot *ballot)
{
    return ballot_count(ballot, truth, (struct tick){ 20001 });
}

static void three_and_more_than_half_win(void **state)
{
    struct ballot ballot = { 0 };
    struct tally tally;

    (void)state;
    vote(&ballot, 1, 0);
    vote(&ballot, 2, 900);
    tally = count(&ballot);
    assert_false(ballot_won(&tally));
    vote(&ballot, 3, -2000);
    tally = count(&ballot);
    assert_true(ballot_won(&tally));
    vote(&ballot, 4, 1000000);
    vote(&ballot, 5, -1000000);
    tally = count(&ballot);
    assert_true(ballot_won(&tally));
    assert_int_equal(tally.median, truth);
    // Who was heard once has a voice, and no vote.
    ballot_hear(&ballot, 6, (struct utc){ truth }, (struct tick){ 20001 });
    tally = count(&ballot);
    assert_int_equal(tally.heard, 6);
    assert_int_equal(tally.agreed, 3);
    assert_false(ballot_won(&tally));
}

static void votes_a_minute_apart_are_of_one_mind_and_more_are_not(void **state)
{
    struct ballot ballot = { 0 };

    (void)state;
    vote(&ballot, 1, 60000);
    vote(&ballot, 2, -60000);
    vote(&ballot, 3, 60001);
    vote(&ballot, 4, -60001);
    assert_int_equal(count(&ballot).with, 2);
    assert_int_equal(count(&ballot).against, 2);
}

/* 500 respondents, of whom a third lies and sends ten times as often, and first. */
static void full_it_is_a_sample_that_nobody_gets_into_by_sending_more(void **state)
{
    struct ballot ballot = { 0 };
    struct tally tally;
    unsigned liars;

    (void)state;
    for (int64_t at = 1; at <= 40001; at += 1000) {
        for (uint64_t id = 1; id <= 500; id++) {
            bool lies = id % 3 == 0;

            if (lies ? true : at % 10000 == 1 && at > 10000)
                ballot_hear(&ballot, id, (struct utc){ truth + at + (lies ? 7200000 : 0) },
                            (struct tick){ at });
        }
    }
    tally = ballot_count(&ballot, truth, (struct tick){ 40001 });
    liars = tally.against;
    assert_int_equal(tally.heard, BALLOT_VOTERS);
    assert_int_equal(tally.with + liars, BALLOT_VOTERS);
    assert_in_range(liars, BALLOT_VOTERS / 5, BALLOT_VOTERS / 2 - 1);
    assert_true(ballot_won(&tally));
    assert_int_equal(tally.median, truth);
}

static void who_is_not_heard_any_more_makes_room(void **state)
{
    struct ballot ballot = { 0 };
    struct tick later = { 20 * 60 * 1000 };

    (void)state;
    for (uint64_t id = 1; id <= BALLOT_VOTERS; id++)
        vote(&ballot, id, 0);
    for (uint64_t id = 1001; id <= 1000 + BALLOT_VOTERS; id++)
        ballot_hear(&ballot, id, (struct utc){ truth + later.ms }, later);
    assert_int_equal(ballot_count(&ballot, truth, later).heard, BALLOT_VOTERS);
}

/* Of two that hear the same one always looks at everybody. */
static void what_is_remembered_of_a_full_one_changes_nothing(void **state)
{
    struct dice dice = dice_begin();
    struct ballot quick = { 0 }, slow = { 0 };
    struct tick now = { 0 };

    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint64_t id = 1 + dice_below(&dice, 300);
        struct utc said = { truth + now.ms - dice_below(&dice, 40) * 1000 };

        now.ms += dice_below(&dice, 5000) == 0 ? BALLOT_LATELY_MS : dice_below(&dice, 2000);
        slow.full = false;
        ballot_hear(&quick, id, said, now);
        ballot_hear(&slow, id, said, now);
        assert_memory_equal(quick.voters, slow.voters, sizeof quick.voters);
        slow.full = false;
        assert_int_equal(ballot_is_against(&quick, id, truth, now),
                         ballot_is_against(&slow, id, truth, now));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_and_more_than_half_win),
        cmocka_unit_test(votes_a_minute_apart_are_of_one_mind_and_more_are_not),
        cmocka_unit_test(full_it_is_a_sample_that_nobody_gets_into_by_sending_more),
        cmocka_unit_test(who_is_not_heard_any_more_makes_room),
        cmocka_unit_test(what_is_remembered_of_a_full_one_changes_nothing),
    };

    return rows_hold("votes", rows, a_row_holds) +
           cmocka_run_group_tests_name("ballot", tests, NULL, NULL);
}
