/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/query.h"

#include <string.h>

#include "support/test.h"

static const struct row {
    const char *says, *query, *key, *want; // NULL: none
} rows[] = {
    { "the first", "u=jane&d=tag-A", "u", "jane" },
    { "the last", "u=jane&d=tag-A", "d", "tag-A" },
    { "decoded", "d=tag%2DA+b", "d", "tag-A b" },
    { "seven characters and no more", "d=1234567", "d", "1234567" },
    { "eight", "d=12345678", "d", NULL },
    { "not there", "u=jane", "d", NULL },
    { "nothing asked", "", "d", NULL },
    { "the end of another key", "id=tag-A", "d", NULL },
    { "the beginning of another key", "device=tag-A", "d", NULL },
    { "empty", "d=&u=jane", "d", NULL },
    { "no value", "d&u=jane", "d", NULL },
    { "twice", "d=tag-A&d=tag-B", "d", NULL },
    { "a NUL in it", "d=tag%00A", "d", NULL },
    { "a % that encodes nothing stays", "d=5%zz", "d", "5%zz" },
    { "parts of nothing", "&&d=x&", "d", "x" },
};

static void each_value_is_found_or_not(void **state)
{
    (void)state;
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof *rows; row++) {
        char value[8] = "before";
        bool found = query_value(row->query, row->key, value, sizeof value);

        if (found != (row->want != NULL) || strcmp(value, found ? row->want : "") != 0)
            fail_msg("%s: %d %s", row->says, found, value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_value_is_found_or_not) };

    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
