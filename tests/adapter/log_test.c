/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/log.h"

#include "support/test.h"

static void what_can_be_caused_at_will_is_due_once_a_minute(void **state)
{
    struct tick logged = { 0 };

    (void)state;
    assert_true(log_is_due(&logged, (struct tick){ 5000 }));
    assert_false(log_is_due(&logged, (struct tick){ 5000 }));
    assert_false(log_is_due(&logged, (struct tick){ 64999 }));
    assert_int_equal(logged.ms, 5000);
    assert_true(log_is_due(&logged, (struct tick){ 65000 }));
    assert_false(log_is_due(&logged, (struct tick){ 124999 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_caused_at_will_is_due_once_a_minute),
    };

    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
