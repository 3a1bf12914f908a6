/* SPDX-License-Identifier: Apache-2.0 */
/* Instants whose offset, or whose time of day, a map took away. */
#include "ctl/import_times.h"

#include <string.h>

#include "support/test.h"

#define TIMES                                                                                      \
    "from 2026-01-01T09:00:00.000Z; served 2026-01-02T12:30:00.250Z; until "                       \
    "2026-06-30T23:00:00.000Z"

static const struct row {
    const char *says, *times, *key, *value, *want; // want NULL: left as it is
} rows[] = {
    { "QGIS, GeoJSON", TIMES, "until", "2026-06-30T23:00:00", "2026-06-30T23:00:00.000Z" },
    { "QGIS, shapefile", TIMES, "until", "2026/06/30 23:00:00.000", "2026-06-30T23:00:00.000Z" },
    { "QGIS, CSV", TIMES, "from", "2026/01/01 09:00:00", "2026-01-01T09:00:00.000Z" },
    { "thousandths", TIMES, "served", "2026-01-02T12:30:00", "2026-01-02T12:30:00.250Z" },
    { "a shapefile's date", TIMES, "from", "2026/01/01", "2026-01-01T09:00:00.000Z" },
    { "GDAL's date", TIMES, "from", "2026-01-01", "2026-01-01T09:00:00.000Z" },
    { "another second", TIMES, "until", "2026-06-30T23:00:01", NULL },
    { "another day", TIMES, "until", "2026-07-01", NULL },
    { "another key's instant", TIMES, "from", "2026-06-30T23:00:00", NULL },
    { "local time, as it is typed", TIMES, "from", "2026-01-01 09:00", NULL },
    { "an offset", TIMES, "from", "2026-01-01T09:00:00+01:00", NULL },
    { "UTC", TIMES, "from", "2026-01-01T09:00:00Z", NULL },
    { "an offset to the west", TIMES, "from", "2026-01-01T09:00:00-05:00", NULL },
    { "words", TIMES, "from", "now", NULL },
    { "nothing", TIMES, "from", "", NULL },
    { "a key that is not there", "from 2026-01-01T09:00:00.000Z", "until", "2026-01-01", NULL },
    { "no key", TIMES, "fro", "2026-01-01", NULL },
    { "no instant in it", "from ", "from", "2026-01-01", NULL },
    { "no Z in it", "from 2026-01-01T09:00:00", "from", "2026-01-01", NULL },
    { "far too long", "from 2026-01-01T09:00:00.00000000000000000000000000000000000Z", "from",
      "2026-01-01", NULL },
    { "something else", "daily", "from", "2026-01-01", NULL },
    { "a year too many", TIMES, "from", "2026010109000000000000000000000", NULL },
};

static void only_what_a_map_made_of_it_is_made_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        char out[UTC_TEXT_MAX] = "untouched";
        bool found = import_times_find(row->times, row->key, row->value, out);

        print_message("%s\n", row->says);
        assert_int_equal(found, row->want != NULL);
        assert_string_equal(out, row->want != NULL ? row->want : "untouched");
    }
}

/* As `ogr2ogr -f CSV` and `-f KML` write a field of date and time, and GML and GeoPackage do. */
static void how_gdal_writes_an_instant_is_rewritten(void **state)
{
    static const struct {
        const char *value, *want; // want NULL: is none of those
    } each[] = {
        { "2020/06/09 12:00:00+00", "2020-06-09T12:00:00+00:00" },
        { "2020/07/07 12:00:00+01", "2020-07-07T12:00:00+01:00" },
        { "2020/07/07 12:00:00.25-0530", "2020-07-07T12:00:00.25-05:30" },
        { "2020-06-09T12:00:00Z", "2020-06-09T12:00:00Z" },
        { "2020-06-09T12:00:00+0100", "2020-06-09T12:00:00+01:00" },
        { "2020-06-09T12:00:00.123+01:00", "2020-06-09T12:00:00.123+01:00" },
        { "2020/06/09 12:00:00", NULL }, // of which hour that is nobody says
        { "2020/06/09", NULL },
        { "2020/06/09 12:00+00", NULL },
        { "2020/06/09 12:00:00+1", NULL },
        { "2020/06/09 12:00:00+010", NULL },
        { "2020/06/09 12:00:00+01000", NULL },
        { "2020/06/09 12:00:00+0:00", NULL },
        { "2020/06/31 12:00:00+00", NULL },
        { "2020/06/09 12:00:00.123456789+00", NULL },
        { "2020/06/09 12:00:00+00 ", NULL },
        { "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        char out[UTC_TEXT_MAX] = "untouched";

        print_message("%s\n", each[i].value);
        assert_int_equal(import_times_rewrite(each[i].value, out), each[i].want != NULL);
        assert_string_equal(out, each[i].want != NULL ? each[i].want : "untouched");
    }
}

static void what_a_map_writes_is_told_from_what_people_do(void **state)
{
    static const char *const bare[] = { "2026-06-20", "2026/06/20", "2026-06-20 18:00:00",
                                        "2026-06-20T18:00:00", "2026/06/20 18:00:00.000" };
    static const char *const others[] = { "2026-06-20 18:00", "2026-06-20T18:00:00Z", "never", "",
                                          "2026-06-20T18:00:00+01:00" };

    (void)state;
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        assert_true(import_times_bare(bare[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(import_times_bare(others[i]));
}

static void what_is_printed_is_found_again(void **state)
{
    struct order order = { .from = { 1767258000000 }, .served = UTC_NEVER, .until = UTC_NEVER };
    char times[IMPORT_TIMES_MAX], out[UTC_TEXT_MAX];

    (void)state;
    assert_string_equal(import_times_print(&order, times), "from 2026-01-01T09:00:00.000Z");
    assert_false(import_times_find(times, "until", "2026-01-01", out));
    order.served = order.until = (struct utc){ 1782860400250 };
    import_times_print(&order, times);
    assert_true(import_times_find(times, "until", "2026-06-30T23:00:00", out));
    assert_string_equal(out, "2026-06-30T23:00:00.250Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_a_map_made_of_it_is_made_whole),
        cmocka_unit_test(how_gdal_writes_an_instant_is_rewritten),
        cmocka_unit_test(what_a_map_writes_is_told_from_what_people_do),
        cmocka_unit_test(what_is_printed_is_found_again),
    };

    return cmocka_run_group_tests_name("import times", tests, NULL, NULL);
}
