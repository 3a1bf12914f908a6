/* SPDX-License-Identifier: Apache-2.0 */
#include "core/health.h"

#include "support/london.h"
#include "support/near.h"
#include "support/rows.h"

static const char *const devices[] = { "tag-1", "tag-2" };
static const struct respondent who = { "R-1", (const char **)(uintptr_t)devices, 2, NULL, 0 };

enum { SAYINGS_MAX = 8 };

/*
 * Battery per cent (0: not said), tamper, the type that is told (or ALERT_TYPES: nothing), and
 * when, in seconds; what is said again is told again after five minutes of 300 s.
 */
struct saying {
    double battery;
    bool tamper;
    enum alert_type alerted;
    double second;
    uint32_t incident, count; // of what is told
};

static const struct detect detect = { .device_every_ms = 300 * 1000, .device_day = 500 };
static const struct watch watch = { .detect = &detect };

/* A ping of which nothing is told; one that tells the first of incident 1, or of another. */
#define QUIET(battery, tamper, second)                                                             \
    {                                                                                              \
        battery, tamper, ALERT_TYPES, second, 0, 0                                                 \
    }
#define LOW(battery, second, incident, count)                                                      \
    {                                                                                              \
        battery, false, ALERT_BATTERY, second, incident, count                                     \
    }
#define CUT(tamper, second, incident, count)                                                       \
    {                                                                                              \
        0, tamper, ALERT_TAMPER, second, incident, count                                           \
    }

static const struct row {
    const char *says;
    size_t n;
    struct saying sayings[SAYINGS_MAX];
} rows[] = {
    { "a full battery is no news", 1, { QUIET(100, false, 0) } },
    { "20 per cent is not low", 1, { QUIET(20, false, 0) } },
    { "19.9 per cent is", 1, { LOW(19.9, 0, 1, 1) } },
    { "low is told once", 3, { LOW(19, 0, 1, 1), QUIET(18, false, 9), QUIET(5, false, 9000) } },
    { "29 per cent is not yet charged",
      3,
      { LOW(19, 0, 1, 1), QUIET(29, false, 1), QUIET(19, false, 9000) } },
    { "30 per cent is, but low again soon after is the same trouble",
      4,
      { LOW(19, 0, 1, 1), QUIET(30, false, 1), QUIET(19, false, 2), LOW(19, 300, 1, 2) } },
    { "and after an interval of being well it is another",
      3,
      { LOW(19, 0, 1, 1), QUIET(30, false, 1), LOW(19, 301, 2, 1) } },
    { "what is due only later is told of the ping that said it",
      4,
      { LOW(19, 0, 1, 1), QUIET(30, false, 1), QUIET(19, false, 2), LOW(0, 300, 1, 2) } },
    { "not said changes nothing",
      3,
      { LOW(19, 0, 1, 1), QUIET(0, false, 1), QUIET(19, false, 9000) } },
    { "tampering is told when it begins",
      3,
      { CUT(true, 0, 1, 1), QUIET(0, true, 1), QUIET(0, false, 9000) } },
    { "what it says again within the interval waits for its end",
      5,
      { CUT(true, 0, 1, 1), QUIET(0, false, 1), QUIET(0, true, 2), QUIET(0, true, 299),
        CUT(true, 300, 1, 2) } },
    { "and need not go on until then",
      5,
      { CUT(true, 0, 1, 1), QUIET(0, false, 1), QUIET(0, true, 2), QUIET(0, false, 3),
        CUT(false, 300, 1, 2) } },
    { "after an interval of being well it is another",
      3,
      { CUT(true, 0, 1, 1), QUIET(0, false, 1), CUT(true, 301, 2, 1) } },
    { "after less it is the same",
      3,
      { CUT(true, 0, 1, 1), QUIET(0, false, 2), CUT(true, 301, 1, 2) } },
};

static struct ping ping_of(const struct saying *saying, struct utc time)
{
    return (struct ping){ .time = time,
                          .at = { 0.45, 51.5 },
                          .accuracy = 8,
                          .battery = saying->battery != 0 ? saying->battery : NAN,
                          .tamper = saying->tamper };
}

static struct reception newest(struct utc when)
{
    return (struct reception){ .class = ARRIVED_NEW, .when = when };
}

static void check(const struct watch *by, const struct respondent *of, struct known_device *device,
                  size_t nth, const struct ping *ping, struct reception arriving, struct utc now,
                  struct outcome *out)
{
    health_check(by, of, device, nth, ping, arriving, now, out);
    health_keep(device, nth, now, out);
}

static void it_is_told_so(void **state)
{
    const struct row *row = *state;
    struct known_device device = { 0 };
    struct utc now = utc_of("2020-06-23T20:00:00Z"), said = now;
    uint32_t alerted = 0;

    for (size_t i = 0; i < row->n; i++) {
        const struct saying *saying = &row->sayings[i];
        struct utc at = utc_plus(now, (int64_t)(saying->second * 1000));
        struct ping ping = ping_of(saying, at);
        struct outcome out = { 0 };

        said = saying->battery != 0 || saying->tamper ? at : said;
        check(&watch, &who, &device, 0, &ping, newest(at), at, &out);
        assert_int_equal(out.n, saying->alerted != ALERT_TYPES);
        if (out.n == 0)
            continue;
        assert_int_equal(out.alerts[0].type, saying->alerted);
        assert_int_equal(out.alerts[0].nth, ++alerted);
        assert_int_equal(out.alerts[0].incident, saying->incident);
        assert_int_equal(out.alerts[0].count, saying->count);
        assert_int_equal(out.alerts[0].ping.time.ms, said.ms);
        assert_true(out.devices_changed); // or a restart would tell it again
    }
    assert_int_equal(device.alerts, alerted);
}

static void an_alert_of_a_device_is_of_no_zone(void **state)
{
    struct known_device device = { 0 };
    struct utc when = utc_of("2020-06-23T20:00:00Z"), now = utc_of("2020-06-23T20:00:02Z");
    struct ping ping = ping_of(&(struct saying){ .battery = 12.4 }, when);
    struct outcome out = { 0 };
    const struct alert *alert = &out.alerts[0];

    (void)state;
    check(&watch, &who, &device, 1, &ping, newest(when), now, &out);
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
    assert_int_equal(alert->trouble, TROUBLE_BATTERY);
}

/* A ping in three has a right one: it is one trouble, told at its first sign. */
static void a_clock_that_is_wrong_now_and_then_is_told_once(void **state)
{
    struct known_device device = { 0 };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    int alerted = 0;

    (void)state;
    for (int i = 0; i < 10; i++) {
        struct outcome out = { 0 };
        struct ping ping =
            ping_of(&(struct saying){ .battery = 0 }, utc_plus(now, i % 3 ? 200000 : 0));

        device.lag.fault = i % 3 ? LAG_AHEAD : LAG_NONE;
        check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
        for (size_t a = 0; a < out.n; a++)
            alerted += out.alerts[a].type == ALERT_CLOCK;
    }
    assert_int_equal(alerted, 1);
}

/* Or a thousand devices would be told to be wrong by one clock, which is ours. */
static void while_our_own_clock_is_in_doubt_none_is_wrong(void **state)
{
    struct known_device device = { .lag.fault = LAG_AHEAD };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping = ping_of(&(struct saying){ 0 }, utc_plus(now, 200000));
    struct outcome out = { 0 };

    (void)state;
    ping.doubted = true;
    check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
    assert_int_equal(out.n, 0);
    ping.doubted = false;
    check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
    assert_int_equal(out.n, 1);
}

static void three_things_at_once_are_three_alerts(void **state)
{
    struct known_device device = { .lag.fault = LAG_UNSET };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping =
        ping_of(&(struct saying){ .battery = 3, .tamper = true }, (struct utc){ 5000 });
    struct outcome out = { 0 };

    (void)state;
    check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
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
    struct ping ping = ping_of(&(struct saying){ .battery = 50 }, now);
    struct outcome out = { 0 };

    (void)state;
    check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
    assert_int_equal(out.n, 0);
    assert_true(out.devices_changed);
}

/* So must a battery charged again: or the next low one would be kept quiet after a restart. */
static void a_charged_battery_is_kept(void **state)
{
    struct known_device device = { .battery_low = true };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping ping = ping_of(&(struct saying){ .battery = 80 }, now);
    struct outcome out = { 0 };

    (void)state;
    check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
    assert_false(device.battery_low);
    assert_true(out.devices_changed);
}

/* A ping that does not say leaves it, and so does one that is older. */
static void what_a_battery_holds_is_as_it_was_said_last(void **state)
{
    struct known_device device = { .newest.time = utc_of("2020-06-23T20:00:00Z") };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct ping full = ping_of(&(struct saying){ .battery = 100 }, now);
    struct ping silent = ping_of(&(struct saying){ .battery = 0 }, now);
    struct ping lower = ping_of(&(struct saying){ .battery = 63.9 }, now);
    struct reception older = newest(now);
    struct outcome out = { 0 };

    (void)state;
    assert_int_equal(device.charge, 0);
    check(&watch, &who, &device, 0, &full, newest(now), now, &out);
    assert_int_equal(device.charge, DEVICE_CHARGE_MAX);
    check(&watch, &who, &device, 0, &silent, newest(now), now, &out);
    assert_int_equal(device.charge, DEVICE_CHARGE_MAX);
    older.older = true;
    check(&watch, &who, &device, 0, &lower, older, now, &out);
    assert_int_equal(device.charge, DEVICE_CHARGE_MAX);
    check(&watch, &who, &device, 0, &lower, newest(now), now, &out);
    assert_int_equal(device.charge, 63 + 1);
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
    struct ping ping = ping_of(&(struct saying){ .tamper = true }, now);
    static const char *const want[] = { NULL, "Harwich", "Harwich", "Basildon" };

    (void)state;
    for (bound.n_exclusions = 0; bound.n_exclusions <= 3; bound.n_exclusions++) {
        struct known_device device = { 0 };
        struct outcome out = { 0 };
        const char *area;

        bound.exclusions = all;
        check(&watch, &bound, &device, 0, &ping, newest(now), now, &out);
        area = alert_area(&out.alerts[0]);
        assert_string_equal(area ? area : "none",
                            want[bound.n_exclusions] ? want[bound.n_exclusions] : "none");
    }
}

/* At 426 a second for an hour: alerts and rows of evidence, whatever comes. */
static void a_flood_of_flips_costs_little(void **state)
{
    struct known_device device = { 0 };
    struct utc begin = utc_of("2020-06-23T20:00:00Z");
    size_t alerted = 0, kept = 0, n = 426 * 3600;
    struct outcome out = { 0 }; // large: nothing but what the last ping has put there is cleared

    (void)state;
    for (size_t i = 0; i < n; i++) {
        struct utc now = utc_plus(begin, (int64_t)(i * 1000 / 426));
        struct ping ping = ping_of(&(struct saying){ .tamper = i % 2 == 0 }, now);

        out.n = 0;
        out.devices_changed = 0;
        check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
        assert_true(i > 0 || out.n == 1); // the first at once
        alerted += out.n;
        kept += out.devices_changed != 0;
    }
    assert_int_equal(alerted, 12); // each five minutes
    assert_int_equal(kept, 361);
    assert_int_equal(device.troubles[TROUBLE_TAMPER].number, 1);
    assert_int_equal(device.troubles[TROUBLE_TAMPER].count, n / 2);
}

/* The day's budget holds back what is told again, never a first sign, and says so once. */
static void who_has_used_up_the_day_is_told_of(void **state)
{
    struct known_device device = { .updates = { .spent = 500 } };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    size_t doubts = 0, tampers = 0;

    (void)state;
    device.updates.since = now;
    for (int i = 0; i < 600; i++, now = utc_plus(now, 1000)) {
        struct ping ping = ping_of(&(struct saying){ .tamper = i % 2 == 0 }, now);
        struct outcome out = { 0 };

        device.updates = (struct allowance){ 500, now };
        check(&watch, &who, &device, 0, &ping, newest(now), now, &out);
        health_check_flood(&who, &device, 0, now, &out);
        for (size_t k = 0; k < out.n; k++) {
            doubts += out.alerts[k].type == ALERT_DOUBT;
            tampers += out.alerts[k].type == ALERT_TAMPER;
            if (out.alerts[k].type == ALERT_DOUBT)
                assert_string_equal(out.alerts[k].cause, "flood");
        }
    }
    assert_int_equal(tampers, 1);
    assert_int_equal(doubts, 1);
    assert_true(device.troubles[TROUBLE_DOUBT].count > 1);
}

/* When the disk gets full, the first sign is told, and nothing of it again. */
static void a_frugal_watch_tells_first_signs_alone(void **state)
{
    struct watch frugal = { .detect = &detect, .frugal = true };
    struct known_device device = { 0 };
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    size_t alerted = 0;

    (void)state;
    for (int i = 0; i < 1200; i++, now = utc_plus(now, 1000)) {
        struct ping ping = ping_of(&(struct saying){ .tamper = i % 2 == 0 }, now);
        struct outcome out = { 0 };

        check(&frugal, &who, &device, 0, &ping, newest(now), now, &out);
        alerted += out.n;
    }
    assert_int_equal(alerted, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_of_flips_costs_little),
        cmocka_unit_test(who_has_used_up_the_day_is_told_of),
        cmocka_unit_test(a_frugal_watch_tells_first_signs_alone),
        cmocka_unit_test(an_alert_of_a_device_is_of_no_zone),
        cmocka_unit_test(an_alert_of_a_device_has_its_respondents_area),
        cmocka_unit_test(while_our_own_clock_is_in_doubt_none_is_wrong),
        cmocka_unit_test(a_clock_that_is_wrong_now_and_then_is_told_once),
        cmocka_unit_test(three_things_at_once_are_three_alerts),
        cmocka_unit_test(the_end_of_tampering_is_kept),
        cmocka_unit_test(a_charged_battery_is_kept),
        cmocka_unit_test(what_a_battery_holds_is_as_it_was_said_last),
    };

    return rows_hold("health", rows, it_is_told_so) +
           cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
