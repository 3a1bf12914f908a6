/* SPDX-License-Identifier: Apache-2.0 */
/* What is spent on a log-in, by who failed before: the address, its network, the name. */
#include "web/login_guard.h"

#include <stdio.h>

#include "support/test.h"

enum { V4 = 1 };

static struct login_guard guard;

static struct tick at(int64_t ms)
{
    return (struct tick){ 1000000 + ms };
}

/* 10.0.`net`.`host` */
static uint64_t v4(unsigned net, unsigned host)
{
    return (uint64_t)V4 << 32 | 10u << 24 | net << 8 | host;
}

static int setup(void **state)
{
    (void)state;
    guard = (struct login_guard){ 0 };
    return 0;
}

static void fail_so_often(uint64_t address, const char *name, int n)
{
    for (int i = 0; i < n; i++)
        login_guard_failed(&guard, address, name, at(0));
}

static void who_never_failed_is_tried_at_once(void **state)
{
    (void)state;
    assert_int_equal(login_guard_chance(&guard, v4(0, 1), "jones", at(0)), LOGIN_FAIR);
    fail_so_often(v4(0, 1), "jones", AUTH_FAILURES_MAX - 1);
    assert_int_equal(login_guard_chance(&guard, v4(0, 1), "jones", at(0)), LOGIN_FAIR);
}

static void one_name_from_one_address_is_tried_no_more(void **state)
{
    (void)state;
    fail_so_often(v4(0, 1), "jones", AUTH_FAILURES_MAX);
    assert_int_equal(login_guard_chance(&guard, v4(0, 1), "jones", at(0)), LOGIN_NONE);
    assert_int_equal(login_guard_chance(&guard, v4(0, 1), "smith", at(0)), LOGIN_LATE);
    assert_int_equal(login_guard_chance(&guard, v4(0, 2), "jones", at(0)), LOGIN_FAIR);
    assert_int_equal(login_guard_chance(&guard, v4(0, 2), "smith", at(0)), LOGIN_FAIR);
    assert_int_equal(
        login_guard_chance(&guard, v4(0, 1), "jones", at(AUTH_FAILURE_FORGIVEN_MS + 1)),
        LOGIN_FAIR);
}

static void a_network_that_fails_from_many_addresses_comes_last(void **state)
{
    static const uint64_t v6 = UINT64_C(0x20010db800010000);
    char name[16];
    (void)state;

    for (unsigned i = 0; i <= LOGIN_NETWORK_FAILURES_MAX; i++) {
        snprintf(name, sizeof name, "n%u", i);
        fail_so_often(v4(1, i), name, 1);
        fail_so_often(v6 + i, name, 1);
    }
    assert_int_equal(login_guard_chance(&guard, v4(1, 99), "jones", at(0)), LOGIN_LATE);
    assert_int_equal(login_guard_chance(&guard, v4(2, 99), "jones", at(0)), LOGIN_FAIR);
    assert_int_equal(login_guard_chance(&guard, v6 + 99, "jones", at(0)), LOGIN_LATE);
    assert_int_equal(login_guard_chance(&guard, v6 + 0x10000, "jones", at(0)), LOGIN_FAIR);
}

/* All who come by a unix socket share none that could fail for all. */
static void without_an_address_nobody_fails_for_all(void **state)
{
    (void)state;
    fail_so_often(0, "jones", 3 * AUTH_FAILURES_MAX);
    assert_int_equal(login_guard_chance(&guard, 0, "jones", at(0)), LOGIN_FAIR);
    assert_int_equal(login_guard_chance(&guard, 0, "smith", at(0)), LOGIN_FAIR);
}

static void a_person_begins_so_many_sessions(void **state)
{
    (void)state;
    for (int i = 0; i < LOGIN_BEGUN_MAX; i++)
        assert_true(login_guard_may_begin(&guard, "jones", at(0)));
    for (int i = 0; i < 100; i++)
        assert_false(login_guard_may_begin(&guard, "jones", at(0)));
    assert_true(login_guard_may_begin(&guard, "smith", at(0)));
    // However often it was refused, in 6 s there is one more.
    assert_true(login_guard_may_begin(&guard, "jones", at(AUTH_FAILURE_FORGIVEN_MS)));
    assert_false(login_guard_may_begin(&guard, "jones", at(AUTH_FAILURE_FORGIVEN_MS)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_never_failed_is_tried_at_once, setup),
        cmocka_unit_test_setup(one_name_from_one_address_is_tried_no_more, setup),
        cmocka_unit_test_setup(a_network_that_fails_from_many_addresses_comes_last, setup),
        cmocka_unit_test_setup(without_an_address_nobody_fails_for_all, setup),
        cmocka_unit_test_setup(a_person_begins_so_many_sessions, setup),
    };

    return cmocka_run_group_tests_name("login_guard", tests, NULL, NULL);
}
