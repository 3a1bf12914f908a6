/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/entry_id.h"

#include "support/test.h"

static const struct case_row {
    const char *one, *other;
    bool after;
} rows[] = {
    { "2-0", "1-0", true },
    { "1-0", "2-0", false },
    { "1-0", "1-0", false },
    { "1-1", "1-0", true },
    { "10-0", "9-9", true },
    { "1795550400000-12", "1795550400000-9", true },
    { "18446744073709551615-18446744073709551615", "18446744073709551615-18446744073709551614",
      true },
    { "18446744073709551616-0", "1-0", false },
    { "2", "1-0", false },
    { "2-", "1-0", false },
    { "-2", "1-0", false },
    { "2-0x", "1-0", false },
    { "2-0 ", "1-0", false },
    { "+2-0", "1-0", false },
    { "", "1-0", false },
    { "2-0", "-", false },
    { "2-0", "", false },
};

static void one_is_after_the_other_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (entry_id_after(rows[i].one, rows[i].other) != rows[i].after)
            fail_msg("\"%s\" after \"%s\"", rows[i].one, rows[i].other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(one_is_after_the_other_or_not) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
