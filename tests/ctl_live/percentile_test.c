/* SPDX-License-Identifier: Apache-2.0 */
/*
 * [devices N] accuracy-percentile through the whole program: the ledger keeps what the device told,
 * it is judged as the circle of 68 %, and judged again it comes out the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/near.h"
#include "support/test.h"

#define INCIDENT "A/home/1"
#define CHANGED  "[devices tags]: accuracy-percentile 50, was 95; from the next ping of each on\n"

/* Tags tell at 95 %, as `conf` says from now on. */
static void tell_at(struct testbed *testbed, const char *conf, const char *percentile)
{
    char *text = testbed_read(testbed, "breachd.conf");

    if (strstr(text, "[devices tags]") == NULL)
        testbed_print(testbed, conf, "%s\n[devices tags]\nmatch = tag-*\n", text);
    else if (strcmp(conf, "breachd.conf") != 0)
        testbed_print(testbed, conf, "%s", text);
    testbed_set(testbed, conf, "devices tags", "accuracy-percentile", percentile);
    free(text);
}

/* He comes and is 100 m inside; the far ping before is no evidence. */
static void open_at_95(struct testbed *testbed)
{
    tell_at(testbed, "breachd.conf", "95");
    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 400, 600), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 620, 100), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
}

static int explain(struct testbed *testbed, const char *more, const char *value)
{
    return testbed_ctl(testbed, "explain", "--ledger", testbed_path(testbed, "ledger.db").text,
                       "--reason", "review", INCIDENT, more, value, NULL);
}

static void the_alert_says_what_was_told_and_its_number_is_of_68(void **state)
{
    struct testbed *testbed = *state;
    const json_t *breach;

    open_at_95(testbed);
    breach = json_array_get(testbed->alerts, 0);
    assert_has(alert_text(breach, "data.reason"), "inside by 100 m, accuracy 8 m (95 %)");
    assert_near(json_number_value(alert_at(breach, "data.ping.accuracy")), 4.9, 1e-9);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'ping'"
                                                 " AND json_extract(body, '$.ping.accuracy') = 8"
                                                 " AND json_extract(body, '$.ping.percentile')"
                                                 " IS NULL"),
                     1);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'settings' AND body"
                                    " LIKE '%\"match\":[\"tag-*\"],\"accuracy-percentile\":95.0%'"),
        1);
    assert_int_equal(ctl_fixture_agrees(testbed), 1);
    testbed_close(testbed);
}

/* A circle of the drawing: its radius in the drawing's own unit. */
static double circle_of(const char *svg)
{
    const char *at = strstr(svg, "<circle class=\"accuracy\"");
    double radius = NAN;

    assert_non_null(at);
    assert_int_equal(sscanf(strstr(at, " r=\"") + 4, "%lf", &radius), 1);
    return radius;
}

static void explain_tells_both(void **state)
{
    struct testbed *testbed = *state;
    const json_t *ping;
    json_t *json;
    char *svg, *plain;

    open_at_95(testbed);
    assert_int_equal(explain(testbed, "--svg", testbed_path(testbed, "a.svg").text), 0);
    assert_has(testbed_ctl_said(testbed),
               " 100 m inside    accuracy    8 m (95 %)  probability 0.99");
    assert_int_equal(explain(testbed, "--json", NULL), 0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    ping = json_array_get(json_object_get(json, "pings"), 0);
    assert_true(json_number_value(json_object_get(ping, "accuracy")) == 8);
    assert_true(json_number_value(json_object_get(ping, "percentile")) == 95);
    json_decref(json);
    svg = testbed_read(testbed, "a.svg");
    // As pings of 68 % would be drawn: the circle is smaller by 0.617.
    ctl_fixture_doctor(testbed, "UPDATE entry SET body = replace(body, '\"tag-*\"', '\"x-*\"')"
                                " WHERE kind = 'settings'");
    assert_int_equal(explain(testbed, "--svg", testbed_path(testbed, "b.svg").text), 0);
    plain = testbed_read(testbed, "b.svg");
    assert_near(circle_of(svg) / circle_of(plain), 0.617, 0.02);
    free(plain);
    free(svg);
    testbed_close(testbed);
}

/* Told by diff before it is done, then by the log, by breachctl and by the alert. */
static void a_reload_that_changes_it_says_so_and_comes_out_the_same(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf");
    json_t *status;

    open_at_95(testbed);
    assert_int_equal(testbed_ctl(testbed, "diff", "-c", conf.text, NULL), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "devices"));
    tell_at(testbed, "breachd.conf", "50");
    assert_int_equal(testbed_ctl(testbed, "diff", "-c", conf.text, NULL), 0);
    assert_has(testbed_ctl_said(testbed), CHANGED "0 added, 0 ended, 0 changed, 0 zones moved\n");
    assert_int_equal(testbed_ctl(testbed, "diff", "-c", conf.text, "--json", NULL), 0);
    assert_has(testbed_ctl_said(testbed), "{\"change\":\"devices\",\"what\":\"[devices tags]: ");
    assert_int_equal(testbed_ctl(testbed, "reload", "-c", conf.text, NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed), "reloaded: 1 order; 0 added, 0 ended, 0 changed,"
                                                   " 0 zones moved; kinds of devices changed\n");
    assert_true(testbed_log_has(testbed, "reload: " CHANGED));
    assert_has(alert_text(newest(testbed), "data.reason"),
               "1 order; 0 added, 0 ended, 0 changed, 0 zones moved; kinds of devices changed");
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    assert_int_equal(json_integer_value(alert_at(status, "rules.changed.devices")), 1);
    json_decref(status);
    await_heartbeat(testbed, "\"devices\":1", true);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 0);
    assert_has(testbed_ctl_said(testbed), "0 zones moved; kinds of devices changed\n");
    assert_int_equal(testbed_ping(testbed, "tag-1", 690, 110), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 890, 600), 200);
    testbed_expect(testbed, "breach A/home/1/1\nupdate A/home/1/2\ncleared A/home/1/3\n");
    assert_has(alert_text(json_array_get(testbed->alerts, 1), "data.reason"),
               "accuracy 8 m (50 %)");
    assert_near(
        json_number_value(alert_at(json_array_get(testbed->alerts, 1), "data.ping.accuracy")), 10.3,
        1e-9);
    assert_int_equal(ctl_fixture_agrees(testbed), 3);
    assert_int_equal(ctl_fixture_replayed(testbed, "skipped"), 0);
    assert_int_equal(explain(testbed, NULL, NULL), 0);
    assert_has(testbed_ctl_said(testbed), "accuracy    8 m (95 %)");
    assert_has(testbed_ctl_said(testbed), "accuracy    8 m (50 %)");
    testbed_close(testbed);
}

/* A restart goes on with what it knew, and says of it what was told. */
static void after_a_restart_it_is_the_same(void **state)
{
    struct testbed *testbed = *state;

    open_at_95(testbed);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_order(testbed, "A", "tag-1", 600, 200, "");
    testbed_reload(testbed);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_has(alert_text(json_array_get(testbed->alerts, json_array_size(testbed->alerts) - 1),
                          "data.reason"),
               "accuracy 8 m (95 %)");
    assert_true(ctl_fixture_agrees(testbed) >= 2); // and breachd's own
    testbed_close(testbed);
}

/* Before it is set: what would it have made of an evening? */
static void replay_of_pings_compares_two_percentiles(void **state)
{
    struct testbed *testbed = *state;
    char far[TESTBED_PING_MAX], near[TESTBED_PING_MAX], *at;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    tell_at(testbed, "other.conf", "95");
    testbed_ping_print(testbed, "tag-1", 0, 600, far);
    testbed_ping_print(testbed, "tag-1", 240, 185, near);
    at = strstr(near, "\"accuracy\":8}");
    assert_non_null(at);
    strcpy(at, "\"accuracy\":40}");
    testbed_print(testbed, "pings.ndjson", "%s\n%s\n", far, near);
    assert_int_equal(testbed_ctl(testbed, "replay", testbed_path(testbed, "pings.ndjson").text,
                                 "-c", testbed_path(testbed, "breachd.conf").text, "--against-conf",
                                 testbed_path(testbed, "other.conf").text, NULL),
                     1);
    assert_has(testbed_ctl_said(testbed), "lost");
    assert_has(testbed_ctl_said(testbed), "A/home: may be inside: inside by 10 m, accuracy 40 m\n");
    assert_has(testbed_ctl_said(testbed), "gained");
    assert_has(testbed_ctl_said(testbed), "A/home: inside by 10 m, accuracy 40 m (95 %)\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_alert_says_what_was_told_and_its_number_is_of_68),
        testbed_test(explain_tells_both),
        testbed_test(a_reload_that_changes_it_says_so_and_comes_out_the_same),
        testbed_test(after_a_restart_it_is_the_same),
        testbed_test(replay_of_pings_compares_two_percentiles),
    };

    return cmocka_run_group_tests_name("percentile", tests, NULL, NULL);
}
