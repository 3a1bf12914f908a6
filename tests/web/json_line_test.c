/* SPDX-License-Identifier: Apache-2.0 */
/* One line of JSON, and no place in it. */
#include "web/json_line.h"

#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static const struct row {
    const char *says, *given, *want; // NULL: none
} rows[] = {
    { "no place: as it stands", "{\"a\" : 1.50}", "{\"a\" : 1.50}" },
    { "line ends between tokens", "{\n\"a\":\r1}", "{ \"a\": 1}" },
    { "an alert's ping",
      "{\"id\":\"x/1\",\"data\":{\"depth\":42.1,\"ping\":{\"time\":\"t\",\"lat\":51.57012,"
      "\"lon\":0.45901,\"accuracy\":8.3}},\"probability\":0.97,\"n\":12345678901}",
      "{\"id\":\"x/1\",\"data\":{\"depth\":42.1,\"ping\":{\"time\":\"t\",\"accuracy\":8.3}},"
      "\"probability\":0.97,\"n\":12345678901}" },
    { "one of the two", "{\"lon\":1}", "{}" },
    { "in a list", "{\"a\":[[{\"lat\":1,\"b\":\"\xC3\xA9\"}]]}",
      "{\"a\":[[{\"b\":\"\xC3\xA9\"}]]}" },
    { "written by an escape", "{\"l\\u0061t\":1,\"a\":2}", "{\"a\":2}" },
    { "a word and no member", "{\"a\":\"lat\"}", "{\"a\":\"lat\"}" },
    { "a line end beside a place", "{\"lat\":1,\n\"a\":2}", "{\"a\":2}" },
    { "no object", "[{\"lat\":1}]", NULL },
    { "no JSON", "{\"lat\":1", NULL },
    { "no UTF-8", "{\"a\":\"\xFF\"}", NULL },
    { "nothing", "", NULL },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    char *line = json_line_placeless(row->given, strlen(row->given));

    if (row->want == NULL)
        assert_null(line);
    else
        assert_string_equal(line, row->want);
    free(line);
}

int main(void)
{
    return rows_hold("json_line", rows, row_holds);
}
