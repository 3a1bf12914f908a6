/* SPDX-License-Identifier: Apache-2.0 */
#include "core/schedule.h"

#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/rows.h"

static const struct read_row {
    const char *says, *text;
    size_t n;
    struct window first, last;
} read_rows[] = {
    { "the contract's own",
      "Mon-Fri 08:00-16:30; Sat 09:00-12:00",
      2,
      { 0x1f, 480, 990 },
      { 0x20, 540, 720 } },
    { "one day", "Sun 00:00-00:01", 1, { 0x40, 0, 1 }, { 0x40, 0, 1 } },
    { "days one by one", "Mon,Wed 08:00-09:00", 1, { 0x05, 480, 540 }, { 0x05, 480, 540 } },
    { "a list with a range",
      "Mon,Wed-Thu,Sun 08:00-09:00",
      1,
      { 0x4d, 480, 540 },
      { 0x4d, 480, 540 } },
    { "a range over Sunday", "Fri-Mon 08:00-09:00", 1, { 0x71, 480, 540 }, { 0x71, 480, 540 } },
    { "a range of one day", "Tue-Tue 08:00-09:00", 1, { 0x02, 480, 540 }, { 0x02, 480, 540 } },
    { "the whole day", "Mon 00:00-24:00", 1, { 0x01, 0, 1440 }, { 0x01, 0, 1440 } },
    { "into the next morning", "Fri 22:00-06:00", 1, { 0x10, 1320, 1800 }, { 0x10, 1320, 1800 } },
    { "round the clock to the same time",
      "Fri 08:00-08:00",
      1,
      { 0x10, 480, 1920 },
      { 0x10, 480, 1920 } },
    { "blanks where people put them",
      "  Mon  08:00-09:00 ;Tue 08:00-09:00 ",
      2,
      { 1, 480, 540 },
      { 2, 480, 540 } },
};

static void it_is_read(void **state)
{
    const struct read_row *row = *state;
    struct schedule schedule;
    struct fault why;

    if (!schedule_parse(row->text, &schedule, &why))
        fail_msg("%s", why.text);
    assert_int_equal(schedule.n, row->n);
    for (size_t i = 0; i < 2; i++) {
        const struct window *got = &schedule.windows[i == 0 ? 0 : row->n - 1];
        const struct window *want = i == 0 ? &row->first : &row->last;

        assert_int_equal(got->days, want->days);
        assert_int_equal(got->from, want->from);
        assert_int_equal(got->until, want->until);
    }
}

static const struct refused_row {
    const char *says, *text;
} refused_rows[] = {
    { "nothing", "" },
    { "days without times", "Mon-Fri" },
    { "times without days", "08:00-16:30" },
    { "a day in full", "Monday 08:00-16:30" },
    { "a day of another tongue", "Die 08:00-16:30" },
    { "one time alone", "Mon 08:00" },
    { "an hour of one digit", "Mon 8:00-16:30" },
    { "an hour too many", "Mon 08:00-25:00" },
    { "past midnight by a minute", "Mon 08:00-24:01" },
    { "sixty minutes", "Mon 08:60-16:30" },
    { "opening at 24:00", "Mon 24:00-24:00" },
    { "a sign before the hour", "Mon +8:00-16:30" },
    { "a minus before the hour", "Mon -8:00-16:30" },
    { "a blank in a time", "Mon 08: 5-16:30" },
    { "a sign in a time", "Mon 08:+5-16:30" },
    { "a window of two times", "Mon 08:00-09:00 10:00-11:00" },
    { "something after it", "Mon 08:00-16:30 daily" },
    { "a comma for the semicolon", "Mon 08:00-09:00, Tue 08:00-09:00" },
    { "a list with a hole", "Mon,,Tue 08:00-09:00" },
    { "an open range", "Mon- 08:00-09:00" },
    { "nothing between semicolons", "Mon 08:00-09:00;; Tue 08:00-09:00" },
};

static void it_is_refused_with_its_own_words(void **state)
{
    const struct refused_row *row = *state;
    struct schedule schedule = { .n = 42 };
    struct fault why = { .text = "" };

    assert_false(schedule_parse(row->text, &schedule, &why));
    assert_int_equal(schedule.n, 42);
    assert_true(strlen(why.text) > 0);
}

static void thirty_two_windows_fit_and_one_more_does_not(void **state)
{
    char text[SCHEDULE_WINDOWS_MAX * 20 + 20] = "";
    struct schedule schedule;
    struct fault why;

    (void)state;
    for (int i = 0; i < SCHEDULE_WINDOWS_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%sMon 08:%02d-08:%02d",
                 i ? ";" : "", i, i + 1);
    assert_true(schedule_parse(text, &schedule, &why));
    assert_int_equal(schedule.n, SCHEDULE_WINDOWS_MAX);
    strcat(text, ";Tue 08:00-09:00");
    assert_false(schedule_parse(text, &schedule, &why));
    assert_string_equal(why.text, "more than 32 windows");
}

static const struct open_row {
    const char *says, *text, *at;
    bool open;
} open_rows[] = {
    { "a minute before school", "Mon-Fri 08:00-16:30", "2020-06-23T06:59:59Z", false },
    { "school opens at eight on the wall", "Mon-Fri 08:00-16:30", "2020-06-23T07:00:00Z", true },
    { "the last millisecond", "Mon-Fri 08:00-16:30", "2020-06-23T15:29:59.999Z", true },
    { "shut from the last minute on", "Mon-Fri 08:00-16:30", "2020-06-23T15:30:00Z", false },
    { "in winter eight is eight", "Mon-Fri 08:00-16:30", "2020-01-14T08:00:00Z", true },
    { "in winter seven is not", "Mon-Fri 08:00-16:30", "2020-01-14T07:30:00Z", false },
    { "no school on Saturday", "Mon-Fri 08:00-16:30", "2020-06-27T10:00:00Z", false },
    { "Monday on the wall is Sunday in UTC", "Mon 00:00-01:00", "2020-06-21T23:30:00Z", true },
    { "Friday night", "Fri 22:00-06:00", "2020-06-26T21:00:00Z", true },
    { "Saturday before six", "Fri 22:00-06:00", "2020-06-27T04:59:59Z", true },
    { "Saturday at six", "Fri 22:00-06:00", "2020-06-27T05:00:00Z", false },
    { "Friday morning is Thursday's night", "Fri 22:00-06:00", "2020-06-26T03:00:00Z", false },
    { "Sunday night into Monday", "Sun 22:00-06:00", "2020-06-22T03:00:00Z", true },
    { "the whole day begins", "Mon 00:00-24:00", "2020-06-21T23:00:00Z", true },
    { "the whole day ends", "Mon 00:00-24:00", "2020-06-22T23:00:00Z", false },
    { "the second window counts too", "Mon 08:00-09:00; Tue 08:00-09:00", "2020-06-23T07:30:00Z",
      true },
    { "half an hour before 1970 it was Wednesday", "Wed 23:00-24:00", NULL, true },
    { "forward: 01:30 is not there yet", "Sun 01:30-02:30", "2020-03-29T00:59:59Z", false },
    { "forward: opens at 02:00", "Sun 01:30-02:30", "2020-03-29T01:00:00Z", true },
    { "forward: shuts at 02:30", "Sun 01:30-02:30", "2020-03-29T01:30:00Z", false },
    { "forward: 01:15-01:45 is never", "Sun 01:15-01:45", "2020-03-29T01:00:00Z", false },
    { "forward: the night is an hour short", "Sat 22:00-06:00", "2020-03-29T04:59:59Z", true },
    { "forward: it ends at 05:00Z", "Sat 22:00-06:00", "2020-03-29T05:00:00Z", false },
    { "back: before the first 01:15", "Sun 01:15-01:45", "2020-10-25T00:14:59Z", false },
    { "back: the first 01:15", "Sun 01:15-01:45", "2020-10-25T00:15:00Z", true },
    { "back: the first 01:45", "Sun 01:15-01:45", "2020-10-25T00:45:00Z", false },
    { "back: 01:00 again", "Sun 01:15-01:45", "2020-10-25T01:00:00Z", false },
    { "back: the second 01:15", "Sun 01:15-01:45", "2020-10-25T01:15:00Z", true },
    { "back: the second 01:45", "Sun 01:15-01:45", "2020-10-25T01:45:00Z", false },
    { "back: 00:30-01:30 shuts", "Sun 00:30-01:30", "2020-10-25T00:30:00Z", false },
    { "back: and opens again", "Sun 00:30-01:30", "2020-10-25T01:00:00Z", true },
    { "back: the night is an hour longer", "Sat 22:00-06:00", "2020-10-25T05:59:59Z", true },
    { "back: it ends at 06:00Z", "Sat 22:00-06:00", "2020-10-25T06:00:00Z", false },
};

static void the_clock_on_the_wall_decides(void **state)
{
    const struct open_row *row = *state;
    struct schedule schedule;
    struct fault why;
    struct utc at = row->at ? utc_of(row->at) : (struct utc){ -1800000 };

    assert_true(schedule_parse(row->text, &schedule, &why));
    assert_int_equal(schedule_open(&schedule, &london_2020, at), row->open);
}

static struct schedule random_schedule(struct dice *dice)
{
    struct schedule schedule = { .n = 1 + dice_below(dice, 4) };

    for (size_t i = 0; i < schedule.n; i++) {
        unsigned from = dice_below(dice, 1440), longest = 1 + dice_below(dice, 1440);

        schedule.windows[i] = (struct window){ (uint8_t)(1 + dice_below(dice, 127)), (uint16_t)from,
                                               (uint16_t)(from + longest) };
    }
    return schedule;
}

/* Half of all instants lie within two days of a change of the clocks. */
static struct utc random_instant(struct dice *dice)
{
    const int64_t two_days = 2 * 86400000LL;
    int64_t near = london_2020.change[1 + dice_below(dice, 2)].at.ms;

    if (dice_below(dice, 2) == 0)
        near = 1577836800000 + (int64_t)dice_below(dice, 366) * 86400000;
    return (struct utc){ near - two_days + (int64_t)(dice_throw(dice) % (uint64_t)(2 * two_days)) };
}

static void next_never_jumps_over_a_change(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < 1000; round++) {
        struct schedule schedule = random_schedule(&dice);
        struct utc at = random_instant(&dice), next = schedule_next(&schedule, &london_2020, at);
        bool open = schedule_open(&schedule, &london_2020, at);

        assert_true(next.ms > at.ms);
        assert_true(next.ms <= at.ms + 9 * 86400000LL); // a week has an edge, and clocks change
        // Windows begin and end on whole minutes of London's time, so each minute is looked at.
        for (int64_t ms = at.ms - at.ms % 60000 + 60000; ms < next.ms; ms += 60000) {
            if (schedule_open(&schedule, &london_2020, (struct utc){ ms }) != open)
                fail_msg("round %d: changes at %lld, before %lld", round, (long long)ms,
                         (long long)next.ms);
        }
        assert_int_equal(schedule_open(&schedule, &london_2020, utc_plus(next, -1)), open);
    }
}

static void stepping_by_next_visits_each_edge_of_a_week(void **state)
{
    static const char *const edges[] = { "2020-06-22T07:00:00Z", "2020-06-22T15:30:00Z",
                                         "2020-06-23T07:00:00Z", "2020-06-23T15:30:00Z",
                                         "2020-06-24T07:00:00Z", "2020-06-24T15:30:00Z",
                                         "2020-06-25T07:00:00Z", "2020-06-25T15:30:00Z",
                                         "2020-06-26T07:00:00Z", "2020-06-26T15:30:00Z",
                                         "2020-06-27T08:00:00Z", "2020-06-27T11:00:00Z" };
    struct utc at = utc_of("2020-06-22T00:00:00Z");
    struct schedule schedule;
    struct fault why;

    (void)state;
    assert_true(schedule_parse("Mon-Fri 08:00-16:30; Sat 09:00-12:00", &schedule, &why));
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        at = schedule_next(&schedule, &london_2020, at);
        assert_int_equal(at.ms, utc_of(edges[i]).ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thirty_two_windows_fit_and_one_more_does_not),
        cmocka_unit_test(next_never_jumps_over_a_change),
        cmocka_unit_test(stepping_by_next_visits_each_edge_of_a_week),
    };

    return rows_hold("schedules read", read_rows, it_is_read) +
           rows_hold("schedules refused", refused_rows, it_is_refused_with_its_own_words) +
           rows_hold("schedules open", open_rows, the_clock_on_the_wall_decides) +
           cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
