/* SPDX-License-Identifier: Apache-2.0 */
/* breachd-web -n: all that is wrong, as who would serve; and who does not start. */
#include "web_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

static const char *said(struct testbed *testbed, const char *name)
{
    free(testbed->body);
    testbed->body = testbed_read(testbed, name);
    return testbed->body;
}

static int check(struct testbed *testbed, const char *option)
{
    return testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, option, NULL);
}

static void a_check_tells_all_that_is_wrong_or_what_there_is(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(check(testbed, "-n"), 0);
    assert_non_null(
        strstr(said(testbed, "run.out"), "listens at unix:http.sock\npage: 1 files of "));
    assert_non_null(strstr(testbed->body, "\nusers: 3, of "));
    assert_non_null(strstr(said(testbed, "run.err"), "/page has no ol.js: no map is drawn"));
    testbed_print(testbed, "page/ol.js", "var ol;");
    assert_int_equal(check(testbed, "-n"), 0);
    assert_null(strstr(said(testbed, "run.err"), "ol.js"));
    testbed_print(testbed, "users", "viewer chief -\n");
    testbed_remove(testbed, "page");
    testbed_set(testbed, "breachd.conf", "web", "timezone", "Nowhere/None");
    assert_int_equal(check(testbed, "-n"), 1);
    assert_non_null(strstr(said(testbed, "run.err"), "/users:1: viewer: role: is none of"));
    assert_non_null(strstr(testbed->body, "breachd.conf: page: "));
    assert_non_null(strstr(testbed->body, "breachd.conf: timezone: "));
    testbed->well = true;
}

/* config/examples/web.conf as it is copied, with what it names. */
static void the_example_is_taken(void **state)
{
    static const char *const files[] = { "server.pem", "server.key", "users", "token" };
    struct testbed *testbed = *state;
    char to[32];

    assert_int_equal(mkdir(testbed_path(testbed, "web").text, 0755), 0);
    testbed_make_ca(testbed, "ca");
    testbed_make_certificate(testbed, "ca", "server", "/CN=localhost", "DNS:localhost");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(to, sizeof to, "web/%s", files[i]);
        testbed_copy(testbed, testbed_path(testbed, files[i]).text, to);
    }
    testbed_print(testbed, "web/redis.password", "secret\n");
    testbed_copy(testbed, EXAMPLE, "breachd.conf");
    testbed_set(testbed, "breachd.conf", "web", "page", "page"); // none is installed here
    assert_int_equal(check(testbed, "-n"), 0);
    assert_non_null(strstr(said(testbed, "run.out"), "listens at 0.0.0.0:8443, by TLS\n"));
    assert_non_null(strstr(testbed->body, "\nusers: 3, of "));
    assert_null(strstr(testbed->body, "without a token"));
    testbed_remove(testbed, "web/server.key");
    assert_int_equal(check(testbed, "-n"), 1); // each of them is read
    testbed->well = true;
}

static int check_as(struct testbed *testbed, const char *user)
{
    return testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, "-n", "--as",
                       user, NULL);
}

/* Root can read all of it, and would call good what the service's user meets shut. */
static void what_the_user_of_the_service_cannot_read_is_told(void **state)
{
    static const char *const files[] = { "users", "token", "redis.password" };
    struct testbed *testbed = *state;

    testbed->well = true;
    assert_int_equal(testbed_run(testbed, "--as", "daemon", NULL), 2);
    assert_non_null(strstr(said(testbed, "run.err"), "--as is for -n"));
    if (geteuid() != 0) {
        assert_int_equal(check_as(testbed, "daemon"), 1);
        assert_non_null(strstr(said(testbed, "run.err"), "daemon: cannot be that user here"));
        return;
    }
    testbed_set(testbed, "breachd.conf", "redis", "password-file", "redis.password");
    testbed_print(testbed, "redis.password", "secret\n");
    assert_int_equal(chmod(testbed->dir, 0755), 0);
    assert_int_equal(chmod(testbed_path(testbed, "breachd.conf").text, 0644), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(chmod(testbed_path(testbed, files[i]).text, 0644), 0);
    assert_int_equal(check_as(testbed, "daemon"), 0);
    assert_non_null(strstr(said(testbed, "run.out"), "\nchecked as the user daemon\n"));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_int_equal(chmod(testbed_path(testbed, files[i]).text, 0600), 0);
        assert_int_equal(check(testbed, "-n"), 0); // root can
        assert_int_equal(check_as(testbed, "daemon"), 1);
        assert_non_null(strstr(said(testbed, "run.err"), "Permission denied"));
        assert_non_null(strstr(testbed->body, "so it is for the user daemon"));
        assert_int_equal(chmod(testbed_path(testbed, files[i]).text, 0644), 0);
    }
    assert_int_equal(check_as(testbed, "nobody-of-that-name"), 1);
    assert_non_null(strstr(said(testbed, "run.err"), "nobody-of-that-name: no such user"));
}

static void where_somebody_listens_already_none_starts(void **state)
{
    struct testbed *testbed = *state;

    web_open(testbed);
    assert_int_equal(check(testbed, NULL), 1);
    assert_non_null(strstr(said(testbed, "run.err"), "somebody listens there already"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(a_check_tells_all_that_is_wrong_or_what_there_is),
        web_test(the_example_is_taken),
        web_test(what_the_user_of_the_service_cannot_read_is_told),
        web_test(where_somebody_listens_already_none_starts),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
