/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/units.h"

#include <stdio.h>
#include <string.h>

#include "support/said.h"
#include "support/test.h"

/* `want` is the value in full digits, or the reason why there is none. */
static const struct row {
    enum unit_kind kind;
    double low, high;
    const char *text, *want;
} rows[] = {
    { UNIT_COUNT, 0, 1e9, "250", "250" },
    { UNIT_COUNT, 0, 1e9, "0", "0" },
    { UNIT_COUNT, 0, 1e9, "2.0", "2" },
    { UNIT_COUNT, 0, 1e9, "2.5", "\"2.5\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "", "\"\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, ".", "\".\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "-1", "\"-1\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "+1", "\"+1\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "1e3", "\"1e3\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "0x10", "\"0x10\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "nan", "\"nan\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "inf", "\"inf\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "ten", "\"ten\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "10 m", "\"10 m\" is not a whole number" },
    { UNIT_COUNT, 0, 1e9, "1,000", "\"1,000\" is not a whole number" },
    { UNIT_COUNT, 1, 1e9, "0", "0 is outside 1..1000000000" },
    { UNIT_COUNT, 1, 100000, "100000", "100000" },
    { UNIT_COUNT, 1, 100000, "100001", "100001 is outside 1..100000" },

    { UNIT_SHARE, 0.9, 0.999, "99.9 %", "0.999" },
    { UNIT_SHARE, 0.9, 0.999, "90 %", "0.9" },
    { UNIT_SHARE, 0.9, 0.999, "99.91 %", "99.91 % is outside 90 %..99.9 %" },
    { UNIT_SHARE, 0.9, 0.999, "89.9 %", "89.9 % is outside 90 %..99.9 %" },

    { UNIT_PERCENT, 10, 99.9, "95", "95" },
    { UNIT_PERCENT, 10, 99.9, "95 %", "95" },
    { UNIT_PERCENT, 10, 99.9, "68.27%", "68.27" },
    { UNIT_PERCENT, 10, 99.9, "100", "100 is outside 10 %..99.9 %" },
    { UNIT_PERCENT, 10, 99.9, "0.95", "0.95 is outside 10 %..99.9 %" },
    { UNIT_PERCENT, 10, 99.9, "95 m", "\"95 m\" is not a percentage like 95" },

    { UNIT_DURATION, 0, 1e12, "200ms", "200" },
    { UNIT_DURATION, 0, 1e12, "15s", "15000" },
    { UNIT_DURATION, 0, 1e12, "15 s", "15000" },
    { UNIT_DURATION, 0, 1e12, "15\ts", "15000" },
    { UNIT_DURATION, 0, 1e12, "5m", "300000" },
    { UNIT_DURATION, 0, 1e12, "2h", "7200000" },
    { UNIT_DURATION, 0, 1e12, "28d", "2419200000" },
    { UNIT_DURATION, 0, 1e12, "1.5h", "5400000" },
    { UNIT_DURATION, 1000, 3600000, "15", "\"15\" is not a duration like 15s, 5m, 2h or 28d" },
    { UNIT_DURATION, 1000, 3600000, "15S", "\"15S\" is not a duration like 15s, 5m, 2h or 28d" },
    { UNIT_DURATION, 1000, 3600000, "5 bananas",
      "\"5 bananas\" is not a duration like 15s, 5m, 2h or 28d" },
    { UNIT_DURATION, 1000, 3600000, "1h30m",
      "\"1h30m\" is not a duration like 15s, 5m, 2h or 28d" },
    { UNIT_DURATION, 1000, 3600000, "s", "\"s\" is not a duration like 15s, 5m, 2h or 28d" },
    { UNIT_DURATION, 1000, 3600000, "999ms", "999ms is outside 1s..1h" },
    { UNIT_DURATION, 1000, 3600000, "1s", "1000" },
    { UNIT_DURATION, 1000, 3600000, "60m", "3600000" },
    { UNIT_DURATION, 1000, 3600000, "61m", "61m is outside 1s..1h" },

    { UNIT_DISTANCE, 0, 1e6, "200 m", "200" },
    { UNIT_DISTANCE, 0, 1e6, "200m", "200" },
    { UNIT_DISTANCE, 0, 1e6, "1.5 km", "1500" },
    { UNIT_DISTANCE, 0, 1e6, "0.5 m", "0.5" },
    { UNIT_DISTANCE, 0, 1e6, "0 m", "0" },
    { UNIT_DISTANCE, 0, 1e6, "200", "\"200\" is not a distance like 200 m or 1.5 km" },
    { UNIT_DISTANCE, 0, 1e6, "200 feet", "\"200 feet\" is not a distance like 200 m or 1.5 km" },
    { UNIT_DISTANCE, 0, 1e6, "1,5 km", "\"1,5 km\" is not a distance like 200 m or 1.5 km" },
    { UNIT_DISTANCE, 0, 1e6, ". m", "\". m\" is not a distance like 200 m or 1.5 km" },
    { UNIT_DISTANCE, 0, 1e6, "1.2.3 m", "\"1.2.3 m\" is not a distance like 200 m or 1.5 km" },
    { UNIT_DISTANCE, 1, 100000, "0.99 m", "0.99 m is outside 1 m..100 km" },
    { UNIT_DISTANCE, 1, 100000, "100 km", "100000" },
    { UNIT_DISTANCE, 1, 100000, "101 km", "101 km is outside 1 m..100 km" },

    { UNIT_SPEED, 0.1, 70, "0.5 m/s", "0.5" },
    { UNIT_SPEED, 0.1, 70, "30 mph", "\"30 mph\" is not a speed like 0.5 m/s" },
    { UNIT_SPEED, 0.1, 70, "71 m/s", "71 m/s is outside 0.1 m/s..70 m/s" },

    { UNIT_SIZE, 0, 1e12, "512 B", "512" },
    { UNIT_SIZE, 0, 1e12, "64 KiB", "65536" },
    { UNIT_SIZE, 0, 1e12, "1MiB", "1048576" },
    { UNIT_SIZE, 0, 1e12, "2 GiB", "2147483648" },
    { UNIT_SIZE, 1024, 67108864, "1 MB", "\"1 MB\" is not a size like 64 KiB or 1 MiB" },
    { UNIT_SIZE, 1024, 67108864, "65 MiB", "65 MiB is outside 1 KiB..64 MiB" },
    { UNIT_SIZE, 1024, 67108864, "99999999999999999999 GiB",
      "99999999999999999999 GiB is outside 1 KiB..64 MiB" },
};

static void each_quantity_is_read_or_told_why_not(void **state)
{
    int wrong = 0;
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        double value = -7;
        struct fault why = { .text = "" };
        char got[FAULT_TEXT_MAX];
        bool ok = unit_parse(row->kind, row->text, row->low, row->high, &value, &why);

        snprintf(got, sizeof got, "%.15g", value);
        if (strcmp(ok ? got : why.text, row->want) != 0) {
            print_error("\"%s\" gives %s\n      instead of %s\n", row->text, ok ? got : why.text,
                        row->want);
            wrong++;
        } else if (!ok) {
            assert_string_equal(got, "-7"); // untouched
        }
    }
    assert_int_equal(wrong, 0);
}

#define NOT_LIKE(text) "not like `51.56844, 0.45782` (latitude, longitude) (\"" text "\")"

static const struct place {
    const char *text, *want;
} places[] = {
    { "51.56844, 0.45782", "51.56844 0.45782" },
    { "51.56844,0.45782", "51.56844 0.45782" },
    { "51.56844 , 0.45782 ", "51.56844 0.45782" },
    { "-33.9, -151.2", "-33.9 -151.2" },
    { "90, 180", "90 180" },
    { "-90, -180", "-90 -180" },
    { "51.56844 0.45782", NOT_LIKE("51.56844 0.45782") },
    { "51.56844", NOT_LIKE("51.56844") },
    { "", NOT_LIKE("") },
    { "51,5, 0,4", NOT_LIKE("51,5, 0,4") },
    { "51.5, 0.4, 7", NOT_LIKE("51.5, 0.4, 7") },
    { "51.5N, 0.4E", NOT_LIKE("51.5N, 0.4E") },
    { "nan, 0.4", NOT_LIKE("nan, 0.4") },
    { "51.5, inf", NOT_LIKE("51.5, inf") },
    { "51.5, 1e999", NOT_LIKE("51.5, 1e999") },
    { "90.1, 0", "latitude is outside -90..90: swapped with longitude? (90.1)" },
    { "151.2, -33.9", "latitude is outside -90..90: swapped with longitude? (151.2)" },
    { "200, 0", "latitude is outside -90..90 (200)" },
    { "571340, 188470", "these are National Grid metres: degrees of WGS84 "
                        "are wanted (571340..571340, 188470..188470)" },
    { "0, 180.5", "longitude is outside -180..180 (180.5)" },
};

static void each_place_is_read_or_told_why_not(void **state)
{
    int wrong = 0;
    (void)state;

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct lonlat at = { 7, 7 };
        struct fault why = { .text = "" };
        char got[FAULT_TEXT_MAX];
        bool ok = latlon_parse(places[i].text, &at, &why);

        snprintf(got, sizeof got, "%.10g %.10g", at.lat, at.lon);
        if (strcmp(ok ? got : said(&why).text, places[i].want) != 0) {
            print_error("\"%s\" gives %s\n      instead of %s\n", places[i].text,
                        ok ? got : said(&why).text, places[i].want);
            wrong++;
        } else if (!ok) {
            assert_string_equal(got, "7 7"); // untouched
        }
    }
    assert_int_equal(wrong, 0);
}

static void a_value_is_written_in_the_largest_unit_in_which_it_is_whole(void **state)
{
    static const struct {
        enum unit_kind kind;
        double value;
        const char *want;
    } texts[] = {
        { UNIT_DURATION, 90000, "90s" },      { UNIT_DURATION, 600000, "10m" },
        { UNIT_DURATION, 86400000, "1d" },    { UNIT_DURATION, 1500, "1500ms" },
        { UNIT_DURATION, 0, "0s" },           { UNIT_DISTANCE, 33.3, "33.3 m" },
        { UNIT_DISTANCE, 1500, "1500 m" },    { UNIT_DISTANCE, 2000, "2 km" },
        { UNIT_SIZE, 64.0 * 1024, "64 KiB" }, { UNIT_SHARE, 0.25, "25 %" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[UNIT_TEXT_MAX];

        assert_string_equal(unit_print(texts[i].kind, texts[i].value, text), texts[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_quantity_is_read_or_told_why_not),
        cmocka_unit_test(each_place_is_read_or_told_why_not),
        cmocka_unit_test(a_value_is_written_in_the_largest_unit_in_which_it_is_whole),
    };

    return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
