/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl reload waits for what comes of it; a refused reload is told wherever somebody looks. */
#include <stdio.h>
#include <sys/stat.h>

#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

static void refuse(struct testbed *testbed)
{
    testbed_order(testbed, "A", "tag-1", 0, 200, "colour = red\nshape = round\n");
    assert_int_equal(reload(testbed), 1);
}

static void one_that_is_done_says_what_changed(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    assert_string_equal(testbed_ctl_said(testbed),
                        "reloaded: 2 orders; 1 added, 0 ended, 0 changed, 0 zones moved\n");
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 900), 200);
    testbed_close(testbed);
}

static void what_it_changed_is_an_information(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_order(testbed, "A", "tag-1", 100, 200, "");
    assert_int_equal(reload(testbed), 0);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/rules/1/1");
    assert_string_equal(alert_text(newest(testbed), "type"), "breachd.rules");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "info");
    assert_string_equal(alert_text(newest(testbed), "data.cause"), "applied");
    assert_has(alert_text(newest(testbed), "data.reason"),
               "1 order; 0 added, 0 ended, 1 changed, 1 zones moved, by 100.0 m at most");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:todo"), 0);
    testbed_close(testbed);
}

static void one_that_is_refused_fails_where_it_was_typed(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    refuse(testbed);
    assert_has(testbed_ctl_complained(testbed),
               "refused, 2 complaints: the old rules stay; first: ");
    assert_has(testbed_ctl_complained(testbed), "A.conf:14: colour: ");
    assert_string_equal(testbed_ctl_said(testbed), "");
    testbed_close(testbed);
}

static void it_is_told_by_the_status(void **state)
{
    struct testbed *testbed = *state;
    json_t *status;

    ctl_live_open(testbed, NULL);
    refuse(testbed);
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    assert_int_equal(json_integer_value(alert_at(status, "rules.refused.complaints")), 2);
    assert_has(alert_text(status, "rules.refused.first"), "A.conf:14: colour: ");
    assert_string_equal(json_string_value(json_array_get(alert_at(status, "troubles"), 0)),
                        "reload-refused");
    json_decref(status);
    testbed_close(testbed);
}

static void it_is_told_by_the_heartbeat_and_breachctl_status_fails(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    await_heartbeat(testbed, "\"refused\":null", true);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 0);
    refuse(testbed);
    await_heartbeat(testbed, "\"complaints\":2", true);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    assert_has(testbed_ctl_said(testbed), "reload REFUSED ");
    assert_has(testbed_ctl_said(testbed), "2 complaints, the old rules stay; first: ");
    assert_has(testbed_ctl_said(testbed), "A.conf:14: colour: ");
    testbed_close(testbed);
}

static void it_is_told_to_systemd(void **state)
{
    struct testbed *testbed = *state;
    char line[512];

    ctl_live_open(testbed, NULL);
    refuse(testbed);
    snprintf(line, sizeof line,
             "STATUS=watching; reload refused, 2 complaints, the old rules stay: "
             "%s:14: colour: no such key here",
             testbed_path(testbed, "orders.d/A.conf").text);
    testbed_await_note(testbed, line);
    testbed_close(testbed);
}

static void it_stands_in_todo_until_a_good_one(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    refuse(testbed);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/rules/1/1");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "high");
    assert_string_equal(alert_text(newest(testbed), "data.cause"), "refused");
    assert_int_equal(json_integer_value(alert_at(newest(testbed), "data.count")), 2);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo rules/1"), 1);
    refuse(testbed);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/rules/1/2");
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "rules/1", NULL), 0);
    testbed_order(testbed, "A", "tag-1", 0, 300, "");
    assert_int_equal(reload(testbed), 0);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/rules/1/3");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "info");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:todo"), 0);
    await_heartbeat(testbed, "\"refused\":null", true);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 0);
    testbed_close(testbed);
}

static void a_start_by_mended_files_ends_it_too(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    refuse(testbed);
    newest(testbed);
    testbed_kill(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 300, "");
    testbed_start(testbed, NULL);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/rules/1/2");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "info");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:todo"), 0);
    testbed_close(testbed);
}

static void settings_that_are_refused_name_the_ledger_all_the_same(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "0s");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "heartbeat: 0s is outside");
    testbed_close(testbed);
}

static void where_nobody_runs_that_is_said(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "ledger.db-control: No such file or directory: "
                                                "does breachd run, with this ledger?");
    testbed_close(testbed);
}

/* What stood in the files when it was asked is judged, not what another reload had read before. */
static void who_asks_during_a_reload_hears_of_the_next_one(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf"), out = testbed_path(testbed, "first");
    struct child first, second;
    int status;

    testbed_gate_fit(testbed);
    ctl_live_open(testbed, NULL);
    testbed_set(testbed, "breachd.conf", "site", "name", "kent"); // settings come before the gate
    testbed_print(testbed, "gate", "shut\n");
    first = testbed_ctl_start_to(testbed, out.text, "reload", "-c", conf.text, NULL);
    testbed_await_log(testbed, "slowread: at the gate");
    testbed_set(testbed, "breachd.conf", "site", "name", "essex");
    second = testbed_ctl_start(testbed, "reload", "-c", conf.text, NULL);
    testbed_await_note(testbed, "RELOADING=1");
    testbed_await_note(testbed, "RELOADING=1"); // it was heard
    testbed_remove(testbed, "gate");
    assert_true(child_ends(&first, PATIENCE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_true(child_ends(&second, PATIENCE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 0);
    testbed_close(testbed);
}

static void who_waits_hears_that_it_stops(void **state)
{
    struct testbed *testbed = *state;
    struct child asks;
    int status;

    testbed_gate_fit(testbed);
    ctl_live_open(testbed, NULL);
    testbed_print(testbed, "gate", "shut\n");
    asks = testbed_ctl_start(testbed, "reload", "-c", testbed_path(testbed, "breachd.conf").text,
                             NULL);
    testbed_await_log(testbed, "slowread: at the gate");
    testbed_close(testbed);
    assert_true(child_ends(&asks, PATIENCE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_has(testbed_ctl_complained(testbed), "it ended before it had answered");
}

static void nobody_else_may_ask(void **state)
{
    struct testbed *testbed = *state;
    struct stat what;

    ctl_live_open(testbed, NULL);
    assert_int_equal(stat(testbed_path(testbed, "ledger.db-control").text, &what), 0);
    assert_int_equal(what.st_mode & 07777, 0600);
    testbed_close(testbed);
    assert_int_not_equal(stat(testbed_path(testbed, "ledger.db-control").text, &what), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(one_that_is_done_says_what_changed),
        testbed_test(what_it_changed_is_an_information),
        testbed_test(one_that_is_refused_fails_where_it_was_typed),
        testbed_test(it_is_told_by_the_status),
        testbed_test(it_is_told_by_the_heartbeat_and_breachctl_status_fails),
        testbed_test(it_is_told_to_systemd),
        testbed_test(it_stands_in_todo_until_a_good_one),
        testbed_test(a_start_by_mended_files_ends_it_too),
        testbed_test(settings_that_are_refused_name_the_ledger_all_the_same),
        testbed_test(where_nobody_runs_that_is_said),
        testbed_test(who_asks_during_a_reload_hears_of_the_next_one),
        testbed_test(who_waits_hears_that_it_stops),
        testbed_test(nobody_else_may_ask),
    };

    return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
