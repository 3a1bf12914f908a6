/* SPDX-License-Identifier: Apache-2.0 */
#include "app/stats.h"

#include "support/test.h"

static struct utc at(int seconds)
{
    return (struct utc){ 1592942400000 + seconds * 1000LL };
}

static void an_hour_is_sixty_minutes(void **state)
{
    struct stats stats = { 0 };

    (void)state;
    assert_int_equal(stats_alerts_last_hour(&stats, at(0)), 0);
    for (int i = 0; i < 5; i++)
        stats_count_alert(&stats, "breach", at(60 * i));
    assert_int_equal(stats_alerts_last_hour(&stats, at(300)), 5);
    assert_int_equal(stats_alerts_last_hour(&stats, at(3599)), 5);
    assert_int_equal(stats_alerts_last_hour(&stats, at(3600)), 4);
    assert_int_equal(stats_alerts_last_hour(&stats, at(7300)), 0);
    stats_count_alert(&stats, "cleared", at(7300));
    assert_int_equal(stats_alerts_last_hour(&stats, at(7300)), 1);
    assert_int_equal(stats_alerts_last_hour(&stats, (struct utc){ 0 }),
                     1); // our clock was set back
    assert_int_equal(stats.alerts[ALERT_BREACH], 5);
    assert_int_equal(stats.alerts[ALERT_CLEARED], 1);
}

static void ten_in_ten_minutes_are_a_flood(void **state)
{
    struct stats stats = { 0 };

    (void)state;
    for (int i = 0; i < 9; i++)
        stats_count_alert(&stats, "update", at(60 * i));
    assert_false(stats_flood(&stats, at(540)));
    stats_count_alert(&stats, "update", at(600));
    assert_true(stats_flood(&stats, at(600)));
    assert_true(stats_flood(&stats, at(1199)));
    assert_false(stats_flood(&stats, at(1200)));
    assert_int_equal(stats.floods, 1);
}

static void a_flood_that_goes_on_is_one(void **state)
{
    struct stats stats = { 0 };

    (void)state;
    for (int i = 0; i < 100; i++)
        stats_count_alert(&stats, "update", at(30 * i));
    assert_int_equal(stats.floods, 1);
    for (int i = 0; i < 10; i++)
        stats_count_alert(&stats, "update", at(9000 + i));
    assert_int_equal(stats.floods, 2);
}

static void one_a_minute_and_a_half_is_none(void **state)
{
    struct stats stats = { 0 };

    (void)state;
    for (int i = 0; i < 100; i++)
        stats_count_alert(&stats, "update", at(90 * i));
    assert_int_equal(stats.floods, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_is_sixty_minutes),
        cmocka_unit_test(ten_in_ten_minutes_are_a_flood),
        cmocka_unit_test(a_flood_that_goes_on_is_one),
        cmocka_unit_test(one_a_minute_and_a_half_is_none),
    };

    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
