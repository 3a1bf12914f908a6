/* SPDX-License-Identifier: Apache-2.0 */
#include "core/numbering.h"

#include "support/test.h"

static struct utc at(const char *text)
{
    struct utc when = { 0 };

    assert_true(utc_parse(text, &when));
    return when;
}

static void a_site_that_has_told_nothing_begins_with_1(void **state)
{
    (void)state;
    assert_int_equal(numbering_start(false, at("2026-11-28T12:00:00Z"), 0, 7), 0);
    assert_int_equal(numbering_start(false, (struct utc){ 0 }, 0, 7), 0);
}

static void a_later_ledger_counts_higher(void **state)
{
    (void)state;
    assert_int_equal(numbering_start(true, at("2026-01-01T00:00:01Z"), 0, 7), 1);
    assert_int_equal(numbering_start(true, at("2026-11-28T12:00:00Z"), 0, 7), 28641600);
    assert_int_equal(numbering_start(true, at("2026-11-28T12:00:01.999Z"), 0, 7), 28641601);
    assert_int_equal(numbering_start(true, at("2094-01-19T03:14:07Z"), 0, 7), INT32_MAX);
}

static void above_what_was_told_faster_than_a_second_each(void **state)
{
    const struct utc now = at("2026-11-28T12:00:00Z"); // 28641600

    (void)state;
    assert_int_equal(numbering_start(true, now, 28641599, 7), 28641600);
    assert_int_equal(numbering_start(true, now, 28641650, 7), 28641650);
    assert_int_equal(numbering_start(true, now, 28641600 + (1 << 24), 7), 28641600 + (1 << 24));
    assert_int_equal(numbering_start(true, now, 28641601 + (1 << 24), 7),
                     28641600); // a name's digits
    assert_int_equal(numbering_start(false, now, 28641650, 7), 0);
}

static void a_clock_that_was_never_set_is_not_asked(void **state)
{
    static const char *const never[] = { "1970-01-01T00:00:00Z", "2025-12-31T23:59:59Z",
                                         "2026-01-01T00:00:00Z", "2094-01-19T03:14:08Z" };

    (void)state;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        assert_in_range(numbering_start(true, at(never[i]), 0, 0), 1u << 31,
                        UINT32_MAX - (1u << 24));
        assert_in_range(numbering_start(true, at(never[i]), 0, UINT32_MAX), 1u << 31,
                        UINT32_MAX - (1u << 24));
    }
    assert_int_not_equal(numbering_start(true, at(never[0]), 0, 1),
                         numbering_start(true, at(never[0]), 0, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_that_has_told_nothing_begins_with_1),
        cmocka_unit_test(a_later_ledger_counts_higher),
        cmocka_unit_test(above_what_was_told_faster_than_a_second_each),
        cmocka_unit_test(a_clock_that_was_never_set_is_not_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
