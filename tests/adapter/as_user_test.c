/* SPDX-License-Identifier: Apache-2.0 */
/* Whom -n reads files as, and what becomes of a check as somebody else. */
#include "adapter/as_user.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/logged.h"
#include "support/test.h"

#define THERE     "daemon" // on every Debian
#define NOT_THERE "nobody-of-that-name"

static bool is(const char *got, const char *want)
{
    return got == want || (got != NULL && want != NULL && strcmp(got, want) == 0);
}

static void who_was_asked_for_is_whoever_asks(void **state)
{
    (void)state;
    assert_true(is(as_user_choose(NOT_THERE, false, THERE), NOT_THERE));
    assert_true(is(as_user_choose(NOT_THERE, true, THERE), NOT_THERE));
}

/* Of other files, and for a user that is not there, nothing else than who we are makes sense. */
static void only_root_asks_for_the_services_own_user(void **state)
{
    (void)state;
    assert_true(is(as_user_choose(NULL, true, THERE), geteuid() == 0 ? THERE : NULL));
    assert_null(as_user_choose(NULL, true, NOT_THERE));
    assert_null(as_user_choose(NULL, false, THERE));
}

/* The number of who runs, as far as an exit code goes. */
static int who(void *arg)
{
    *(int *)arg = 1;
    return (int)geteuid() & 0x3f;
}

static void without_a_user_it_runs_here(void **state)
{
    int ran = 0;
    (void)state;

    assert_int_equal(as_user_check("breachd", NULL, NULL, who, &ran), geteuid() & 0x3f);
    assert_int_equal(ran, 1);
}

static void as_somebody_else_it_runs_in_a_child(void **state)
{
    const struct passwd *user = getpwnam(THERE);
    int ran = 0;
    (void)state;

    if (geteuid() != 0 || user == NULL)
        skip();
    assert_int_equal(as_user_check("breachd", THERE, NULL, who, &ran), user->pw_uid & 0x3f);
    assert_int_equal(ran, 0);
}

static void whoever_cannot_be_is_said(void **state)
{
    struct logged logged;
    int ran = 0, code;
    (void)state;

    logged_begin(&logged);
    code = as_user_check("breachd-web", NOT_THERE, NULL, who, &ran);
    logged_end(&logged);
    assert_int_equal(code, EXIT_FAILURE);
    assert_int_equal(ran, 0);
    assert_string_equal(logged.text, "breachd-web: " NOT_THERE ": no such user\n");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_asked_for_is_whoever_asks),
        cmocka_unit_test(only_root_asks_for_the_services_own_user),
        cmocka_unit_test(without_a_user_it_runs_here),
        cmocka_unit_test(as_somebody_else_it_runs_in_a_child),
        cmocka_unit_test(whoever_cannot_be_is_said),
    };

    return cmocka_run_group_tests_name("as_user", tests, NULL, NULL);
}
