/* SPDX-License-Identifier: Apache-2.0 */
#include "core/health.h"

#include "support/london.h"
#include "support/near.h"
#include "support/rows.h"

static const char *const devices[] = { "tag-1", "tag-2" };
static const struct respondent who = { "R-1", (const char **)(uintptr_t)devices, 2, NULL, 0 };

enum { SAYINGS_MAX = 8 };

/* Battery per cent (0: not said), tamper, and the type that is told (or ALERT_TYPES: nothing). */
struct saying {
    double battery;
    bool tamper;
    enum alert_type told;
};

static const struct row {
    const char *says;
    size_t n;
    struct saying sayings[SAYINGS_MAX];
} rows[] = {
    { "a full battery is no news", 1, { { 100, false, ALERT_TYPES } } },
    { "20 per cent is not low", 1, { { 20, false, ALERT_TYPES } } },
    { "19.9 per cent is", 1, { { 19.9, false, ALERT_BATTERY } } },
    { "low is told once",
      3,
      { { 19, false, ALERT_BATTERY }, { 18, false, ALERT_TYPES }, { 5, false, ALERT_TYPES } } },
    { "29 per cent is not yet charged",
      3,
      { { 19, false, ALERT_BATTERY }, { 29, false, ALERT_TYPES }, { 19, false, ALERT_TYPES } } },
    { "30 per cent is",
      3,
      { { 19, false, ALERT_BATTERY }, { 30, false, ALERT_TYPES }, { 19, false, ALERT_BATTERY } } },
    { "not said changes nothing",
      3,
      { { 19, false, ALERT_BATTERY }, { 0, false, ALERT_TYPES }, { 19, false, ALERT_TYPES } } },
    { "tampering is told when it begins",
      3,
      { { 0, true, ALERT_TAMPER }, { 0, true, ALERT_TYPES }, { 0, false, ALERT_TYPES } } },
    { "and again when it begins again",
      3,
      { { 0, true, ALERT_TAMPER }, { 0, false, ALERT_TYPES }, { 0, true, ALERT_TAMPER } } },
};

static struct ping ping_of(const struct saying *saying, struct utc time)
{
    return (struct ping){ .time = time,
                          .at = { 0.45, 51.5 },
                          .accuracy = 8,
                          .battery = saying->battery != 0 ? saying->battery : NAN,
                          .tamper = saying->tamper };
}

static void it_is_told_so(void **state)
{
    const struct row *row = *state;
    struct known_device device = { 0 };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    uint32_t told = 0;

    for (size_t i = 0; i < row->n; i++) {
        const struct saying *saying = &row->sayings[i];
        struct ping ping = ping_of(saying, now);
        struct outcome out = { 0 };

        health_check(&who, &device, 0, &ping, now, now, &out);
        assert_int_equal(out.n, saying->told != ALERT_TYPES);
        if (out.n == 0)
            continue;
        assert_int_equal(out.alerts[0].type, saying->told);
        assert_int_equal(out.alerts[0].nth, ++told);
        assert_true(out.devices_changed); // or a restart would tell it again
    }
    assert_int_equal(device.alerts, told);
}

static void an_alert_of_a_device_is_of_no_zone(void **state)
{
    struct known_device device = { 0 };
    struct utc when = utc_of("2020-06-23T20:00:00Z"), now = utc_of("2020-06-23T20:00:02Z");
    struct ping ping = ping_of(&(struct saying){ 12.4, false, 0 }, when);
    struct outcome out = { 0 };
    const struct alert *alert = &out.alerts[0];

    (void)state;
    health_check(&who, &device, 1, &ping, when, now, &out);
    assert_int_equal(out.n, 1);
    assert_null(alert->exclusion);
    assert_string_equal(alert->respondent, "R-1");
    assert_string_equal(alert->device, "tag-2");
    assert_int_equal(alert->severity, SEVERITY_WARNING);
    assert_int_equal(alert->time.ms, when.ms);
    assert_int_equal(alert->received.ms, now.ms);
    assert_true(isnan(alert->probability) && isnan(alert->depth) && isnan(alert->eta));
    assert_true(alert->has_ping);
    assert_string_equal(alert->reason, "battery at 12 %");
}

static void a_wrong_clock_is_told_once_for_ever(void **state)
{
    struct known_device device = { 0 };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    int told = 0;

    (void)state;
    for (int i = 0; i < 10; i++) {
        struct outcome out = { 0 };
        struct ping ping = ping_of(&(struct saying){ 0 }, utc_plus(now, i % 3 ? 200000 : 0));

        health_check(&who, &device, 0, &ping, now, now, &out);
        for (size_t a = 0; a < out.n; a++)
            told += out.alerts[a].type == ALERT_CLOCK;
    }
    assert_int_equal(told, 1);
}

/* Or a thousand devices would be told to be wrong by one clock, which is ours. */
static void while_our_own_clock_is_in_doubt_none_is_wrong(void **state)
{
    struct known_device device = { 0 };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping = ping_of(&(struct saying){ 0 }, utc_plus(now, 200000));
    struct outcome out = { 0 };

    (void)state;
    ping.doubted = true;
    health_check(&who, &device, 0, &ping, now, now, &out);
    assert_int_equal(out.n, 0);
    ping.doubted = false;
    health_check(&who, &device, 0, &ping, now, now, &out);
    assert_int_equal(out.n, 1);
}

static void three_things_at_once_are_three_alerts(void **state)
{
    struct known_device device = { 0 };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping = ping_of(&(struct saying){ 3, true, 0 }, (struct utc){ 5000 });
    struct outcome out = { 0 };

    (void)state;
    health_check(&who, &device, 0, &ping, now, now, &out);
    assert_int_equal(out.n, 3);
    assert_int_equal(out.alerts[0].type, ALERT_TAMPER);
    assert_int_equal(out.alerts[0].severity, SEVERITY_HIGH);
    assert_int_equal(out.alerts[1].type, ALERT_BATTERY);
    assert_int_equal(out.alerts[2].type, ALERT_CLOCK);
    assert_int_equal(out.alerts[2].severity, SEVERITY_WARNING);
    assert_int_equal(out.alerts[2].nth, 3);
}

/* That tampering ended must survive a restart, though nobody is told. */
static void the_end_of_tampering_is_kept(void **state)
{
    struct known_device device = { .tampered = true };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping = ping_of(&(struct saying){ 50, false, 0 }, now);
    struct outcome out = { 0 };

    (void)state;
    health_check(&who, &device, 0, &ping, now, now, &out);
    assert_int_equal(out.n, 0);
    assert_true(out.devices_changed);
}

/* So must a battery charged again: or the next low one would be kept quiet after a restart. */
static void a_charged_battery_is_kept(void **state)
{
    struct known_device device = { .battery_low = true };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping = ping_of(&(struct saying){ 80, false, 0 }, now);
    struct outcome out = { 0 };

    (void)state;
    health_check(&who, &device, 0, &ping, now, now, &out);
    assert_false(device.battery_low);
    assert_true(out.devices_changed);
}

/* Whoever watches one area must hear of a tag that is being cut off there. */
static void an_alert_of_a_device_has_its_respondents_area(void **state)
{
    static const struct order ended = { .area = "Harwich", .until = { 1000 } },
                              going_on = { .area = "Basildon", .until = { INT64_MAX } },
                              nowhere = { .until = { INT64_MAX } };
    const struct exclusion zones[] = { { .order = &ended },
                                       { .order = &nowhere },
                                       { .order = &going_on } };
    const struct exclusion *all[] = { &zones[0], &zones[1], &zones[2] };
    struct respondent bound = who;
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping = ping_of(&(struct saying){ 0, true, 0 }, now);
    static const char *const want[] = { NULL, "Harwich", "Harwich", "Basildon" };

    (void)state;
    for (bound.n_exclusions = 0; bound.n_exclusions <= 3; bound.n_exclusions++) {
        struct known_device device = { 0 };
        struct outcome out = { 0 };
        const char *area;

        bound.exclusions = all;
        health_check(&bound, &device, 0, &ping, now, now, &out);
        area = alert_area(&out.alerts[0]);
        assert_string_equal(area ? area : "none",
                            want[bound.n_exclusions] ? want[bound.n_exclusions] : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_of_a_device_is_of_no_zone),
        cmocka_unit_test(an_alert_of_a_device_has_its_respondents_area),
        cmocka_unit_test(a_wrong_clock_is_told_once_for_ever),
        cmocka_unit_test(while_our_own_clock_is_in_doubt_none_is_wrong),
        cmocka_unit_test(three_things_at_once_are_three_alerts),
        cmocka_unit_test(the_end_of_tampering_is_kept),
        cmocka_unit_test(a_charged_battery_is_kept),
    };

    return rows_hold("health", rows, it_is_told_so) +
           cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
