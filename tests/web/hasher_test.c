/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords are tried apart from the loop: so many at once, and so many of one address. */
#include "web/hasher.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static struct scrypt kept;
static struct event_base *base;
static struct hasher *hasher;

static struct {
    int done, matched;
    bool left; // all who wait
    char order[HASHER_WAITING_MAX + 1];
} heard;

static void on_done(bool matches, void *arg)
{
    assert_ptr_equal(arg, &heard);
    heard.done++;
    heard.matched += matches;
}

static int setup(void **state)
{
    struct fault why;
    (void)state;

    memset(&heard, 0, sizeof heard);
    base = event_base_new();
    hasher = hasher_create(base, &why);
    assert_true(scrypt_make("a password", &kept));
    return hasher != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    hasher_destroy(hasher);
    event_base_free(base);
    return 0;
}

static bool has_left(void *arg)
{
    (void)arg;
    return heard.left;
}

static bool ask_so(const char *password, uint64_t address, bool late)
{
    return hasher_ask(hasher, &(struct hasher_job){ &kept, password, address, address, late,
                                                    on_done, has_left, &heard });
}

static bool ask(const char *password, uint64_t address)
{
    return ask_so(password, address, false);
}

static void until_done(int n)
{
    while (heard.done < n)
        event_base_loop(base, EVLOOP_ONCE);
}

static void each_is_told_once(void **state)
{
    (void)state;
    assert_true(ask("a password", 1) && ask("another", 1));
    until_done(2);
    assert_int_equal(heard.matched, 1);
}

/* The loop has not turned: none of them is done, whatever the threads have come to. */
static void one_address_has_so_many(void **state)
{
    (void)state;
    for (int i = 0; i < HASHER_OF_ADDRESS_MAX; i++)
        assert_true(ask("x", 1));
    assert_false(ask("x", 1));
    assert_true(ask("a password", 2));
    for (int i = 0; i < HASHER_OF_NETWORK_MAX; i++)
        assert_true(ask("x", 0));
    assert_false(ask("x", 0));
    until_done(HASHER_OF_ADDRESS_MAX + 1 + HASHER_OF_NETWORK_MAX);
    assert_int_equal(heard.matched, 1);
    assert_true(ask("x", 1)); // its turn has come again
    until_done(HASHER_OF_ADDRESS_MAX + 2 + HASHER_OF_NETWORK_MAX);
}

/* However many addresses it has, others find a place. */
static void one_network_has_so_many(void **state)
{
    struct hasher_job job = { &kept, "x", 0, 7, false, on_done, has_left, &heard };
    (void)state;

    for (job.address = 1; job.address <= HASHER_OF_NETWORK_MAX; job.address++)
        assert_true(hasher_ask(hasher, &job));
    assert_false(hasher_ask(hasher, &job));
    assert_true(ask("a password", 99));
    until_done(HASHER_OF_NETWORK_MAX + 1);
}

static void all_have_so_many(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < HASHER_WAITING_MAX; i++)
        assert_true(ask("x", 10 + i));
    assert_false(ask("x", 9));
    until_done(HASHER_WAITING_MAX);
}

/* Who failed too often has few places, and one an address: others find theirs. */
static void the_late_have_few_places(void **state)
{
    (void)state;
    assert_true(ask_so("x", 1, true));
    assert_false(ask_so("x", 1, true));
    for (uint64_t i = 2; i <= HASHER_LATE_MAX; i++)
        assert_true(ask_so("x", i, true));
    assert_false(ask_so("x", 99, true));
    for (uint64_t i = 0; i < HASHER_WAITING_MAX - HASHER_LATE_MAX; i++)
        assert_true(ask("x", 100 + i));
    until_done(HASHER_WAITING_MAX);
}

static void note_late(bool matches, void *arg)
{
    (void)arg;
    heard.order[heard.done] = matches ? 'f' : 'l';
    heard.done++;
}

/* All are asked before a thread can have come to the second one of its own. */
static void the_late_are_tried_last(void **state)
{
    struct hasher_job job = { &kept, "x", 0, 0, true, note_late, has_left, &heard };
    (void)state;

    for (int i = 0; i < HASHER_LATE_MAX; i++)
        assert_true(hasher_ask(hasher, &job));
    job.late = false;
    job.password = "a password";
    for (int i = 0; i < HASHER_OF_NETWORK_MAX - HASHER_LATE_MAX; i++)
        assert_true(hasher_ask(hasher, &job));
    until_done(HASHER_OF_NETWORK_MAX);
    // Each thread may have begun with one of the late; the last one is of those that are left.
    assert_int_equal(heard.order[HASHER_OF_NETWORK_MAX - 1], 'l');
}

/* Of eight who ask and leave, two at the most are on a thread; the others make room at once. */
static void who_has_left_is_not_tried(void **state)
{
    (void)state;
    for (int i = 0; i < HASHER_OF_NETWORK_MAX; i++)
        assert_true(ask("a password", 0));
    assert_false(ask("a password", 0));
    heard.left = true;
    assert_true(ask("a password", 0));
    assert_true(heard.done >= HASHER_OF_NETWORK_MAX - HASHER_THREADS);
    heard.left = false;
    until_done(HASHER_OF_NETWORK_MAX + 1);
    assert_in_range(heard.matched, 1, HASHER_THREADS + 2);
}

static void a_password_that_is_too_long_is_not_tried(void **state)
{
    char password[SCRYPT_PASSWORD_MAX + 2];
    (void)state;

    memset(password, 'p', sizeof password);
    password[SCRYPT_PASSWORD_MAX + 1] = '\0';
    assert_false(ask(password, 1));
    assert_true(ask(password + 1, 1));
    until_done(1);
}

static void who_still_waits_at_the_end_is_told_no(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 6; i++)
        assert_true(ask("a password", 10 + i));
    hasher_destroy(hasher);
    hasher = NULL;
    assert_int_equal(heard.done, 6);
    assert_int_equal(heard.matched, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(one_address_has_so_many, setup, teardown),
        cmocka_unit_test_setup_teardown(one_network_has_so_many, setup, teardown),
        cmocka_unit_test_setup_teardown(all_have_so_many, setup, teardown),
        cmocka_unit_test_setup_teardown(the_late_have_few_places, setup, teardown),
        cmocka_unit_test_setup_teardown(the_late_are_tried_last, setup, teardown),
        cmocka_unit_test_setup_teardown(who_has_left_is_not_tried, setup, teardown),
        cmocka_unit_test_setup_teardown(a_password_that_is_too_long_is_not_tried, setup, teardown),
        cmocka_unit_test_setup_teardown(who_still_waits_at_the_end_is_told_no, setup, teardown),
    };

    return cmocka_run_group_tests_name("hasher", tests, NULL, NULL);
}
