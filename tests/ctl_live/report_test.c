/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl report and zones: the press release's own table, breaches by outcome, GeoJSON. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define DEMO CONFIG_FOLDER "/demo/breachd.conf"

static const char release[] =
    "from 2020-05-19 to 2020-06-17: 25 new orders, 25 in force, 3 expired\n"
    "\n"
    "town                          new in force  expired\n"
    "Basildon                        5        5        1\n"
    "Chelmsford                      5        5        1\n"
    "Clacton                         3        3        0\n"
    "Billericay                      2        2        0\n"
    "Harwich                         2        2        0\n"
    "Great Leighs                    1        1        0\n"
    "Harlow                          1        1        1\n"
    "Rayleigh                        1        1        0\n"
    "South Ockendon                  1        1        0\n"
    "Southend                        1        1        0\n"
    "Stanford-le-Hope                1        1        0\n"
    "Tilbury                         1        1        0\n"
    "West Mersea                     1        1        0\n"
    "\n"
    "kind                          new in force  expired\n"
    "DVPO                           25       25        3\n"
    "\n"
    "youngest 19 (Basildon)\n"
    "oldest 52 (South Ockendon)\n"
    "people protected 25\n"
    "breaches: there is no ledger to count them in\n";

/* The demo's settings in this testbed, where no ledger is. */
static void move_in(struct testbed *testbed)
{
    testbed_copy(testbed, CONFIG_FOLDER "/demo", "demo");
}

static int report(struct testbed *testbed, const char *from, const char *to, const char *more)
{
    return testbed_ctl(testbed, "report", "-c", testbed_path(testbed, "demo/breachd.conf").text,
                       "--from", from, "--to", to, more, NULL);
}

static void the_demo_gives_the_press_releases_table(void **state)
{
    struct testbed *testbed = *state;

    move_in(testbed);
    assert_int_equal(report(testbed, "2020-05-19", "2020-06-17", NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed), release);
    testbed_close(testbed);
}

static void the_same_as_json_and_as_csv(void **state)
{
    struct testbed *testbed = *state;
    json_t *json;

    move_in(testbed);
    assert_int_equal(report(testbed, "2020-05-19", "2020-06-17", "--json"), 0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_int_equal(json_integer_value(alert_at(json, "orders.new")), 25);
    assert_int_equal(json_array_size(json_object_get(json, "towns")), 13);
    assert_int_equal(json_integer_value(alert_at(json, "youngest.age")), 19);
    assert_string_equal(alert_text(json, "oldest.town"), "South Ockendon");
    assert_true(json_is_null(alert_at(json, "breaches")));
    json_decref(json);
    assert_int_equal(report(testbed, "2020-05-19", "2020-06-17", "--csv"), 0);
    assert_int_equal(
        strncmp(testbed_ctl_said(testbed), "what,of,value\n\"orders new\",\"\",25\n", 33), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "\n\"town new\",\"Chelmsford\",5\n"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "\n\"oldest\",\"South Ockendon\",52\n"));
    testbed_close(testbed);
}

static void a_period_has_the_days_that_it_names(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } periods[] = {
        // DVPO-2020-0117 begins on 11 June at 10:10 local, 09:10 UTC.
        { "2020-06-11T09:10:00Z", "2020-06-11T09:10:01Z", ": 1 new orders," },
        { "2020-06-11T09:10:01Z", "2020-06-11T09:20:00Z", ": 0 new orders," },
        { "2020-01-01", "2020-02-01", ": 0 new orders, 0 in force, 0 expired" },
        { "2020-01-01", "2020-12-31", ": 25 new orders, 25 in force, 25 expired" },
    };
    struct testbed *testbed = *state;

    move_in(testbed);
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        assert_int_equal(report(testbed, periods[i].from, periods[i].to, NULL), 0);
        if (strstr(testbed_ctl_said(testbed), periods[i].says) == NULL)
            fail_msg("%s: %s", periods[i].from, testbed_ctl_said(testbed));
    }
    assert_int_equal(report(testbed, "2020-06-18", "2020-06-17", NULL), 2);
    assert_int_equal(report(testbed, "June", "2020-06-17", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "report", "--from", "2020-06-17", NULL), 2);
    testbed_close(testbed);
}

static void breaches_are_told_by_outcome(void **state)
{
    struct testbed *testbed = *state;
    struct path conf;
    json_t *json;

    ctl_live_open(testbed, "--rehearse");
    ctl_live_breach(testbed);
    testbed_ping(testbed, "tag-1", 420, 12); // two minutes later
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "arrested", "A/home/1", NULL),
        0);
    testbed_ping(testbed, "tag-1", 480, 14); // another
    testbed_gather(testbed);
    conf = testbed_path(testbed, "breachd.conf");
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", "2020-01-01", "--to",
                                 "2199-01-01", "--json", NULL),
                     0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_int_equal(json_integer_value(alert_at(json, "breaches.total")), 0); // an exercise
    json_decref(json);
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", "2020-01-01", "--to",
                                 "2199-01-01", "--json", "--exercise", NULL),
                     0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_int_equal(json_integer_value(alert_at(json, "breaches.total")), 2);
    assert_int_equal(json_integer_value(alert_at(json, "breaches.outcomes.arrested")), 1);
    assert_int_equal(json_integer_value(alert_at(json, "breaches.outcomes.not closed")), 1);
    assert_int_equal(json_integer_value(alert_at(json, "breaches.not_taken")), 1);
    assert_true(fabs(json_number_value(alert_at(json, "breaches.minutes_to_ack")) - 2) < 1e-9);
    json_decref(json);
    testbed_close(testbed);
}

#define BREACHES                                                                                   \
    "FROM alert a JOIN entry e ON e.number = a.entry WHERE a.type = 'breach'"                      \
    " AND json_extract(a.event, '$.data.exercise') = 0 AND json_extract(a.event, "                 \
    "'$.data.authorised') = "
#define CLOSED                                                                                     \
    "(SELECT json_extract(event, '$.data.outcome') FROM alert WHERE type = 'closed' AND incident " \
    "= a.incident)"
#define TAKEN                                                                                      \
    "EXISTS (SELECT 1 FROM alert b WHERE b.type IN ('acked', 'closed') AND b.incident = "          \
    "a.incident)"

/* What SQL counts in the ledger itself, by way of the columns that sqlite3(1) shows. */
static const struct sum {
    const char *path, *sql;
    long long at_least; // so that the evening holds one of each
} sums[] = {
    { "total", "SELECT count(DISTINCT a.incident) " BREACHES "0", 4 },
    { "permitted", "SELECT count(DISTINCT a.incident) " BREACHES "1", 1 },
    { "not_taken", "SELECT count(DISTINCT a.incident) " BREACHES "0 AND NOT " TAKEN, 1 },
    { "outcomes.arrested",
      "SELECT count(DISTINCT a.incident) " BREACHES "0 AND " CLOSED " = 'arrested'", 1 },
    { "outcomes.drift", "SELECT count(DISTINCT a.incident) " BREACHES "0 AND " CLOSED " = 'drift'",
      1 },
    { "outcomes.not closed",
      "SELECT count(DISTINCT a.incident) " BREACHES "0 AND " CLOSED " IS NULL", 2 },
};

/* In and out of three zones: arrested, drift, taken alone, taken by nobody; and one permitted. */
static void play(struct testbed *testbed)
{
    char permit[256];

    snprintf(permit, sizeof permit,
             "[permit P/court]\nfrom = 2020-01-01T00:00:00Z\nuntil = 2199-01-01T00:00:00Z\n"
             "by = Sgt 1\nwhy = hearing\n");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    testbed_order(testbed, "P", "tag-4", 13000, 200, permit);
    ctl_live_open(testbed, NULL);
    for (int i = 0; i < 4; i++) {
        static const char *const tags[] = { "tag-1", "tag-2", "tag-3", "tag-4" };

        assert_int_equal(testbed_ping(testbed, tags[i], 0, 4000 * i + (i > 0) * 1000 + 900), 200);
        assert_int_equal(testbed_ping(testbed, tags[i], 300, 4000 * i + (i > 0) * 1000 + 10), 200);
    }
    testbed_gather(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "arrested", "A/home/1", NULL),
        0);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "B/home/1", NULL), 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 12), 200); // taken by nobody
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 43", "C/home/1", NULL), 0);
    testbed_gather(testbed);
}

static void its_sums_are_those_of_sql_and_a_permitted_stay_is_no_breach(void **state)
{
    struct testbed *testbed = *state;
    char path[64];
    json_t *json;

    play(testbed);
    assert_int_equal(testbed_ctl(testbed, "report", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--from", "2020-01-01",
                                 "--to", "2199-01-01", "--json", NULL),
                     0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        long long want = ctl_fixture_number(testbed, sums[i].sql);

        snprintf(path, sizeof path, "breaches.%s", sums[i].path);
        assert_true(want >= sums[i].at_least);
        if (json_integer_value(alert_at(json, path)) != want)
            fail_msg("%s is %lld in the ledger: %s", path, want, testbed_ctl_said(testbed));
    }
    assert_true(
        fabs(json_number_value(alert_at(json, "breaches.alerts_per_breach")) -
             (double)ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE incident IN "
                                                 "(SELECT a.incident " BREACHES "0)") /
                 (double)ctl_fixture_number(testbed, sums[0].sql)) < 1e-9);
    json_decref(json);
    assert_int_equal(testbed_ctl(testbed, "report", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--from", "2020-01-01",
                                 "--to", "2199-01-01", NULL),
                     0);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "\npermitted stays, which are no breaches, 1\n"));
    testbed_close(testbed);
}

static void zones_are_closed_rings_in_the_region(void **state)
{
    struct testbed *testbed = *state;
    json_t *json, *feature, *polygon, *ring, *corner;
    size_t i, j, k, l;

    move_in(testbed);
    assert_int_equal(testbed_ctl(testbed, "zones", "--geojson", "--reason", "map", "-c",
                                 testbed_path(testbed, "demo/breachd.conf").text, NULL),
                     0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_string_equal(alert_text(json, "type"), "FeatureCollection");
    assert_in_range(json_array_size(json_object_get(json, "features")), 26, 60);
    json_array_foreach(json_object_get(json, "features"), i, feature)
    {
        assert_string_equal(alert_text(feature, "geometry.type"), "MultiPolygon");
        json_array_foreach((json_t *)alert_at(feature, "geometry.coordinates"), j, polygon)
            json_array_foreach(polygon, k, ring)
        {
            assert_true(json_equal(json_array_get(ring, 0),
                                   json_array_get(ring, json_array_size(ring) - 1)));
            json_array_foreach(ring, l, corner)
            {
                assert_true(fabs(json_number_value(json_array_get(corner, 1)) - 51.76) < 0.36);
                assert_true(fabs(json_number_value(json_array_get(corner, 0)) - 0.65) < 0.7);
            }
        }
    }
    json_decref(json);
    assert_int_equal(testbed_ctl(testbed, "zones", "--reason", "map", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "zones", "--geojson", NULL), 2);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_demo_gives_the_press_releases_table),
        testbed_test(the_same_as_json_and_as_csv),
        testbed_test(a_period_has_the_days_that_it_names),
        testbed_test(breaches_are_told_by_outcome),
        testbed_test(its_sums_are_those_of_sql_and_a_permitted_stay_is_no_breach),
        testbed_test(zones_are_closed_rings_in_the_region),
    };

    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
