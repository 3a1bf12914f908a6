/* SPDX-License-Identifier: Apache-2.0 */
/*
 * [devices N] clock and unknown-accuracy through the whole program: what decides is in the
 * evidence, so that judged again it comes out the same, before a reload and after it.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

enum { HOUR = 3600 };

/* A kind of the tags, with these keys. */
static void tags(struct testbed *testbed, const char *keys)
{
    char *text = testbed_read(testbed, "breachd.conf");

    testbed_print(testbed, "breachd.conf", "%s\n[devices tags]\nmatch = tag-*\n%s", text, keys);
    free(text);
}

static void open_untrusted(struct testbed *testbed)
{
    tags(testbed, "unknown-accuracy = 12 m\nping-interval = 60s\nno-fix-after = 20m\n"
                  "clock = untrusted\n");
    ctl_live_open(testbed, NULL);
}

static void a_breach_of_an_untrusted_clock_is_of_now_and_comes_out_the_same(void **state)
{
    struct testbed *testbed = *state;

    open_untrusted(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", -2 * HOUR, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 90 * HOUR, 12), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"future\"}") == 2);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM entry WHERE kind = 'settings' AND"
                                        " body LIKE '%\"accuracy-percentile\":68.0,"
                                        "\"unknown-accuracy\":12.0,\"no-fix-after\":1200000,"
                                        "\"clock\":\"untrusted\"}%'"),
                     1);
    assert_int_equal(ctl_fixture_agrees(testbed), 1);
    assert_int_equal(testbed_ctl(testbed, "explain", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--reason", "review",
                                 "A/home/1", NULL),
                     0);
    assert_has(testbed_ctl_said(testbed), "future, its clock is untrusted: it said ");
    testbed_close(testbed);
}

/* Told by diff before it is done; then what is old is held up. Both come out the same again. */
static void a_reload_that_trusts_it_says_so_and_comes_out_the_same(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf");

    open_untrusted(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", -2 * HOUR, 10), 200);
    testbed_set(testbed, "breachd.conf", "devices tags", "clock", "trusted");
    testbed_set(testbed, "breachd.conf", "devices tags", "silent-after", "90m");
    assert_int_equal(testbed_ctl(testbed, "diff", "-c", conf.text, NULL), 0);
    assert_has(testbed_ctl_said(testbed),
               "[devices tags]: silent-after 90m, was not given; from now on\n"
               "[devices tags]: clock trusted, was untrusted; from the next ping of each on\n");
    assert_int_equal(testbed_ctl(testbed, "reload", "-c", conf.text, NULL), 0);
    assert_has(testbed_ctl_said(testbed), "0 zones moved; kinds of devices changed\n");
    assert_int_equal(testbed_ping(testbed, "tag-1", -HOUR, 600), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"late\"}") == 1);
    for (int second = 915; second < 920; second++)
        assert_int_equal(testbed_ping(testbed, "tag-1", second, second - 430), 200);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(ctl_fixture_agrees(testbed), 2);
    assert_int_equal(ctl_fixture_replayed(testbed, "skipped"), 0);
    testbed_close(testbed);
}

/* What explain measures by one ping alone it measures as such a device's. */
static void explain_takes_an_unknown_accuracy_for_that_of_its_kind(void **state)
{
    struct testbed *testbed = *state;
    const json_t *ping;
    json_t *json;
    char text[TESTBED_PING_MAX], *at;

    tags(testbed, "unknown-accuracy = 2 m\n");
    ctl_live_open(testbed, NULL);
    at = strstr(testbed_ping_print(testbed, "tag-1", -2 * HOUR, 194, text), ",\"accuracy\":8}");
    assert_non_null(at);
    strcpy(at, "}");
    assert_int_equal(testbed_post(testbed, text), 200);
    testbed_expect(testbed, "retrospective A/home/1/1\n");
    assert_int_equal(testbed_ctl(testbed, "explain", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--reason", "review",
                                 "A/home/1", "--json", NULL),
                     0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    ping = json_array_get(json_object_get(json, "pings"), 0);
    assert_true(json_number_value(json_object_get(ping, "probability")) > 0.8); // 0.6 of 30 m
    json_decref(json);
    assert_int_equal(ctl_fixture_agrees(testbed), 1);
    testbed_close(testbed);
}

/* Before it is set: what would it have made of an evening? */
static void replay_of_pings_compares_two_clocks(void **state)
{
    struct testbed *testbed = *state;
    char first[TESTBED_PING_MAX], second[TESTBED_PING_MAX], *text;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    text = testbed_read(testbed, "breachd.conf");
    testbed_print(testbed, "other.conf", "%s\n[devices a]\nmatch = tag-*\nclock = untrusted\n",
                  text);
    free(text);
    testbed_ping_print(testbed, "tag-1", 7200, 600, first);
    testbed_ping_print(testbed, "tag-1", 0, 100, second);
    testbed_print(testbed, "pings.ndjson", "%s\n%s\n", first, second);
    assert_int_equal(testbed_ctl(testbed, "replay", testbed_path(testbed, "pings.ndjson").text,
                                 "-c", testbed_path(testbed, "breachd.conf").text, "--against-conf",
                                 testbed_path(testbed, "other.conf").text, NULL),
                     1);
    assert_has(testbed_ctl_said(testbed), "lost");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_breach_of_an_untrusted_clock_is_of_now_and_comes_out_the_same),
        testbed_test(a_reload_that_trusts_it_says_so_and_comes_out_the_same),
        testbed_test(explain_takes_an_unknown_accuracy_for_that_of_its_kind),
        testbed_test(replay_of_pings_compares_two_clocks),
    };

    return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
