/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/reading.h"

#include <math.h>

#include "support/near.h"
#include "support/rows.h"

/* `want` is RFC 3339, or NULL for what is no time. */
static const struct row {
    const char *text, *want;
} rows[] = {
    { "2020-06-23T20:14:05Z", "2020-06-23T20:14:05.000Z" },
    { "2020-06-23T20:14:05.250Z", "2020-06-23T20:14:05.250Z" },
    { "2019-01-06T11:39:41.279+0000", "2019-01-06T11:39:41.279Z" },
    { "2025-06-07T09:15:30.000+00:00", "2025-06-07T09:15:30.000Z" },
    { "2020-06-23T21:14:05+0100", "2020-06-23T20:14:05.000Z" },
    { "2020-06-23T16:44:05-0330", "2020-06-23T20:14:05.000Z" },
    { "2020-06-23T21:14:05 01:00", "2020-06-23T20:14:05.000Z" }, // its + was lost in a query
    { "2020-06-23T21:14:05.5 0100", "2020-06-23T20:14:05.500Z" },
    { "2020-06-23 20:14:05", "2020-06-23T20:14:05.000Z" }, // none at all: UTC
    { "2020-06-23T20:14:05.123456", "2020-06-23T20:14:05.123Z" },
    { "1592943245", "2020-06-23T20:14:05.000Z" },
    { "1592943245.25", "2020-06-23T20:14:05.250Z" },
    { "1592943245250", "2020-06-23T20:14:05.250Z" },
    { "1.592943245e9", "2020-06-23T20:14:05.000Z" },
    { "0", "1970-01-01T00:00:00.000Z" },
    { "7289654399", "2200-12-31T23:59:59.000Z" },
    { "7289654400", "2200-02-26T00:00:00.000Z" },
    { "-1", "1970-12-31T23:59:59.000Z" },
    { "1592943245250000", "2200-11-25T02:47:30.000Z" }, // microseconds
    { "41315701-04-17T21:18:47Z", "2200-06-16T21:18:47.040Z" },
    { "+041315-04-17 21:18:47", "2200-06-07T21:18:47.000Z" },
    { "0000-00-00 00:00:00", "1970-09-11T00:00:00.000Z" },
    { "0000-13-00 00:00:00", NULL },
    { "2020-00-00 00:00:00", NULL },
    { "41315701-04-17T25:18:47Z", NULL },
    { "", NULL },
    { " ", NULL },
    { " 1592943245", NULL },
    { "1592943245 ", NULL },
    { "0x5ef26f0d", NULL },
    { "nan", NULL },
    { "inf", NULL },
    { "1e999", NULL },
    { "-1e308", NULL }, // is finite in seconds alone
    { "2020-06-23", NULL },
    { "20:14:05Z", NULL },
    { "2020-02-30T00:00:00Z", NULL },
    { "2020-06-23T20:14:05.Z", NULL },
    { "2020-06-23T20:14:05+01", NULL },
    { "2020-06-23T20:14:05+01:00Z", NULL },
    { "2020-06-23T20:14:05+2500", NULL },
    { "2020-06-23T20:14:05x0100", NULL },
    { "2020-06-23T20:14:05ZZ", NULL },
    { "2020-06-23T20:14:05 BST", NULL },
    { "2020-06-23T20:14:05.0000000000000000000000000000Z", NULL }, // longer than anybody writes
};

static void it_is_that_time(void **state)
{
    const struct row *row = *state;
    char text[UTC_TEXT_MAX];
    struct utc at = { -7 };
    bool ok = reading_time(row->text, &at);

    assert_int_equal(ok, row->want != NULL);
    if (ok)
        assert_string_equal(utc_print(at, text), row->want);
    else
        assert_int_equal(at.ms, -7); // untouched
}

/* A knot is 1852 m an hour, exactly, and a kilometre 1000 m. */
static void speeds_become_metres_a_second(void **state)
{
    (void)state;
    assert_near(1 * READING_KNOT, 0.51444444444444444, 1e-15);
    assert_near(36 * READING_KNOT, 18.52, 1e-11);
    assert_near(36 * READING_KMH, 10, 1e-14);
    assert_near(61 * READING_KMH, 16.944444444444443, 1e-13);
}

/* traccar/traccar#2944, osmandapp/OsmAnd#3445 */
static void a_poor_hdop_stands_in_for_an_accuracy_that_is_none(void **state)
{
    (void)state;
    assert_near(reading_accuracy(0.5, 9), 0.5, 0);
    assert_near(reading_accuracy(NAN, 3.5), 35, 1e-13);
    assert_near(reading_accuracy(0, 20.5), 205, 1e-12);
    assert_near(reading_accuracy(NAN, 81), 210, 0); // or hundredths
    assert_near(reading_accuracy(0, 99), 210, 0);
    assert_near(reading_accuracy(-0.0, 4), 40, 0);
    assert_near(reading_accuracy(-1, 4), 40, 0);
    assert_true(isnan(reading_accuracy(NAN, 3))); // a good one is no accuracy
    assert_true(isnan(reading_accuracy(0, 0.8)));
    assert_true(isnan(reading_accuracy(NAN, NAN)));
    assert_true(isnan(reading_accuracy(0, -1)));
}

static void numbers_are_decimal_and_whole(void **state)
{
    static const char *const none[] = { "",     " 1",  "1 ",    "1,5", "0x1", "nan",   "inf",
                                        "1e9x", "--1", "1.2.3", "e5",  "+",   "1e999", "1_0" };
    double number = 7;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (reading_number(none[i], &number) || number != 7)
            fail_msg("\"%s\" became %g", none[i], number);
    }
    assert_true(reading_number("-51.25e0", &number));
    assert_near(number, -51.25, 0);
}

static void truth_is_written_in_many_ways(void **state)
{
    static const struct {
        const char *text;
        bool read, is;
    } words[] = {
        { "true", true, true },   { "True", true, true },      { "TRUE", true, true },
        { "1", true, true },      { "yes", true, true },       { "on", true, true },
        { "false", true, false }, { "False", true, false },    { "0", true, false },
        { "no", true, false },    { "off", true, false },      { "", true, false },
        { "2", false, false },    { "perhaps", false, false }, { "true ", false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        bool is = !words[i].is;

        assert_int_equal(reading_truth(words[i].text, &is), words[i].read);
        assert_true(!words[i].read || is == words[i].is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speeds_become_metres_a_second),
        cmocka_unit_test(a_poor_hdop_stands_in_for_an_accuracy_that_is_none),
        cmocka_unit_test(numbers_are_decimal_and_whole),
        cmocka_unit_test(truth_is_written_in_many_ways),
    };

    return rows_hold("times", rows, it_is_that_time) +
           cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
