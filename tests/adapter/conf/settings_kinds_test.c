/* SPDX-License-Identifier: Apache-2.0 */
/* Which kinds of devices a reload makes otherwise is told before and as it is done, in words. */
#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/settings_load.h"

#define ON "; from the next ping of each on\n"
#define A  "[devices a]\nmatch = a-*\naccuracy-percentile = 95\n"
#define B  "[devices b]\nmatch = b-*, ?\n"

static const struct row {
    const char *says, *was, *is, *want;
} rows[] = {
    { "none, and none", "", "", "" },
    { "the same", A B, A B, "" },
    { "68 is what is not given", B, B "accuracy-percentile = 68 %\n", "" },
    { "one more", B, A B, "[devices a]: added: match a-*, accuracy-percentile 95" ON },
    { "one less", A B, A, "[devices b]: ended: match b-*, ?, accuracy-percentile 68" ON },
    { "another percentile", A, "[devices a]\nmatch = a-*\naccuracy-percentile = 68.27\n",
      "[devices a]: accuracy-percentile 68.27, was 95" ON },
    { "other devices", A B, A "[devices b]\nmatch = b-1*\n",
      "[devices b]: match b-1*, was b-*, ?" ON },
    { "another order", A B, B A,
      "[devices]: in another order, of which the first that matches counts" ON },
    { "one between is no other order", A B, A "[devices c]\nmatch = c\n" B,
      "[devices c]: added: match c, accuracy-percentile 68" ON },
};

static char told[4096];

static void note(const char *line, void *arg)
{
    size_t n = strlen(told);

    (void)arg;
    snprintf(told + n, sizeof told - n, "%s\n", line);
}

static void load_good(const char *kinds)
{
    struct complaints complaints = { 0 };
    char text[1024];

    snprintf(text, sizeof text, SITE "%s", kinds);
    load(text, &complaints);
    assert_complaints(kinds, &complaints, "");
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    static struct device_kinds was;
    size_t n, lines = 0;

    load_good(row->was);
    was = settings.kinds;
    load_good(row->is);
    told[0] = '\0';
    n = settings_kinds_compare(&was, &settings.kinds, note, NULL);
    assert_string_equal(told, row->want);
    for (const char *at = told; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(n, lines);
    assert_int_equal(settings_anew(&settings, &settings), SETTINGS_LIVE);
}

/* As much as there can be of it: no line is cut. */
static void the_longest_is_told_whole(void **state)
{
    static struct device_kinds was, is;

    (void)state;
    was.n = is.n = 1;
    was.of[0].n_match = is.of[0].n_match = DEVICE_GLOBS_MAX;
    was.of[0].percentile = is.of[0].percentile = 95;
    memset(was.of[0].name, 'n', NAME_MAX_CHARS);
    memset(is.of[0].name, 'n', NAME_MAX_CHARS);
    for (size_t i = 0; i < DEVICE_GLOBS_MAX; i++) {
        memset(was.of[0].match[i], 'a', NAME_MAX_CHARS);
        memset(is.of[0].match[i], 'b', NAME_MAX_CHARS);
    }
    told[0] = '\0';
    assert_int_equal(settings_kinds_compare(&was, &is, note, NULL), 1);
    assert_string_equal(told + strlen(told) - strlen(ON), ON);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_longest_is_told_whole) };

    return rows_hold_in("kinds", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("settings_kinds", tests, NULL, NULL);
}
