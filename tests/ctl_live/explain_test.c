/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl explain: every ping with its number, every alert with its rule; and who looked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define INCIDENT "A/home/1"

static void live_the_evening(struct house *house)
{
    house_evening(house);
    house_gather(house);
}

static int explain(struct house *house, const char *more, const char *value)
{
    return house_ctl(house, "explain", "--ledger", house_path(house, "ledger.db").text, "--reason",
                     "review", INCIDENT, more, value, NULL);
}

static void each_ping_and_each_alert_is_told(void **state)
{
    struct house *house = *state;
    const json_t *alert;
    size_t i;

    live_the_evening(house);
    assert_int_equal(explain(house, NULL, NULL), 0);
    assert_non_null(strstr(house_ctl_said(house), "A/home/1, respondent R-A\nDVPO A, clause 3"));
    assert_non_null(
        strstr(house_ctl_said(house), " 50 m inside    accuracy    8 m  probability 1.000\n"));
    assert_non_null(
        strstr(house_ctl_said(house), " 580 m outside   accuracy    8 m  probability 0.000\n"));
    json_array_foreach(house->alerts, i, alert)
        assert_non_null(strstr(house_ctl_said(house), alert_text(alert, "data.reason")));
    house_close(house);
}

static void as_json_it_is_the_same(void **state)
{
    struct house *house = *state;
    json_t *json;
    size_t pings;

    live_the_evening(house);
    assert_int_equal(explain(house, "--json", NULL), 0);
    json = json_loads(house_ctl_said(house), 0, NULL);
    assert_non_null(json);
    pings = json_array_size(json_object_get(json, "pings"));
    assert_in_range(pings, 8, 10);
    assert_int_equal(json_array_size(json_object_get(json, "alerts")),
                     json_array_size(house->alerts));
    assert_string_equal(alert_text(json, "order"), "A");
    json_decref(json);
    house_close(house);
}

/* A court asks why a ping in the middle of the zone raised nothing. */
static void a_ping_that_was_not_believed_is_kept_and_told_as_such(void **state)
{
    struct house *house = *state;

    ctl_live_open(house, "--rehearse");
    assert_int_equal(house_ping(house, "tag-1", 0, 5000), 200);
    assert_int_equal(house_ping(house, "tag-1", 2, 10), 200);
    house_expect(house, "");
    assert_int_equal(ctl_fixture_number(house, "SELECT count(*) FROM entry WHERE kind = 'ping'"),
                     1);
    assert_int_equal(house_ping(house, "tag-1", 590, 10), 200); // he has come by now
    house_expect(house, "breach A/home/1/1\n");
    assert_int_equal(explain(house, NULL, NULL), 0);
    assert_non_null(
        strstr(house_ctl_said(house), "probability 1.000  implausible: not believed\n"));
    ctl_fixture_agrees(house);
    house_close(house);
}

/*
 * Without a place there is none to draw or to measure; and one that comes again is
 * kept too, as it says that the device talks.
 */
static void pings_without_a_place_are_explained(void **state)
{
    struct house *house = *state;
    char json[256], *svg;
    json_t *told;

    ctl_live_open(house, "--rehearse");
    snprintf(json, sizeof json,
             "{\"device\":\"tag-1\",\"time\":%lld,\"fix\":false,\"tamper\":true}",
             (long long)house->base + 1);
    assert_int_equal(house_post(house, json), 200);
    assert_int_equal(house_ping(house, "tag-1", 2, 10), 200);
    assert_int_equal(house_ping(house, "tag-1", 2, 10), 200); // again
    assert_int_equal(house_post(house, json), 200);
    assert_int_equal(house_ping(house, "tag-1", 17, 10), 200);
    house_gather(house);
    assert_int_equal(explain(house, "--svg", house_path(house, "a.svg").text), 0);
    assert_non_null(strstr(house_ctl_said(house), " ?            accuracy unknown  no-fix: not "
                                                  "believed\n"));
    assert_non_null(strstr(house_ctl_said(house), "probability 1.000  again\n"));
    svg = house_read(house, "a.svg");
    assert_non_null(svg);
    assert_null(strstr(svg, "nan"));
    free(svg);
    assert_int_equal(explain(house, "--json", NULL), 0);
    told = json_loads(house_ctl_said(house), 0, NULL);
    assert_int_equal(json_array_size(json_object_get(told, "pings")), 5);
    json_decref(told);
    ctl_fixture_agrees(house);
    house_close(house);
}

static void a_refused_word_is_told_with_its_reason(void **state)
{
    struct house *house = *state;

    live_the_evening(house);
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", INCIDENT, NULL), 0);
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 43", INCIDENT, NULL), 1);
    house_settle(house); // he was answered before it is in the ledger
    assert_int_equal(explain(house, NULL, NULL), 0);
    assert_non_null(strstr(house_ctl_said(house), "taken by PC 42"));
    assert_non_null(
        strstr(house_ctl_said(house), "PC 43 said ack, refused: taken already, by PC 42"));
    house_close(house);
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    struct house *house = *state;

    live_the_evening(house);
    ctl_live_say(house, INCIDENT, "ack", "PC\033[2J", "");
    ctl_live_await(house, "{breachd}:acks:refused", 1);
    house_settle(house);
    assert_int_equal(explain(house, NULL, NULL), 0);
    assert_non_null(strstr(house_ctl_said(house), "PC\\u001B[2J said ack, refused: "));
    house_close(house);
}

/* How often a text stands in another. */
static size_t times(const char *text, const char *what)
{
    size_t n = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        n++;
    return n;
}

static void the_drawing_has_the_zone_the_way_and_each_alert(void **state)
{
    struct house *house = *state;
    struct path path = house_path(house, "a.svg");
    char *svg;

    live_the_evening(house);
    assert_int_equal(explain(house, "--svg", path.text), 0);
    svg = house_read(house, "a.svg");
    assert_non_null(svg);
    assert_int_equal(times(svg, "<path class=\"zone\" d=\"M"), 1);
    assert_int_equal(times(svg, "<polyline class=\"way\""), 1);
    assert_int_equal(times(svg, "<circle class=\"ping\""),
                     times(svg, "<circle class=\"accuracy\""));
    assert_int_equal(times(svg, "<circle class=\"alert "), json_array_size(house->alerts));
    assert_int_equal(times(svg, ">breach 20"), 1);
    assert_null(strstr(svg, "nan"));
    assert_non_null(strstr(svg, "</svg>"));
    free(svg);
    assert_int_equal(explain(house, "--svg", path.text), 1); // what is there is not written over
    assert_non_null(strstr(house_ctl_complained(house), "File exists"));
    house_close(house);
}

static void without_positions_in_alerts_it_is_the_same(void **state)
{
    struct house *house = *state;
    char *svg;

    house_set(house, "breachd.conf", "alerts", "position", "none");
    live_the_evening(house);
    assert_int_equal(explain(house, "--svg", house_path(house, "a.svg").text), 0);
    svg = house_read(house, "a.svg");
    assert_int_equal(times(svg, "<circle class=\"alert "), json_array_size(house->alerts));
    free(svg);
    house_close(house);
}

static void what_cannot_be_explained_is_refused(void **state)
{
    struct house *house = *state;
    struct path ledger;

    live_the_evening(house);
    ledger = house_path(house, "ledger.db");
    assert_int_equal(house_ctl(house, "explain", "--ledger", ledger.text, "--reason", "review",
                               "A/home/9", NULL),
                     1);
    assert_non_null(strstr(house_ctl_complained(house), "no such incident"));
    assert_int_equal(house_ctl(house, "explain", "--ledger", ledger.text, INCIDENT, NULL), 2);
    house_close(house);
}

/* ---- who looked ---- */

static void each_look_is_noted_with_who_and_why(void **state)
{
    struct house *house = *state;
    struct path ledger;
    char *noted;

    live_the_evening(house);
    ledger = house_path(house, "ledger.db");
    assert_int_equal(explain(house, "--by", "Sgt 1234"), 0);
    assert_int_equal(house_ctl(house, "export", "--ledger", ledger.text, "--reason", "for court",
                               INCIDENT, NULL),
                     0);
    assert_int_equal(house_ctl(house, "zones", "--geojson", "--reason", "a map", "-c",
                               house_path(house, "breachd.conf").text, NULL),
                     0);
    noted = house_read(house, "ledger.db-access");
    assert_non_null(noted);
    assert_int_equal(times(noted, "\n"), 3);
    assert_non_null(strstr(noted, "\\\"by\\\":\\\"Sgt 1234\\\""));
    assert_non_null(strstr(noted, "\\\"reason\\\":\\\"for court\\\""));
    assert_non_null(strstr(noted, "\\\"command\\\":\\\"zones\\\""));
    assert_null(strstr(noted, "51.5"));
    free(noted);
    assert_int_equal(house_ctl(house, "verify", "--ledger", ledger.text, NULL), 0);
    assert_non_null(strstr(house_ctl_said(house), "3 looks at it are noted\n"));
    house_close(house);
}

static void a_changed_note_shows_and_nothing_more_is_shown(void **state)
{
    static const struct {
        const char *from, *to;
    } changes[] = { { "review", "reviev" }, { "\"number\":1", "\"number\":3" }, { "\n", " " } };
    struct house *house = *state;
    struct path ledger;
    char *noted, *at;

    live_the_evening(house);
    ledger = house_path(house, "ledger.db");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        house_remove(house, "ledger.db-access");
        assert_int_equal(explain(house, NULL, NULL), 0);
        assert_int_equal(explain(house, NULL, NULL), 0);
        noted = house_read(house, "ledger.db-access");
        at = strstr(noted, changes[i].from);
        memcpy(at, changes[i].to, strlen(changes[i].to));
        house_write(house, "ledger.db-access", noted, strlen(noted));
        free(noted);
        assert_int_equal(explain(house, NULL, NULL), 1);
        assert_string_equal(house_ctl_said(house), "");
        assert_non_null(strstr(house_ctl_complained(house), "line 1 does not follow"));
        assert_int_equal(house_ctl(house, "verify", "--ledger", ledger.text, NULL), 1);
    }
    house_close(house);
}

/* kill -9 between two bytes of a line: once all but the newline, or nearly nothing, was written. */
static void a_torn_note_is_told_and_noting_goes_on(void **state)
{
    struct house *house = *state;
    struct path ledger;
    char *noted;
    size_t whole;

    live_the_evening(house);
    ledger = house_path(house, "ledger.db");
    assert_int_equal(explain(house, NULL, NULL), 0);
    noted = house_read(house, "ledger.db-access");
    whole = strlen(noted);
    for (size_t cut = 1; cut < whole; cut += whole / 7) {
        house_print(house, "ledger.db-access", "%s%.*s", noted, (int)cut, noted);
        assert_int_equal(explain(house, NULL, NULL), 0);
        assert_non_null(strstr(house_ctl_complained(house), "the last line is torn"));
        assert_int_equal(explain(house, NULL, NULL), 0);
        assert_string_equal(house_ctl_complained(house), "");
        assert_int_equal(house_ctl(house, "verify", "--ledger", ledger.text, NULL), 0);
        assert_non_null(strstr(house_ctl_said(house), "3 looks at it are noted\n1 torn lines "));
    }
    house_write(house, "ledger.db-access", noted, whole - 1); // a look, but for its newline
    assert_int_equal(explain(house, NULL, NULL), 0);
    assert_int_equal(house_ctl(house, "verify", "--ledger", ledger.text, NULL), 0);
    assert_non_null(strstr(house_ctl_said(house), "2 looks at it are noted\nthe chain holds"));
    free(noted);
    house_close(house);
}

static void a_file_of_notes_that_is_none_shows_nothing(void **state)
{
    struct house *house = *state;

    live_the_evening(house);
    house_write(house, "ledger.db-access", "\0", 1);
    assert_int_equal(explain(house, NULL, NULL), 1);
    assert_string_equal(house_ctl_said(house), "");
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(each_ping_and_each_alert_is_told),
        house_test(as_json_it_is_the_same),
        house_test(a_ping_that_was_not_believed_is_kept_and_told_as_such),
        house_test(pings_without_a_place_are_explained),
        house_test(a_refused_word_is_told_with_its_reason),
        house_test(control_characters_do_not_reach_the_terminal),
        house_test(the_drawing_has_the_zone_the_way_and_each_alert),
        house_test(without_positions_in_alerts_it_is_the_same),
        house_test(what_cannot_be_explained_is_refused),
        house_test(each_look_is_noted_with_who_and_why),
        house_test(a_changed_note_shows_and_nothing_more_is_shown),
        house_test(a_torn_note_is_told_and_noting_goes_on),
        house_test(a_file_of_notes_that_is_none_shows_nothing),
    };

    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
