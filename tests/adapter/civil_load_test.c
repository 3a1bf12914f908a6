/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/civil_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static struct civil civil;

static struct utc at(const char *text)
{
    struct utc read = { 0 };

    assert_true(utc_parse(text, &read));
    return read;
}

static void load(const char *name)
{
    struct fault why = { .text = "" };

    if (!civil_load(name, &civil, &why))
        fail_msg("%s", why.text);
}

static void london_goes_forward_on_29_march_2020_at_01_00(void **state)
{
    (void)state;
    load("Europe/London");
    assert_int_equal(civil_offset(&civil, at("2020-03-29T00:59:59.999Z")), 0);
    assert_int_equal(civil_offset(&civil, at("2020-03-29T01:00:00Z")), 3600);
}

static void london_goes_back_on_25_october_2020_at_01_00(void **state)
{
    (void)state;
    load("Europe/London");
    assert_int_equal(civil_offset(&civil, at("2020-10-25T00:59:59.999Z")), 3600);
    assert_int_equal(civil_offset(&civil, at("2020-10-25T01:00:00Z")), 0);
}

static void the_next_change_is_told_to_the_millisecond(void **state)
{
    (void)state;
    load("Europe/London");
    assert_true(civil_next(&civil, at("2020-03-01T00:00:00Z")).ms == at("2020-03-29T01:00:00Z").ms);
    assert_true(civil_next(&civil, at("2020-03-29T01:00:00Z")).ms == at("2020-10-25T01:00:00Z").ms);
}

static void there_are_two_changes_a_year_to_the_end_of_the_century(void **state)
{
    (void)state;
    load("Europe/London");
    assert_int_equal(civil.n, 1 + 2 * 100);
    assert_true(civil.change[0].at.ms == UTC_ALWAYS.ms);
    assert_int_equal(civil.change[0].offset, 0);
    for (size_t i = 1; i < civil.n; i++)
        assert_int_equal(civil.change[i].offset, i % 2 == 1 ? 3600 : 0);
    assert_int_equal(civil_offset(&civil, at("2099-07-01T00:00:00Z")), 3600);
    assert_true(civil_next(&civil, at("2100-01-01T00:00:00Z")).ms == UTC_NEVER.ms);
}

static void a_place_that_never_changes_has_one_offset(void **state)
{
    (void)state;
    load("Etc/GMT-14");
    assert_int_equal(civil.n, 1);
    assert_int_equal(civil_offset(&civil, at("2020-06-23T20:14:05Z")), 14 * 3600);
}

/* Half an hour there, and to the south the other way round. */
static void lord_howe_is_no_special_case(void **state)
{
    (void)state;
    load("Australia/Lord_Howe");
    assert_int_equal(civil_offset(&civil, at("2020-01-01T00:00:00Z")), 11 * 3600);
    assert_int_equal(civil_offset(&civil, at("2020-07-01T00:00:00Z")), 10 * 3600 + 1800);
}

static void the_time_zone_of_the_process_is_put_back(void **state)
{
    (void)state;
    setenv("TZ", "Asia/Tokyo", 1);
    load("Europe/London");
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    unsetenv("TZ");
    load("Europe/London");
    assert_null(getenv("TZ"));
}

/* libc takes each of them for UTC and reports no error. */
static void what_is_no_time_zone_is_refused(void **state)
{
    static const char *const names[] = { "Europe/Basildon", "Europe",
                                         "europe/london",   "",
                                         "/etc/localtime",  "../zoneinfo/Europe/London",
                                         "Europe/London ",  "GMT+1",
                                         "zone.tab",        "tzdata.zi" };
    int taken = 0;
    (void)state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct fault why = { .text = "" };
        char want[FAULT_TEXT_MAX];

        civil.n = 77;
        if (civil_load(names[i], &civil, &why)) {
            print_error("\"%s\" is taken for a time zone\n", names[i]);
            taken++;
            continue;
        }
        snprintf(want, sizeof want, "\"%s\" is no time zone of /usr/share/zoneinfo", names[i]);
        assert_string_equal(why.text, want);
        assert_int_equal(civil.n, 77);
    }
    assert_int_equal(taken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(london_goes_forward_on_29_march_2020_at_01_00),
        cmocka_unit_test(london_goes_back_on_25_october_2020_at_01_00),
        cmocka_unit_test(the_next_change_is_told_to_the_millisecond),
        cmocka_unit_test(there_are_two_changes_a_year_to_the_end_of_the_century),
        cmocka_unit_test(a_place_that_never_changes_has_one_offset),
        cmocka_unit_test(lord_howe_is_no_special_case),
        cmocka_unit_test(the_time_zone_of_the_process_is_put_back),
        cmocka_unit_test(what_is_no_time_zone_is_refused),
    };

    return cmocka_run_group_tests_name("civil_load", tests, NULL, NULL);
}
