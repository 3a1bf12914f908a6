/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/http_quota.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "support/dice.h"
#include "support/test.h"

static uint64_t key_of(const char *text)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return http_quota_key((const void *)&in);
    assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return http_quota_key((const void *)&in6);
}

static void an_address_is_ipv4_or_the_network_of_ipv6(void **state)
{
    struct sockaddr unix_socket = { .sa_family = AF_UNIX };
    (void)state;

    assert_int_equal(http_quota_key(&unix_socket), 0);
    assert_true(key_of("0.0.0.0") != 0 && key_of("::1") != 0 && key_of("::1") != key_of("0.0.0.0"));
    assert_true(key_of("192.0.2.1") != key_of("192.0.2.2"));
    assert_true(key_of("192.0.2.1") == key_of("::ffff:192.0.2.1"));
    assert_true(key_of("2001:db8:0:1::1") == key_of("2001:db8:0:1:ffff::2"));
    assert_true(key_of("2001:db8:0:1::1") != key_of("2001:db8:0:2::1"));
}

static void one_address_has_its_limit_and_the_next_its_own(void **state)
{
    struct http_quota *quota = http_quota_create();
    (void)state;

    assert_true(http_quota_enter(quota, 7, 2));
    assert_true(http_quota_enter(quota, 7, 2));
    assert_false(http_quota_enter(quota, 7, 2));
    assert_true(http_quota_enter(quota, 8, 2));
    http_quota_leave(quota, 7);
    assert_true(http_quota_enter(quota, 7, 2));
    assert_false(http_quota_enter(quota, 7, 2));
    http_quota_destroy(quota);
}

static void who_has_no_address_is_never_limited(void **state)
{
    struct http_quota *quota = http_quota_create();
    (void)state;

    for (int i = 0; i < 1000; i++)
        assert_true(http_quota_enter(quota, 0, 1));
    http_quota_leave(quota, 0);
    http_quota_destroy(quota);
    http_quota_destroy(NULL);
}

/* Against plain counters: growth, collisions, gaps. */
static void thousands_come_and_go_and_the_count_is_right(void **state)
{
    enum { ADDRESSES = 3000, LIMIT = 3 };
    static size_t here[ADDRESSES];
    struct http_quota *quota = http_quota_create();
    struct dice dice = dice_begin();
    (void)state;

    for (int i = 0; i < 200000; i++) {
        size_t who = dice_below(&dice, ADDRESSES);
        bool comes = dice_below(&dice, 2) == 0;

        if (comes) {
            assert_int_equal(http_quota_enter(quota, who * 64 + 1, LIMIT), here[who] < LIMIT);
            here[who] += here[who] < LIMIT;
        } else if (here[who] > 0) {
            http_quota_leave(quota, who * 64 + 1);
            here[who]--;
        }
    }
    http_quota_destroy(quota);
}

static int fail_n_times(struct auth_failures *failures, uint64_t key, int n, int64_t ms)
{
    int last = 0;

    for (int i = 0; i < n; i++)
        last = auth_failures_add(failures, key, (struct tick){ ms });
    return last;
}

static void failures_add_up_and_are_forgotten_one_by_one(void **state)
{
    static struct auth_failures failures;
    (void)state;

    assert_int_equal(fail_n_times(&failures, 7, 1, 1000), 1);
    assert_int_equal(fail_n_times(&failures, 7, 10, 1000), 11);
    assert_int_equal(fail_n_times(&failures, 8, 1, 1000), 1); // somebody else
    assert_int_equal(fail_n_times(&failures, 7, 1, 1000 + 5 * AUTH_FAILURE_FORGIVEN_MS), 7);
    assert_int_equal(fail_n_times(&failures, 7, 1, 1000 + 100 * AUTH_FAILURE_FORGIVEN_MS), 1);
    assert_int_equal(fail_n_times(&failures, 7, 1000, 1000 + 100 * AUTH_FAILURE_FORGIVEN_MS), 20);
    assert_int_equal(fail_n_times(&failures, 0, 100, 1000), 0);
}

static void a_flood_of_addresses_does_not_make_the_guilty_forgotten(void **state)
{
    static struct auth_failures failures;
    (void)state;

    fail_n_times(&failures, 7, 15, 1000);
    for (uint64_t i = 0; i < 100000; i++)
        fail_n_times(&failures, 1000 + i, 1, 1000);
    assert_int_equal(fail_n_times(&failures, 7, 1, 1000), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_ipv4_or_the_network_of_ipv6),
        cmocka_unit_test(one_address_has_its_limit_and_the_next_its_own),
        cmocka_unit_test(who_has_no_address_is_never_limited),
        cmocka_unit_test(thousands_come_and_go_and_the_count_is_right),
        cmocka_unit_test(failures_add_up_and_are_forgotten_one_by_one),
        cmocka_unit_test(a_flood_of_addresses_does_not_make_the_guilty_forgotten),
    };

    return cmocka_run_group_tests_name("http_quota", tests, NULL, NULL);
}
