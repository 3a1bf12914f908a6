/* SPDX-License-Identifier: Apache-2.0 */
/* An instant as people type it, where clocks show British time. */
#include "ctl/moment.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/rows.h"

static const struct row {
    const char *says, *text;
    enum moment_side side;
    const char *want; // NULL: it is none
} rows[] = {
    // It is 14:10:00 by British Summer Time.
    { "so long ago", "2h", MOMENT_BEFORE, "2020-06-23T11:10:00.000Z" },
    { "so long from now", "90m", MOMENT_AFTER, "2020-06-23T14:40:00.000Z" },
    { "this morning", "06:00", MOMENT_BEFORE, "2020-06-23T05:00:00.000Z" },
    { "tomorrow morning", "06:00", MOMENT_AFTER, "2020-06-24T05:00:00.000Z" },
    { "last night", "22:30:15", MOMENT_BEFORE, "2020-06-22T21:30:15.000Z" },
    { "tonight", "22:30", MOMENT_AFTER, "2020-06-23T21:30:00.000Z" },
    { "just now was", "14:10", MOMENT_BEFORE, "2020-06-23T13:10:00.000Z" },
    { "just now is not to come", "14:10", MOMENT_AFTER, "2020-06-24T13:10:00.000Z" },
    { "a day, by the clock on the wall", "2020-01-05 06:00", MOMENT_BEFORE,
      "2020-01-05T06:00:00.000Z" },
    { "RFC 3339", "2020-06-23T05:00:00+02:00", MOMENT_BEFORE, "2020-06-23T03:00:00.000Z" },
    { "no hour", "25:00", MOMENT_BEFORE, NULL },
    { "more behind it", "06:00x", MOMENT_BEFORE, NULL },
    { "no moment", "soon", MOMENT_AFTER, NULL },
    { "nothing", "", MOMENT_AFTER, NULL },
    { "a negative duration", "-2h", MOMENT_AFTER, NULL },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct utc now, at = { 7 };
    char text[UTC_TEXT_MAX];
    struct fault why;

    assert_true(utc_parse("2020-06-23T13:10:00Z", &now));
    if (row->want == NULL) {
        assert_false(moment_parse(row->text, now, row->side, &at, &why));
        assert_non_null(strstr(why.text, "is neither a duration"));
        assert_int_equal(at.ms, 7);
        return;
    }
    assert_true(moment_parse(row->text, now, row->side, &at, &why));
    assert_string_equal(utc_print(at, text), row->want);
}

int main(void)
{
    setenv("TZ", "Europe/London", 1);
    tzset();
    return rows_hold("moment", rows, row_holds);
}
