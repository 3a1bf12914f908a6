/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arrival.h"

#include "core/motion.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/london.h"
#include "support/rows.h"
#include "support/scene.h"

enum { REPORTS_MAX = 6 };

/* A ping: seconds after 20:00 by the device's clock and by ours, metres north, and its class. */
struct report {
    int sent, received;
    double north;
    enum arrival want;
};

static const struct row {
    const char *says;
    size_t n;
    struct report reports[REPORTS_MAX];
} rows[] = {
    { "the first ping is new", 1, { { 0, 1, 0, ARRIVED_NEW } } },
    { "the next one too", 2, { { 0, 1, 0, ARRIVED_NEW }, { 15, 16, 20, ARRIVED_NEW } } },
    { "the same time at another place is new",
      2,
      { { 0, 0, 0, ARRIVED_NEW }, { 0, 1, 20, ARRIVED_NEW } } },
    { "the same place at another time is new",
      2,
      { { 0, 0, 0, ARRIVED_NEW }, { 1, 1, 0, ARRIVED_NEW } } },
    { "the same ping comes again", 2, { { 0, 0, 0, ARRIVED_NEW }, { 0, 5, 0, ARRIVED_AGAIN } } },
    { "a late one comes again",
      4,
      { { 0, 0, 0, ARRIVED_NEW },
        { 60, 60, 0, ARRIVED_NEW },
        { 30, 61, 5, ARRIVED_LATE },
        { 30, 62, 5, ARRIVED_AGAIN } } },
    { "older than the newest is late",
      2,
      { { 60, 60, 0, ARRIVED_NEW }, { 59, 61, 0, ARRIVED_LATE } } },
    { "late after late, in any order",
      4,
      { { 60, 60, 0, ARRIVED_NEW },
        { 30, 61, 0, ARRIVED_LATE },
        { 50, 62, 0, ARRIVED_LATE },
        { 10, 63, 0, ARRIVED_LATE } } },
    { "120 s ahead is still to be believed", 1, { { 120, 0, 0, ARRIVED_NEW } } },
    { "121 s ahead is the future", 1, { { 121, 0, 0, ARRIVED_FUTURE } } },
    { "one that was ahead makes none late that comes after it",
      3,
      { { 110, 0, 0, ARRIVED_NEW }, { 1, 1, 0, ARRIVED_NEW }, { 16, 16, 9, ARRIVED_NEW } } },
    { "but one that was made before that came",
      2,
      { { 110, 0, 0, ARRIVED_NEW }, { -1, 1, 0, ARRIVED_LATE } } },
    { "after one of the future the truth is a little older, and of now",
      3,
      { { 400, 0, 0, ARRIVED_FUTURE }, { -2, 1, 0, ARRIVED_NEW }, { 0, 2, 9, ARRIVED_NEW } } },
    { "or is much older, and late",
      2,
      { { 400, 0, 0, ARRIVED_FUTURE }, { -121, 1, 0, ARRIVED_LATE } } },
    { "1970 is a clock never set", 1, { { -1592942400, 0, 0, ARRIVED_FUTURE } } },
    { "1999 is too", 1, { { -646257601, 0, 0, ARRIVED_FUTURE } } },
    { "2000 is older than any ping can be", 1, { { -646257600, 0, 0, ARRIVED_FUTURE } } },
    { "a week and a second too", 1, { { -604801, 0, 0, ARRIVED_FUTURE } } },
    { "a week is merely old: late", 1, { { -604800, 0, 0, ARRIVED_LATE } } },
    { "ten minutes old on arrival is of the present", 1, { { 0, 600, 0, ARRIVED_NEW } } },
    { "older than that is of the past, in its order too",
      2,
      { { 0, 601, 0, ARRIVED_LATE }, { 15, 616, 20, ARRIVED_LATE } } },
    { "as is what comes with it, until it is recent",
      2,
      { { 0, 601, 0, ARRIVED_LATE }, { 15, 601, 20, ARRIVED_NEW } } },
    { "70 m/s can be", 2, { { 0, 0, 0, ARRIVED_NEW }, { 10, 10, 699, ARRIVED_NEW } } },
    { "71 m/s can, where two fixes err by 22 m",
      2,
      { { 0, 0, 0, ARRIVED_NEW }, { 10, 10, 710, ARRIVED_NEW } } },
    { "73 m/s cannot", 2, { { 0, 0, 0, ARRIVED_NEW }, { 10, 10, 730, ARRIVED_IMPLAUSIBLE } } },
    { "within a second one is given a second",
      2,
      { { 0, 0, 0, ARRIVED_NEW }, { 0, 1, 92, ARRIVED_NEW } } },
    { "but no more", 2, { { 0, 0, 0, ARRIVED_NEW }, { 0, 1, 94, ARRIVED_IMPLAUSIBLE } } },
    { "a late one is measured too",
      2,
      { { 60, 60, 0, ARRIVED_NEW }, { 50, 61, 5000, ARRIVED_IMPLAUSIBLE } } },
    { "after a jump the old place is trusted",
      3,
      { { 0, 0, 0, ARRIVED_NEW },
        { 15, 15, 9000, ARRIVED_IMPLAUSIBLE },
        { 30, 30, 20, ARRIVED_NEW } } },
    { "three in a row that agree are believed",
      5,
      { { 0, 0, 0, ARRIVED_NEW },
        { 15, 15, 90000, ARRIVED_IMPLAUSIBLE },
        { 30, 30, 90010, ARRIVED_IMPLAUSIBLE },
        { 45, 45, 90020, ARRIVED_NEW },
        { 60, 60, 90030, ARRIVED_NEW } } },
    { "in a row means none between",
      6,
      { { 0, 0, 0, ARRIVED_NEW },
        { 15, 15, 90000, ARRIVED_IMPLAUSIBLE },
        { 30, 30, 90010, ARRIVED_IMPLAUSIBLE },
        { 45, 45, 10, ARRIVED_NEW },
        { 60, 60, 90020, ARRIVED_IMPLAUSIBLE },
        { 75, 75, 90030, ARRIVED_IMPLAUSIBLE } } },
    { "three that do not agree are not believed",
      4,
      { { 0, 0, 0, ARRIVED_NEW },
        { 15, 15, 90000, ARRIVED_IMPLAUSIBLE },
        { 30, 30, -90000, ARRIVED_IMPLAUSIBLE },
        { 45, 45, 90000, ARRIVED_IMPLAUSIBLE } } },
    { "three seconds make three too",
      4,
      { { 0, 0, 0, ARRIVED_NEW },
        { 15, 15, 90000, ARRIVED_IMPLAUSIBLE },
        { 16, 16, 90000, ARRIVED_IMPLAUSIBLE },
        { 17, 17, 90000, ARRIVED_NEW } } },
    { "but three of one instant are one",
      5,
      { { 0, 0, 0, ARRIVED_NEW },
        { 15, 15, 90000, ARRIVED_IMPLAUSIBLE },
        { 15, 16, 90010, ARRIVED_IMPLAUSIBLE },
        { 15, 17, 90020, ARRIVED_IMPLAUSIBLE },
        { 16, 18, 90030, ARRIVED_IMPLAUSIBLE } } },
    { "three of the future are believed as that",
      4,
      { { 0, 0, 0, ARRIVED_NEW },
        { 1000, 15, 90000, ARRIVED_IMPLAUSIBLE },
        { 1010, 30, 90010, ARRIVED_IMPLAUSIBLE },
        { 1020, 45, 90020, ARRIVED_FUTURE } } },
};

/* Our clock is in doubt: seconds after 20:00 by the device's clock and ours, and by which it is. */
static const struct doubted {
    const char *says;
    int newest, sent, received; // newest: as it was judged; 0: none
    enum arrival want;
    bool of_now;
} doubted_rows[] = {
    { "an hour old, and in doubt: of now", 0, 0, 3600, ARRIVED_NEW, true },
    { "ten minutes old is of its own time", 0, 0, 600, ARRIVED_NEW, false },
    { "older than what was judged by our clock: of now too", 1000, 400, 1010, ARRIVED_NEW, true },
    { "newer than that: of its own time", 1000, 1001, 1010, ARRIVED_NEW, false },
    { "of the future, as ever", 0, 3600, 0, ARRIVED_FUTURE, true },
};

static const struct detect detect = {
    .unknown_accuracy = 30, .coarse = 200, .late_ms = 600000, .lag_most_ms = 7 * 86400000LL
};

static struct utc evening(int seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), seconds * 1000LL);
}

/* Classes it, and does with it what watch_ping does. */
static struct reception arrive(struct known_device *device, const struct report *report)
{
    struct ping ping = scene_ping_of("tag", evening(report->sent), 0, report->north);
    struct reception got = arrival_of(device, &ping, evening(report->received), &detect);

    if (got.class == ARRIVED_FUTURE)
        assert_int_equal(got.when.ms, evening(report->received).ms);
    if (got.class != ARRIVED_AGAIN && got.class != ARRIVED_IMPLAUSIBLE && !got.older && !got.idle &&
        !got.doubtful) {
        device->newest = ping_position(&ping, got.when);
        device->newest_came = evening(report->received);
        device->newest_guessed = got.guessed;
        device->heard = true;
        motion_remember(device, &device->newest, &detect);
    }
    return got;
}

static void they_are_classed_so(void **state)
{
    const struct row *row = *state;
    struct known_device device = { 0 };

    for (size_t i = 0; i < row->n; i++) {
        enum arrival got = arrive(&device, &row->reports[i]).class;

        if (got != row->reports[i].want)
            fail_msg("ping %zu is %s, not %s", i + 1, arrival_name(got),
                     arrival_name(row->reports[i].want));
    }
}

static void in_doubt_it_is_judged_so(void **state)
{
    const struct doubted *row = *state;
    struct ping ping = scene_ping_of("tag", evening(row->sent), 0, 0);
    struct known_device device = { .heard = row->newest != 0,
                                   .newest = { evening(row->newest), ping.at, 8 } };
    struct reception got;

    ping.doubted = true;
    got = arrival_of(&device, &ping, evening(row->received), &detect);
    assert_int_equal(got.class, row->want);
    assert_int_equal(got.when.ms, evening(row->of_now ? row->received : row->sent).ms);
    assert_false(got.older);
}

/* Three of each, a minute apart: they agree, and are not believed for that. */
static void what_a_decoder_makes_up_is_never_believed(void **state)
{
    static const struct {
        struct lonlat at, last; // degrees; last: where it was heard, NaN: nowhere yet
        enum arrival want;      // of the third
    } places[] = {
        { { 0, 51.5712 }, { 0.4712, 51.5712 }, ARRIVED_IMPLAUSIBLE }, // 33 km off
        { { 0, 51.5712 }, { NAN, NAN }, ARRIVED_IMPLAUSIBLE },
        { { 0.4712, 0 }, { 0.4712, 51.5712 }, ARRIVED_IMPLAUSIBLE },
        { { 24.35, 24.35 }, { 0.4712, 51.5712 }, ARRIVED_IMPLAUSIBLE },
        { { 0, 51.4779 }, { 0.0003, 51.4779 }, ARRIVED_NEW }, // at Greenwich
        { { 1e-5, 51.5712 }, { 0.4712, 51.5712 }, ARRIVED_NEW },
    };

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct ping ping = scene_ping_of("tag", evening(0), 0, 0);
        struct known_device device = { .heard = !isnan(places[i].last.lon),
                                       .newest = { evening(0), places[i].last, 8 } };
        struct reception got = { 0 };

        for (int nth = 1; nth <= 3; nth++) {
            ping.time = evening(60 * nth);
            ping.at = places[i].at;
            ping.at.lat += places[i].at.lat != 0 && ping.at.lat != ping.at.lon ? nth * 1e-5 : 0;
            got = arrival_of(&device, &ping, ping.time, &detect);
        }
        if (got.class != places[i].want || (got.class == ARRIVED_IMPLAUSIBLE && !got.elsewhere))
            fail_msg("place %zu is %s", i, arrival_name(got.class));
    }
}

static void null_island_is_nowhere(void **state)
{
    struct ping ping = scene_ping_of("tag", evening(0), 0, 0);

    (void)state;
    for (int i = 0; i < 10; i++) {
        struct known_device device = { 0 };

        ping.time = evening(i);
        ping.at = (struct lonlat){ 0, 0 };
        assert_int_equal(arrival_of(&device, &ping, evening(i), &detect).class,
                         ARRIVED_IMPLAUSIBLE);
        ping.at = (struct lonlat){ 24, i % 2 == 0 ? 90 : -89.91 };
        assert_int_equal(arrival_of(&device, &ping, evening(i), &detect).class,
                         ARRIVED_IMPLAUSIBLE);
        ping.at = (struct lonlat){ 0.0001, 51.5 }; // the country of Greenwich is not
        assert_int_equal(arrival_of(&device, &ping, evening(i), &detect).class, ARRIVED_NEW);
    }
}

/* However many agree: each of them says itself that its position is none. */
static void what_its_sender_does_not_trust_is_never_believed(void **state)
{
    struct ping ping = scene_ping_of("tag", evening(0), 0, 0);
    struct known_device device = { 0 };

    (void)state;
    ping.no_fix = true;
    for (int i = 0; i < 2 * ARRIVAL_AGREE; i++) {
        ping.time = evening(i);
        assert_int_equal(arrival_of(&device, &ping, evening(i), &detect).class, ARRIVED_NO_FIX);
    }
    assert_int_equal(device.doubts, 0);
    ping.no_fix = false; // the very same, now vouched for, has not been there before
    assert_int_equal(arrival_of(&device, &ping, evening(60), &detect).class, ARRIVED_NEW);
}

static void eight_are_remembered_and_the_ninth_is_forgotten(void **state)
{
    struct known_device device = { 0 };
    struct report report = { 0, 0, 0, ARRIVED_NEW };

    (void)state;
    for (int i = 0; i < DEVICE_RECENT; i++) {
        report.sent = report.received = i;
        assert_int_equal(arrive(&device, &report).class, ARRIVED_NEW);
    }
    for (int i = 0; i < DEVICE_RECENT; i++) {
        report.sent = i;
        assert_int_equal(arrive(&device, &report).class, ARRIVED_AGAIN);
    }
    report.sent = DEVICE_RECENT;
    assert_int_equal(arrive(&device, &report).class, ARRIVED_NEW);
    report.sent = 1;
    assert_int_equal(arrive(&device, &report).class, ARRIVED_AGAIN);
    report.sent = 0;
    assert_int_equal(arrive(&device, &report).class, ARRIVED_LATE);
}

/* A leap: how far after a minute of rest, and how sure the fix is of itself. */
static const struct leap {
    const char *says;
    double before, north, accuracy; // metres; `before`: gone in the minute that led here
    bool coarse, idle, doubtful;
} leaps[] = {
    { "a minute's walk", 0, 84, 8, false, false, false },
    { "a minute's drive at 15 m/s, from rest", 0, 900, 8, false, false, false },
    { "faster than that, from rest", 0, 950, 8, false, false, true },
    { "as fast as he was a minute ago", 1200, 1200, 8, false, false, false },
    { "a quarter faster", 1200, 1480, 8, false, false, false },
    { "and more", 1200, 1560, 8, false, false, true },
    { "a mast that may see him where he is", 0, 900, 500, true, true, false },
    { "a mast that cannot", 0, 1100, 500, true, false, true },
    { "an unknown accuracy is no mast", 0, 84, NAN, false, false, false },
};

static void a_leap_is_doubted_so(void **state)
{
    const struct leap *leap = *state;
    struct known_device device = { 0 };
    struct ping ping = scene_ping_of("tag", evening(120), 0, leap->before + leap->north);
    struct reception got;

    arrive(&device, &(struct report){ 0, 0, 0, ARRIVED_NEW });
    arrive(&device, &(struct report){ 60, 60, leap->before, ARRIVED_NEW });
    device.newest = (struct position){ evening(60), scene_place(0, leap->before), 8, 0 };
    device.pace = leap->before / 60;
    ping.accuracy = leap->accuracy;
    got = arrival_of(&device, &ping, evening(120), &detect);
    assert_int_equal(got.class, ARRIVED_NEW);
    assert_int_equal(got.coarse, leap->coarse);
    assert_int_equal(got.idle, leap->idle);
    assert_int_equal(got.doubtful, leap->doubtful);
}

static void each_class_has_its_name(void **state)
{
    static const char *const names[] = { "new",         "again",  "late",   "future",
                                         "implausible", "no-fix", "refused" };

    (void)state;
    assert_int_equal(ARRIVALS, sizeof names / sizeof *names);
    for (int i = 0; i < ARRIVALS; i++)
        assert_string_equal(arrival_name((enum arrival)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_island_is_nowhere),
        cmocka_unit_test(what_a_decoder_makes_up_is_never_believed),
        cmocka_unit_test(what_its_sender_does_not_trust_is_never_believed),
        cmocka_unit_test(eight_are_remembered_and_the_ninth_is_forgotten),
        cmocka_unit_test(each_class_has_its_name),
    };

    return rows_hold("arrivals", rows, they_are_classed_so) +
           rows_hold("in doubt", doubted_rows, in_doubt_it_is_judged_so) +
           rows_hold("leaps", leaps, a_leap_is_doubted_so) +
           cmocka_run_group_tests_name("arrival", tests, NULL, NULL);
}
