/* SPDX-License-Identifier: Apache-2.0 */
#include "core/silence.h"

#include "core/health.h"
#include "core/motion.h"
#include "core/silence_parts.h"

#include <string.h>

#include "support/london.h"
#include "support/near.h"
#include "support/rows.h"
#include "support/scene.h"

enum { PLACES_MAX = 4, MINUTE = 60 * 1000 };

static struct scene *somebody(double radius)
{
    struct scene *scene = scene_create();

    scene_carry(scene, "tag"); // the phone would be missed too
    scene_zone(scene, "home", 0, 0, radius, 0);
    scene->detect.silent_least_ms = 5 * MINUTE;
    scene->detect.silent_ms = 60 * MINUTE;
    scene->detect.reach_speed = 10;
    scene_load(scene);
    return scene;
}

static struct utc evening(double second)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(second * 1000));
}

/* Four arrivals so many seconds apart, and then none. */
static const struct habit {
    const char *says;
    double every;
    double want; // seconds after the last at which it is silent
} habits[] = {
    { "each quarter of a minute: the least, five minutes", 15, 300 },
    { "each three minutes: twice that, and its deviation", 180, 562.5 },
    { "each twenty minutes: not over an hour", 1200, 3600 },
    { "all in one batch: no habit, so an hour", 0.1, 3600 },
};

static void habit_is_learnt(void **state)
{
    const struct habit *habit = *state;
    struct scene *scene = somebody(200);
    struct utc last = evening(0), due;

    for (int i = 0; i < PLACES_MAX; i++) {
        struct ping ping = scene_ping_of("tag", evening(i * habit->every), 0, 90000);

        last = ping.time;
        scene_ping(scene, &ping, last);
    }
    due = silence_due(&scene->watch, scene->who, &scene->track, last, utc_plus(last, 1));
    assert_near((double)(due.ms - last.ms) / 1000, habit->want, 0.01);
    scene_destroy(scene);
}

/*
 * Last seen 5,800 m north of the edge, with an accuracy of 8 m, going so
 * fast; at 10 m/s the way is 579.2 s.
 */
static const struct heading {
    const char *says;
    double east, north; // m/s
    double want;        // seconds after the last ping at which he can be there
} headings[] = {
    { "who stands may start at once", 0, 0, 579.2 },
    { "towards it at 8 m/s", 0, -8, 579.2 },
    { "away from it at 8 m/s he first turns round: 8 over 3 m/s2", 0, 8, 581.86 },
    { "past it he turns by half of that", 8, 0, 580.53 },
    { "a walk explained by the accuracies has no heading", 0, 0.3, 579.2 },
    { "faster than the setting, towards it: at his own pace", 0, -20, 293.29 },
    { "faster, away from it: and 6.7 s to turn round", 0, 20, 299.95 },
};

static void heading_counts(void **state)
{
    const struct heading *heading = *state;
    struct scene *scene = somebody(200);
    struct utc last = evening(0), due;

    for (int i = 1 - PLACES_MAX; i <= 0; i++) {
        struct ping ping = scene_ping_of("tag", evening(15 * i), 15 * i * heading->east,
                                         6000 + 15 * i * heading->north);

        scene_ping(scene, &ping, last = ping.time);
    }
    scene->devices[0].silent = 1; // told, with no zone in reach
    due = silence_due(&scene->watch, scene->who, &scene->track, last, utc_plus(last, 1));
    assert_near((double)(due.ms - last.ms) / 1000, heading->want, 0.15);
    scene_destroy(scene);
}

/* Overdue, yet judged just now: a contradiction, which must not be asked about for ever. */
static void what_stays_overdue_is_asked_about_once_a_minute(void **state)
{
    struct scene *scene = somebody(200);
    struct ping ping = scene_ping_of("tag", evening(0), 0, 6000);
    struct utc later = evening(7200);

    (void)state;
    scene_ping(scene, &ping, ping.time);
    assert_int_equal(watch_due(&scene->watch, scene->who, &scene->track, later).ms, later.ms + 1);
    assert_int_equal(watch_due_after(&scene->watch, scene->who, &scene->track, later).ms,
                     later.ms + WATCH_RETRY_MS);
    scene_destroy(scene);
}

static void who_is_under_no_order_any_more_is_let_be(void **state)
{
    struct scene *scene = somebody(200);
    struct ping ping = scene_ping_of("tag", evening(0), 0, 6000);

    (void)state;
    scene_ping(scene, &ping, ping.time);
    scene->draft.until = evening(3600);
    scene_load(scene);
    scene->clock = evening(3601); // nobody looked meanwhile
    scene_load(scene);
    assert_int_equal(scene->n_lines, 0);
    assert_int_equal(scene->due.ms, UTC_NEVER.ms);
    scene_destroy(scene);
}

/* Else nobody would miss it until our clock is there again. */
static void our_clock_is_set_back_and_silence_counts_from_there(void **state)
{
    struct scene *scene = somebody(200);
    struct ping ping = scene_ping_of("tag", evening(86400), 0, 6000);

    (void)state;
    scene_ping(scene, &ping, ping.time);
    scene->clock = evening(0);
    scene_load(scene);
    assert_int_equal(scene->devices[0].arrived.ms, evening(0).ms);
    assert_int_equal(scene->due.ms, evening(3600).ms);
    scene_destroy(scene);
}

/*
 * `pings` pings, a quarter of a minute apart, of which the last ones have no fix; the last's time.
 */
static struct utc wrapped(struct scene *scene, int pings, int without)
{
    struct utc last = evening(0);

    for (int i = 0; i < pings; i++) {
        struct ping ping = scene_ping_of("tag", evening(15 * i), 0, 6000);

        ping.no_fix = i >= pings - without;
        scene_ping(scene, &ping, last = ping.time);
    }
    return last;
}

/* What the devices said meanwhile nobody heard: only from the start on it may be missed. */
static void after_a_start_who_talked_has_time_to_talk(void **state)
{
    struct scene *scene = somebody(200);
    struct known_device *device = &scene->devices[0];
    struct utc last = wrapped(scene, 30, 26), start = utc_plus(last, 3600 * 1000);

    (void)state;
    assert_int_equal(device->silent, 1);
    assert_int_equal(device->silent_cause, SILENCE_NO_FIX);
    silence_recall(device);
    assert_int_equal(device->listened.ms, 0);
    device->listened = start;
    assert_int_equal(
        silence_due(&scene->watch, scene->who, &scene->track, start, utc_plus(start, 1)).ms,
        start.ms + 5 * MINUTE);
    scene_destroy(scene);
}

/* It noted one arrival, of whatever ping: nobody is silent because of that. */
static void a_ledger_of_before_makes_nobody_silent(void **state)
{
    struct scene *scene = somebody(200);
    struct utc last = wrapped(scene, 4, 0);

    (void)state;
    assert_int_equal(scene->devices[0].talked.ms, 0); // as such a ledger reads
    assert_int_equal(scene->due.ms, last.ms + 5 * MINUTE);
    scene_destroy(scene);
}

/* [alerts] no-fix-after, of who gives a fix each quarter of a minute and then talks without. */
static const struct after {
    const char *says;
    int64_t no_fix_ms;
    double want; // seconds after the last fix
} afters[] = {
    { "as any silence", 0, 300 },
    { "sooner, if so set", 2 * MINUTE, 120 },
    { "but not sooner than its habit, three times the mean at most", 10 * 1000, 45 },
    { "but not later than five minutes after its last word, which came 15 s later", 30 * MINUTE,
      315 },
};

static void no_fix_is_told_after(void **state)
{
    const struct after *after = *state;
    struct scene *scene = somebody(200);
    struct utc last, due;

    scene->detect.no_fix_ms = after->no_fix_ms;
    last = wrapped(scene, 5, 1);
    due = silence_due(&scene->watch, scene->who, &scene->track, last, utc_plus(last, 1));
    assert_near((double)(due.ms - evening(45).ms) / 1000, after->want, 0.1);
    scene_destroy(scene);
}

/* Nobody listened for ten hours: that is not how often he reports. */
static void what_we_missed_is_no_habit(void **state)
{
    struct scene *scene = somebody(200);
    struct utc last = wrapped(scene, 30, 0), start = utc_plus(last, 10 * 3600 * 1000);
    struct ping ping = scene_ping_of("tag", start, 3, 6001);

    (void)state;
    scene->clock = scene->devices[0].listened = start;
    scene->due = UTC_NEVER;
    scene_ping(scene, &ping, start);
    assert_int_equal(scene->n_lines, 0);
    assert_int_equal(scene->due.ms - start.ms, 5 * MINUTE);
    scene_destroy(scene);
}

/* Nor is it the first that is learnt. */
static void what_we_missed_begins_no_habit(void **state)
{
    struct scene *scene = somebody(200);
    struct utc last = wrapped(scene, 1, 0), start = utc_plus(last, 10 * 3600 * 1000);
    struct ping ping = scene_ping_of("tag", start, 3, 6001);

    (void)state;
    scene->clock = scene->devices[0].listened = start;
    scene->due = UTC_NEVER;
    scene_ping(scene, &ping, start);
    ping.time = utc_plus(start, 15 * 1000);
    scene_ping(scene, &ping, ping.time);
    assert_int_equal(scene->due.ms - ping.time.ms, 5 * MINUTE);
    scene_destroy(scene);
}

/* The two settings do not know of each other: rule 1. */
static void silent_after_is_the_longest_whatever_silent_least_is(void **state)
{
    struct scene *scene = somebody(200);
    struct utc last;

    (void)state;
    scene->detect.silent_ms = 2 * MINUTE;
    last = wrapped(scene, 30, 0);
    assert_int_equal(scene->due.ms - last.ms, 2 * MINUTE);
    scene_destroy(scene);
}

static void hear(const struct alert *alert, void *arg)
{
    *(struct alert *)arg = *alert;
}

static void silent_and_heard_carry_the_respondents_area(void **state)
{
    struct scene *scene = somebody(200);
    struct ping ping = scene_ping_of("tag", evening(0), 0, 6000);
    struct alert last = { 0 };

    (void)state;
    scene_ping(scene, &ping, ping.time);
    scene->on_alert = hear;
    scene->on_alert_arg = &last;
    scene_pass(scene, evening(3600));
    assert_int_equal(last.type, ALERT_SILENT);
    assert_non_null(last.area);
    assert_string_equal(last.area, respondent_area(scene->who, evening(3600)));
    ping.time = evening(3700);
    scene_ping(scene, &ping, ping.time);
    assert_int_equal(last.type, ALERT_HEARD);
    assert_non_null(last.area);
    assert_string_equal(last.area, respondent_area(scene->who, evening(3700)));
    scene_destroy(scene);
}

/* A tag that pings each 5 s and then falls silent for so long, again and again. */
static double be_silent(struct scene *scene, double second, double seconds)
{
    struct ping ping;

    for (int i = 0; i < 20; i++) {
        ping = scene_ping_of("tag", evening(second), i % 7, 6000 + i % 3);
        scene_ping(scene, &ping, ping.time);
        second += 5;
    }
    return second - 5 + seconds;
}

/* What stands before a court is how long it was silent, and how long it was waited for. */
static void the_reason_says_what_is_waited_for(void **state)
{
    struct scene *scene = somebody(200);
    struct alert last = { 0 };
    double second;

    (void)state;
    scene->detect.silent_least_ms = 10 * 1000;
    scene->on_alert = hear;
    scene->on_alert_arg = &last;
    second = be_silent(scene, 0, 15);
    scene_pass(scene, evening(second - 1));
    assert_int_equal(last.type, ALERT_SILENT);
    assert_null(strstr(last.reason, "again"));
    second = be_silent(scene, second, 15);
    second = be_silent(scene, second, 25);
    scene_pass(scene, evening(second - 1));
    assert_int_equal(last.type, ALERT_SILENT);
    assert_int_equal(silence_patience(&scene->watch, &scene->devices[0]) / 1000, 18);
    assert_non_null(strstr(last.reason, "no ping for 18 s, usually every 5 s, and silent again and "
                                        "again: up to 18 s is waited for by now; "));
    scene_destroy(scene);
}

/* Two were told; what is let be because of them keeps them, for a day as for two hours. */
static void who_goes_on_is_waited_for(void **state)
{
    struct scene *scene = somebody(200);
    double second = 0;

    (void)state;
    for (int i = 0; i < 2; i++)
        second = be_silent(scene, second, 450);
    while (second < 86400) {
        second = be_silent(scene, second, 400);
        scene_hush(scene);
        assert_int_equal(scene->devices[0].troubles[TROUBLE_SILENT].number, 2);
    }
    scene_destroy(scene);
}

/* Then it is silent still: its next ping ends that, and counts it once. */
static void there_is_no_room_to_tell_that_it_is_heard(void **state)
{
    struct scene *scene = somebody(200);
    struct known_device *device = &scene->devices[0];
    struct utc last = wrapped(scene, 30, 0), back = utc_plus(last, 20 * MINUTE);
    struct ping ping = scene_ping_of("tag", back, 0, 6000);

    (void)state;
    scene_pass(scene, utc_plus(last, 19 * MINUTE));
    assert_int_equal(device->silent, 1);
    for (scene->out.n = OUTCOME_ALERTS_MAX; ping.time.ms < back.ms + MINUTE;
         ping.time = utc_plus(ping.time, 15 * 1000))
        silence_heard(&scene->watch, scene->who, device, 0, &ping, ping.time, ping.time,
                      &scene->out);
    assert_int_equal(device->silent, 1);
    assert_true(device->lulls.spent <= 0);
    scene->out.n = 0;
    silence_heard(&scene->watch, scene->who, device, 0, &ping, ping.time, ping.time, &scene->out);
    assert_int_equal(device->silent, 0);
    assert_string_equal(scene->out.alerts[0].reason, "heard again, after 21 min 0 s");
    assert_true(device->lulls.spent >= 1 && device->lulls.spent <= 1);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reason_says_what_is_waited_for),
        cmocka_unit_test(who_goes_on_is_waited_for),
        cmocka_unit_test(there_is_no_room_to_tell_that_it_is_heard),
        cmocka_unit_test(silent_and_heard_carry_the_respondents_area),
        cmocka_unit_test(what_stays_overdue_is_asked_about_once_a_minute),
        cmocka_unit_test(who_is_under_no_order_any_more_is_let_be),
        cmocka_unit_test(our_clock_is_set_back_and_silence_counts_from_there),
        cmocka_unit_test(after_a_start_who_talked_has_time_to_talk),
        cmocka_unit_test(a_ledger_of_before_makes_nobody_silent),
        cmocka_unit_test(what_we_missed_is_no_habit),
        cmocka_unit_test(what_we_missed_begins_no_habit),
        cmocka_unit_test(silent_after_is_the_longest_whatever_silent_least_is),
    };

    return rows_hold("habits", habits, habit_is_learnt) +
           rows_hold("no-fix-after", afters, no_fix_is_told_after) +
           rows_hold("headings", headings, heading_counts) +
           cmocka_run_group_tests_name("silence", tests, NULL, NULL);
}
