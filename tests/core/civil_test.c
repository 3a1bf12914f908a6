/* SPDX-License-Identifier: Apache-2.0 */
#include "core/civil.h"

#include "support/london.h"
#include "support/rows.h"

static const struct row {
    const char *says, *at;
    int32_t offset;
    const char *next;
} rows[] = {
    { "winter", "2020-01-01T00:00:00Z", 0, "2020-03-29T01:00:00Z" },
    { "a millisecond before summer", "2020-03-29T00:59:59.999Z", 0, "2020-03-29T01:00:00Z" },
    { "summer begins", "2020-03-29T01:00:00Z", 3600, "2020-10-25T01:00:00Z" },
    { "the demo's evening", "2020-06-23T20:14:05Z", 3600, "2020-10-25T01:00:00Z" },
    { "a millisecond before winter", "2020-10-25T00:59:59.999Z", 3600, "2020-10-25T01:00:00Z" },
    { "winter begins", "2020-10-25T01:00:00Z", 0, NULL },
    { "after the table's end", "2199-06-23T20:14:05Z", 0, NULL },
    { "the first instant", "1970-01-01T00:00:00Z", 0, "2020-03-29T01:00:00Z" },
};

static void the_offset_and_the_next_change_are_known(void **state)
{
    const struct row *row = *state;
    struct utc at = utc_of(row->at), next = row->next ? utc_of(row->next) : UTC_NEVER;

    assert_int_equal(civil_offset(&london_2020, at), row->offset);
    assert_int_equal(civil_next(&london_2020, at).ms, next.ms);
}

static void a_place_without_changes_has_one_offset(void **state)
{
    static const struct civil nepal = { 1, { { { INT64_MIN }, 20700 } } };

    (void)state;
    assert_int_equal(civil_offset(&nepal, UTC_ALWAYS), 20700);
    assert_int_equal(civil_offset(&nepal, UTC_NEVER), 20700);
    assert_int_equal(civil_next(&nepal, UTC_ALWAYS).ms, INT64_MAX);
}

static void a_full_table_is_searched_to_its_ends(void **state)
{
    struct civil full = { CIVIL_CHANGES_MAX, { { { INT64_MIN }, 0 } } };

    (void)state;
    for (int i = 1; i < CIVIL_CHANGES_MAX; i++)
        full.change[i] = (struct civil_change){ { i * 1000 }, i };
    for (int i = 1; i < CIVIL_CHANGES_MAX; i++) {
        assert_int_equal(civil_offset(&full, (struct utc){ i * 1000 }), i);
        assert_int_equal(civil_offset(&full, (struct utc){ i * 1000 - 1 }), i - 1);
        assert_int_equal(civil_next(&full, (struct utc){ i * 1000 - 1 }).ms, i * 1000);
    }
    assert_int_equal(civil_next(&full, (struct utc){ CIVIL_CHANGES_MAX * 1000 }).ms, INT64_MAX);
}

static const struct read_row {
    const char *text, *want; // an instant, or what is said of it
    bool good;
} read_rows[] = {
    { "2020-01-20 12:00", "2020-01-20T12:00:00Z", true },
    { "2020-06-20 12:00", "2020-06-20T11:00:00Z", true },
    { "2020-06-20 12:00:30", "2020-06-20T11:00:30Z", true },
    { "2020-06-20T12:00:00Z", "2020-06-20T12:00:00Z", true },
    { "2020-06-20 12:00:00+05:00", "2020-06-20T07:00:00Z", true },
    { "2020-03-29 00:59:59", "2020-03-29T00:59:59Z", true },
    { "2020-03-29 01:00",
      "is shown by no clock: clocks go forward from 2020-03-29T00:59 to 2020-03-29T02:00", false },
    { "2020-03-29 01:59:59",
      "is shown by no clock: clocks go forward from 2020-03-29T00:59 to 2020-03-29T02:00", false },
    { "2020-03-29 02:00", "2020-03-29T01:00:00Z", true },
    { "2020-10-25 00:59:59", "2020-10-24T23:59:59Z", true },
    { "2020-10-25 01:00",
      "comes twice, as clocks go back then: 2020-10-25T01:00:00+01:00 or "
      "2020-10-25T01:00:00+00:00 is wanted",
      false },
    { "2020-10-25 01:59:59",
      "comes twice, as clocks go back then: 2020-10-25T01:59:59+01:00 or "
      "2020-10-25T01:59:59+00:00 is wanted",
      false },
    { "2020-10-25 02:00", "2020-10-25T02:00:00Z", true },
    { "2020-06-20T12:00", "is not like 2020-06-09T12:00:00+01:00 or 2020-06-09 12:00", false },
    { "2020-06-20T12:00:00", "is not like 2020-06-09T12:00:00+01:00 or 2020-06-09 12:00", false },
    { "2020-06-20 12:00:30.5", "is not like 2020-06-09T12:00:00+01:00 or 2020-06-09 12:00", false },
    { "2020-06-20", "is not like 2020-06-09T12:00:00+01:00 or 2020-06-09 12:00", false },
    { "2020-11-31 12:00", "names a day that the calendar has not", false },
    { "2020-11-30 24:00", "names a time that no day has", false },
};

static void an_instant_is_read_as_people_write_it(void **state)
{
    const struct read_row *row = *state;
    struct utc at = { 42 };
    struct fault why = { .text = "" };

    assert_int_equal(civil_parse(&london_2020, row->text, &at, &why), row->good);
    assert_int_equal(at.ms, row->good ? utc_of(row->want).ms : 42);
    assert_string_equal(why.text, row->good ? "" : row->want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_without_changes_has_one_offset),
        cmocka_unit_test(a_full_table_is_searched_to_its_ends),
    };

    return rows_hold("civil: London in 2020", rows, the_offset_and_the_next_change_are_known) +
           rows_hold("civil: instants", read_rows, an_instant_is_read_as_people_write_it) +
           cmocka_run_group_tests_name("civil", tests, NULL, NULL);
}
