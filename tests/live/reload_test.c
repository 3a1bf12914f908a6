/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGHUP: the rules change whole or not at all, and the present is judged by them at once; by the
 * old ones until then.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"
#include "support/testbed.h"

static void the_next_ping_is_judged_by_the_new_zone(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    testbed_reload(testbed);
    testbed_ping(testbed, "tag-1", 300, 300); // outside of the old zone, inside the new one
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_true(testbed_metric(testbed, "breachd_reloads_total{result=\"done\"}") == 1);
    testbed_close(testbed);
}

static void a_broken_file_is_named_and_the_old_rules_stay(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_order(testbed, "A", "tag-1", 0, 400, "colour = red\n");
    testbed_reload(testbed);
    // A.conf:14 is the last line, after the eleven of the order and the three of the zone.
    testbed_await_log(testbed, "A.conf:14: ");
    testbed_await_log(testbed, "colour");
    assert_true(testbed_metric(testbed, "breachd_reloads_total{result=\"refused\"}") == 1);
    assert_int_equal(testbed_get(testbed, "/readyz"), 200);

    testbed_ping(testbed, "tag-1", 300, 300);
    testbed_expect(testbed, "");
    testbed_ping(testbed, "tag-1", 600, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void one_bad_file_keeps_the_good_ones_out_too(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    testbed_print(testbed, "orders.d/C.conf", "[order C\n");
    testbed_reload(testbed);
    testbed_await_log(testbed, "C.conf:1: ");
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 10), 400); // no device of any order
    testbed_close(testbed);
}

static void a_zone_moved_away_clears_at_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_order(testbed, "A", "tag-1", 5000, 200, "");
    testbed_reload(testbed);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    testbed_close(testbed);
}

static void a_zone_moved_onto_the_last_position_is_breached_at_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 5000, 200, "");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 800, 10);
    testbed_expect(testbed, "");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_reload(testbed);
    testbed_await_log(testbed, "essex/A/home/1/1: breach"); // on disk
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void an_order_withdrawn_clears_at_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    testbed_reload(testbed);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-2", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\n");
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload_really(testbed);
    testbed_await_log(testbed, "essex/A/home/1/2: cleared");
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 1);
    testbed_close(testbed);
}

static void an_order_that_comes_back_counts_its_incidents_on(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload_really(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_reload(testbed);
    testbed_ping(testbed, "tag-1", 300, 900);
    testbed_ping(testbed, "tag-1", 600, 10);
    testbed_gather(testbed);
    for (size_t i = 0; i < json_array_size(testbed->alerts); i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(alert_text(json_array_get(testbed->alerts, i), "id"),
                                    alert_text(json_array_get(testbed->alerts, j), "id"));
    testbed_close(testbed);
}

static void what_needs_a_restart_is_refused_with_that_reason(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_set(testbed, "breachd.conf", "site", "name", "kent");
    testbed_reload(testbed);
    testbed_await_log(testbed, "name");
    testbed_await_log(testbed, "restart");
    assert_true(testbed_metric(testbed, "breachd_reloads_total{result=\"refused\"}") == 1);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/* ---- while files are read: as long as the test keeps a gate shut ---- */

static void open_the_gated_testbed(struct testbed *testbed)
{
    testbed_gate_fit(testbed);
    testbed_open(testbed, "", NULL);
}

static void ask_for_a_reload(struct testbed *testbed)
{
    assert_int_equal(kill(testbed->breachd.pid, SIGHUP), 0);
    testbed_await_note(testbed, "RELOADING=1");
}

static void begin_a_long_reload(struct testbed *testbed)
{
    testbed_print(testbed, "gate", "shut\n");
    ask_for_a_reload(testbed);
    testbed_await_log(testbed, "slowread: at the gate");
}

static void let_it_end(struct testbed *testbed)
{
    testbed_remove(testbed, "gate");
    testbed_await_note(testbed, "READY=1");
}

static void while_files_are_read_the_old_rules_judge(void **state)
{
    struct testbed *testbed = *state;

    open_the_gated_testbed(testbed);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    begin_a_long_reload(testbed);
    testbed_ping(testbed, "tag-1", 300, 300); // outside of the old zone, inside the new one
    testbed_expect(testbed, "");
    assert_int_equal(testbed_get(testbed, "/readyz"), 200);
    let_it_end(testbed);
    testbed_expect(testbed, "breach A/home/1/1\n"); // where he was last known to be
    testbed_close(testbed);
}

/* Both are obeyed, and systemd waits for the second. */
static void a_reload_during_a_reload_is_obeyed_after_it(void **state)
{
    struct testbed *testbed = *state;

    open_the_gated_testbed(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    begin_a_long_reload(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 600, "");
    ask_for_a_reload(testbed);
    let_it_end(testbed);
    assert_true(testbed_metric(testbed, "breachd_reloads_total{result=\"done\"}") == 2);
    testbed_ping(testbed, "tag-1", 300, 500);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void a_refusal_during_a_reload_leaves_the_next_one_to_be_done(void **state)
{
    struct testbed *testbed = *state;

    open_the_gated_testbed(testbed);
    testbed_set(testbed, "breachd.conf", "site", "name",
                "kent"); // settings are read before the gate
    begin_a_long_reload(testbed);
    testbed_set(testbed, "breachd.conf", "site", "name", "essex");
    testbed_order(testbed, "A", "tag-1", 0, 600, "");
    ask_for_a_reload(testbed);
    let_it_end(testbed);
    testbed_await_log(testbed, "reload: refused, 1 complaint: the old rules stay");
    assert_true(testbed_metric(testbed, "breachd_reloads_total{result=\"done\"}") == 1);
    testbed_ping(testbed, "tag-1", 300, 500);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/*
 * A file that never comes to its end, as on a file server that has died: breachd stops without it.
 */
static void it_stops_while_files_are_read(void **state)
{
    struct testbed *testbed = *state;

    open_the_gated_testbed(testbed);
    begin_a_long_reload(testbed);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_next_ping_is_judged_by_the_new_zone),
        testbed_test(a_broken_file_is_named_and_the_old_rules_stay),
        testbed_test(one_bad_file_keeps_the_good_ones_out_too),
        testbed_test(a_zone_moved_away_clears_at_once),
        testbed_test(a_zone_moved_onto_the_last_position_is_breached_at_once),
        testbed_test(an_order_withdrawn_clears_at_once),
        testbed_test(an_order_that_comes_back_counts_its_incidents_on),
        testbed_test(while_files_are_read_the_old_rules_judge),
        testbed_test(a_reload_during_a_reload_is_obeyed_after_it),
        testbed_test(a_refusal_during_a_reload_leaves_the_next_one_to_be_done),
        testbed_test(it_stops_while_files_are_read),
        testbed_test(what_needs_a_restart_is_refused_with_that_reason),
    };

    return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
