/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pings an exercise's clock goes by: days since its first ping, and where the clock is then.
 */
#include "core/rehearsal.h"

#include "support/rows.h"
#include "support/test.h"

enum { PINGS_MAX = 6 };

static const int64_t day = 24 * 3600 * INT64_C(1000);
static const int64_t first = 1592942400000; // 23 June 2020, 20:00 UTC

static const struct row {
    const char *says;
    int n;
    double pings[PINGS_MAX], clock[PINGS_MAX]; // days
} rows[] = {
    { "it goes on with each newer ping", 3, { 0, 0.1, 0.2 }, { 0, 0.1, 0.2 } },
    { "it never goes back", 3, { 0, 1, 0.5 }, { 0, 1, 1 } },
    { "a recording may lack seven days", 2, { 0, 7 }, { 0, 7 } },
    { "one ping farther on does not move it", 3, { 0, 7.01, 0.1 }, { 0, 0, 0.1 } },
    { "nor does one of 2100, or two", 4, { 0, 29000, 29000, 0.1 }, { 0, 0, 0, 0.1 } },
    { "nor two, and two more after others",
      6,
      { 0, 30, 30, 0.1, 30, 30 },
      { 0, 0, 0, 0.1, 0.1, 0.1 } },
    { "three in a row that agree do", 4, { 0, 30, 30.1, 36 }, { 0, 0, 0, 36 } },
    { "three that do not agree do not", 4, { 0, 30, 60, 90 }, { 0, 0, 0, 0 } },
    { "the last three of five agree", 6, { 0, 90, 60, 30, 30, 30 }, { 0, 0, 0, 0, 0, 30 } },
    { "an older ping stands between, too", 5, { 0, 30, 30, -1, 30 }, { 0, 0, 0, 0, 0 } },
    { "a clock that was never set says nothing", 3, { 0, -18000, 0.1 }, { 0, 0, 0.1 } },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct rehearsal rehearsal = { 0 };

    for (int i = 0; i < row->n; i++) {
        int64_t before = rehearsal.now.ms;
        bool moved = rehearsal_hear(&rehearsal,
                                    (struct utc){ first + (int64_t)(row->pings[i] * (double)day) });

        assert_int_equal(rehearsal.now.ms, first + (int64_t)(row->clock[i] * (double)day));
        assert_int_equal(moved, rehearsal.now.ms != before);
    }
}

static void the_first_ping_sets_it_unless_its_own_was_never_set(void **state)
{
    struct rehearsal rehearsal = { 0 };
    (void)state;

    assert_false(rehearsal_hear(&rehearsal, (struct utc){ 300 * 1000 }));
    assert_int_equal(rehearsal.now.ms, 0);
    assert_true(rehearsal_hear(&rehearsal, (struct utc){ first }));
    assert_int_equal(rehearsal.now.ms, first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_ping_sets_it_unless_its_own_was_never_set),
    };

    return rows_hold("rehearsal_rows", rows, row_holds) +
           cmocka_run_group_tests_name("rehearsal", tests, NULL, NULL);
}
