/* SPDX-License-Identifier: Apache-2.0 */
#include "core/instant.h"

#include <time.h>

#include "support/dice.h"
#include "support/rows.h"

static const struct read_row {
    const char *says, *text;
    int64_t ms;
} read_rows[] = {
    { "the first instant", "1970-01-01T00:00:00Z", 0 },
    { "the demo's evening", "2020-06-23T20:14:05Z", 1592943245000 },
    { "an hour ahead of UTC", "2020-06-23T21:14:05+01:00", 1592943245000 },
    { "behind UTC, half an hour too", "2020-06-23T16:44:05-03:30", 1592943245000 },
    { "an offset into the day before", "2020-06-24T10:14:05+14:00", 1592943245000 },
    { "an unknown local offset", "2020-06-23T20:14:05-00:00", 1592943245000 },
    { "a small t and z", "2020-06-23t20:14:05z", 1592943245000 },
    { "a blank between", "2020-06-23 20:14:05Z", 1592943245000 },
    { "a quarter of a second", "2020-06-23T20:14:05.25Z", 1592943245250 },
    { "a tenth", "2020-06-23T20:14:05.1Z", 1592943245100 },
    { "more digits are cut, not rounded", "2020-06-23T20:14:05.9999999Z", 1592943245999 },
    { "thirty digits", "2020-06-23T20:14:05.123456789012345678901234567890Z", 1592943245123 },
    { "the last second before a day", "2020-06-22T23:59:59.999Z", 1592870399999 },
    { "29 February of a leap year", "2020-02-29T12:00:00Z", 1582977600000 },
    { "29 February 2000", "2000-02-29T00:00:00Z", 951782400000 },
    { "a leap second is the next second", "2016-12-31T23:59:60Z", 1483228800000 },
    { "a leap second with a fraction", "2016-12-31T23:59:60.5Z", 1483228800500 },
    { "a leap second elsewhere", "2017-01-01T00:59:60+01:00", 1483228800000 },
    { "past 2038", "2038-01-19T03:14:08Z", 2147483648000 },
    { "the last instant", "2200-12-31T23:59:59.999Z", 7289654399999 },
};

static void it_is_read(void **state)
{
    const struct read_row *row = *state;
    struct utc at = { -1 };

    assert_true(utc_parse(row->text, &at));
    assert_int_equal(at.ms, row->ms);
}

static const struct refused_row {
    const char *says, *text;
} refused_rows[] = {
    { "nothing", "" },
    { "a date alone", "2020-06-23" },
    { "no offset", "2020-06-23T20:14:05" },
    { "no seconds", "2020-06-23T20:14Z" },
    { "a name for an offset", "2020-06-23T20:14:05BST" },
    { "an offset without a colon", "2020-06-23T20:14:05+0100" },
    { "an offset of hours alone", "2020-06-23T20:14:05+01" },
    { "an offset of 24 hours", "2020-06-23T20:14:05+24:00" },
    { "an offset of 60 minutes", "2020-06-23T20:14:05+01:60" },
    { "something after it", "2020-06-23T20:14:05Zx" },
    { "a blank before it", " 2020-06-23T20:14:05Z" },
    { "a blank after it", "2020-06-23T20:14:05Z " },
    { "two blanks between", "2020-06-23  20:14:05Z" },
    { "a point without digits", "2020-06-23T20:14:05.Z" },
    { "a comma for the point", "2020-06-23T20:14:05,25Z" },
    { "a year of two digits", "20-06-23T20:14:05Z" },
    { "a year of five digits", "02020-06-23T20:14:05Z" },
    { "a month of one digit", "2020-6-23T20:14:05Z" },
    { "a sign in a number", "2020-+6-23T20:14:05Z" },
    { "month 0", "2020-00-23T20:14:05Z" },
    { "month 13", "2020-13-23T20:14:05Z" },
    { "day 0", "2020-06-00T20:14:05Z" },
    { "31 June", "2020-06-31T20:14:05Z" },
    { "29 February of a common year", "2019-02-29T20:14:05Z" },
    { "29 February 2100", "2100-02-29T20:14:05Z" },
    { "hour 24", "2020-06-23T24:00:00Z" },
    { "minute 60", "2020-06-23T20:60:05Z" },
    { "second 61", "2016-12-31T23:59:61Z" },
    { "1969", "1969-12-31T23:59:59Z" },
    { "2201", "2201-01-01T00:00:00Z" },
    { "a number", "1592943245" },
    { "a week date", "2020-W26-2T20:14:05Z" },
    { "digits of another script", "２０20-06-23T20:14:05Z" },
};

static void it_is_refused(void **state)
{
    const struct refused_row *row = *state;
    struct utc at = { 42 };

    assert_false(utc_parse(row->text, &at));
    assert_int_equal(at.ms, 42);
    assert_non_null(utc_flaw(row->text));
}

/* "31 November" is of the right form, and the calendar has no such day. */
static void it_is_told_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *flaw;
    } flaws[] = {
        { "2020-11-30T20:14:05Z", NULL },
        { "2020-11-31T20:14:05Z", "names a day that the calendar has not" },
        { "2021-02-29T20:14:05Z", "names a day that the calendar has not" },
        { "2020-13-01T20:14:05Z", "names a day that the calendar has not" },
        { "2020-11-30T24:00:00Z", "names a time that no day has" },
        { "1969-12-31T20:14:05Z", "is of no year from 1970 to 2200" },
        { "31 November 2020", "is not like 2020-06-09T12:00:00+01:00 or 2020-06-09 12:00" },
        { "2020-11-31 20:14", "names a day that the calendar has not" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++) {
        const char *flaw = utc_flaw(flaws[i].text);

        assert_string_equal(flaw ? flaw : "", flaws[i].flaw ? flaws[i].flaw : "");
    }
}

static void what_is_printed_reads_back_the_same(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct utc at = { (int64_t)(dice_throw(&dice) % (uint64_t)UTC_END.ms) }, back;
        char text[UTC_TEXT_MAX];

        if (!utc_parse(utc_print(at, text), &back) || back.ms != at.ms)
            fail_msg("%s is not %lld", text, (long long)at.ms);
    }
}

static void it_is_printed_to_the_millisecond(void **state)
{
    char text[UTC_TEXT_MAX];

    (void)state;
    assert_string_equal(utc_print((struct utc){ 1592943245007 }, text), "2020-06-23T20:14:05.007Z");
    assert_string_equal(utc_print((struct utc){ 0 }, text), "1970-01-01T00:00:00.000Z");
    assert_string_equal(utc_print((struct utc){ -1 }, text), "1969-12-31T23:59:59.999Z");
}

static void the_ends_of_time_have_names(void **state)
{
    char text[UTC_TEXT_MAX];

    (void)state;
    assert_string_equal(utc_print(UTC_ALWAYS, text), "always");
    assert_string_equal(utc_print(UTC_NEVER, text), "never");
    assert_int_equal(utc_earlier(UTC_NEVER, (struct utc){ 5 }).ms, 5);
    assert_int_equal(utc_earlier((struct utc){ 5 }, UTC_ALWAYS).ms, INT64_MIN);
    assert_int_equal(utc_plus((struct utc){ 5 }, -6).ms, -1);
}

/* libc's own calendar is the oracle. */
static void each_day_is_where_the_calendar_has_it(void **state)
{
    char text[UTC_TEXT_MAX];
    struct utc at;

    (void)state;
    for (time_t day = 0; day * 86400000LL < UTC_END.ms; day++) {
        time_t noon = day * 86400 + 43200;
        struct tm tm;

        gmtime_r(&noon, &tm);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
        assert_true(utc_parse(text, &at));
        assert_true(at.ms == (int64_t)noon * 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_day_is_where_the_calendar_has_it),
        cmocka_unit_test(it_is_told_what_is_wrong),
        cmocka_unit_test(what_is_printed_reads_back_the_same),
        cmocka_unit_test(it_is_printed_to_the_millisecond),
        cmocka_unit_test(the_ends_of_time_have_names),
    };

    return rows_hold("instants read", read_rows, it_is_read) +
           rows_hold("instants refused", refused_rows, it_is_refused) +
           cmocka_run_group_tests_name("instant", tests, NULL, NULL);
}
