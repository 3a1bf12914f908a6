/* SPDX-License-Identifier: Apache-2.0 */
/* What a ping may say, in its own units: one number at a time is another than in a good ping. */
#include "core/ping.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "support/rows.h"

enum of { LAT, LON, ACCURACY, SPEED, COURSE, BATTERY };

#define TINY 5e-324 // the least above 0

static const struct row {
    const char *says;
    enum of of;
    double said, want; // NaN: unknown
    const char *refused;
    bool no_fix;
} rows[] = {
    { "the pole is on the map", LAT, 90, 90, NULL, false },
    { "-0 is 0", LAT, -0.0, 0, NULL, false },
    { "no latitude is beyond 90", LAT, 90.1, 0, "lat: 90.1 is outside -90..90", false },
    { "nor 1e308", LAT, -1e308, 0, "lat: -1e+308 is outside -90..90", false },
    { "infinity is no place", LAT, INFINITY, 0, "lat: not a finite number", false },
    { "what is no number is no place", LAT, NAN, 0, "lat: not a finite number", false },
    { "the 180th meridian is on the map", LON, -180, -180, NULL, false },
    { "no longitude is beyond 180", LON, 180.1, 0, "lon: 180.1 is outside -180..180", false },
    { "a longitude is a finite number", LON, -INFINITY, 0, "lon: not a finite number", false },
    { "an accuracy of 100 km is one", ACCURACY, 100000, 100000, NULL, false },
    { "over 100 km there is no fix", ACCURACY, 100000.1, NAN, NULL, true },
    { "1e308 m is no fix", ACCURACY, 1e308, NAN, NULL, true },
    { "nor is infinity", ACCURACY, INFINITY, NAN, NULL, true },
    { "0 m is unknown, never perfect", ACCURACY, 0, NAN, NULL, false },
    { "-0 m too", ACCURACY, -0.0, NAN, NULL, false },
    { "-5 m too", ACCURACY, -5, NAN, NULL, false },
    { "the least accuracy is one", ACCURACY, TINY, TINY, NULL, false },
    { "nothing said is unknown", ACCURACY, NAN, NAN, NULL, false },
    { "70 m/s can be", SPEED, 70, 70, NULL, false },
    { "70.1 m/s is no speed", SPEED, 70.1, NAN, NULL, false },
    { "1e308 m/s is none", SPEED, 1e308, NAN, NULL, false },
    { "-1 m/s is none", SPEED, -1, NAN, NULL, false },
    { "-0 m/s stands", SPEED, -0.0, 0, NULL, false },
    { "a course of 360 is one", COURSE, 360, 360, NULL, false },
    { "361 is none", COURSE, 361, NAN, NULL, false },
    { "-1 is none", COURSE, -1, NAN, NULL, false },
    { "a battery is full at 100", BATTERY, 100, 100, NULL, false },
    { "101 per cent is unknown", BATTERY, 101, NAN, NULL, false },
    { "minus infinity per cent is unknown", BATTERY, -INFINITY, NAN, NULL, false },
};

static double *member(struct ping *ping, enum of of)
{
    double *const members[] = { &ping->at.lat, &ping->at.lon, &ping->accuracy,
                                &ping->speed,  &ping->course, &ping->battery };

    return members[of];
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a == b && signbit(a) == signbit(b));
}

static void it_is_settled(void **state)
{
    static const struct ping good = { .device = "tag-1",
                                      .time = { 1592943245000 },
                                      .at = { 0.45, 51.5 },
                                      .accuracy = 8,
                                      .speed = 1.4,
                                      .course = 85,
                                      .battery = 64 };
    const struct row *row = *state;
    struct ping ping = good, want = good;
    struct fault why = { .text = "" };

    *member(&ping, row->of) = row->said;
    *member(&want, row->of) = row->want;
    assert_int_equal(ping_settle(&ping, &why), row->refused == NULL);
    assert_string_equal(why.text, row->refused ? row->refused : "");
    for (int i = LAT; row->refused == NULL && i <= BATTERY; i++)
        assert_true(same(*member(&ping, (enum of)i), *member(&want, (enum of)i)));
    assert_int_equal(ping.no_fix, row->no_fix);
}

static void a_time_lies_in_1970_to_2200(void **state)
{
    static const struct {
        int64_t ms;
        bool ok;
    } times[] = { { -1, false },           { 0, true },
                  { 7289654399999, true }, { 7289654400000, false },
                  { INT64_MIN, false },    { INT64_MAX, false } };

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct ping ping = { .time = { times[i].ms } };
        struct fault why;

        assert_int_equal(ping_settle(&ping, &why), times[i].ok);
    }
}

/* A device may talk and not know where it is. */
static void without_a_fix_no_place_is_needed_but_not_half_of_one(void **state)
{
    struct ping ping = { .at = { NAN, NAN }, .no_fix = true }, half = ping, lost = ping;
    struct fault why;

    (void)state;
    half.at.lat = 51.5;
    lost.no_fix = false;
    assert_true(ping_settle(&ping, &why));
    assert_false(ping_has_place(&ping));
    assert_false(ping_settle(&half, &why));
    assert_string_equal(why.text, "lon: not a finite number");
    assert_false(ping_settle(&lost, &why));
}

/* Traccar's names of alarms: org.traccar.model.Position. */
static void an_alarm_says_tamper_battery_or_neither(void **state)
{
    static const struct {
        const char *names;
        bool tamper, battery_low;
        const char *kept;
    } alarms[] = {
        { "tampering", true, false, "tampering" },
        { "jamming", true, false, "jamming" },
        { "spoofing", true, false, "spoofing" },
        { "powerCut", true, false, "powerCut" },
        { "gpsAntennaCut", true, false, "gpsAntennaCut" },
        { "removing", true, false, "removing" },
        { "lowBattery", false, true, "lowBattery" },
        { "lowPower", false, true, "lowPower" },
        { "sos", false, false, "sos" },
        { "sos,removing,lowPower", true, true, "sos,removing,lowPower" },
        { "sos, tampering", true, false, "sos, tampering" }, // traccar/traccar#3374 has such blanks
        { " lowBattery , ", false, true, " lowBattery , " },
        { "low Battery", false, false, "low Battery" },
        { "tamperingly", false, false, "tamperingly" },
        { "Tampering", false, false, "Tampering" },
        { ",,", false, false, ",," },
        { "", false, false, "" },
        { "a\x1b[2J\xc3\xa9", false, false, "a?[2J??" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof alarms / sizeof *alarms; i++) {
        struct ping ping = { .at = { 0, 0 } };

        ping_alarm(&ping, alarms[i].names, strlen(alarms[i].names));
        assert_int_equal(ping.tamper, alarms[i].tamper);
        assert_int_equal(ping.battery_low, alarms[i].battery_low);
        assert_string_equal(ping.alarm, alarms[i].kept);
    }
}

static void of_a_long_alarm_the_beginning_is_kept_and_all_of_it_heard(void **state)
{
    char names[200] = { 0 };
    struct ping ping = { .at = { 0, 0 } };

    (void)state;
    memset(names, 'x', 100);
    strcpy(names + 100, ",jamming");
    ping_alarm(&ping, names, strlen(names));
    assert_true(ping.tamper);
    assert_int_equal(strlen(ping.alarm), PING_ALARM_MAX);
}

static void a_position_that_is_made_up_stands_before_every_other_alarm(void **state)
{
    struct ping ping = { .at = { 0, 0 } }, alone = ping;
    char names[PING_ALARM_MAX + 1] = { 0 };

    (void)state;
    memset(names, 'x', PING_ALARM_MAX);
    ping_alarm(&ping, names, PING_ALARM_MAX);
    assert_false(ping_is_mock(&ping));
    ping_mock(&ping);
    ping_mock(&alone);
    assert_true(ping.tamper && ping.no_fix && ping_is_mock(&ping) && ping_is_mock(&alone));
    assert_int_equal(strlen(ping.alarm), PING_ALARM_MAX);
    assert_memory_equal(ping.alarm, "mock,xxx", 8);
    assert_string_equal(alone.alarm, "mock");
    strcpy(alone.alarm, "mockery");
    assert_false(ping_is_mock(&alone));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_lies_in_1970_to_2200),
        cmocka_unit_test(without_a_fix_no_place_is_needed_but_not_half_of_one),
        cmocka_unit_test(an_alarm_says_tamper_battery_or_neither),
        cmocka_unit_test(of_a_long_alarm_the_beginning_is_kept_and_all_of_it_heard),
        cmocka_unit_test(a_position_that_is_made_up_stands_before_every_other_alarm),
    };

    return rows_hold("ranges", rows, it_is_settled) +
           cmocka_run_group_tests_name("ping", tests, NULL, NULL);
}
