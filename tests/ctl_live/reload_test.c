/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl reload waits for what comes of it; a refused reload is told wherever somebody looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

static int reload(struct testbed *testbed)
{
    testbed_hear(testbed);
    return testbed_ctl(testbed, "reload", "-c", testbed_path(testbed, "breachd.conf").text, NULL);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in: %s", part, text);
}

/* Waits until what a heartbeat says has this in it; or has it no more. */
static void await_beat(struct testbed *testbed, const char *part, bool has)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    for (;;) {
        redisReply *reply = testbed_redis(testbed, "GET {breachd}:heartbeat");
        bool is = reply->str != NULL && (strstr(reply->str, part) != NULL) == has;

        freeReplyObject(reply);
        if (is)
            return;
        if (now_ms() > deadline)
            fail_msg("no heartbeat %s %s", has ? "with" : "without", part);
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

/* The newest alert of a reload. */
static const json_t *newest(struct testbed *testbed)
{
    testbed_gather(testbed);
    return json_array_get(testbed->rules, json_array_size(testbed->rules) - 1);
}

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
    await_beat(testbed, "\"refused\":null", true);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 0);
    refuse(testbed);
    await_beat(testbed, "\"complaints\":2", true);
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
    await_beat(testbed, "\"refused\":null", true);
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

/* ---- too many orders gone ---- */

/* The digest that the newest refusal showed. */
static void shown(struct testbed *testbed, char out[13])
{
    const char *at = strstr(testbed_ctl_complained(testbed), "`breachctl reload --really ");

    assert_non_null(at);
    snprintf(out, 13, "%s", at + strlen("`breachctl reload --really "));
}

static int really(struct testbed *testbed, const char *digest)
{
    return testbed_ctl(testbed, "reload", "-c", testbed_path(testbed, "breachd.conf").text,
                       "--really", digest, NULL);
}

static void an_emptied_folder_is_refused_and_the_order_stays(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d/A.conf");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed),
               "orders.d: 1 of 1 orders that have not ended are gone: A: if that is meant, ");
    ctl_live_breach(testbed); // it is judged by it
    testbed_close(testbed);
}

static void so_is_a_folder_that_vanished(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "orders.d: No such file or directory");
    ctl_live_breach(testbed);
    testbed_close(testbed);
}

static void half_of_the_orders_go_when_the_refusals_digest_is_named(void **state)
{
    struct testbed *testbed = *state;
    json_t *status;
    char digest[13];

    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d/B.conf");
    assert_int_equal(reload(testbed), 1);
    shown(testbed, digest);
    testbed_get(testbed, "/v1/status");
    status = testbed_json(testbed);
    assert_string_equal(alert_text(status, "rules.refused.really"), digest);
    json_decref(status);
    assert_int_equal(really(testbed, "0123456789ab"), 1);
    assert_int_equal(really(testbed, digest), 0);
    assert_string_equal(testbed_ctl_said(testbed),
                        "reloaded: 1 order; 0 added, 1 ended, 0 changed, 0 zones moved\n");
    testbed_close(testbed);
}

/* What was meant was one step; another one has a name of its own. */
static void a_digest_lets_no_other_orders_go(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d/B.conf");
    assert_int_equal(reload(testbed), 1);
    shown(testbed, digest);
    testbed_remove(testbed, "orders.d/A.conf");
    assert_int_equal(really(testbed, digest), 1);
    assert_has(testbed_ctl_complained(testbed), "2 of 2 orders that have not ended are gone: A, B");
    testbed_close(testbed);
}

/* It is for one reload; SIGHUP never has one. */
static void a_digest_is_not_kept_for_later(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d/B.conf");
    assert_int_equal(reload(testbed), 1);
    shown(testbed, digest);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    assert_int_equal(really(testbed, digest), 0);
    testbed_remove(testbed, "orders.d/B.conf");
    testbed_reload(testbed);
    testbed_await_log(testbed, "reload: refused, 1 complaint: the old rules stay");
    assert_int_equal(testbed_metric(testbed, "breachd_reloads_total{result=\"refused\"}"), 2);
    testbed_close(testbed);
}

static void what_is_no_digest_is_wrong_usage(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(really(testbed, "yes"), 2);
    assert_int_equal(really(testbed, "0123456789AB"), 2);
    testbed_close(testbed);
}

/* ---- no order in force ---- */

static const char ended[] = "[order A]\n"
                            "kind       = DVPO\n"
                            "clause     = 3\n"
                            "respondent = R-A\n"
                            "devices    = tag-1\n"
                            "area       = Basildon\n"
                            "monitoring = consent\n"
                            "from       = 2020-06-01T00:00:00Z\n"
                            "served     = 2020-06-01T00:00:00Z\n"
                            "until      = 2020-06-20T00:00:00Z\n"
                            "[zone A/home]\n"
                            "centre     = 51.56844, 0.45782\n"
                            "radius     = 200 m\n";

static void that_no_order_is_in_force_is_told_until_one_is(void **state)
{
    struct testbed *testbed = *state;

    testbed_print(testbed, "orders.d/A.conf", "%s", ended);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    await_beat(testbed, "\"no-orders\"", true);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/no-orders/1/1");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "high");
    assert_string_equal(alert_text(newest(testbed), "data.cause"), "no-orders");
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo no-orders/1"), 1);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    await_beat(testbed, "\"no-orders\"", false);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/no-orders/1/2");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "info");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:todo"), 0);
    testbed_close(testbed);
}

static void orders_that_have_ended_may_go(void **state)
{
    struct testbed *testbed = *state;

    testbed_print(testbed, "orders.d/A.conf", "%s", ended);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    testbed_remove(testbed, "orders.d/A.conf");
    assert_int_equal(reload(testbed), 0);
    assert_has(testbed_ctl_said(testbed), "reloaded: 0 orders; 0 added, 1 ended,");
    testbed_close(testbed);
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
        testbed_test(an_emptied_folder_is_refused_and_the_order_stays),
        testbed_test(so_is_a_folder_that_vanished),
        testbed_test(half_of_the_orders_go_when_the_refusals_digest_is_named),
        testbed_test(a_digest_lets_no_other_orders_go),
        testbed_test(a_digest_is_not_kept_for_later),
        testbed_test(what_is_no_digest_is_wrong_usage),
        testbed_test(orders_that_have_ended_may_go),
        testbed_test(that_no_order_is_in_force_is_told_until_one_is),
    };

    return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
