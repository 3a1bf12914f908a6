/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/complaints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/logged.h"
#include "support/rows.h"
#include "support/scratch.h"
#include "support/test.h"

static void a_complaint_says_where_what_and_why(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    complain(&complaints, "breachd.conf", 14, "idle: %d is outside %s", 0, "1s..1h");
    assert_int_equal(complaints.errors, 1);
    assert_int_equal(complaints.warnings, 0);
    assert_complaints("an error", &complaints, "breachd.conf:14: idle: 0 is outside 1s..1h\n");
}

static void a_file_as_a_whole_has_no_line(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    complain(&complaints, "breachd.conf", 0, "No such file or directory");
    assert_complaints("no line", &complaints, "breachd.conf: No such file or directory\n");
}

static void a_warning_is_told_but_is_no_error(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    complain_softly(&complaints, "A.conf", 1, "served: not given");
    assert_int_equal(complaints.errors, 0);
    assert_int_equal(complaints.warnings, 1);
    assert_complaints("a warning", &complaints, "A.conf:1: warning: served: not given\n");
}

static void they_stand_in_the_order_in_which_they_were_made(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    complain(&complaints, "b", 2, "one");
    complain_softly(&complaints, "a", 1, "two");
    complain(&complaints, "a", 0, "three");
    assert_complaints("three of them", &complaints, "b:2: one\na:1: warning: two\na: three\n");
}

static void more_than_1000_are_only_counted(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    for (int i = 1; i <= COMPLAINTS_KEPT_MAX + 5; i++)
        complain(&complaints, "a", i, "bad");
    complain_softly(&complaints, "a", 9999, "odd");
    assert_int_equal(complaints.errors, COMPLAINTS_KEPT_MAX + 5);
    assert_int_equal(complaints.warnings, 1);
    assert_int_equal(complaints.n, COMPLAINTS_KEPT_MAX);
    assert_string_equal(complaints.kept[COMPLAINTS_KEPT_MAX - 1].text, "a:1000: bad");
    complaints_fini(&complaints);
}

static void a_very_long_one_is_cut(void **state)
{
    struct complaints complaints = { 0 };
    char text[10000];
    (void)state;

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    complain(&complaints, "a", 1, "%s", text);
    assert_int_equal(complaints.n, 1);
    assert_true(strlen(complaints.kept[0].text) < sizeof text);
    complaints_fini(&complaints);
}

static void emptied_they_can_be_used_again(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    complain(&complaints, "a", 1, "one");
    complaints_fini(&complaints);
    assert_int_equal(complaints.errors + complaints.warnings + complaints.n, 0);
    complain(&complaints, "a", 2, "two");
    assert_complaints("again", &complaints, "a:2: two\n");
}

/* An error, a warning, an error with a secret and one more than are kept: how they are shown. */
static const struct row {
    const char *says;
    unsigned shown;
    const char *text;
} rows[] = {
    { "a program that people run", COMPLAINTS_WARNINGS | COMPLAINTS_SECRETS,
      "a:1: odd\\u000Aname\na:2: warning: odd\na:3: zone: outside of 51.5,0.1\nand 2 more\n" },
    { "one that a journal reads", COMPLAINTS_WARNINGS,
      "a:1: odd\\u000Aname\na:2: warning: odd\na:3: zone: outside: breachd -n says where\n"
      "and 2 more\n" },
    { "one that is not asked about warnings", COMPLAINTS_SECRETS,
      "a:1: odd\\u000Aname\na:3: zone: outside of 51.5,0.1\nand 1 more\n" },
};

static void make_three_and_two_more(struct complaints *complaints)
{
    struct fault why;

    complain(complaints, "a", 1, "odd\nname");
    complain_softly(complaints, "a", 2, "odd");
    fault_set(&why, "outside");
    fault_add_secret(&why, " of 51.5,0.1");
    complain_of(complaints, "a", 3, "zone", &why);
    complaints->errors++; // as if no place had been left
    complaints->warnings++;
}

static void row_is_printed(void **state)
{
    const struct row *row = *state;
    struct complaints complaints = { 0 };
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    make_three_and_two_more(&complaints);
    complaints_print(&complaints, row->shown, out);
    fclose(out);
    assert_string_equal(text, row->text);
    free(text);
    complaints_fini(&complaints);
}

static void to_the_log_they_go_without_secrets_each_by_its_priority(void **state)
{
    struct complaints complaints = { 0 };
    struct logged logged;

    (void)state;
    make_three_and_two_more(&complaints);
    setenv("JOURNAL_STREAM", "1:1", 1);
    logged_begin(&logged);
    complaints_log(&complaints);
    logged_end(&logged);
    unsetenv("JOURNAL_STREAM");
    complaints_fini(&complaints);
    assert_string_equal(logged.text,
                        "<3>a:1: odd\\u000Aname\n<4>a:2: warning: odd\n"
                        "<3>a:3: zone: outside: breachd -n says where\n<3>and 2 more\n");
}

static void none_are_shown_by_no_line(void **state)
{
    struct complaints complaints = { 0 };
    char text[64] = "untouched";
    FILE *out = fmemopen(text, sizeof text, "r+");

    (void)state;
    complaints_print(&complaints, COMPLAINTS_WARNINGS | COMPLAINTS_SECRETS, out);
    fclose(out);
    assert_string_equal(text, "untouched");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complaint_says_where_what_and_why),
        cmocka_unit_test(a_file_as_a_whole_has_no_line),
        cmocka_unit_test(a_warning_is_told_but_is_no_error),
        cmocka_unit_test(they_stand_in_the_order_in_which_they_were_made),
        cmocka_unit_test(more_than_1000_are_only_counted),
        cmocka_unit_test(a_very_long_one_is_cut),
        cmocka_unit_test(emptied_they_can_be_used_again),
        cmocka_unit_test(to_the_log_they_go_without_secrets_each_by_its_priority),
        cmocka_unit_test(none_are_shown_by_no_line),
    };

    return rows_hold("complaints_rows", rows, row_is_printed) +
           cmocka_run_group_tests_name("complaints", tests, NULL, NULL);
}
