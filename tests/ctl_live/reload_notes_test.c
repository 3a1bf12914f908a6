/* SPDX-License-Identifier: Apache-2.0 */
/* What a reload says that is done: that no order is in force, and what is not read. */
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

static const char ended[] = "[order A]\n"
                            "kind       = restraining\n"
                            "respondent = R-A\n"
                            "devices    = tag-1\n"
                            "monitoring = consent\n"
                            "from       = 2020-06-01T00:00:00Z\n"
                            "served     = 2020-06-01T00:00:00Z\n"
                            "until      = 2020-06-20T00:00:00Z\n"
                            "[zone A/home]\n"
                            "centre     = 51.56844, 0.45782\n"
                            "radius     = 200 m\n";

/* Beats come minutes apart: what is told sooner was told for the reload. */
static void the_status_knows_at_once_that_no_order_is_in_force(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "10m");
    ctl_live_open(testbed, NULL);
    await_heartbeat(testbed, "\"no-orders\"", false);
    testbed_print(testbed, "orders.d/A.conf", "%s", ended);
    reload(testbed); // of too much at once
    assert_int_equal(
        testbed_ctl(testbed, "reload", "-c", testbed_path(testbed, "breachd.conf").text, NULL), 0);
    assert_has(testbed_ctl_complained(testbed),
               "breachctl: warning: no order is in force: nobody is watched\n");
    await_heartbeat(testbed, "\"no-orders\"", true);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    assert_string_equal(testbed_ctl_complained(testbed), "");
    await_heartbeat(testbed, "\"no-orders\"", false);
    testbed_close(testbed);
}

static void a_file_that_is_passed_over_is_named(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_print(testbed, "orders.d/B.conf.txt", "%s", ended);
    assert_int_equal(reload(testbed), 0);
    assert_has(testbed_ctl_complained(testbed),
               "orders.d/B.conf.txt: warning: is no order file, for its name does not end in "
               ".conf: nobody in it is watched\n");
    assert_true(testbed_log_has(testbed, "B.conf.txt: warning: is no order file"));
    testbed_print(testbed, "orders.d/C.CONF", "%s", ended);
    break_order(testbed, "A", "tag-1");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "breachctl: and 1 more such: `breachd -n` names");
    testbed_close(testbed);
}

/* Told by diff before it is done, then by the log, by breachctl, by the status and by the alert. */
static void a_threshold_that_changes_is_told_with_what_it_was(void **state)
{
    struct testbed *testbed = *state;
    const char *conf = testbed_path(testbed, "breachd.conf").text;

    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "10m");
    ctl_live_open(testbed, NULL);
    testbed_set(testbed, "breachd.conf", "detect", "probability-breach", "90 %");
    testbed_set(testbed, "breachd.conf", "alerts", "remind", "6m");
    assert_int_equal(testbed_ctl(testbed, "diff", "-c", conf, NULL), 0);
    assert_has(testbed_ctl_said(testbed), "[detect]: probability-breach 90 %, was 70 %\n");
    assert_int_equal(testbed_ctl(testbed, "diff", "-c", conf, "--json", NULL), 0);
    assert_has(testbed_ctl_said(testbed),
               "{\"change\":\"setting\",\"what\":\"[detect]: probability-breach 90 %, was 70 %\"}");
    assert_int_equal(reload(testbed), 0);
    assert_has(testbed_ctl_said(testbed), "0 zones moved; 2 settings changed\n");
    assert_true(testbed_log_has(testbed, "reload: [detect]: probability-breach 90 %, was 70 %"));
    assert_true(testbed_log_has(testbed, "reload: [alerts]: remind 6m, was 1d"));
    assert_has(alert_text(newest(testbed), "data.reason"),
               "0 zones moved; 2 settings changed: [detect]: probability-breach 90 %, was 70 %");
    await_heartbeat(testbed, "\"settings\":2", true);
    assert_int_equal(reload(testbed), 0);
    assert_has(testbed_ctl_said(testbed), "0 zones moved\n");
    testbed_close(testbed);
}

/* With the ledger named, its pings are judged by the thresholds of either. */
static void what_a_threshold_would_have_lost_is_told_by_diff(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf");

    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 193), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_set(testbed, "breachd.conf", "detect", "probability-breach", "94 %");
    assert_int_equal(testbed_ctl(testbed, "diff", "-c", conf.text, "--ledger",
                                 testbed_path(testbed, "ledger.db").text, NULL),
                     0);
    assert_has(testbed_ctl_said(testbed), "critical  breach         A/home: inside by ");
    assert_has(testbed_ctl_said(testbed), "1 gained, 1 lost, 0 earlier, 0 later, "); // possible
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_status_knows_at_once_that_no_order_is_in_force),
        testbed_test(a_file_that_is_passed_over_is_named),
        testbed_test(a_threshold_that_changes_is_told_with_what_it_was),
        testbed_test(what_a_threshold_would_have_lost_is_told_by_diff),
    };

    return cmocka_run_group_tests_name("reload_notes", tests, NULL, NULL);
}
