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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_without_changes_has_one_offset),
        cmocka_unit_test(a_full_table_is_searched_to_its_ends),
    };

    return rows_hold("civil: London in 2020", rows, the_offset_and_the_next_change_are_known) +
           cmocka_run_group_tests_name("civil", tests, NULL, NULL);
}
