/* SPDX-License-Identifier: Apache-2.0 */
/* The program's own words: -n, complaints, exit codes, what systemd is told. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/house.h"
#include "support/test.h"

static void assert_said(const struct house *house, const char *file, const char *words)
{
    char *text = house_read(house, file);

    if (text == NULL || strstr(text, words) == NULL)
        fail_msg("%s does not say \"%s\" but:\n%s", file, words, text == NULL ? "" : text);
    free(text);
}

static void assert_passes(struct house *house, const char *settings)
{
    if (access(settings, F_OK) != 0) {
        print_message("%s is not there yet\n", settings);
        skip();
    }
    assert_int_equal(house_run(house, "-n", "-c", settings, NULL), 0);
    assert_said(house, "run.out", "orders");
    house_close(house);
}

static void the_shipped_settings_pass(void **state)
{
    assert_passes(*state, CONFIG_FOLDER "/breachd.conf");
}

static void the_demo_passes(void **state)
{
    assert_passes(*state, CONFIG_FOLDER "/demo/breachd.conf");
}

static int check(struct house *house)
{
    return house_run(house, "-n", "-c", house_path(house, "breachd.conf").text, NULL);
}

static void a_good_configuration_is_summed_up(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_order(house, "B", "tag-2", 900, 200, "");
    assert_int_equal(check(house), 0);
    assert_said(house, "run.out", "2 orders");
    assert_said(house, "run.out", "Basildon");
    house_close(house);
}

static void an_absent_orders_folder_is_refused(void **state)
{
    struct house *house = *state;

    rmdir(house_path(house, "orders.d").text);
    assert_int_equal(check(house), 1);
    assert_said(house, "run.err", "orders.d");
    house_close(house);
}

static void an_order_that_cannot_be_read_is_refused(void **state)
{
    struct house *house = *state;

    mkdir(house_path(house, "orders.d/A.conf").text,
          0755); // root reads every file, but no folder as one
    assert_int_equal(check(house), 1);
    assert_said(house, "run.err", "A.conf");
    house_close(house);
}

static void an_unknown_key_is_named_by_its_line(void **state)
{
    struct house *house = *state;

    house_set(house, "breachd.conf", "site", "colour", "red");
    assert_int_equal(check(house), 1);
    assert_said(house, "run.err", "breachd.conf:2: ");
    assert_said(house, "run.err", "colour");
    house_close(house);
}

static void all_complaints_are_shown_at_once(void **state)
{
    struct house *house = *state;

    house_set(house, "breachd.conf", "site", "timezone", "Essex/Basildon");
    house_set(house, "breachd.conf", "redis", "heartbeat", "5 bananas");
    house_order(house, "A", "tag-1", 0, 200, "colour = red\n");
    house_order(house, "B", "tag-1", 0, 200, "");
    assert_int_equal(check(house), 1);
    assert_said(house, "run.err", "Essex/Basildon");
    assert_said(house, "run.err", "5 bananas");
    assert_said(house, "run.err", "colour");
    house_close(house);
}

static void a_refused_configuration_does_not_start_either(void **state)
{
    struct house *house = *state;

    house_set(house, "breachd.conf", "http", "listen", "0.0.0.0:8750");
    assert_int_equal(house_run(house, "-c", house_path(house, "breachd.conf").text, NULL), 1);
    assert_said(house, "run.err", "0.0.0.0");
    house_close(house);
}

static void wrong_usage_is_two(void **state)
{
    struct house *house = *state;

    assert_int_equal(house_run(house, "--nonsense", NULL), 2);
    assert_int_equal(house_run(house, "too", "much", NULL), 2);
    assert_int_equal(house_run(house, "-c", NULL), 2);
    house_close(house);
}

static void help_and_version_go_to_stdout(void **state)
{
    struct house *house = *state;

    assert_int_equal(house_run(house, "--help", NULL), 0);
    assert_said(house, "run.out", "--rehearse");
    assert_int_equal(house_run(house, "--version", NULL), 0);
    assert_said(house, "run.out", "breachd");
    house_close(house);
}

static void ends_well_on(struct house *house, int signal)
{
    int status;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_start(house, NULL);
    kill(house->breachd.pid, signal);
    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    house_await_note(house, "STOPPING=1");
    house_close(house);
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
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_environment(house, "WATCHDOG_USEC=1000000");
    house_start(house, NULL);
    for (int beats = 0; beats < 3; beats++)
        house_await_note(house, "WATCHDOG=1");
    house_close(house);
}

static void a_second_one_on_the_same_ledger_is_refused(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_start(house, NULL);
    assert_int_equal(house_run(house, "-c", house_path(house, "breachd.conf").text, NULL), 1);
    assert_int_equal(house_get(house, "/healthz"), 200); // and the first one still has its door
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(the_shipped_settings_pass),
        house_test(the_demo_passes),
        house_test(a_good_configuration_is_summed_up),
        house_test(an_absent_orders_folder_is_refused),
        house_test(an_order_that_cannot_be_read_is_refused),
        house_test(an_unknown_key_is_named_by_its_line),
        house_test(all_complaints_are_shown_at_once),
        house_test(a_refused_configuration_does_not_start_either),
        house_test(wrong_usage_is_two),
        house_test(help_and_version_go_to_stdout),
        house_test(sigterm_exits_0),
        house_test(sigint_exits_0),
        house_test(the_watchdog_is_fed),
        house_test(a_second_one_on_the_same_ledger_is_refused),
    };

    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
