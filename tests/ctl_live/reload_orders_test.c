/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that are gone: a reload by which half of them would go, and one that leaves none. */
#include <stdio.h>
#include <stdlib.h>
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

/* What breachd -n says of the files now, and its exit code; `part` is in it. */
static void assert_check(struct testbed *testbed, int want, const char *part)
{
    int code = testbed_run(testbed, "-n", "-c", testbed_path(testbed, "breachd.conf").text, NULL);
    char *err = testbed_read(testbed, "run.err");

    assert_has(err, part);
    free(err);
    assert_int_equal(code, want);
}

/* It takes neither, so it is no good news; the digest is that which a reload shows. */
static void the_check_says_that_too_much_goes(void **state)
{
    struct testbed *testbed = *state;
    char digest[16], last[96];

    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    ctl_live_open(testbed, NULL);
    await_kept(testbed);
    testbed_remove(testbed, "orders.d/B.conf");
    assert_check(testbed, 1, "orders.d: 1 of 2 orders that have not ended are gone (if that is");
    assert_check(testbed, 1,
                 "Z, goes on in force: neither a reload nor a start takes these files\n");
    assert_int_equal(reload(testbed), 1);
    shown(testbed, digest);
    snprintf(last, sizeof last, "`breachctl reload --really %.12s", digest);
    assert_check(testbed, 1, last);
    testbed_remove(testbed, "orders.d/A.conf");
    assert_check(testbed, 1, "orders.d: 2 of 2 orders that have not ended are gone");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    assert_check(testbed, 0, "");
    testbed_close(testbed);
}

static int really(struct testbed *testbed, const char *digest)
{
    return testbed_ctl(testbed, "reload", "-c", testbed_path(testbed, "breachd.conf").text,
                       "--really", digest, NULL);
}

/* Of orders A and B the second is gone: refused, with this digest. */
static void refuse_to_lose_b(struct testbed *testbed, char digest[13])
{
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d/B.conf");
    assert_int_equal(reload(testbed), 1);
    shown(testbed, digest);
}

static void an_emptied_folder_is_refused_and_the_order_stays(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d/A.conf");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed),
               "orders.d: 1 of 1 orders that have not ended are gone (if that is meant, ");
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

    refuse_to_lose_b(testbed, digest);
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

/* The names of orders may be as long as they like: what the step is asked for by is whole. */
static void the_digest_is_whole_in_all_that_is_shown(void **state)
{
    static const char id[] = "DVPO-2020-of-a-name-as-long-as-names-of-orders-may-be-00";
    struct testbed *testbed = *state;
    char digest[13], one[sizeof id], device[16];
    json_t *status;

    for (int i = 0; i < 6; i++) {
        snprintf(one, sizeof one, "%.*s%02u", (int)sizeof id - 3, id, (unsigned)i % 100);
        snprintf(device, sizeof device, "tag-%d", i + 2);
        testbed_order(testbed, one, device, 5000, 200, "");
    }
    ctl_live_open(testbed, NULL);
    for (int i = 0; i < 6; i++) {
        char path[128];

        snprintf(path, sizeof path, "orders.d/%.*s%02d.conf", (int)sizeof id - 3, id, i);
        testbed_remove(testbed, path);
    }
    assert_int_equal(reload(testbed), 1);
    shown(testbed, digest);
    assert_int_equal(strlen(digest), 12);
    testbed_settle(testbed);
    testbed_gather(testbed);
    assert_has(alert_text(newest(testbed), "data.reason"), digest);
    testbed_get(testbed, "/v1/status");
    status = testbed_json(testbed);
    assert_has(alert_text(status, "rules.refused.first"), digest);
    json_decref(status);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_has(testbed_ctl_said(testbed), digest);
    assert_int_equal(really(testbed, digest), 0);
    testbed_close(testbed);
}

/* What was meant was one step; another one has a name of its own. */
static void a_digest_lets_no_other_orders_go(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    refuse_to_lose_b(testbed, digest);
    testbed_remove(testbed, "orders.d/A.conf");
    assert_int_equal(really(testbed, digest), 1);
    assert_has(testbed_ctl_complained(testbed), "2 of 2 orders that have not ended are gone (");
    assert_has(testbed_ctl_complained(testbed), "`): A, B");
    testbed_close(testbed);
}

static void await_refused(struct testbed *testbed, int n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (testbed_metric(testbed, "breachd_reloads_total{result=\"refused\"}") < n) {
        if (now_ms() > deadline)
            fail_msg("no %d reloads are refused", n);
    }
    assert_int_equal(testbed_metric(testbed, "breachd_reloads_total{result=\"refused\"}"), n);
}

/* It is for one reload; SIGHUP never has one. */
static void a_digest_is_not_kept_for_later(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    refuse_to_lose_b(testbed, digest);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    assert_int_equal(really(testbed, digest), 0);
    testbed_remove(testbed, "orders.d/B.conf");
    testbed_reload(testbed); // which the READY=1 of one before may end
    await_refused(testbed, 2);
    testbed_close(testbed);
}

static void what_is_no_digest_is_wrong_usage(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(really(testbed, "yes"), 2);
    assert_int_equal(really(testbed, "0123456789AB"), 2);
    testbed_close(testbed);
}

/* ---- orders that are there and bind nobody ---- */

/* As testbed_order() writes them, in two files: orders, and their zones. */
static void write_split(struct testbed *testbed, const char *served)
{
    testbed_print(testbed, "orders.d/A.conf",
                  "[order A]\nkind = other\nrespondent = R-A\ndevices = tag-1\n"
                  "monitoring = consent\nfrom = 2020-06-01T00:00:00Z\n%s"
                  "[order B]\nkind = other\nrespondent = R-B\ndevices = tag-2\n"
                  "monitoring = consent\nfrom = 2020-06-01T00:00:00Z\n%s",
                  served, served);
}

static const char served[] = "served = 2020-06-01T00:00:00Z\n";

static void write_zones(struct testbed *testbed)
{
    testbed_print(testbed, "orders.d/zones.conf",
                  "[zone A/home]\ncentre = 51.56844, 0.45782\nradius = 200 m\n"
                  "[zone B/home]\ncentre = 51.58844, 0.45782\nradius = 200 m\n");
}

static void open_split(struct testbed *testbed)
{
    testbed_remove(testbed, "orders.d/A.conf");
    write_split(testbed, served);
    write_zones(testbed);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
}

static void a_file_of_zones_that_vanished_is_refused_as_orders_are(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    open_split(testbed);
    testbed_remove(testbed, "orders.d/zones.conf");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed),
               "2 of 2 orders that have not ended are gone (if that is meant, ");
    assert_has(testbed_ctl_complained(testbed), "A (no zone is left), B (no zone is left)");
    ctl_live_breach(testbed);
    shown(testbed, digest);
    assert_int_equal(really(testbed, digest), 0);
    assert_string_equal(
        testbed_ctl_said(testbed),
        "reloaded: 2 orders; 0 added, 0 ended, 2 changed, 0 zones moved, 2 zones ended\n");
    testbed_await_log(
        testbed, "reload: done: 2 orders; 0 added, 0 ended, 2 changed, 0 zones moved, 2 zones");
    assert_has(alert_text(newest(testbed), "data.reason"), "0 zones moved, 2 zones ended");
    testbed_ctl(testbed, "status", NULL);
    assert_has(testbed_ctl_said(testbed), "0 zones moved, 2 zones ended\n");
    testbed_close(testbed);
}

static void so_it_is_at_a_start(void **state)
{
    struct testbed *testbed = *state;

    open_split(testbed);
    testbed_remove(testbed, "orders.d/zones.conf");
    start_again(testbed);
    assert_has(status_text(testbed, "rules.refused.first"), "A (no zone is left)");
    ctl_live_breach(testbed);
    testbed_close(testbed);
}

static void orders_that_nobody_served_any_more_are_refused_too(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    open_split(testbed);
    write_split(testbed, "");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "A (no longer served), B (no longer served)");
    ctl_live_breach(testbed);
    start_again(testbed);
    assert_has(status_text(testbed, "rules.refused.first"), "A (no longer served)");
    assert_int_equal(reload(testbed), 1);
    shown(testbed, digest);
    assert_int_equal(really(testbed, digest), 0);
    assert_has(testbed_ctl_said(testbed), "2 changed, 0 zones moved, 2 no longer served\n");
    testbed_close(testbed);
}

/* ---- once ---- */

/* The same step, later: what was meant then need not be meant now. */
static void a_digest_is_good_for_one_step_alone(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    refuse_to_lose_b(testbed, digest);
    assert_int_equal(really(testbed, digest), 0);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    testbed_remove(testbed, "orders.d/B.conf");
    assert_int_equal(really(testbed, digest), 1);
    testbed_close(testbed);
}

static void other_settings_are_another_step(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    refuse_to_lose_b(testbed, digest);
    testbed_set(testbed, "breachd.conf", "detect", "probability-breach", "90%");
    assert_int_equal(really(testbed, digest), 1);
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

static void open_ended(struct testbed *testbed)
{
    testbed_print(testbed, "orders.d/A.conf", "%s", ended);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
}

static void that_no_order_is_in_force_is_told_until_one_is(void **state)
{
    struct testbed *testbed = *state;

    open_ended(testbed);
    await_heartbeat(testbed, "\"no-orders\"", true);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/no-orders/1/1");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "high");
    assert_string_equal(alert_text(newest(testbed), "data.cause"), "no-orders");
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo no-orders/1"), 1);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    await_heartbeat(testbed, "\"no-orders\"", false);
    assert_string_equal(alert_text(newest(testbed), "id"), "essex/no-orders/1/2");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "info");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:todo"), 0);
    testbed_close(testbed);
}

static void orders_that_have_ended_may_go(void **state)
{
    struct testbed *testbed = *state;

    open_ended(testbed);
    testbed_remove(testbed, "orders.d/A.conf");
    assert_int_equal(reload(testbed), 0);
    assert_has(testbed_ctl_said(testbed), "reloaded: 0 orders; 0 added, 1 ended,");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_check_says_that_too_much_goes),
        testbed_test(an_emptied_folder_is_refused_and_the_order_stays),
        testbed_test(so_is_a_folder_that_vanished),
        testbed_test(half_of_the_orders_go_when_the_refusals_digest_is_named),
        testbed_test(the_digest_is_whole_in_all_that_is_shown),
        testbed_test(a_digest_lets_no_other_orders_go),
        testbed_test(a_digest_is_not_kept_for_later),
        testbed_test(what_is_no_digest_is_wrong_usage),
        testbed_test(a_file_of_zones_that_vanished_is_refused_as_orders_are),
        testbed_test(so_it_is_at_a_start),
        testbed_test(orders_that_nobody_served_any_more_are_refused_too),
        testbed_test(a_digest_is_good_for_one_step_alone),
        testbed_test(other_settings_are_another_step),
        testbed_test(orders_that_have_ended_may_go),
        testbed_test(that_no_order_is_in_force_is_told_until_one_is),
    };

    return cmocka_run_group_tests_name("reload_orders", tests, NULL, NULL);
}
