/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that are gone: a reload by which half of them would go, and one that leaves none. */
#include <stdio.h>
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

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
        testbed_test(an_emptied_folder_is_refused_and_the_order_stays),
        testbed_test(so_is_a_folder_that_vanished),
        testbed_test(half_of_the_orders_go_when_the_refusals_digest_is_named),
        testbed_test(a_digest_lets_no_other_orders_go),
        testbed_test(a_digest_is_not_kept_for_later),
        testbed_test(what_is_no_digest_is_wrong_usage),
        testbed_test(orders_that_have_ended_may_go),
        testbed_test(that_no_order_is_in_force_is_told_until_one_is),
    };

    return cmocka_run_group_tests_name("reload_orders", tests, NULL, NULL);
}
