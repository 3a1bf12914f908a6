/* SPDX-License-Identifier: Apache-2.0 */
#include "core/skew.h"

#include "support/rows.h"

enum { STRETCHES_MAX = 4, GROUPS = 2, NEWS_MAX = 2, HOUR = 3600, DAY = 86400, YEAR = 365 * DAY };

/* So many respondents send each so many seconds, each with a clock so far from the truth. */
struct group {
    int n, every, off;
};

/* So many seconds pass, with the wall so far from the truth. Seconds all. */
struct stretch {
    int seconds, wall;
    bool kernel, set; // it says that it is synchronised; it was set, at the first second
    struct group groups[GROUPS];
    enum skew_what news[NEWS_MAX]; // all that comes in it
    int ours;                      // our time less the true one, at its end
    enum skew_doubt doubt;
};

#define START                                                                                      \
    {                                                                                              \
        10, 0, false, false, { { 0 } }, { SKEW_QUIET }, 0, SKEW_SURE                               \
    }
#define SYNCED                                                                                     \
    {                                                                                              \
        10, 0, true, false, { { 0 } }, { SKEW_QUIET }, 0, SKEW_SURE                                \
    }

static const struct row {
    const char *says;
    int lived; // the ledger's last life, by the true time; 0: a new ledger
    struct stretch stretches[STRETCHES_MAX];
} rows[] = {
    { "nobody stands for the wall, nobody is against it: it is believed", -60, { START } },
    { "a step under 5 s is followed",
      -60,
      { START, { 10, 4, false, false, { { 0 } }, { SKEW_QUIET }, 4, SKEW_SURE } } },
    { "many small steps add up",
      -60,
      { SYNCED,
        { 9, 4, false, false, { { 0 } }, { SKEW_QUIET }, 4, SKEW_SURE },
        { 9, 8, false, false, { { 0 } }, { SKEW_QUIET }, 8, SKEW_SURE } } },

    { "rule 1: an hour ahead, set right by a time daemon: at once",
      -60,
      { { 60, HOUR, false, false, { { 0 } }, { SKEW_QUIET }, HOUR, SKEW_SURE },
        { 1, 0, true, true, { { 0 } }, { SKEW_RIGHTED }, 0, SKEW_SURE } } },
    { "rule 1: an hour behind the ledger, and synchronised: the ledger was wrong",
      HOUR,
      { { 1, 0, true, false, { { 0 } }, { SKEW_RIGHTED }, 0, SKEW_SURE },
        { 60, 0, true, false, { { 0 } }, { SKEW_QUIET }, 0, SKEW_SURE } } },
    { "rule 1: what the kernel stood for and we did not follow, it stands for again",
      -60,
      { SYNCED,
        { 9, HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE },
        { 9, HOUR, true, false, { { 0 } }, { SKEW_RIGHTED }, HOUR, SKEW_SURE } } },
    { "rule 1: not in 1970, whatever the kernel says",
      0,
      { { 9, -60 * YEAR, true, false, { { 0 } }, { SKEW_DOUBTED }, -1, SKEW_BEFORE_LEDGER } } },

    { "rule 2: two hours ahead and nobody sets it: three respondents, two pings each",
      -60,
      { { 9, 2 * HOUR, false, false, { { 3, 10, 0 } }, { SKEW_QUIET }, 2 * HOUR, SKEW_SURE },
        { 2, 2 * HOUR, false, false, { { 3, 10, 0 } }, { SKEW_OUTVOTED }, 0, SKEW_SURE },
        { 600, 2 * HOUR, false, false, { { 3, 15, 0 } }, { SKEW_QUIET }, 0, SKEW_SURE } } },
    { "rule 2: two do not settle it, but it is doubted",
      -60,
      { { 600,
          2 * HOUR,
          false,
          false,
          { { 2, 15, 0 } },
          { SKEW_DOUBTED },
          2 * HOUR,
          SKEW_DISPUTED } } },
    { "rule 2: four of seven do, against three",
      -60,
      { { 60,
          2 * HOUR,
          false,
          false,
          { { 4, 15, 0 }, { 3, 1, -YEAR } },
          { SKEW_DOUBTED, SKEW_OUTVOTED },
          0,
          SKEW_SURE } } },
    { "rule 2: four of eight do not: half is no majority",
      -60,
      { { 60,
          2 * HOUR,
          false,
          false,
          { { 4, 15, 0 }, { 4, 1, 9 * DAY } },
          { SKEW_DOUBTED },
          2 * HOUR,
          SKEW_DISPUTED } } },
    { "rule 2: three of those heard a quarter of an hour ago have no voice",
      -60,
      { { 60, 0, false, false, { { 9, 15, 0 } }, { SKEW_QUIET }, 0, SKEW_SURE },
        { 890, 0, false, false, { { 0 } }, { SKEW_QUIET }, 0, SKEW_SURE },
        { 30, 2 * HOUR, false, false, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE } } },
    { "rule 2: the wall is finer than their delays",
      -60,
      { { 30, 2 * HOUR, false, false, { { 5, 10, -8 } }, { SKEW_OUTVOTED }, -8, SKEW_SURE },
        { 1, 0, false, true, { { 5, 10, -8 } }, { SKEW_OUTVOTED }, 0, SKEW_SURE } } },
    { "rule 2: a jump of 10 s, and pings 8 s late: they are for us",
      -60,
      { { 60, 0, false, false, { { 5, 10, -8 } }, { SKEW_QUIET }, 0, SKEW_SURE },
        { 600, 10, false, true, { { 5, 10, -8 } }, { SKEW_JUMPED }, 0, SKEW_SURE } } },
    { "rule 2: all have a receiver that is 1024 weeks behind: that is no time",
      -60,
      { { 600, 0, false, false, { { 9, 15, -1024 * 7 * DAY } }, { SKEW_QUIET }, 0, SKEW_SURE } } },
    { "rule 2: the ledger was years ahead, and the respondents say so",
      3 * YEAR,
      { { 5, 0, false, false, { { 0 } }, { SKEW_DOUBTED }, 3 * YEAR, SKEW_BEFORE_LEDGER },
        { 60, 0, false, false, { { 3, 15, 0 } }, { SKEW_OUTVOTED }, 0, SKEW_SURE } } },
    { "rule 2: they stand for the ledger against the wall",
      -60,
      { { 60,
          -HOUR,
          false,
          false,
          { { 5, 15, -30 } },
          { SKEW_DOUBTED, SKEW_SETTLED },
          -60,
          SKEW_SURE } } },

    { "rule 3: two hours ahead, by hand: our own count goes on",
      -60,
      { SYNCED, { DAY, 2 * HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE } } },
    { "rule 3: two hours back: the same",
      -60,
      { SYNCED, { DAY, -2 * HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE } } },
    { "rule 3: the same when respondents stood for it",
      -60,
      { { 60, 0, false, false, { { 4, 15, 0 } }, { SKEW_QUIET }, 0, SKEW_SURE },
        { DAY, -2 * HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE } } },
    { "rule 3: it jumps back to where we are",
      -60,
      { SYNCED,
        { 10, HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE },
        { 10, 1, false, true, { { 0 } }, { SKEW_CAME_BACK }, 1, SKEW_SURE } } },
    { "rule 3: it jumps on: told again",
      -60,
      { SYNCED,
        { 10, HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE },
        { 10, 2 * HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE } } },
    { "rule 3: small steps of a wall that is apart are no news",
      -60,
      { SYNCED,
        { 10, HOUR, false, true, { { 0 } }, { SKEW_JUMPED }, 0, SKEW_SURE },
        { 10, HOUR + 3, false, true, { { 0 } }, { SKEW_QUIET }, 0, SKEW_SURE } } },
    { "rule 3: one respondent with another time moves nothing and is late by it",
      -60,
      { SYNCED, { DAY, 0, false, false, { { 1, 15, -HOUR } }, { SKEW_QUIET }, 0, SKEW_SURE } } },

    { "rule 4: an hour ahead, set right by hand: followed, and doubted until it has been calm",
      -60,
      { { 60, HOUR, false, false, { { 0 } }, { SKEW_QUIET }, HOUR, SKEW_SURE },
        { 1, 0, false, true, { { 0 } }, { SKEW_FOLLOWED }, 0, SKEW_WAS_SET },
        { 898, 0, false, false, { { 0 } }, { SKEW_QUIET }, 0, SKEW_WAS_SET },
        { 9, 0, false, false, { { 0 } }, { SKEW_SETTLED }, 0, SKEW_SURE } } },
    { "rule 4: set to before the ledger's last life: whoever sets it knows better",
      YEAR,
      { { 60, 0, false, false, { { 0 } }, { SKEW_DOUBTED }, YEAR, SKEW_BEFORE_LEDGER },
        { 5, 0, false, true, { { 0 } }, { SKEW_FOLLOWED }, 0, SKEW_WAS_SET } } },
    { "rule 4: not to before 2025",
      -60,
      { START,
        { 5, -20 * YEAR, false, true, { { 0 } }, { SKEW_DOUBTED }, 0, SKEW_BEFORE_LEDGER } } },
    { "rule 4: one respondent does not hold it back, nor follow it for long",
      -60,
      { { 60, HOUR, false, false, { { 1, 1, HOUR } }, { SKEW_QUIET }, HOUR, SKEW_SURE },
        { 600, 0, false, true, { { 1, 1, HOUR } }, { SKEW_FOLLOWED }, 0, SKEW_DISPUTED } } },

    { "rule 5: boots in 1970: counted on from the ledger's last life",
      -60,
      { { 9, -50 * YEAR, false, false, { { 0 } }, { SKEW_DOUBTED }, -60, SKEW_BEFORE_LEDGER },
        { 9, 0, true, true, { { 0 } }, { SKEW_RIGHTED }, 0, SKEW_SURE } } },
    { "rule 5: and one sender says 1970 all the time",
      -60,
      { { 60,
          -50 * YEAR,
          false,
          false,
          { { 1, 1, -50 * YEAR } },
          { SKEW_DOUBTED },
          -60,
          SKEW_BEFORE_LEDGER } } },
    { "rule 5: a ledger an hour ahead is outlived in an hour",
      HOUR,
      { { HOUR - 60, 0, false, false, { { 0 } }, { SKEW_DOUBTED }, HOUR, SKEW_BEFORE_LEDGER },
        { 120, 0, false, false, { { 0 } }, { SKEW_FOLLOWED }, 0, SKEW_WAS_SET } } },
    { "rule 5: 4 s before the ledger's last word are none", 4, { START } },

    { "rule 6: one is steadily against it: doubted after two pings",
      -60,
      { { 9, HOUR, false, false, { { 1, 10, 0 } }, { SKEW_QUIET }, HOUR, SKEW_SURE },
        { 2, HOUR, false, false, { { 1, 10, 0 } }, { SKEW_DOUBTED }, HOUR, SKEW_DISPUTED } } },
    { "rule 6: one against one that is for it: not doubted",
      -60,
      { { 60,
          0,
          false,
          false,
          { { 1, 10, 0 }, { 1, 10, -HOUR } },
          { SKEW_QUIET },
          0,
          SKEW_SURE } } },
    { "rule 6: two that speak from the future suffice, at once",
      0,
      { { 10, -HOUR, false, false, { { 0 } }, { SKEW_QUIET }, -HOUR, SKEW_SURE },
        { 1, -HOUR, false, false, { { 2, 10, 0 } }, { SKEW_DOUBTED }, -HOUR, SKEW_DISPUTED } } },
    { "rule 6: a fast upload of what was held up is no word against it",
      -60,
      { { 9, 0, false, false, { { 1, 1, -HOUR } }, { SKEW_QUIET }, 0, SKEW_SURE } } },
    { "rule 7: the kernel against three: its time, doubted",
      -60,
      { { 60, HOUR, true, false, { { 3, 15, 0 } }, { SKEW_DOUBTED }, HOUR, SKEW_CONTRADICTED } } },
    { "rule 7: the kernel against a fleet whose pings come ten minutes late: not doubted",
      -60,
      { { 60, 0, true, false, { { 9, 15, -600 } }, { SKEW_QUIET }, 0, SKEW_SURE } } },
    { "rule 7: and a second more",
      -60,
      { { 60, 0, true, false, { { 9, 15, -601 } }, { SKEW_DOUBTED }, 0, SKEW_CONTRADICTED } } },
    { "rule 7: the kernel against two: not doubted",
      -60,
      { { 60, HOUR, true, false, { { 2, 15, 0 } }, { SKEW_QUIET }, HOUR, SKEW_SURE } } },
    { "rule 8: doubted, and then synchronised where it is",
      -60,
      { { 60, 0, false, false, { { 1, 10, -HOUR } }, { SKEW_DOUBTED }, 0, SKEW_DISPUTED },
        { 1, 0, true, false, { { 0 } }, { SKEW_SETTLED }, 0, SKEW_SURE } } },
};

static const int64_t truth = 1795000000000; // at tick 0: in 2026
static const struct tick began = { 500000 };

static void hear(struct skew *skew, const struct stretch *stretch, int second, struct tick now)
{
    for (int k = 0; k < GROUPS; k++) {
        const struct group *group = &stretch->groups[k];

        for (int i = 0; i < group->n && second % group->every == 0; i++)
            skew_hear(skew, (uint64_t)(100 * k + i + 1),
                      (struct utc){ truth + now.ms + group->off * 1000LL }, now);
    }
}

static void live_through(struct skew *skew, const struct stretch *stretch, struct tick *now)
{
    enum skew_what met[NEWS_MAX + 1] = { SKEW_QUIET };
    size_t n = 0;

    for (int i = 0; i < stretch->seconds; i++) {
        struct skew_wall wall = { { truth + now->ms + stretch->wall * 1000LL },
                                  stretch->kernel,
                                  stretch->set && i == 0 };
        struct skew_news news;

        hear(skew, stretch, (int)((now->ms - began.ms) / 1000), *now);
        news = skew_check(skew, &wall, *now);
        if (news.what != SKEW_QUIET && n < NEWS_MAX)
            met[n++] = news.what;
        now->ms += 1000;
    }
    for (size_t i = 0; i < NEWS_MAX; i++)
        assert_int_equal(met[i], stretch->news[i]);
    if (stretch->ours == -1) // in 2025
        assert_in_range(skew_utc(skew, *now).ms, BALLOT_EPOCH.ms, BALLOT_EPOCH.ms + 60000);
    else
        assert_int_equal(skew_utc(skew, *now).ms - truth - now->ms, stretch->ours * 1000LL);
    assert_int_equal(skew->doubt, stretch->doubt);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct tick now = began;
    struct skew skew = { 0 };

    skew_set_floor(&skew, row->lived ? utc_plus((struct utc){ truth + now.ms }, row->lived * 1000LL)
                                     : UTC_ALWAYS);
    for (size_t i = 0; i < STRETCHES_MAX && row->stretches[i].seconds != 0; i++)
        live_through(&skew, &row->stretches[i], &now);
}

/* ---- whose pings are of now, that look old ---- */

static struct skew unproven(void)
{
    struct skew skew = { 0 };

    skew_check(&skew, &(struct skew_wall){ .time = { truth } }, (struct tick){ 0 });
    return skew;
}

static void who_is_steadily_behind_an_unproven_clock_is_of_now_from_his_second_ping_on(void **state)
{
    struct skew skew = unproven();
    struct utc old = { truth - 3600 * 1000 };

    (void)state;
    skew_hear(&skew, 7, (struct utc){ truth }, (struct tick){ 0 });
    skew_hear(&skew, 7, utc_plus((struct utc){ truth }, 10000), (struct tick){ 10000 });
    skew_hear(&skew, 8, old, (struct tick){ 0 });
    assert_false(skew_doubts(&skew, 8, (struct tick){ 0 }));
    skew_hear(&skew, 8, utc_plus(old, 10000), (struct tick){ 10000 });
    assert_true(skew_doubts(&skew, 8, (struct tick){ 10000 }));
    assert_false(skew_doubts(&skew, 7, (struct tick){ 10000 })); // one for, one against: no doubt
}

static void a_clock_that_the_kernel_stands_for_is_not_doubted_for_one(void **state)
{
    struct skew_wall wall = { .time = { truth }, .synchronised = true };
    struct skew skew = { 0 };

    (void)state;
    skew_check(&skew, &wall, (struct tick){ 0 });
    for (int i = 0; i < 100; i++)
        skew_hear(&skew, 8, (struct utc){ truth - 3600 * 1000 + i * 10000 },
                  (struct tick){ i * 10000 });
    assert_false(skew_doubts(&skew, 8, (struct tick){ 990000 }));
}

static void two_that_speak_from_the_future_make_it_doubted_before_the_next_look(void **state)
{
    struct skew skew = unproven();
    struct skew_wall wall = { .time = { truth + 1000 } };

    (void)state;
    skew_hear(&skew, 1, (struct utc){ truth + 3600 * 1000 }, (struct tick){ 10 });
    assert_false(skew_doubts(&skew, 1, (struct tick){ 10 }));
    skew_hear(&skew, 2, (struct utc){ truth + 3600 * 1000 }, (struct tick){ 20 });
    assert_true(skew_doubts(&skew, 1, (struct tick){ 20 }));
    assert_int_equal(skew_check(&skew, &wall, (struct tick){ 1000 }).what, SKEW_DOUBTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            who_is_steadily_behind_an_unproven_clock_is_of_now_from_his_second_ping_on),
        cmocka_unit_test(a_clock_that_the_kernel_stands_for_is_not_doubted_for_one),
        cmocka_unit_test(two_that_speak_from_the_future_make_it_doubted_before_the_next_look),
    };

    return rows_hold("skew", rows, row_holds) +
           cmocka_run_group_tests_name("doubts", tests, NULL, NULL);
}
