/* SPDX-License-Identifier: Apache-2.0 */
/* The program's own words: -n, complaints, exit codes, what systemd is told. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"
#include "support/testbed.h"

static void assert_said(const struct testbed *testbed, const char *file, const char *words)
{
    char *text = testbed_read(testbed, file);

    if (text == NULL || strstr(text, words) == NULL)
        fail_msg("%s does not say \"%s\" but:\n%s", file, words, text == NULL ? "" : text);
    free(text);
}

static void assert_passes(struct testbed *testbed, const char *settings)
{
    if (access(settings, F_OK) != 0) {
        print_message("%s is not there yet\n", settings);
        skip();
    }
    assert_int_equal(testbed_run(testbed, "-n", "-c", settings, NULL), 0);
    assert_said(testbed, "run.out", "orders");
    testbed_close(testbed);
}

static void the_shipped_settings_pass(void **state)
{
    assert_passes(*state, CONFIG_FOLDER "/breachd.conf");
}

static void the_demo_passes(void **state)
{
    assert_passes(*state, CONFIG_FOLDER "/demo/breachd.conf");
}

static int check(struct testbed *testbed)
{
    return testbed_run(testbed, "-n", "-c", testbed_path(testbed, "breachd.conf").text, NULL);
}

static void a_good_configuration_is_summed_up(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 900, 200, "");
    assert_int_equal(check(testbed), 0);
    assert_said(testbed, "run.out", "2 orders");
    assert_said(testbed, "run.out", "Basildon");
    testbed_close(testbed);
}

static void an_absent_orders_folder_is_refused(void **state)
{
    struct testbed *testbed = *state;

    rmdir(testbed_path(testbed, "orders.d").text);
    assert_int_equal(check(testbed), 1);
    assert_said(testbed, "run.err", "orders.d");
    testbed_close(testbed);
}

static void an_order_that_cannot_be_read_is_refused(void **state)
{
    struct testbed *testbed = *state;

    mkdir(testbed_path(testbed, "orders.d/A.conf").text,
          0755); // root reads every file, but no folder as one
    assert_int_equal(check(testbed), 1);
    assert_said(testbed, "run.err", "A.conf");
    testbed_close(testbed);
}

static void an_unknown_key_is_named_by_its_line(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "site", "colour", "red");
    assert_int_equal(check(testbed), 1);
    assert_said(testbed, "run.err", "breachd.conf:2: ");
    assert_said(testbed, "run.err", "colour");
    testbed_close(testbed);
}

static void all_complaints_are_shown_at_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "site", "timezone", "Essex/Basildon");
    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "5 bananas");
    testbed_order(testbed, "A", "tag-1", 0, 200, "colour = red\n");
    testbed_order(testbed, "B", "tag-1", 0, 200, "");
    assert_int_equal(check(testbed), 1);
    assert_said(testbed, "run.err", "Essex/Basildon");
    assert_said(testbed, "run.err", "5 bananas");
    assert_said(testbed, "run.err", "colour");
    testbed_close(testbed);
}

static void a_refused_configuration_does_not_start_either(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "http", "listen", "0.0.0.0:8750");
    assert_int_equal(testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, NULL),
                     1);
    assert_said(testbed, "run.err", "0.0.0.0");
    testbed_close(testbed);
}

static void wrong_usage_is_two(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(testbed_run(testbed, "--nonsense", NULL), 2);
    assert_int_equal(testbed_run(testbed, "too", "much", NULL), 2);
    assert_int_equal(testbed_run(testbed, "-c", NULL), 2);
    assert_int_equal(testbed_run(testbed, "--as", "nobody", "-c",
                                 testbed_path(testbed, "breachd.conf").text, NULL),
                     2); // it would serve, as whoever started it
    assert_said(testbed, "run.err", "--as is for -n");
    testbed_close(testbed);
}

static void help_and_version_go_to_stdout(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(testbed_run(testbed, "--help", NULL), 0);
    assert_said(testbed, "run.out", "--rehearse");
    assert_int_equal(testbed_run(testbed, "--version", NULL), 0);
    assert_said(testbed, "run.out", "breachd");
    testbed_close(testbed);
}

static void ends_well_on(struct testbed *testbed, int signal)
{
    int status;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_start(testbed, NULL);
    kill(testbed->breachd.pid, signal);
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    testbed_await_note(testbed, "STOPPING=1");
    testbed_close(testbed);
}

static void sigterm_exits_0(void **state)
{
    ends_well_on(*state, SIGTERM);
}

static void sigint_exits_0(void **state)
{
    ends_well_on(*state, SIGINT);
}

static void the_watchdog_is_fed(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_environment(testbed, "WATCHDOG_USEC=1000000");
    testbed_start(testbed, NULL);
    for (int heartbeats = 0; heartbeats < 3; heartbeats++)
        testbed_await_note(testbed, "WATCHDOG=1");
    testbed_close(testbed);
}

static void a_second_one_on_the_same_ledger_is_refused(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, NULL),
                     1);
    assert_int_equal(testbed_get(testbed, "/healthz"), 200); // and the first one still has its door
    testbed_close(testbed);
}

static int check_as_nobody(struct testbed *testbed)
{
    return testbed_run(testbed, "-n", "--as", "nobody", "-c",
                       testbed_path(testbed, "breachd.conf").text, NULL);
}

/* Root reads what its service cannot, so the check is made as that user. */
static void what_the_services_user_cannot_read_is_told(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    if (getuid() != 0) {
        assert_int_equal(check_as_nobody(testbed), 1);
        assert_said(testbed, "run.err", "nobody: cannot be that user here");
        testbed_close(testbed);
        return;
    }
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    assert_int_equal(chmod(testbed_path(testbed, "breachd.conf").text, 0644), 0);
    assert_int_equal(chmod(testbed_path(testbed, "orders.d").text, 0755), 0);
    assert_int_equal(chmod(testbed_path(testbed, "orders.d/A.conf").text, 0600), 0);
    assert_int_equal(check(testbed), 0);
    assert_int_equal(check_as_nobody(testbed), 1);
    assert_said(testbed, "run.err", "orders.d/A.conf: Permission denied");
    assert_said(testbed, "run.err", "so it is for the user nobody; who is root can read more");
    assert_int_equal(chmod(testbed_path(testbed, "orders.d/A.conf").text, 0604), 0);
    assert_int_equal(check_as_nobody(testbed), 0);
    assert_said(testbed, "run.out", "checked as the user nobody");
    assert_said(testbed, "run.err", "path: ");
    assert_said(testbed, "run.err", "cannot be written: Permission denied");
    assert_int_equal(testbed_run(testbed, "-n", "--as", "no-such-user", NULL), 1);
    assert_said(testbed, "run.err", "no-such-user: no such user");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_shipped_settings_pass),
        testbed_test(the_demo_passes),
        testbed_test(what_the_services_user_cannot_read_is_told),
        testbed_test(a_good_configuration_is_summed_up),
        testbed_test(an_absent_orders_folder_is_refused),
        testbed_test(an_order_that_cannot_be_read_is_refused),
        testbed_test(an_unknown_key_is_named_by_its_line),
        testbed_test(all_complaints_are_shown_at_once),
        testbed_test(a_refused_configuration_does_not_start_either),
        testbed_test(wrong_usage_is_two),
        testbed_test(help_and_version_go_to_stdout),
        testbed_test(sigterm_exits_0),
        testbed_test(sigint_exits_0),
        testbed_test(the_watchdog_is_fed),
        testbed_test(a_second_one_on_the_same_ledger_is_refused),
    };

    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
