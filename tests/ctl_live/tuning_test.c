/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl replay PINGS: the alerts that breachd would tell, and what other rules would change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define CHANGED "demo/other/basildon.conf"

static void move_in(struct testbed *testbed)
{
    testbed_copy(testbed, CONFIG_FOLDER "/demo", "demo");
    testbed_copy(testbed, CONFIG_FOLDER "/demo/orders.d", "demo/other");
}

static int replay(struct testbed *testbed, const char *pings, const char *more, const char *value)
{
    return testbed_ctl(testbed, "replay", testbed_path(testbed, pings).text, "-c",
                       testbed_path(testbed, "demo/breachd.conf").text, more, value, NULL);
}

/* Replaces the first `from` in a file by `to`. */
static void change(struct testbed *testbed, const char *name, const char *from, const char *to)
{
    char *text = testbed_read(testbed, name), *at = strstr(text, from);

    assert_non_null(at);
    testbed_print(testbed, name, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    free(text);
}

static void the_demo_gives_the_alerts_that_breachd_tells(void **state)
{
    struct testbed *testbed = *state;
    struct path conf;
    const json_t *json;
    const char *at;
    json_t *alert;
    size_t n = 0;

    ctl_fixture_play_the_demo(testbed);
    conf = testbed_path(testbed, "breachd.conf");
    assert_int_equal(testbed_ctl(testbed, "replay",
                                 testbed_path(testbed, "demo/evening.ndjson").text, "-c", conf.text,
                                 "--json", NULL),
                     0);
    for (at = testbed_ctl_said(testbed); *at != '\0'; at += strcspn(at, "\n") + 1) {
        alert = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);
        json = json_array_get(testbed->alerts, n++);
        assert_string_equal(alert_text(alert, "time"), alert_text(json, "time"));
        assert_string_equal(alert_text(alert, "type"), alert_text(json, "type") + 8);
        assert_string_equal(alert_text(alert, "subject"), alert_text(json, "subject"));
        assert_string_equal(alert_text(alert, "reason"), alert_text(json, "data.reason"));
        json_decref(alert);
    }
    assert_int_equal(n, json_array_size(testbed->alerts));
    testbed_close(testbed);
}

static void the_same_rules_change_nothing(void **state)
{
    struct testbed *testbed = *state;

    move_in(testbed);
    assert_int_equal(replay(testbed, "demo/evening.ndjson", "--against",
                            testbed_path(testbed, "demo/other").text),
                     0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "0 gained, 0 lost, 0 earlier, 0 later, "));
    assert_null(strchr(testbed_ctl_said(testbed), ':'));
    testbed_close(testbed);
}

static void a_larger_zone_is_breached_earlier_and_left_later(void **state)
{
    struct testbed *testbed = *state;

    move_in(testbed);
    change(testbed, CHANGED, "51.5712, 0.4712\nradius     = 200 m",
           "51.5712, 0.4712\nradius = 300 m");
    assert_int_equal(replay(testbed, "demo/evening.ndjson", "--against",
                            testbed_path(testbed, "demo/other").text),
                     1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "\nearlier  "));
    assert_non_null(strstr(testbed_ctl_said(testbed), "\nlater    "));
    assert_null(strstr(testbed_ctl_said(testbed), "0 earlier"));
    testbed_close(testbed);
}

static void an_order_less_is_alerts_lost_and_one_more_is_alerts_gained(void **state)
{
    struct testbed *testbed = *state;
    struct path orders, other;

    move_in(testbed);
    testbed_remove(testbed, CHANGED);
    orders = testbed_path(testbed, "demo/orders.d");
    other = testbed_path(testbed, "demo/other");
    assert_int_equal(replay(testbed, "demo/evening.ndjson", "--against", other.text), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), " lost, 0 earlier, 0 later, 0 the same"));
    assert_int_equal(testbed_ctl(testbed, "replay",
                                 testbed_path(testbed, "demo/evening.ndjson").text, "-c",
                                 testbed_path(testbed, "demo/breachd.conf").text, "--orders",
                                 other.text, "--against", orders.text, NULL),
                     1);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), " gained, 0 lost, 0 earlier, 0 later, 0 the same"));
    assert_non_null(
        strstr(testbed_ctl_complained(testbed), "pings are of devices under no order there"));
    testbed_close(testbed);
}

/* In, out and in again within the hour: an alert that both tell is the same one, not the next. */
static void who_comes_and_goes_is_paired_with_himself(void **state)
{
    static const double metres[] = { 150, 350, 150, 700, 720, 150 };
    struct testbed *testbed = *state;
    char pings[2048] = "";

    move_in(testbed);
    for (size_t i = 0; i < sizeof metres / sizeof *metres; i++) {
        size_t length = strlen(pings);

        snprintf(pings + length, sizeof pings - length,
                 "{\"device\":\"tag-0042\",\"time\":\"2020-06-23T20:%02zu:00Z\",\"lat\":%.6f,"
                 "\"lon\":0.4712,\"accuracy\":5}\n",
                 5 * i, 51.5712 + metres[i] / 111250);
    }
    testbed_print(testbed, "pings", "%s", pings);
    change(testbed, CHANGED, "51.5712, 0.4712\nradius     = 200 m",
           "51.5712, 0.4712\nradius = 400 m");
    assert_int_equal(
        replay(testbed, "pings", "--against", testbed_path(testbed, "demo/other").text), 1);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "\n0 gained, 2 lost, 0 earlier, 1 later, 2 the same\n"));
    testbed_close(testbed);
}

static void other_settings_change_what_is_an_approach(void **state)
{
    struct testbed *testbed = *state;

    move_in(testbed);
    testbed_copy(testbed, CONFIG_FOLDER "/demo/breachd.conf", "demo/other.conf");
    change(testbed, "demo/other.conf", "closing-speed = 0.5 m/s", "closing-speed = 60 m/s");
    assert_int_equal(replay(testbed, "demo/evening.ndjson", "--against-conf",
                            testbed_path(testbed, "demo/other.conf").text),
                     1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "lost"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "approach"));
    testbed_close(testbed);
}

enum format { LINES, CSV, GPX };

/* Without its accuracies; a dilution of 1 says as little. */
static void rewrite(struct testbed *testbed, const char *name, enum format format)
{
    char *pings = testbed_read(testbed, "demo/evening.ndjson"), *text = NULL;
    json_t *ping;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs(format == GPX   ? "<gpx><trk><trkseg>"
          : format == CSV ? "lat,lon,time,hdop,speed,course\n"
                          : "",
          out);
    for (char *at = pings; (ping = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL)) != NULL;
         at += strcspn(at, "\n") + 1) {
        double lat = json_number_value(json_object_get(ping, "lat"));
        double lon = json_number_value(json_object_get(ping, "lon"));
        double speed = json_number_value(json_object_get(ping, "speed"));
        double course = json_number_value(json_object_get(ping, "course"));
        const char *time = alert_text(ping, "time");

        if (format == GPX)
            fprintf(out,
                    "<trkpt lat=\"%.10g\" lon=\"%.10g\"><time>%s</time><hdop>1</hdop>"
                    "<speed>%.10g</speed><course>%.10g</course></trkpt>",
                    lat, lon, time, speed, course);
        else if (format == CSV)
            fprintf(out, "%.10g,%.10g,%s,1,%.10g,%.10g\n", lat, lon, time, speed, course);
        else if (json_object_del(ping, "accuracy") == 0 && json_dumpf(ping, out, JSON_COMPACT) == 0)
            fputc('\n', out);
        json_decref(ping);
    }
    fputs(format == GPX ? "</trkseg></trk></gpx>" : "", out);
    fclose(out);
    testbed_write(testbed, name, text, size);
    free(text);
    free(pings);
}

static void csv_and_gpx_give_the_same(void **state)
{
    struct testbed *testbed = *state;
    char *lines;

    move_in(testbed);
    rewrite(testbed, "evening.ndjson", LINES);
    rewrite(testbed, "evening.csv", CSV);
    rewrite(testbed, "evening.gpx", GPX);
    assert_int_equal(replay(testbed, "evening.ndjson", NULL, NULL), 0);
    lines = strdup(testbed_ctl_said(testbed));
    assert_int_equal(replay(testbed, "evening.csv", "--device", "tag-0042"), 0);
    assert_string_equal(testbed_ctl_said(testbed), lines);
    assert_int_equal(replay(testbed, "evening.gpx", "--device", "tag-0042"), 0);
    assert_string_equal(testbed_ctl_said(testbed), lines);
    free(lines);
    testbed_close(testbed);
}

/* As breachd has it, in whatever order the files name people: basildon.conf comes first. */
static void who_is_due_first_is_told_of_first(void **state)
{
    struct testbed *testbed = *state;
    const char *first, *second;

    move_in(testbed);
    testbed_print(testbed, "pings", "%s",
                  "device,time,lat,lon\n"
                  "tag-0048,2020-06-23T18:00:00Z,51.6,0.6\n"
                  "tag-0042,2020-06-23T18:01:00Z,51.6,0.6\n"
                  "tag-0042,2020-06-23T22:00:00Z,51.6,0.6\n");
    assert_int_equal(replay(testbed, "pings", NULL, NULL), 0);
    first = strstr(testbed_ctl_said(testbed), "tag-0048: no ping for ");
    second = strstr(testbed_ctl_said(testbed), "tag-0042: no ping for ");
    assert_non_null(first);
    assert_non_null(second);
    assert_true(first < second);
    testbed_close(testbed);
}

/* As in a rehearsal: one wrong clock must not make the rest of the evening late. */
static void a_ping_of_2100_moves_no_clock(void **state)
{
    struct testbed *testbed = *state;
    char *pings, *lines;

    move_in(testbed);
    assert_int_equal(replay(testbed, "demo/evening.ndjson", NULL, NULL), 0);
    lines = strdup(testbed_ctl_said(testbed));
    pings = testbed_read(testbed, "demo/evening.ndjson");
    testbed_print(
        testbed, "wrong", "%.*s\n%s%s", (int)strcspn(pings, "\n"), pings,
        "{\"device\":\"tag-0032\",\"time\":\"2100-01-01T00:00:00Z\",\"lat\":51.6,\"lon\":0.6}\n",
        pings + strcspn(pings, "\n") + 1);
    assert_int_equal(replay(testbed, "wrong", NULL, NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "clock"));
    assert_non_null(strstr(testbed_ctl_said(testbed), lines));
    free(pings);
    free(lines);
    testbed_close(testbed);
}

static void a_ledgers_evidence_can_be_judged_by_other_rules(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger, conf;

    testbed_visit(testbed);
    testbed_gather(testbed);
    ledger = testbed_path(testbed, "ledger.db");
    conf = testbed_path(testbed, "breachd.conf");
    testbed_copy(testbed, testbed_path(testbed, "orders.d").text, "other");
    assert_int_equal(testbed_ctl(testbed, "replay", ledger.text, "-c", conf.text, "--against",
                                 testbed_path(testbed, "other").text, NULL),
                     0);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "0 gained, 0 lost, 0 earlier, 0 later, 3 the same"));
    testbed_close(testbed);
}

/* Who reads only the code would take an evening that was half read for a whole one. */
static void lines_that_are_no_pings_are_1_with_their_number(void **state)
{
    struct testbed *testbed = *state;
    char *pings;

    move_in(testbed);
    pings = testbed_read(testbed, "demo/evening.ndjson");
    testbed_print(testbed, "half", "{broken\n%s{\"device\":\"tag-0042\"}\n", pings);
    assert_int_equal(replay(testbed, "half", NULL, NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "breach"));
    assert_non_null(strstr(testbed_ctl_complained(testbed), "2 lines are no pings; the first: "));
    free(pings);
    testbed_close(testbed);
}

/* julien-nc/phonetrack#15: a program exports a track in no order; of it less would be told. */
static void a_table_in_no_order_is_said_to_be(void **state)
{
    static const struct {
        const char *device, *hour;
        bool said;
    } rows[] = { { "tag-0052", "22", false },
                 { "tag-0052", "20", true }, // a report has device after device
                 { "tag-0042", "20", true } };
    struct testbed *testbed = *state;

    move_in(testbed);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        testbed_print(testbed, "table",
                      "device,time,lat,lon\n%s,2020-06-23T21:20:00Z,51.6,0.6\n"
                      "tag-0042,2020-06-23T%s:30:00Z,51.5712,0.4712\n",
                      rows[i].device, rows[i].hour);
        assert_int_equal(replay(testbed, "table", NULL, NULL), 0);
        assert_true((strstr(testbed_ctl_complained(testbed), "1 pings stand behind newer ones") !=
                     NULL) == rows[i].said);
    }
    testbed_close(testbed);
}

static void what_cannot_be_read_is_1_with_the_reason(void **state)
{
    struct testbed *testbed = *state;

    move_in(testbed);
    testbed_print(testbed, "words", "these are no pings\n");
    assert_int_equal(replay(testbed, "words", NULL, NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "no line of names"));
    assert_int_equal(replay(testbed, "gone", NULL, NULL), 1);
    testbed_print(testbed, "some", "{\"device\":\"tag-0042\"}\n");
    assert_int_equal(replay(testbed, "some", NULL, NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "1 lines are no pings; the first: "));
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nothing judged"));
    assert_int_equal(testbed_ctl(testbed, "replay", "--orders", "x", NULL), 2);
    testbed_close(testbed);
}

#define POINT "<trkpt lat=\"51,5\" lon=\"0,4\"><time>2020-06-23T20:14:05Z</time></trkpt>"

/* Of GoldenCheetah#2913 the decimal commas in GPX. */
static const struct unjudged {
    const char *says, *text, *device, *why;
} unjudged[] = {
    { "an empty file", "", NULL, "no line of names" },
    { "a line of names alone", "device,time,lat,lon\n", NULL, "no ping in the file" },
    { "an empty list", "[]", NULL, "no ping in the file" },
    { "a list of other things", "[1,{}]", NULL, "no ping in the file" },
    { "lines that are broken", "{broken\n{worse\n", NULL, "no ping in the file" },
    { "GPX without a point", "<gpx/>", "tag-0042", "no ping in the file" },
    { "GPX of another country", "<gpx>" POINT "</gpx>", "tag-0042", "no ping in the file" },
    { "a stranger's", "device,time,lat,lon\ntag-9,1592943245,51.5,0.4\n", NULL, "--device" },
    { "CSV without a place", "device,time,x,y\ntag-9,1592943245,51.5,0.4\n", NULL,
      "no line of names" },
    { "UTF-16",
      "\xFF\xFE"
      "d",
      NULL, "UTF-16, not UTF-8" },
    { "gzip", "\x1F\x8B\x08", NULL, "gzip, compressed" },
};

/* Nothing told would look as if there had been nothing to tell. */
static void nothing_judged_is_never_0(void **state)
{
    struct testbed *testbed = *state;

    move_in(testbed);
    for (size_t i = 0; i < sizeof unjudged / sizeof *unjudged; i++) {
        const struct unjudged *row = &unjudged[i];

        testbed_write(testbed, "pings", row->text, strlen(row->text));
        if (replay(testbed, "pings", row->device ? "--device" : NULL, row->device) != 1 ||
            strstr(testbed_ctl_complained(testbed), row->why) == NULL)
            fail_msg("%s: %s", row->says, testbed_ctl_complained(testbed));
        assert_int_equal(
            replay(testbed, "pings", "--against", testbed_path(testbed, "demo/other").text), 1);
    }
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_demo_gives_the_alerts_that_breachd_tells),
        testbed_test(the_same_rules_change_nothing),
        testbed_test(a_larger_zone_is_breached_earlier_and_left_later),
        testbed_test(an_order_less_is_alerts_lost_and_one_more_is_alerts_gained),
        testbed_test(who_comes_and_goes_is_paired_with_himself),
        testbed_test(other_settings_change_what_is_an_approach),
        testbed_test(csv_and_gpx_give_the_same),
        testbed_test(who_is_due_first_is_told_of_first),
        testbed_test(a_ping_of_2100_moves_no_clock),
        testbed_test(a_ledgers_evidence_can_be_judged_by_other_rules),
        testbed_test(lines_that_are_no_pings_are_1_with_their_number),
        testbed_test(a_table_in_no_order_is_said_to_be),
        testbed_test(what_cannot_be_read_is_1_with_the_reason),
        testbed_test(nothing_judged_is_never_0),
    };

    return cmocka_run_group_tests_name("tuning", tests, NULL, NULL);
}
