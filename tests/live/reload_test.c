/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGHUP: the rules change whole or not at all, and the present is judged by them at once; by the
 * old ones until then.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/house.h"
#include "support/test.h"

static void the_next_ping_is_judged_by_the_new_zone(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 900);
    house_order(house, "A", "tag-1", 0, 400, "");
    house_reload(house);
    house_ping(house, "tag-1", 300, 300); // outside of the old zone, inside the new one
    house_expect(house, "breach A/home/1/1\n");
    assert_true(house_metric(house, "breachd_reloads_total{result=\"done\"}") == 1);
    house_close(house);
}

static void a_broken_file_is_named_and_the_old_rules_stay(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 900);
    house_order(house, "A", "tag-1", 0, 400, "colour = red\n");
    house_reload(house);
    // A.conf:14 is the last line, after the eleven of the order and the three of the zone.
    house_await_log(house, "A.conf:14: ");
    house_await_log(house, "colour");
    assert_true(house_metric(house, "breachd_reloads_total{result=\"refused\"}") == 1);
    assert_int_equal(house_get(house, "/readyz"), 200);

    house_ping(house, "tag-1", 300, 300);
    house_expect(house, "");
    house_ping(house, "tag-1", 600, 10);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void one_bad_file_keeps_the_good_ones_out_too(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_order(house, "B", "tag-2", 0, 200, "");
    house_print(house, "orders.d/C.conf", "[order C\n");
    house_reload(house);
    house_await_log(house, "C.conf:1: ");
    assert_int_equal(house_ping(house, "tag-2", 0, 10), 400); // no device of any order
    house_close(house);
}

static void a_zone_moved_away_clears_at_once(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_expect(house, "breach A/home/1/1\n");
    house_order(house, "A", "tag-1", 5000, 200, "");
    house_reload(house);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
    house_close(house);
}

static void a_zone_moved_onto_the_last_position_is_breached_at_once(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 5000, 200, "");
    house_redis_start(house, "");
    house_start(house, NULL);
    house_ping(house, "tag-1", 800, 10);
    house_expect(house, "");
    house_order(house, "A", "tag-1", 0, 200, "");
    house_reload(house);
    house_await_log(house, "essex/A/home/1/1: breach"); // on disk
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void an_order_withdrawn_clears_at_once(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_order(house, "B", "tag-2", 0, 200, "");
    house_reload(house);
    house_ping(house, "tag-1", 0, 10);
    house_ping(house, "tag-2", 0, 10);
    house_expect(house, "breach A/home/1/1\nbreach B/home/1/1\n");
    house_remove(house, "orders.d/A.conf");
    house_reload(house);
    house_await_log(house, "essex/A/home/1/2: cleared");
    house_expect(house, "breach A/home/1/1\nbreach B/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 1);
    house_close(house);
}

static void an_order_that_comes_back_counts_its_incidents_on(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_remove(house, "orders.d/A.conf");
    house_reload(house);
    house_order(house, "A", "tag-1", 0, 200, "");
    house_reload(house);
    house_ping(house, "tag-1", 300, 900);
    house_ping(house, "tag-1", 600, 10);
    house_gather(house);
    for (size_t i = 0; i < json_array_size(house->alerts); i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(alert_text(json_array_get(house->alerts, i), "id"),
                                    alert_text(json_array_get(house->alerts, j), "id"));
    house_close(house);
}

static void what_needs_a_restart_is_refused_with_that_reason(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_set(house, "breachd.conf", "site", "name", "kent");
    house_reload(house);
    house_await_log(house, "name");
    house_await_log(house, "restart");
    assert_true(house_metric(house, "breachd_reloads_total{result=\"refused\"}") == 1);
    house_ping(house, "tag-1", 0, 10);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

/* ---- while files are read: as long as the test keeps a gate shut ---- */

static void open_the_gated_house(struct house *house)
{
    house_gate_fit(house);
    house_open(house, "", NULL);
}

static void ask_for_a_reload(struct house *house)
{
    assert_int_equal(kill(house->breachd.pid, SIGHUP), 0);
    house_await_note(house, "RELOADING=1");
}

static void begin_a_long_reload(struct house *house)
{
    house_print(house, "gate", "shut\n");
    ask_for_a_reload(house);
    house_await_log(house, "slowread: at the gate");
}

static void let_it_end(struct house *house)
{
    house_remove(house, "gate");
    house_await_note(house, "READY=1");
}

static void while_files_are_read_the_old_rules_judge(void **state)
{
    struct house *house = *state;

    open_the_gated_house(house);
    house_ping(house, "tag-1", 0, 900);
    house_order(house, "A", "tag-1", 0, 400, "");
    begin_a_long_reload(house);
    house_ping(house, "tag-1", 300, 300); // outside of the old zone, inside the new one
    house_expect(house, "");
    assert_int_equal(house_get(house, "/readyz"), 200);
    let_it_end(house);
    house_expect(house, "breach A/home/1/1\n"); // where he was last known to be
    house_close(house);
}

/* Both are obeyed, and systemd waits for the second. */
static void a_reload_during_a_reload_is_obeyed_after_it(void **state)
{
    struct house *house = *state;

    open_the_gated_house(house);
    house_order(house, "A", "tag-1", 0, 400, "");
    begin_a_long_reload(house);
    house_order(house, "A", "tag-1", 0, 600, "");
    ask_for_a_reload(house);
    let_it_end(house);
    assert_true(house_metric(house, "breachd_reloads_total{result=\"done\"}") == 2);
    house_ping(house, "tag-1", 300, 500);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void a_refusal_during_a_reload_leaves_the_next_one_to_be_done(void **state)
{
    struct house *house = *state;

    open_the_gated_house(house);
    house_set(house, "breachd.conf", "site", "name", "kent"); // settings are read before the gate
    begin_a_long_reload(house);
    house_set(house, "breachd.conf", "site", "name", "essex");
    house_order(house, "A", "tag-1", 0, 600, "");
    ask_for_a_reload(house);
    let_it_end(house);
    house_await_log(house, "reload: refused, 1 complaint: the old rules stay");
    assert_true(house_metric(house, "breachd_reloads_total{result=\"done\"}") == 1);
    house_ping(house, "tag-1", 300, 500);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

/*
 * A file that never comes to its end, as on a file server that has died: breachd stops without it.
 */
static void it_stops_while_files_are_read(void **state)
{
    struct house *house = *state;

    open_the_gated_house(house);
    begin_a_long_reload(house);
    house_ping(house, "tag-1", 0, 10);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(the_next_ping_is_judged_by_the_new_zone),
        house_test(a_broken_file_is_named_and_the_old_rules_stay),
        house_test(one_bad_file_keeps_the_good_ones_out_too),
        house_test(a_zone_moved_away_clears_at_once),
        house_test(a_zone_moved_onto_the_last_position_is_breached_at_once),
        house_test(an_order_withdrawn_clears_at_once),
        house_test(an_order_that_comes_back_counts_its_incidents_on),
        house_test(while_files_are_read_the_old_rules_judge),
        house_test(a_reload_during_a_reload_is_obeyed_after_it),
        house_test(a_refusal_during_a_reload_leaves_the_next_one_to_be_done),
        house_test(it_stops_while_files_are_read),
        house_test(what_needs_a_restart_is_refused_with_that_reason),
    };

    return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
