/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl explain: every ping with its number, every alert with its rule. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define INCIDENT "A/home/1"

static void play_visit(struct testbed *testbed)
{
    testbed_visit(testbed);
    testbed_gather(testbed);
}

static int explain(struct testbed *testbed, const char *more, const char *value)
{
    return testbed_ctl(testbed, "explain", "--ledger", testbed_path(testbed, "ledger.db").text,
                       "--reason", "review", INCIDENT, more, value, NULL);
}

static void each_ping_and_each_alert_is_told(void **state)
{
    struct testbed *testbed = *state;
    const json_t *alert;
    size_t i;

    play_visit(testbed);
    assert_int_equal(explain(testbed, NULL, NULL), 0);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "A/home/1, respondent R-A\nDVPO A, clause 3"));
    assert_non_null(
        strstr(testbed_ctl_said(testbed), " 50 m inside    accuracy    8 m  probability 1.000\n"));
    assert_non_null(
        strstr(testbed_ctl_said(testbed), " 580 m outside   accuracy    8 m  probability 0.000\n"));
    json_array_foreach(testbed->alerts, i, alert)
        assert_non_null(strstr(testbed_ctl_said(testbed), alert_text(alert, "data.reason")));
    testbed_close(testbed);
}

static void as_json_it_is_the_same(void **state)
{
    struct testbed *testbed = *state;
    json_t *json;
    size_t pings;

    play_visit(testbed);
    assert_int_equal(explain(testbed, "--json", NULL), 0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_non_null(json);
    pings = json_array_size(json_object_get(json, "pings"));
    assert_in_range(pings, 8, 11);
    assert_int_equal(json_array_size(json_object_get(json, "alerts")),
                     json_array_size(testbed->alerts));
    assert_string_equal(alert_text(json, "order"), "A");
    json_decref(json);
    testbed_close(testbed);
}

/* A court asks why a ping in the middle of the zone raised nothing. */
static void a_ping_that_was_not_believed_is_kept_and_told_as_such(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, "--rehearse");
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 5000), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 2, 10), 200);
    testbed_expect(testbed, "");
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = 'ping'"),
                     1);
    assert_int_equal(testbed_ping(testbed, "tag-1", 590, 10), 200); // he has come by now
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_int_equal(explain(testbed, NULL, NULL), 0);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "probability 1.000  implausible: not believed\n"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/*
 * Without a place there is none to draw or to measure; and one that comes again is
 * kept too, as it says that the device talks.
 */
static void pings_without_a_place_are_explained(void **state)
{
    struct testbed *testbed = *state;
    char json[256], *svg;
    json_t *explained;

    ctl_live_open(testbed, "--rehearse");
    snprintf(json, sizeof json,
             "{\"device\":\"tag-1\",\"time\":%lld,\"fix\":false,\"tamper\":true}",
             (long long)testbed->base + 1);
    assert_int_equal(testbed_post(testbed, json), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 2, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 2, 10), 200); // again
    assert_int_equal(testbed_post(testbed, json), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 17, 10), 200);
    testbed_gather(testbed);
    assert_int_equal(explain(testbed, "--svg", testbed_path(testbed, "a.svg").text), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), " ?            accuracy unknown  no-fix: not "
                                                      "believed\n"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "probability 1.000  again\n"));
    svg = testbed_read(testbed, "a.svg");
    assert_non_null(svg);
    assert_null(strstr(svg, "nan"));
    free(svg);
    assert_int_equal(explain(testbed, "--json", NULL), 0);
    explained = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_int_equal(json_array_size(json_object_get(explained, "pings")), 5);
    json_decref(explained);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void a_refused_word_is_told_with_its_reason_and_one_that_stands_with_its_note(void **state)
{
    struct testbed *testbed = *state;

    play_visit(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "ack", "--by", "PC 42", "--note", "car 12", INCIDENT, NULL), 0);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", INCIDENT, NULL), 1);
    testbed_settle(testbed); // he was answered before it is in the ledger
    assert_int_equal(explain(testbed, NULL, NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "taken by PC 42"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "PC 42 said ack, and noted: car 12\n"));
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "PC 43 said ack, refused: taken already, by PC 42"));
    testbed_close(testbed);
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    struct testbed *testbed = *state;

    play_visit(testbed);
    ctl_live_say(testbed, INCIDENT, "ack", "PC\033[2J", "");
    ctl_live_await(testbed, "{breachd}:acks:refused", 1);
    testbed_settle(testbed);
    assert_int_equal(explain(testbed, NULL, NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "PC\\u001B[2J said ack, refused: "));
    testbed_close(testbed);
}

/* How often a text stands in another. */
static size_t times(const char *text, const char *what)
{
    size_t n = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        n++;
    return n;
}

/* Above the legend. */
static size_t times_on_the_map(const char *svg, const char *what)
{
    const char *legend = strstr(svg, "<g class=\"legend\"");

    assert_non_null(legend);
    return times(svg, what) - times(legend, what);
}

static void the_drawing_has_the_zone_the_way_and_each_alert(void **state)
{
    struct testbed *testbed = *state;
    struct path path = testbed_path(testbed, "a.svg");
    char *svg;

    play_visit(testbed);
    assert_int_equal(explain(testbed, "--svg", path.text), 0);
    svg = testbed_read(testbed, "a.svg");
    assert_non_null(svg);
    assert_int_equal(times(svg, "<path class=\"zone\" d=\"M"), 1);
    assert_true(times(svg, "<path class=\"way") > 1);
    assert_true(times(svg, "<path class=\"arrow\"") > 0);
    assert_int_equal(times(svg, "<circle class=\"ping\"") + 1, // and the legend's
                     times(svg, "<circle class=\"accuracy\""));
    assert_int_equal(times_on_the_map(svg, " class=\"alert "), json_array_size(testbed->alerts));
    assert_int_equal(times(svg, "\">breach "), 1); // at the site's time
    assert_null(strstr(svg, "Z</text>"));
    assert_int_equal(times(svg, "local time (Europe/London)</text>"), 1);
    assert_int_equal(times(svg, "<path class=\"scale\""), 1);
    assert_int_equal(times(svg, "<path class=\"north\""), 1);
    assert_non_null(strstr(svg, ">breach</text>")); // in the legend
    assert_null(strstr(svg, "nan"));
    assert_non_null(strstr(svg, "</svg>"));
    free(svg);
    assert_int_equal(explain(testbed, "--svg", path.text), 1); // what is there is not written over
    assert_non_null(strstr(testbed_ctl_complained(testbed), "File exists"));
    testbed_close(testbed);
}

static void without_positions_in_alerts_it_is_the_same(void **state)
{
    struct testbed *testbed = *state;
    char *svg;

    testbed_set(testbed, "breachd.conf", "alerts", "position", "none");
    play_visit(testbed);
    assert_int_equal(explain(testbed, "--svg", testbed_path(testbed, "a.svg").text), 0);
    svg = testbed_read(testbed, "a.svg");
    assert_int_equal(times_on_the_map(svg, " class=\"alert "), json_array_size(testbed->alerts));
    free(svg);
    testbed_close(testbed);
}

/* It was so many metres north of A's zone's middle, so many seconds after the beginning. */
static void was(struct testbed *testbed, const char *device, int second, double north)
{
    assert_int_equal(testbed_ping(testbed, device, second, north), 200);
}

/* What is believed is on the map, or it is told that it is not; and it is not called a doubt. */
static void the_drawing_leaves_nothing_out_in_silence(void **state)
{
    struct testbed *testbed = *state;
    struct path wide = testbed_path(testbed, "wide.svg"), far = testbed_path(testbed, "far.svg");
    char *svg;

    testbed_order(testbed, "B", "tag-2", 0, 40000, "");
    ctl_live_open(testbed, "--rehearse");
    was(testbed, "tag-2", 0, 32000);
    was(testbed, "tag-2", 900, 37000);
    was(testbed, "tag-1", 1000, 10);
    was(testbed, "tag-1", 4600, 30000);
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "explain", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--reason", "review",
                                 "B/home/1", "--svg", wide.text, NULL),
                     0);
    svg = testbed_read(testbed, "wide.svg");
    assert_int_equal(times(svg, "<circle class=\"ping\""), 2);
    assert_null(strstr(svg, "not drawn"));
    free(svg);
    assert_int_equal(explain(testbed, "--svg", far.text), 0);
    svg = testbed_read(testbed, "far.svg");
    assert_int_equal(times(svg, "<circle class=\"ping\""), 1);
    assert_non_null(strstr(svg, ">1 over 20 km away: not drawn</text>"));
    assert_null(strstr(svg, "not believed: beyond"));
    free(svg);
    testbed_close(testbed);
}

static void what_cannot_be_explained_is_refused(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger;

    play_visit(testbed);
    ledger = testbed_path(testbed, "ledger.db");
    assert_int_equal(testbed_ctl(testbed, "explain", "--ledger", ledger.text, "--reason", "review",
                                 "A/home/9", NULL),
                     1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "no such incident"));
    assert_int_equal(testbed_ctl(testbed, "explain", "--ledger", ledger.text, INCIDENT, NULL), 2);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_ping_and_each_alert_is_told),
        testbed_test(as_json_it_is_the_same),
        testbed_test(a_ping_that_was_not_believed_is_kept_and_told_as_such),
        testbed_test(pings_without_a_place_are_explained),
        testbed_test(a_refused_word_is_told_with_its_reason_and_one_that_stands_with_its_note),
        testbed_test(control_characters_do_not_reach_the_terminal),
        testbed_test(the_drawing_has_the_zone_the_way_and_each_alert),
        testbed_test(the_drawing_leaves_nothing_out_in_silence),
        testbed_test(without_positions_in_alerts_it_is_the_same),
        testbed_test(what_cannot_be_explained_is_refused),
    };

    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
