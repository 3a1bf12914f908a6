/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arrival.h"

#include <stdio.h>
#include <string.h>

#include "support/london.h"
#include "support/rows.h"
#include "support/scene.h"

enum { STEPS_MAX = 6 };

/* A ping: seconds after 20:00 by the device's clock and by ours, metres north, and its class. */
struct step {
    int sent, received;
    double north;
    enum arrival want;
};

static const struct row {
    const char *says;
    size_t n;
    struct step steps[STEPS_MAX];
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
    { "1970 is a clock never set", 1, { { -1592942400, 0, 0, ARRIVED_FUTURE } } },
    { "1999 is too", 1, { { -646257601, 0, 0, ARRIVED_FUTURE } } },
    { "2000 is merely old", 1, { { -646257600, 0, 0, ARRIVED_NEW } } },
    { "70 m/s can be", 2, { { 0, 0, 0, ARRIVED_NEW }, { 10, 10, 699, ARRIVED_NEW } } },
    { "71 m/s cannot", 2, { { 0, 0, 0, ARRIVED_NEW }, { 10, 10, 710, ARRIVED_IMPLAUSIBLE } } },
    { "within a second one is given a second",
      2,
      { { 0, 0, 0, ARRIVED_NEW }, { 0, 1, 69, ARRIVED_NEW } } },
    { "but no more", 2, { { 0, 0, 0, ARRIVED_NEW }, { 0, 1, 71, ARRIVED_IMPLAUSIBLE } } },
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
    { "three of the future are believed as that",
      4,
      { { 0, 0, 0, ARRIVED_NEW },
        { 1000, 15, 90000, ARRIVED_IMPLAUSIBLE },
        { 1010, 30, 90010, ARRIVED_IMPLAUSIBLE },
        { 1020, 45, 90020, ARRIVED_FUTURE } } },
};

static struct utc evening(int seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), seconds * 1000LL);
}

/* Classes it, and does with it what watch_ping does. */
static enum arrival arrive(struct known_device *device, const struct step *step)
{
    struct ping ping = scene_ping_of("tag", evening(step->sent), 0, step->north);
    struct utc when = { -1 };
    enum arrival got = arrival_of(device, &ping, evening(step->received), &when);
    bool wrong = arrival_clock_wrong(&ping, evening(step->received));

    assert_int_equal(when.ms, wrong ? evening(step->received).ms : ping.time.ms);
    if (got == ARRIVED_NEW || got == ARRIVED_FUTURE) {
        device->newest = (struct position){ when, ping.at, ping.accuracy };
        device->heard = true;
    }
    return got;
}

static void they_are_classed_so(void **state)
{
    const struct row *row = *state;
    struct known_device device = { 0 };

    for (size_t i = 0; i < row->n; i++) {
        enum arrival got = arrive(&device, &row->steps[i]);

        if (got != row->steps[i].want)
            fail_msg("ping %zu is %s, not %s", i + 1, arrival_name(got),
                     arrival_name(row->steps[i].want));
    }
}

static void null_island_is_nowhere(void **state)
{
    struct ping ping = scene_ping_of("tag", evening(0), 0, 0);
    struct utc when;

    (void)state;
    for (int i = 0; i < 10; i++) {
        struct known_device device = { 0 };

        ping.time = evening(i);
        ping.at = (struct lonlat){ 0, 0 };
        assert_int_equal(arrival_of(&device, &ping, evening(i), &when), ARRIVED_IMPLAUSIBLE);
        ping.at = (struct lonlat){ 0, 51.5 }; // the meridian of Greenwich is not
        assert_int_equal(arrival_of(&device, &ping, evening(i), &when), ARRIVED_NEW);
    }
}

/* However many agree: each of them says itself that its position is none. */
static void what_its_sender_does_not_trust_is_never_believed(void **state)
{
    struct ping ping = scene_ping_of("tag", evening(0), 0, 0);
    struct known_device device = { 0 };
    struct utc when;

    (void)state;
    ping.untrusted = true;
    for (int i = 0; i < 2 * ARRIVAL_AGREE; i++) {
        ping.time = evening(i);
        assert_int_equal(arrival_of(&device, &ping, evening(i), &when), ARRIVED_IMPLAUSIBLE);
    }
    assert_int_equal(device.doubts, 0);
    ping.untrusted = false; // the very same, now vouched for, has not been there before
    assert_int_equal(arrival_of(&device, &ping, evening(60), &when), ARRIVED_NEW);
}

static void eight_are_remembered_and_the_ninth_is_forgotten(void **state)
{
    struct known_device device = { 0 };
    struct step step = { 0, 0, 0, ARRIVED_NEW };

    (void)state;
    for (int i = 0; i < DEVICE_RECENT; i++) {
        step.sent = step.received = i;
        assert_int_equal(arrive(&device, &step), ARRIVED_NEW);
    }
    for (int i = 0; i < DEVICE_RECENT; i++) {
        step.sent = i;
        assert_int_equal(arrive(&device, &step), ARRIVED_AGAIN);
    }
    step.sent = DEVICE_RECENT;
    assert_int_equal(arrive(&device, &step), ARRIVED_NEW);
    step.sent = 1;
    assert_int_equal(arrive(&device, &step), ARRIVED_AGAIN);
    step.sent = 0;
    assert_int_equal(arrive(&device, &step), ARRIVED_LATE);
}

static void each_class_has_its_name(void **state)
{
    static const char *const names[] = {
        "new", "again", "late", "future", "implausible", "refused"
    };

    (void)state;
    assert_int_equal(ARRIVALS, sizeof names / sizeof *names);
    for (int i = 0; i < ARRIVALS; i++)
        assert_string_equal(arrival_name((enum arrival)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_island_is_nowhere),
        cmocka_unit_test(what_its_sender_does_not_trust_is_never_believed),
        cmocka_unit_test(eight_are_remembered_and_the_ninth_is_forgotten),
        cmocka_unit_test(each_class_has_its_name),
    };

    return rows_hold("arrivals", rows, they_are_classed_so) +
           cmocka_run_group_tests_name("arrival", tests, NULL, NULL);
}
