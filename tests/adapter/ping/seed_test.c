/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demo is the press release: between 19 May and 17 June 2020 25 orders, so many in each town;
 * and the evening of 23 June, on foot from a kilometre away to the door, an arrest, and away.
 */
#include "adapter/civil_load.h"
#include "adapter/conf/orderfile.h"
#include "adapter/ping/ping_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define DEMO SOURCE_FOLDER "/config/demo/"

enum { PINGS_MAX = 200 };

static const int64_t day = 24 * 3600 * INT64_C(1000);
static struct rulebook *rulebook;
static struct ping pings[PINGS_MAX];
static size_t n_pings;

static struct utc at(const char *text)
{
    struct utc utc;

    assert_true(utc_parse(text, &utc));
    return utc;
}

static int load_orders(void **state)
{
    static struct civil civil;
    struct orderfile_options options = { .folder = DEMO "orders.d",
                                         .region = { { -0.05, 51.40 }, { 1.35, 52.12 } },
                                         .civil = &civil,
                                         .ping_interval_ms = 15000 };
    struct complaints complaints = { 0 };
    struct fault why;
    (void)state;

    if (!civil_load("Europe/London", &civil, &why))
        return -1;
    rulebook = orderfile_load(&options, &complaints);
    complaints_print(&complaints, COMPLAINTS_WARNINGS | COMPLAINTS_SECRETS, stderr);
    complaints_fini(&complaints);
    return rulebook != NULL && complaints.warnings == 0 ? 0 : -1;
}

static int forget_orders(void **state)
{
    (void)state;
    rulebook_destroy(rulebook);
    return 0;
}

/* Of the orders for which `holds`, how many there are. */
static size_t count(bool (*holds)(const struct order *order, const void *with), const void *with)
{
    size_t n = 0;

    for (size_t i = 0; i < rulebook_counts(rulebook).orders; i++)
        n += holds(rulebook_order(rulebook, i), with);
    return n;
}

static bool is_of(const struct order *order, const void *area)
{
    return strcmp(order->area, area) == 0;
}

static void each_town_has_its_number_of_orders(void **state)
{
    static const struct {
        const char *area;
        size_t n;
    } areas[] = { { "Basildon", 5 },        { "Chelmsford", 5 }, { "Clacton", 3 },
                  { "Billericay", 2 },      { "Harwich", 2 },    { "Great Leighs", 1 },
                  { "South Ockendon", 1 },  { "Tilbury", 1 },    { "Harlow", 1 },
                  { "Southend", 1 },        { "Rayleigh", 1 },   { "West Mersea", 1 },
                  { "Stanford-le-Hope", 1 } };
    (void)state;

    assert_int_equal(rulebook_counts(rulebook).orders, 25);
    assert_int_equal(rulebook_counts(rulebook).respondents, 25);
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        if (count(is_of, areas[i].area) != areas[i].n)
            fail_msg("%s has %zu orders", areas[i].area, count(is_of, areas[i].area));
    }
}

/* Whole days of the clock on the wall; no change of clocks lies between. */
static bool is_as_the_act_has_it(const struct order *order, const void *unused)
{
    (void)unused;
    return strcmp(order->kind, "DVPO") == 0 && order->until.ms - order->from.ms == 28 * day &&
           order->from.ms >= at("2020-05-19T00:00:00+01:00").ms &&
           order->from.ms < at("2020-06-18T00:00:00+01:00").ms &&
           order->served.ms >= order->from.ms && order->served.ms < order->from.ms + day;
}

static void each_is_a_dvpo_of_28_days_from_those_weeks_and_served(void **state)
{
    (void)state;
    assert_int_equal(count(is_as_the_act_has_it, NULL), 25);
}

static bool is_aged(const struct order *order, const void *age)
{
    return order->age == *(const int *)age;
}

static void ages_are_as_told(void **state)
{
    int youngest = 200, oldest = 0;
    (void)state;

    for (size_t i = 0; i < 25; i++) {
        const struct order *order = rulebook_order(rulebook, i);

        youngest = order->age < youngest ? order->age : youngest;
        oldest = order->age > oldest ? order->age : oldest;
        if (order->age == 19)
            assert_string_equal(order->area, "Basildon");
        if (order->age == 52)
            assert_string_equal(order->area, "South Ockendon");
    }
    assert_int_equal(youngest, 19);
    assert_int_equal(oldest, 52);
    assert_int_equal(count(is_aged, &youngest), 1);
    assert_int_equal(count(is_aged, &oldest), 1);
}

/* The man of 27, and his zone. */
static const struct exclusion *his_home(void)
{
    size_t nth;

    assert_true(rulebook_find_exclusion(rulebook, "DVPO-2020-0113/home", &nth));
    return rulebook_exclusion(rulebook, nth);
}

static void the_order_of_the_man_of_27_is_in_force_that_evening(void **state)
{
    const struct order *order = his_home()->order;
    (void)state;

    assert_string_equal(order->area, "Basildon");
    assert_int_equal(order->age, 27);
    assert_true(order_in_force(order, at("2020-06-23T20:00:00+01:00")));
    assert_true(order_in_force(order, at("2020-06-23T23:59:59+01:00")));
}

static bool holds_text(const struct order *order, const void *text)
{
    char *whole = order_text(order);
    bool holds = whole != NULL && strstr(whole, text) != NULL;

    free(whole);
    return holds;
}

static void it_shows_each_kind_of_shape_a_schedule_and_a_permit(void **state)
{
    (void)state;
    assert_true(count(holds_text, "\ncentre = ") >= 20);
    assert_true(count(holds_text, "\nwkt = ") >= 1);
    assert_true(count(holds_text, "\ngeojson = ") >= 1);
    assert_true(count(holds_text, "\nschedule = ") >= 1);
    assert_true(count(holds_text, "\n[permit ") >= 1);
}

static void take(const struct ping *ping, size_t index, const char *why, void *arg)
{
    (void)arg;
    if (why != NULL)
        fail_msg("ping %zu: %s", index, why);
    assert_in_range(index, 0, PINGS_MAX - 1);
    pings[n_pings++] = *ping;
}

static void read_pings(void)
{
    FILE *file = fopen(DEMO "evening.ndjson", "re");
    static char text[64 * 1024];
    struct ping_body body = { .bytes = text };
    struct fault why;

    assert_non_null(file);
    body.n = fread(text, 1, sizeof text, file);
    fclose(file);
    n_pings = 0;
    assert_true(ping_json_read_lines(&body, take, NULL, &why));
}

static double outside(const struct ping *ping)
{
    return zone_distance(his_home()->zone, ping->at, INFINITY);
}

static void he_walks_from_a_kilometre_away_to_the_door_and_away(void **state)
{
    double deepest = INFINITY;
    (void)state;

    read_pings();
    assert_in_range(n_pings, 60, PINGS_MAX);
    for (size_t i = 0; i < n_pings; i++) {
        assert_string_equal(pings[i].device, "tag-0042");
        assert_true(pings[i].accuracy >= 5 && pings[i].accuracy <= 30);
        deepest = fmin(deepest, outside(&pings[i]));
        if (i > 0)
            assert_int_equal(pings[i].time.ms - pings[i - 1].time.ms, 15000);
    }
    assert_true(pings[0].time.ms >= at("2020-06-23T18:00:00+01:00").ms);
    assert_true(pings[n_pings - 1].time.ms < at("2020-06-24T00:00:00+01:00").ms);
    // Metres from the door, the middle of a circle of 200 m.
    assert_true(outside(&pings[0]) + 200 >= 900 && outside(&pings[0]) + 200 <= 1200);
    assert_true(deepest <= -180);
    assert_true(outside(&pings[n_pings - 1]) > 0);
}

/*
 * On foot to the door: a minute's way at no more than a brisk 2
 * m/s, and the errors of two positions.
 */
static void he_comes_on_foot(void **state)
{
    (void)state;
    read_pings();
    for (size_t i = 4; i < n_pings && outside(&pings[i - 1]) > -180; i++)
        assert_true(lonlat_distance(pings[i - 4].at, pings[i].at) <=
                    2 * 60 + pings[i - 4].accuracy + pings[i].accuracy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_town_has_its_number_of_orders),
        cmocka_unit_test(each_is_a_dvpo_of_28_days_from_those_weeks_and_served),
        cmocka_unit_test(ages_are_as_told),
        cmocka_unit_test(the_order_of_the_man_of_27_is_in_force_that_evening),
        cmocka_unit_test(it_shows_each_kind_of_shape_a_schedule_and_a_permit),
        cmocka_unit_test(he_walks_from_a_kilometre_away_to_the_door_and_away),
        cmocka_unit_test(he_comes_on_foot),
    };

    return cmocka_run_group_tests_name("seed", tests, load_orders, forget_orders);
}
