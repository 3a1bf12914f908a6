/* SPDX-License-Identifier: Apache-2.0 */
/* Who is not mapped in our user namespace is not taken for the user of that number. */
#include "adapter/user_map.h"

#include "support/test.h"

/* The whole machine, as outside of any namespace. */
static void all_are_named_where_all_are_mapped(void **state)
{
    static const char map[] = "         0          0 4294967295\n";

    (void)state;
    assert_true(user_map_has(map, 0));
    assert_true(user_map_has(map, USER_MAP_OVERFLOW));
    assert_false(user_map_has(map, -1));
}

/* Of systemd 252's PrivateUsers=yes: root, and the service's own user. */
static void all_but_two_are_one_with_private_users(void **state)
{
    static const char map[] =
        "         0          0          1\n       999        999          1\n";

    (void)state;
    assert_true(user_map_has(map, 0));
    assert_true(user_map_has(map, 999));
    assert_false(user_map_has(map, 998));
    assert_false(user_map_has(map, 1000));
    assert_false(user_map_has(map, USER_MAP_OVERFLOW));
    assert_false(user_map_has("", USER_MAP_OVERFLOW));
    assert_false(user_map_has("rubbish", USER_MAP_OVERFLOW));
}

/* Any other number that the kernel says is somebody's. */
static void a_number_of_its_own_is_named(void **state)
{
    (void)state;
    assert_true(user_map_names(0));
    assert_true(user_map_names(1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_named_where_all_are_mapped),
        cmocka_unit_test(all_but_two_are_one_with_private_users),
        cmocka_unit_test(a_number_of_its_own_is_named),
    };

    return cmocka_run_group_tests_name("user_map", tests, NULL, NULL);
}
