/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl incidents and handover: what a ledger tells of a shift, also without breachd. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

static int ctl(struct testbed *testbed, const char *command, const char *option, const char *value)
{
    return testbed_ctl(testbed, command, "--ledger", testbed_path(testbed, "ledger.db").text,
                       option, value, NULL);
}

static size_t lines(struct testbed *testbed)
{
    size_t n = 0;

    for (const char *at = testbed_ctl_said(testbed); (at = strchr(at, '\n')) != NULL; at++)
        n++;
    return n;
}

/* A breach that was taken, handed and closed; one that goes on and nobody has; a tampered tag. */
static void play_a_shift(struct testbed *testbed)
{
    testbed_order(testbed, "B", "tag-2", 20000, 200, "");
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(testbed_ctl(testbed, "hand", "--by", "PC 42", "--to", "PC 43", "--note",
                                 "<b>rang</b> \"him\"", "A/home/1", NULL),
                     0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 43", "--reason", "arrested", "A/home/1", NULL),
        0);
    assert_int_equal(testbed_ping(testbed, "tag-2", 500, 20900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-2", 800, 20010), 200);
    assert_int_equal(testbed_post(testbed,
                                  "{\"device\":\"tag-1\",\"time\":\"2100-01-01T00:00:00Z\","
                                  "\"lat\":51.6314,\"lon\":0.45782,\"tamper\":true}"),
                     200);
    testbed_settle(testbed);
}

static void each_incident_is_told_with_who_had_it_and_what_came_of_it(void **state)
{
    struct testbed *testbed = *state;

    play_a_shift(testbed);
    assert_int_equal(ctl(testbed, "incidents", NULL, NULL), 0);
    ctl_live_assert_says(testbed, "critical  breach         A/home/1 in Basildon: ended ");
    ctl_live_assert_says(testbed, "; closed ");
    ctl_live_assert_says(testbed,
                         " by PC 43: arrested; \"<b>rang</b> \"him\"\"; 2 alerts, the first told ");
    ctl_live_assert_says(testbed,
                         "critical  breach         B/home/1 in Basildon: goes on; taken by nobody; "
                         "1 alert, told ");
    ctl_live_assert_says(testbed,
                         "high      tamper         device/tag-1/tamper/1 in Basildon: goes on; "
                         "taken by nobody; 1 alert\n");
    assert_null(strstr(testbed_ctl_said(testbed), "51.5")); // no place
    testbed_close(testbed);
}

static void those_of_a_state_an_area_or_a_time_are_picked(void **state)
{
    static const struct {
        const char *option, *value, *want;
        size_t n;
    } picks[] = { { "--state", "closed", "A/home/1", 1 },
                  { "--state", "untaken", "B/home/1", 3 }, // and a wrong clock
                  { "--state", "open", "B/home/1", 3 },
                  { "--state", "taken", "none\n", 1 },
                  { "--area", "Harwich", "none\n", 1 },
                  { "--area", "Basildon", "A/home/1", 4 },
                  { "--since", "1h", "A/home/1", 4 } };
    struct testbed *testbed = *state;

    play_a_shift(testbed);
    testbed_kill(testbed); // nobody need watch for it
    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
        assert_int_equal(ctl(testbed, "incidents", picks[i].option, picks[i].value), 0);
        ctl_live_assert_says(testbed, picks[i].want);
        if (lines(testbed) != picks[i].n)
            fail_msg("%s %s: %s", picks[i].option, picks[i].value, testbed_ctl_said(testbed));
    }
    assert_int_equal(ctl(testbed, "incidents", "--state", "gone"), 2);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "gone is none of open ended taken"));
    testbed_close(testbed);
}

static void as_json_each_is_a_line_without_a_place(void **state)
{
    struct testbed *testbed = *state;
    json_t *json;

    play_a_shift(testbed);
    assert_int_equal(testbed_ctl(testbed, "incidents", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--json", "--state",
                                 "closed", NULL),
                     0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_string_equal(alert_text(json, "incident"), "A/home/1");
    assert_string_equal(alert_text(json, "state"), "closed");
    assert_string_equal(alert_text(json, "by"), "PC 43");
    assert_string_equal(alert_text(json, "outcome"), "arrested");
    assert_string_equal(alert_text(json, "note"), "<b>rang</b> \"him\"");
    assert_int_equal(json_integer_value(alert_at(json, "alerts")), 2);
    assert_null(strstr(testbed_ctl_said(testbed), "\"lat\""));
    json_decref(json);
    testbed_close(testbed);
}

static void the_next_desk_reads_one_page(void **state)
{
    struct testbed *testbed = *state;

    play_a_shift(testbed);
    assert_int_equal(ctl(testbed, "handover", "--since", "1h"), 0);
    ctl_live_assert_says(testbed, "Nobody has it:\n  ");
    ctl_live_assert_says(testbed, "B/home/1 in Basildon: goes on; taken by nobody");
    ctl_live_assert_says(testbed, "Goes on, and somebody has it:\n  nothing\n");
    ctl_live_assert_says(testbed, "Devices: silent, tampered with, or in doubt:\n  ");
    ctl_live_assert_says(testbed, "device/tag-1/tamper/1");
    ctl_live_assert_says(testbed, "Over since then:\n  ");
    ctl_live_assert_says(testbed,
                         "an hour and operator (1): by EEMUA 191 likely to be acceptable\n");
    ctl_live_assert_says(testbed, "0 floods of 10 or more in ten minutes");
    ctl_live_assert_says(testbed, "taken after 0.0 minutes (median)");
    ctl_live_assert_says(testbed, "2 that called somebody are taken by nobody\n");
    assert_int_equal(
        testbed_ctl(testbed, "handover", "--ledger", testbed_path(testbed, "ledger.db").text, NULL),
        2);
    assert_non_null(
        strstr(testbed_ctl_complained(testbed), "--since TIME|DURATION: must be given"));
    assert_int_equal(ctl(testbed, "handover", "--since", "soon"), 2);
    assert_int_equal(ctl(testbed, "handover", "--since", "2999-01-01 06:00"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed),
                           "--since: 2999-01-01 06:00 is still to come: no shift begins then"));
    testbed_close(testbed);
}

/* A ping of two hours ago came now: the breach was then, and is told as of now. */
static void it_begins_when_it_did_and_not_when_it_was_told(void **state)
{
    struct testbed *testbed = *state;
    char began[64];
    json_t *json;

    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", -7200, 10), 200);
    testbed_expect(testbed, "retrospective A/home/1/1\n");
    testbed_settle(testbed);
    assert_int_equal(ctl(testbed, "incidents", "--json", NULL), 0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    strftime(began, sizeof began, "%FT%T.000Z", gmtime(&(time_t){ testbed->base - 7200 }));
    assert_string_equal(alert_text(json, "began"), began);
    assert_true(strcmp(alert_text(json, "first"), began) > 0);
    json_decref(json);
    assert_int_equal(ctl(testbed, "incidents", NULL, NULL), 0);
    strftime(began, sizeof began, "%T  high      retrospective  A/home/1 in ",
             localtime(&(time_t){ testbed->base - 7200 }));
    ctl_live_assert_says(testbed, began);
    ctl_live_assert_says(testbed, "; 1 alert, told ");
    assert_int_equal(ctl(testbed, "handover", "--since", "1h"), 0);
    ctl_live_assert_says(testbed, began);
    testbed_close(testbed);
}

/* Shelved for hours, and then he left: nobody need keep quiet of that. */
static void what_is_over_is_shelved_no_more(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(
        testbed_ctl(testbed, "shelve", "--by", "PC 42", "--until", "2h", "A/home/1", NULL), 0);
    assert_int_equal(ctl(testbed, "incidents", "--state", "shelved"), 0);
    ctl_live_assert_says(testbed, "A/home/1 in Basildon: goes on; PC 42 has it, taken after ");
    ctl_live_assert_says(testbed, "; shelved by PC 42 until ");
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_settle(testbed);
    assert_int_equal(ctl(testbed, "incidents", "--state", "shelved"), 0);
    ctl_live_assert_says(testbed, "none\n");
    assert_int_equal(ctl(testbed, "incidents", "--state", "ended"), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "shelved"));
    assert_int_equal(ctl(testbed, "handover", "--since", "1h"), 0);
    ctl_live_assert_says(testbed, "Shelved:\n  nothing\n");
    ctl_live_assert_says(testbed, "Over since then:\n  ");
    testbed_close(testbed);
}

static void what_was_closed_while_it_went_on_did_not_end(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 43", "--reason", "arrested", "A/home/1", NULL),
        0);
    assert_int_equal(ctl(testbed, "incidents", NULL, NULL), 0);
    ctl_live_assert_says(testbed, "A/home/1 in Basildon: closed ");
    assert_null(strstr(testbed_ctl_said(testbed), "ended"));
    testbed_close(testbed);
}

/* Whatever people wrote is text there, and nothing is fetched from anywhere. */
static void in_html_it_is_whole_by_itself(void **state)
{
    struct testbed *testbed = *state;
    struct path page = testbed_path(testbed, "handover.html");
    char *html;

    play_a_shift(testbed);
    assert_int_equal(testbed_ctl(testbed, "handover", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--since", "1h", "--html",
                                 page.text, NULL),
                     0);
    html = testbed_read(testbed, "handover.html");
    assert_non_null(html);
    assert_non_null(strstr(html, "&#60;b&#62;rang&#60;/b&#62; &#34;him&#34;"));
    assert_null(strstr(html, "<b>rang"));
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "src="));
    assert_null(strstr(html, "href="));
    assert_non_null(strstr(html, "default-src 'none'"));
    assert_non_null(strstr(html, "aria-label=\"Alerts an hour\""));
    assert_non_null(strstr(html, "aria-label=\"Minutes to ack\""));
    assert_non_null(strstr(html, "</body></html>\n"));
    free(html);
    // What stands there stays.
    assert_int_equal(testbed_ctl(testbed, "handover", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--since", "1h", "--html",
                                 page.text, NULL),
                     1);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_incident_is_told_with_who_had_it_and_what_came_of_it),
        testbed_test(those_of_a_state_an_area_or_a_time_are_picked),
        testbed_test(as_json_each_is_a_line_without_a_place),
        testbed_test(the_next_desk_reads_one_page),
        testbed_test(it_begins_when_it_did_and_not_when_it_was_told),
        testbed_test(what_is_over_is_shelved_no_more),
        testbed_test(what_was_closed_while_it_went_on_did_not_end),
        testbed_test(in_html_it_is_whole_by_itself),
    };

    return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
