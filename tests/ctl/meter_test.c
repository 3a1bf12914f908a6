/* SPDX-License-Identifier: Apache-2.0 */
/* The progress meter: what it says, that a terminal sees it, and that nobody else does. */
#include "ctl/meter.h"

#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl_fixture.h"
#include "support/test.h"

static const struct row {
    const char *says;
    uint64_t done, total;
    int64_t ms;
    const char *want;
} rows[] = {
    { "nothing is done, so there is no pace", 0, 200, 5000, "verify: 0 %" },
    { "a second has not passed, so there is none either", 50, 200, 999, "verify: 25 %" },
    { "a quarter took 10 s, so the rest takes 30 s", 50, 200, 10000, "verify: 25 %, 30 s left" },
    { "a tenth took 10 min", 20, 200, 600000, "verify: 10 %, 1 h 30 min left" },
    { "all is done", 200, 200, 8000, "verify: 100 %, 0 s left" },
    { "it grew meanwhile", 300, 200, 8000, "verify: 100 %, 0 s left" },
    { "there was nothing to do", 0, 0, 8000, "verify: 0 %" },
};

static void each_row_is_told(void **state)
{
    char text[METER_TEXT_MAX];
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        meter_print("verify", rows[i].done, rows[i].total, rows[i].ms, text);
        if (strcmp(text, rows[i].want) != 0)
            fail_msg("%s: %s", rows[i].says, text);
    }
}

/* All that a program writes to a terminal, its exit code as *out_code. */
static void run_on_a_terminal(const char *const *argv, char *out, size_t room, int *out_code)
{
    int terminal, status;
    size_t n = 0;
    ssize_t got;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);

    if (child == 0) {
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    assert_true(child > 0);
    while (n + 1 < room && (got = read(terminal, out + n, room - n - 1)) > 0)
        n += (size_t)got; // ends by EIO when the child has
    out[n] = '\0';
    close(terminal);
    assert_int_equal(waitpid(child, &status, 0), child);
    *out_code = WEXITSTATUS(status);
}

static void a_terminal_sees_it_and_a_file_does_not(void **state)
{
    static const char *const commands[] = { "verify", "replay" };
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");
    char seen[4096], begins[32];
    int code;

    testbed_visit(testbed);
    testbed_gather(testbed);
    for (size_t i = 0; i < 2; i++) {
        const char *argv[] = { BREACHCTL_PROGRAM, commands[i], "--ledger", ledger.text, NULL };

        run_on_a_terminal(argv, seen, sizeof seen, &code);
        assert_int_equal(code, 0);
        snprintf(begins, sizeof begins, "\r\033[K%s: 0 %%", commands[i]);
        assert_non_null(strstr(seen, begins));
        assert_int_equal(testbed_ctl(testbed, commands[i], "--ledger", ledger.text, NULL), 0);
        assert_null(strchr(testbed_ctl_said(testbed), '%'));
        assert_string_equal(testbed_ctl_complained(testbed), "");
    }
    testbed_close(testbed);
}

/* Each of those works through zones one by one. */
static void so_do_orders_and_zones(void **state)
{
    struct testbed *testbed = *state;
    struct path conf, map;
    char seen[4096];
    int code;

    testbed_visit(testbed);
    conf = testbed_path(testbed, "breachd.conf");
    map = testbed_path(testbed, "map.geojson");
    run_on_a_terminal((const char *[]){ BREACHCTL_PROGRAM, "zones", "--geojson", "--reason", "test",
                                        "-c", conf.text, "-o", map.text, NULL },
                      seen, sizeof seen, &code);
    assert_int_equal(code, 0);
    assert_non_null(strstr(seen, "\r\033[Kzones: 0 %"));
    run_on_a_terminal((const char *[]){ BREACHCTL_PROGRAM, "order", "import", map.text, "--update",
                                        "-c", conf.text, NULL },
                      seen, sizeof seen, &code);
    assert_int_equal(code, 0);
    assert_non_null(strstr(seen, "\r\033[Kimport, reading: 0 %"));
    assert_non_null(strstr(seen, "\r\033[Kimport, comparing: 0 %"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_told),
        testbed_test(a_terminal_sees_it_and_a_file_does_not),
        testbed_test(so_do_orders_and_zones),
    };

    return cmocka_run_group_tests_name("meter", tests, NULL, NULL);
}
