/* SPDX-License-Identifier: Apache-2.0 */
/* Which kinds of devices a reload makes otherwise is told before and as it is done, in words. */
#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/settings_load.h"

#define ON  "; from the next ping of each on\n"
#define A   "[devices a]\nmatch = a-*\naccuracy-percentile = 95\n"
#define B   "[devices b]\nmatch = b-*, ?\n"
#define NOW "; from now on\n"
#define OWN "silent-after = 90s\nno-fix-after = 0s\n"

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
    { "all of its own", B,
      B "unknown-accuracy = 33.3 m\nping-interval = 1m\nclock = untrusted\n" OWN,
      "[devices b]: unknown-accuracy 33.3 m, was not given" NOW
      "[devices b]: ping-interval 1m, was not given; for what is warned of\n"
      "[devices b]: silent-after 90s, was not given" NOW
      "[devices b]: no-fix-after 0s, was not given" NOW
      "[devices b]: clock untrusted, was not given" ON },
    { "another clock", B "clock = untrusted\n", B "clock = trusted\n",
      "[devices b]: clock trusted, was untrusted" ON },
    { "no clock of its own any more", B "clock = trusted\n", B,
      "[devices b]: clock not given, was trusted" ON },
    { "no silence of its own any more", B OWN, B,
      "[devices b]: silent-after not given, was 90s" NOW
      "[devices b]: no-fix-after not given, was 0s" NOW },
    { "one more with a silence of its own", A, A B OWN,
      "[devices b]: added: match b-*, ?, accuracy-percentile 68, silent-after 90s, no-fix-after "
      "0s" NOW },
    { "one less with another clock", A B "clock = trusted\n", A,
      "[devices b]: ended: match b-*, ?, accuracy-percentile 68, clock trusted" ON },
    { "other devices with a silence of their own", A OWN,
      "[devices a]\nmatch = a\n" OWN "accuracy-percentile = 95\n",
      "[devices a]: match a, was a-*" NOW },
    { "another order, of silences too", A OWN B, B A OWN,
      "[devices]: in another order, of which the first that matches counts" NOW },
};

static char stated[4096];

static void note(const char *line, void *arg)
{
    size_t n = strlen(stated);

    (void)arg;
    snprintf(stated + n, sizeof stated - n, "%s\n", line);
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
    stated[0] = '\0';
    n = settings_kinds_compare(&was, &settings.kinds, note, NULL);
    assert_string_equal(stated, row->want);
    for (const char *at = stated; (at = strchr(at, '\n')) != NULL; at++)
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
    stated[0] = '\0';
    assert_int_equal(settings_kinds_compare(&was, &is, note, NULL), 1);
    assert_string_equal(stated + strlen(stated) - strlen(ON), ON);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_longest_is_told_whole) };

    return rows_hold_in("kinds", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("settings_kinds", tests, NULL, NULL);
}
