/* SPDX-License-Identifier: Apache-2.0 */
/* What another ledger left in Redis is read as far as it can be, and believed to no harm. */
#include "adapter/json/leftover.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

#define ALERT(of)                                                                                  \
    "{\"sequence\":\"412\",\"source\":\"/breachd/" of "\",\"type\":\"breachd.breach\","            \
    "\"time\":\"2020-06-23T20:14:05.000Z\",\"data\":{\"area\":\"Basildon\","                       \
    "\"respondent\":\"R-1\","                                                                      \
    "\"severity\":\"high\",\"reason\":\"inside\"}}"
#define LONG_NAME "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789-_."

static const struct row {
    const char *says, *incident, *value;
    enum leftover_kind want;
} rows[] = {
    { "an alert of ours", "A/home/3", ALERT("essex"), LEFTOVER_OURS },
    { "one of another site", "A/home/3", ALERT("kent"), LEFTOVER_ANOTHERS },
    { "one in `todo`", "A/home/3", "{\"alert\":" ALERT("kent") "}", LEFTOVER_ANOTHERS },
    { "what is too large is nobody else's", "A/home/3", "", LEFTOVER_OURS },
    { "nor what is no JSON", "A/home/3", "\xff{", LEFTOVER_OURS },
    { "nor what names nobody", "A/home/3", "{\"source\":7}", LEFTOVER_OURS },
    { "a device's", "device/tag-1/silent/4000000000", "", LEFTOVER_OURS },
    { "our own", "blind/7", "", LEFTOVER_OURS },
    { "no number", "A/home", "", LEFTOVER_NONE },
    { "number 0", "A/home/0", "", LEFTOVER_NONE },
    { "more than a number holds", "A/home/4294967296", "", LEFTOVER_NONE },
    { "something behind it", "A/home/3x", "", LEFTOVER_NONE },
    { "no subject", "/3", "", LEFTOVER_NONE },
    { "an empty part", "A//3", "", LEFTOVER_NONE },
    { "what is no name", "A/ho\x1bme/3", "", LEFTOVER_NONE },
    { "a name too long", LONG_NAME "/3", "", LEFTOVER_NONE },
    { "nothing", "", "", LEFTOVER_NONE },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct leftover leftover;

    assert_int_equal(leftover_read(row->incident, row->value, "essex", &leftover), row->want);
}

static void all_that_is_told_is_read(void **state)
{
    struct leftover leftover;

    (void)state;
    leftover_read("A/home/3", "{\"alert\":" ALERT("essex") ",\"by\":\"PC 42\",\"note\":\"seen\"}",
                  "essex", &leftover);
    assert_string_equal(leftover.incident, "A/home/3");
    assert_int_equal(leftover.sequence, 412);
    assert_int_equal(leftover.severity, SEVERITY_HIGH);
    assert_string_equal(leftover.type, "breach");
    assert_string_equal(leftover.time, "2020-06-23T20:14:05.000Z");
    assert_string_equal(leftover.area, "Basildon");
    assert_string_equal(leftover.respondent, "R-1");
    assert_string_equal(leftover.reason, "inside");
    assert_string_equal(leftover.by, "PC 42");
    assert_string_equal(leftover.note, "seen");
}

static void what_does_not_say_how_grave_it_is_may_be_the_gravest(void **state)
{
    struct leftover leftover;

    (void)state;
    assert_int_equal(leftover_read("A/home/3", "", "essex", &leftover), LEFTOVER_OURS);
    assert_int_equal(leftover.severity, SEVERITY_CRITICAL);
    assert_int_equal(leftover.sequence, 0);
    assert_string_equal(leftover.type, "");
}

/* Control characters are left out, and what is too long is cut between two characters. */
static void what_is_dirty_or_too_long_does_no_harm(void **state)
{
    char value[2048], by[400] = "";
    struct leftover leftover;

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(by, "\xc3\xa9");
    snprintf(value, sizeof value,
             "{\"by\":\"%s\",\"note\":\"\\u001b[2J\",\"sequence\":\"-1\","
             "\"data\":{\"respondent\":\"R 1\"}}",
             by);
    assert_int_equal(leftover_read("A/home/3", value, "essex", &leftover), LEFTOVER_OURS);
    assert_int_equal(strncmp(leftover.by, "\xc3\xa9\xc3\xa9", 4), 0);
    assert_true(strlen(leftover.by) < sizeof leftover.by);
    assert_string_equal(leftover.note, "");
    assert_string_equal(leftover.respondent, "");
    assert_int_equal(leftover.sequence, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_told_is_read),
        cmocka_unit_test(what_does_not_say_how_grave_it_is_may_be_the_gravest),
        cmocka_unit_test(what_is_dirty_or_too_long_does_no_harm),
    };
    int failed = cmocka_run_group_tests_name("leftover", tests, NULL, NULL);

    return failed + rows_hold("leftover rows", rows, row_holds);
}
