/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fault.h"

#include <string.h>

#include "support/test.h"

static void setting_one_is_the_refusal_itself(void **state)
{
    struct fault why;

    (void)state;
    assert_false(fault_set(&why, "radius: %d m is outside %s", 0, "1..100000 m"));
    assert_string_equal(why.text, "radius: 0 m is outside 1..100000 m");
}

static void what_is_too_long_is_cut(void **state)
{
    char longer[2 * FAULT_TEXT_MAX];
    struct fault why;

    (void)state;
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    fault_set(&why, "%s", longer);
    assert_int_equal(strlen(why.text), FAULT_TEXT_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_one_is_the_refusal_itself),
        cmocka_unit_test(what_is_too_long_is_cut),
    };

    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
