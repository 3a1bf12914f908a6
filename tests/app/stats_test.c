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

/* Our clock was wrong: an alert of five minutes ago is one, whatever it was told with. */
static void when_our_clock_is_set_right_an_hour_goes_on(void **state)
{
    static const int moves[] = { 3600, -3600, 86400 * 365 + 61, -86400 * 365 - 61 };

    (void)state;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        struct stats stats = { 0 };

        stats_correct_clock(&stats, moves[i] * 1000LL); // of nothing: fine
        stats = (struct stats){ 0 };
        for (int k = 0; k < 10; k++)
            stats_count_alert(&stats, "breach", at(30 * k));
        assert_true(stats_flood(&stats, at(300)));
        stats_correct_clock(&stats, moves[i] * 1000LL);
        assert_int_equal(stats_alerts_last_hour(&stats, at(moves[i] + 300)), 10);
        assert_true(stats_flood(&stats, at(moves[i] + 300)));
        assert_false(stats_flood(&stats, at(moves[i] + 1200)));
        stats_count_alert(&stats, "breach", at(moves[i] + 3000));
        assert_int_equal(stats_alerts_last_hour(&stats, at(moves[i] + 3000)), 11);
        assert_int_equal(stats_alerts_last_hour(&stats, at(moves[i] + 4000)), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_is_sixty_minutes),
        cmocka_unit_test(ten_in_ten_minutes_are_a_flood),
        cmocka_unit_test(a_flood_that_goes_on_is_one),
        cmocka_unit_test(one_a_minute_and_a_half_is_none),
        cmocka_unit_test(when_our_clock_is_set_right_an_hour_goes_on),
    };

    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
