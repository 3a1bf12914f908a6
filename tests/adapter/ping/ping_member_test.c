/* SPDX-License-Identifier: Apache-2.0 */
/* The names of a ping's members: each is found from wherever one begins to look, and no other. */
#include "adapter/ping/ping_member.h"

#include <string.h>

#include "support/test.h"

static void each_is_found_from_anywhere(void **state)
{
    (void)state;
    for (int member = 0; member < PING_MEMBERS; member++) {
        const char *name = ping_member_name((enum ping_member)member);

        for (int from = 0; from <= PING_MEMBERS; from++)
            assert_int_equal(ping_member_find(name, strlen(name), (enum ping_member)from), member);
    }
}

static void what_is_no_member_is_none(void **state)
{
    static const char *const others[] = { "", "ping", "tim", "times", "Time", "fixed", "la" };
    (void)state;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(ping_member_find(others[i], strlen(others[i]), PING_TIME), PING_MEMBERS);
    assert_int_equal(ping_member_find("time\0", 5, PING_TIME), PING_MEMBERS);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_from_anywhere),
        cmocka_unit_test(what_is_no_member_is_none),
    };

    return cmocka_run_group_tests_name("ping_member", tests, NULL, NULL);
}
