/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the word of a device cannot be taken as it is: how often it must have said so, and how long.
 */
#include "core/doubt.h"

#include <math.h>
#include <string.h>

#include "support/london.h"
#include "support/rows.h"

static const struct detect detect = { .unknown_accuracy = 30,
                                      .coarse = 200,
                                      .late_ms = 600000,
                                      .device_every_ms = 300 * 1000,
                                      .device_day = 500 };
static const struct watch watch = { .detect = &detect };
static const char *const devices[] = { "tag-1" };

/* The zone lies in Basildon. */
static const struct order order = { .id = "A", .area = "Basildon", .until = { INT64_MAX } };
static struct exclusion exclusion = { .subject = "A/home", .order = &order };
static const struct exclusion *const exclusions[] = { &exclusion };
static const struct respondent who = { "R-1", (const char **)(uintptr_t)devices, 1,
                                       (const struct exclusion **)(uintptr_t)exclusions, 1 };

static struct utc evening(double seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(seconds * 1000));
}

/* What is told of a ping: NULL, or the cause. */
static const char *say(struct known_device *device, double second, struct lonlat at,
                       double accuracy)
{
    struct ping ping = { .device = "tag-1",
                         .time = evening(second),
                         .at = at,
                         .accuracy = accuracy,
                         .speed = NAN,
                         .course = NAN,
                         .battery = NAN };
    struct reception arriving = { .when = ping.time };
    struct outcome out = { .n = 0 };

    ping.no_fix = doubt_looks_swapped(&who, &ping); // as watch.c has it
    doubt_check(&watch, &who, device, 0, &ping, &arriving, ping.time, &out);
    assert_in_range(out.n, 0, 1);
    if (out.n == 0)
        return NULL;
    assert_int_equal(out.alerts[0].type, ALERT_DOUBT);
    assert_int_equal(out.alerts[0].severity, SEVERITY_WARNING);
    assert_int_equal(out.devices_changed, 1);
    return out.alerts[0].cause;
}

/* ---- accuracy ---- */

static const struct row {
    const char *says;
    double habit;   // metres, of thirty pings a minute apart
    double worse;   // metres, of what follows
    int pings;      // of that, so many
    double every;   // seconds apart
    bool good_half; // one as usual in their midst
    bool alerted;
} rows[] = {
    { "ten in a quarter of an hour", 8, 120, 11, 91, false, true },
    { "nine are not enough", 8, 120, 9, 200, false, false },
    { "ten in less than a quarter of an hour are not", 8, 120, 60, 10, false, false },
    { "a good one among them begins anew", 8, 120, 14, 91, true, false },
    { "not eight times as much: indoors", 15, 119, 60, 60, false, false },
    { "eight times as much", 15, 120, 60, 60, false, true },
    { "less than 100 m, however good it is else", 3, 99, 60, 60, false, false },
    { "100 m, of one that tells 3 m", 3, 100, 60, 60, false, true },
    { "unknown is neither better nor worse", 8, NAN, 60, 60, false, false },
};

static void an_accuracy_far_worse_than_its_habit_is_told(void **state)
{
    static const struct lonlat at = { 0.46, 51.57 };
    const struct row *row = *state;
    struct known_device device = { 0 };
    int alerted = 0;

    for (int i = 0; i < 30; i++)
        assert_null(say(&device, i * 60, at, row->habit));
    for (int i = 0; i < row->pings; i++) {
        bool good = row->good_half && i == row->pings / 2;
        const char *cause = say(&device, 3600 + i * row->every, at, good ? row->habit : row->worse);

        if (cause != NULL)
            assert_string_equal(cause, "accuracy");
        alerted += cause != NULL;
    }
    assert_int_equal(alerted, row->alerted);
}

static void who_has_no_habit_is_not_far_off_it(void **state)
{
    static const struct lonlat at = { 0.46, 51.57 };
    struct known_device device = { 0 };

    (void)state;
    for (int i = 0; i < 500; i++)
        assert_null(say(&device, i * 60, at, i < 3 ? 5 : 500));
}

static void after_a_day_it_is_the_habit(void **state)
{
    static const struct lonlat at = { 0.46, 51.57 };
    struct known_device device = { 0 };
    int alerted = 0;

    (void)state;
    for (int i = 0; i < 30; i++)
        say(&device, i * 60, at, 5);
    for (int i = 0; i < 3 * 24 * 60; i++)
        alerted += say(&device, 3600 + i * 60, at, 300) != NULL;
    assert_int_equal(alerted, 1);
    assert_false(device.inaccurate);
    assert_true(fabs(device.habit - 300) < 1);
}

/* ---- latitude and longitude ---- */

/* filipkroca/teltonikaparser#1 */
static void three_that_look_swapped_are_told(void **state)
{
    static const struct lonlat swapped = { 51.57, 0.46 }, right = { 0.46, 51.57 },
                               away = { 2.35, 48.85 }, sea = { -30, 0.46 };
    struct known_device device = { 0 };

    (void)state;
    assert_null(say(&device, 0, swapped, 8));
    assert_null(say(&device, 15, swapped, 8));
    assert_null(say(&device, 30, right, 8)); // in a row
    assert_null(say(&device, 45, swapped, 8));
    assert_null(say(&device, 60, swapped, 8));
    assert_string_equal(say(&device, 75, swapped, 8), "swapped");
    assert_null(say(&device, 90, swapped, 8)); // once
    assert_null(say(&device, 105, right, 8));
    assert_false(device.swapped);
    for (int i = 0; i < 10; i++) {
        assert_null(say(&device, 1000 + i, away, 8)); // a journey is none
        assert_null(say(&device, 2000 + i, sea, 8));  // nor is what lies elsewhere both ways
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_no_habit_is_not_far_off_it),
        cmocka_unit_test(after_a_day_it_is_the_habit),
        cmocka_unit_test(three_that_look_swapped_are_told),
    };
    struct zone *zone = NULL;
    struct fault why;
    int failed;

    if (!zone_from_circle((struct lonlat){ 0.4578, 51.5684 }, 200, &zone, &why))
        return 1;
    exclusion.zone = zone;
    failed = rows_hold("accuracy", rows, an_accuracy_far_worse_than_its_habit_is_told) +
             cmocka_run_group_tests_name("doubt", tests, NULL, NULL);
    zone_destroy(zone);
    return failed;
}
