/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of a handover, of alerts at minutes that rows name. */
#include "ctl/shift_load.h"

#include <math.h>
#include <string.h>

#include "support/test.h"

enum { MINUTE = 60 * 1000, ALERTS_MAX = 64 };

static const struct utc six = { 1592978400000 };

/* As many alerts as minutes are named, -1 behind the last. */
static struct shift_load load_of(const int *minutes, int length, unsigned operators)
{
    static struct logged_alert alerts[ALERTS_MAX];
    struct incident_log log = { .alerts = alerts };
    struct shift_load load;

    for (; minutes[log.n_alerts] != -1; log.n_alerts++)
        alerts[log.n_alerts].at = utc_plus(six, (int64_t)minutes[log.n_alerts] * MINUTE);
    assert_true(
        shift_load_count(&log, six, utc_plus(six, (int64_t)length * MINUTE), operators, &load));
    return load;
}

static void alerts_are_told_by_the_hour_and_operator(void **state)
{
    static const int minutes[] = { 0, 1, 59, 60, 119, 120, 180, -1 };
    struct shift_load load = load_of(minutes, 150, 2);

    (void)state;
    assert_int_equal(load.alerts, 6); // the last one came when the shift was over
    assert_int_equal(load.hours, 3);
    assert_int_equal(load.of_hour[0], 3);
    assert_int_equal(load.of_hour[1], 2);
    assert_int_equal(load.of_hour[2], 1);
    assert_true(fabs(load.an_hour - 6 / 2.5 / 2) < 1e-9);
    assert_string_equal(shift_load_rating(&load), "likely to be acceptable");
    shift_load_fini(&load);
}

static void ten_in_ten_minutes_are_a_flood(void **state)
{
    static const int nine[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, -1 };
    static const int ten[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1 };
    static const int eleven_minutes[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, -1 };
    struct shift_load load = load_of(nine, 60, 1);

    (void)state;
    assert_int_equal(load.floods, 0);
    assert_int_equal(load.worst, 9);
    shift_load_fini(&load);
    load = load_of(ten, 60, 1);
    assert_int_equal(load.floods, 1);
    assert_int_equal(load.worst, 10);
    shift_load_fini(&load);
    load = load_of(eleven_minutes, 60, 1); // the first of them is ten minutes old
    assert_int_equal(load.floods, 0);
    shift_load_fini(&load);
    load = load_of(ten, 60, 2); // each of two has five
    assert_int_equal(load.floods, 0);
    shift_load_fini(&load);
}

static void a_flood_is_one_until_it_ebbs(void **state)
{
    static const int one[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1 };
    static const int two[] = { 0,  0,  0,  0,  0,  0,  0,  0,  0,  0, 30,
                               30, 30, 30, 30, 30, 30, 30, 30, 30, -1 };
    struct shift_load load = load_of(one, 60, 1);

    (void)state;
    assert_int_equal(load.floods, 1);
    shift_load_fini(&load);
    load = load_of(two, 60, 1);
    assert_int_equal(load.floods, 2);
    shift_load_fini(&load);
}

static void how_long_each_waited_is_told_by_the_median(void **state)
{
    struct logged_incident taken[3], untaken, before;
    struct logged_incident *all[] = { &taken[0], &taken[1], &taken[2], &untaken, &before };
    struct incident_log log = { .of = all, .n = 5 };
    struct shift_load load;

    (void)state;
    memset(taken, 0, sizeof taken);
    memset(&untaken, 0, sizeof untaken);
    untaken.called = six;
    untaken.needed = true;
    for (int i = 0; i < 3; i++) {
        taken[i].called = six;
        taken[i].taken = utc_plus(six, (int64_t)(i == 2 ? 30 : i + 1) * MINUTE);
    }
    before = taken[0];
    before.called = utc_plus(six, -1); // of the shift before
    assert_true(shift_load_count(&log, six, utc_plus(six, 60 * MINUTE), 1, &load));
    assert_int_equal(load.n_minutes, 3);
    assert_true(shift_load_median(&load) == 2);
    assert_true(load.minutes[2] == 30);
    assert_int_equal(load.untaken, 1);
    shift_load_fini(&load);
}

static void a_shift_without_alerts_is_quiet(void **state)
{
    static const int none[] = { -1 };
    struct shift_load load = load_of(none, 0, 1);

    (void)state;
    assert_int_equal(load.alerts, 0);
    assert_true(isnan(shift_load_median(&load)));
    assert_true(load.an_hour == 0);
    shift_load_fini(&load);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alerts_are_told_by_the_hour_and_operator),
        cmocka_unit_test(ten_in_ten_minutes_are_a_flood),
        cmocka_unit_test(a_flood_is_one_until_it_ebbs),
        cmocka_unit_test(how_long_each_waited_is_told_by_the_median),
        cmocka_unit_test(a_shift_without_alerts_is_quiet),
    };

    return cmocka_run_group_tests_name("shift_load", tests, NULL, NULL);
}
