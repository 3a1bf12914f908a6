/* SPDX-License-Identifier: Apache-2.0 */
#include "core/device_kind.h"

#include <string.h>

#include "support/rows.h"

static const struct row {
    const char *glob, *device;
    bool matches;
} rows[] = {
    { "tag-1", "tag-1", true },
    { "tag-1", "tag-10", false },
    { "tag-1", "tag-", false },
    { "buddi-*", "buddi-0042", true },
    { "buddi-*", "buddi-", true },
    { "buddi-*", "sct-buddi-1", false },
    { "*", "anything.at_all", true },
    { "*-uk", "tag-7-uk", true },
    { "*-uk", "tag-7-uk-2", false },
    { "tag-?", "tag-7", true },
    { "tag-?", "tag-", false },
    { "tag-??", "tag-7", false },
    { "t*g-*1", "tag-tag-11", true },
    { "t*g-*1", "tag-tag-12", false },
    { "*a*b*c*", "xxaxxbxxbxxcxx", true },
    { "*a*b*c*", "xxcxxbxxaxx", false },
    { "?*?", "ab", true },
    { "?*?", "a", false },
    { "TAG-*", "tag-1", false },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    if (device_glob_matches(row->glob, row->device) != row->matches)
        fail_msg("%s and %s: %s", row->glob, row->device, row->matches ? "no match" : "a match");
}

/* As many stars as there is room for, and an id that nearly matches: no time is lost. */
static void a_glob_of_stars_is_soon_done(void **state)
{
    char glob[NAME_MAX_CHARS + 1] = "", device[NAME_MAX_CHARS + 1] = "";

    (void)state;
    for (size_t i = 0; i < NAME_MAX_CHARS; i++) {
        glob[i] = i % 2 == 0 ? '*' : 'a';
        device[i] = 'a';
    }
    glob[NAME_MAX_CHARS - 1] = 'b';
    assert_true(device_glob_valid(glob));
    assert_false(device_glob_matches(glob, device));
}

static void only_what_an_id_may_be_is_a_glob(void **state)
{
    static const char *const bad[] = {
        "", "tag[0-9]", "tag 1", "tag,1", "\xc3\xa9", "tag/1", "{a}"
    };
    char text[NAME_MAX_CHARS + 2];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(device_glob_valid(bad[i]));
    memset(text, 'a', sizeof text - 1);
    text[NAME_MAX_CHARS + 1] = '\0';
    assert_false(device_glob_valid(text));
    text[NAME_MAX_CHARS] = '\0';
    assert_true(device_glob_valid(text));
    assert_true(device_glob_valid("*") && device_glob_valid("a.b_c-?*"));
}

static void the_first_that_matches_counts(void **state)
{
    static const struct device_kinds kinds = {
        .n = 3,
        .of = { { "spare", { "buddi-9*" }, 1, 68 },
                { "tags", { "sct-*", "buddi-*" }, 2, 95 },
                { "rest", { "*-1" }, 1, 50 } },
    };

    (void)state;
    assert_ptr_equal(device_kind_find(&kinds, "buddi-91"), &kinds.of[0]);
    assert_ptr_equal(device_kind_find(&kinds, "buddi-1"), &kinds.of[1]);
    assert_ptr_equal(device_kind_find(&kinds, "phone-1"), &kinds.of[2]);
    assert_null(device_kind_find(&kinds, "phone-2"));
    assert_null(device_kind_find(NULL, "buddi-1"));
    assert_true(device_percentile(&kinds, "buddi-1") == 95);
    assert_true(device_percentile(&kinds, "buddi-91") == 0); // 68: nothing is to be done
    assert_true(device_percentile(&kinds, "phone-2") == 0);
    assert_true(device_percentile(NULL, "buddi-1") == 0);
}

static struct device_kinds mixed(void)
{
    return (struct device_kinds){
        .n = 3,
        .of = { { .name = "spare", .match = { "buddi-9*" }, .n_match = 1 },
                { .name = "tags",
                  .match = { "buddi-*" },
                  .n_match = 1,
                  .unknown_accuracy = 12,
                  .ping_interval_ms = 60000,
                  .silent_ms = 600000,
                  .has_no_fix = true,
                  .clock = CLOCK_TRUSTED },
                { .name = "rest", .match = { "*-1" }, .n_match = 1, .clock = CLOCK_UNTRUSTED } },
    };
}

static const struct detect usual = {
    .unknown_accuracy = 30, .silent_ms = 3600000, .no_fix_ms = 900000, .late_ms = 5
};

static struct detect detect_of(const struct device_kinds *kinds, const char *device)
{
    struct detect room;

    return *device_detect(kinds, device, &usual, &room);
}

static void what_a_kind_has_stands_in_place_of_the_usual(void **state)
{
    struct device_kinds kinds = mixed();
    struct detect got = detect_of(&kinds, "buddi-1");

    (void)state;
    assert_true(got.unknown_accuracy == 12 && got.silent_ms == 600000);
    assert_true(got.no_fix_ms == 0 && got.late_ms == 5); // given as 0, and of no kind's
    assert_int_equal(got.clock, CLOCK_TRUSTED);
    assert_int_equal(device_ping_interval(&kinds, "buddi-1", 15000), 60000);
    assert_int_equal(device_clock(&kinds, "phone-1"), CLOCK_UNTRUSTED);
}

/* The first that matches counts, also for what it does not have. */
static void what_it_has_not_is_the_usual(void **state)
{
    static const char *const devices[] = { "buddi-91", "phone-2" };
    struct device_kinds kinds = mixed();
    struct detect room;

    (void)state;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        struct detect got = detect_of(&kinds, devices[i]);

        assert_memory_equal(&got, &usual, sizeof usual);
        assert_int_equal(device_ping_interval(&kinds, devices[i], 15000), 15000);
        assert_int_equal(device_clock(&kinds, devices[i]), CLOCK_JUDGED);
    }
    assert_ptr_equal(device_detect(NULL, "buddi-1", &usual, &room), &usual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_glob_of_stars_is_soon_done),
        cmocka_unit_test(only_what_an_id_may_be_is_a_glob),
        cmocka_unit_test(the_first_that_matches_counts),
        cmocka_unit_test(what_a_kind_has_stands_in_place_of_the_usual),
        cmocka_unit_test(what_it_has_not_is_the_usual),
    };

    return rows_hold("globs", rows, row_holds) +
           cmocka_run_group_tests_name("device_kind", tests, NULL, NULL);
}
