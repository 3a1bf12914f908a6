/* SPDX-License-Identifier: Apache-2.0 */
/*
 * silence_property_test.c - devices that change their pace, upload by batches or sleep now and then
 * are told as silent a few times, not for ever; each that falls silent then is told; and who is
 * silent on purpose, again and again, gains no more patience than he pays for. See silence.h, 1-8.
 */
#include "core/silence.h"

#include "core/silence_parts.h"

#include <math.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"

enum { ROUNDS = 60, MINUTE = 60, HOUR = 3600, LEARNT = 4 * HOUR, RUN = 10 * HOUR };

/* Seconds: silent-least and silent-after. */
static const struct patience {
    double least, most;
} patiences[] = { { 300, 3600 }, { 300, 3600 }, { 60, 1800 }, { 10, 600 }, { 10, 60 } };

enum { SETTINGS = sizeof patiences / sizeof *patiences };

static double log_between(struct dice *dice, double low, double high)
{
    return exp(dice_between(dice, log(low), log(high)));
}

static struct utc evening(double second)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(second * 1000));
}

static struct scene *scene_with(struct tally *tally, struct patience patience)
{
    struct scene *scene = scene_create();

    scene_carry(scene, "tag");
    scene_zone(scene, "home", 0, 0, 200, 400);
    scene->detect.silent_least_ms = (int64_t)(patience.least * 1000);
    scene->detect.silent_ms = (int64_t)(patience.most * 1000);
    scene->clock = evening(0);
    scene_load(scene);
    tally_listen(tally, scene);
    return scene;
}

/* It comes `seconds` after the one before; it was measured `old` seconds ago. */
static void ping_after(struct scene *scene, double *now, double seconds, double old)
{
    struct ping ping;

    *now += seconds;
    ping = scene_ping_of("tag", evening(*now - old), fmod(*now * 7, 11), 400 + fmod(*now * 3, 13));
    scene_ping(scene, &ping, evening(*now));
    scene_hush(scene);
}

/* Silences told, each once, however often its words changed. */
static size_t silences(const struct tally *tally)
{
    return tally->of[ALERT_HEARD];
}

/* ---- who is honest ---- */

/* A way to report: `active` pings `every` so many seconds, then a lull, and one upload of it. */
struct manner {
    double every, lull, spread; // seconds, and how much of it by chance
    unsigned active;
    unsigned batch; // pings that come with the end of a lull,
    double trickle; // so many seconds apart
};

static struct manner draw_manner(struct dice *dice, struct patience patience)
{
    struct manner manner = { .every = fmin(log_between(dice, 2, 60), patience.least / 2),
                             .spread = dice_below(dice, 2) == 0 ? 0 : dice_between(dice, 0, 0.3) };

    manner.lull = log_between(dice, patience.least / 2, patience.most / (1 + manner.spread) * 0.99);

    if (dice_below(dice, 2) == 0)
        manner.active = 1 + dice_below(dice, 60);
    if (dice_below(dice, 2) == 0) {
        manner.batch = 1 + dice_below(dice, 20);
        manner.trickle = dice_below(dice, 2) == 0 ? 0.1 : dice_between(dice, 0.6, 3);
    }
    return manner;
}

static void report(struct scene *scene, struct dice *dice, const struct manner *manner, double *now,
                   double *longest)
{
    double lull = manner->lull * (1 + manner->spread * dice_between(dice, -1, 1));
    unsigned n = manner->batch;

    for (unsigned i = 0; i < manner->active; i++)
        ping_after(scene, now, manner->every, 0);
    *longest = fmax(*longest, lull);
    ping_after(scene, now, lull, fmin(lull, 500) * n / (n + 1));
    for (unsigned i = 1; i <= n; i++)
        ping_after(scene, now, manner->trickle, fmin(lull, 500) * (n - i) / (n + 1));
}

/* Whether it is told within so many seconds, of a device that says nothing any more. */
static bool is_told_within(struct scene *scene, struct tally *tally, double now, double seconds)
{
    tally->of[ALERT_SILENT] = 0;
    scene_pass(scene, evening(now + seconds));
    scene_hush(scene);
    return tally->of[ALERT_SILENT] > 0;
}

/* The longest for which it may be silent: silent-after, and mostly three of its lulls. */
static double most_patience(const struct scene *scene, struct patience patience, double lull)
{
    double every = (double)scene->detect.device_every_ms / 1000;
    double most = fmin(patience.most, 3 * fmax(patience.least, lull));

    return patience.most < every ? every : most;
}

static void who_changes_his_pace_is_told_a_few_times(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct patience patience = patiences[dice_below(&dice, SETTINGS)];
        struct manner manner = draw_manner(&dice, patience);
        struct tally tally;
        struct scene *scene = scene_with(&tally, patience);
        double now = 0, longest = manner.every;
        size_t first = 0, later;
        bool alerted;

        for (int i = 0; i < 60; i++)
            ping_after(scene, &now, manner.every, 0);
        while (now < RUN) {
            report(scene, &dice, &manner, &now, &longest);
            if (now < LEARNT)
                first = silences(&tally);
        }
        later = silences(&tally) - first;
        alerted = is_told_within(scene, &tally, now, most_patience(scene, patience, longest) + 1);
        if (first > 8 || later > (RUN - LEARNT) / HOUR + 1 || !alerted)
            fail_msg("round %d: from a ping each %.0f s to %u of those and a lull of %.0f s +-"
                     "%.0f %%, uploads of %u by %.1f s, silent-least %.0f s, silent-after %.0f s: "
                     "%zu silences in 4 h, %zu in 6 h more; silent, it is%s told",
                     round, manner.every, manner.active, manner.lull, 100 * manner.spread,
                     manner.batch, manner.trickle, patience.least, patience.most, first, later,
                     alerted ? "" : " not");
        scene_destroy(scene);
    }
}

/* Each of its silences is one, by the settings; so they are told as other troubles are. */
static void who_is_slower_than_silent_after_is_told_once_an_interval(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct patience patience = { 10, 60 };
        struct tally tally;
        struct scene *scene = scene_with(&tally, patience);
        double now = 0, every = log_between(&dice, 65, 250);

        for (int i = 0; i < 60; i++)
            ping_after(scene, &now, 5, 0);
        while (now < HOUR)
            ping_after(scene, &now, every, 0);
        tally_listen(&tally, scene);
        while (now < 4 * HOUR)
            ping_after(scene, &now, every, 0);
        assert_in_range(silences(&tally), 1, 3 * 12);
        assert_true(is_told_within(scene, &tally, now, 301));
        scene_destroy(scene);
    }
}

/* ---- who teaches ---- */

/*
 * He has a tag that pings each quarter of a minute, knows to the second when he would be told, and
 * puts it into foil for nearly so long, or for longer, again and again.
 */
struct lesson {
    struct tally tally;
    struct scene *scene;
    double now, quiet; // seconds; in foil until now
};

static double patience_of(const struct lesson *lesson)
{
    return (double)silence_patience(&lesson->scene->watch, &lesson->scene->devices[0]) / 1000;
}

static void go_on(struct lesson *lesson, unsigned pings)
{
    for (unsigned i = 0; i < pings; i++)
        ping_after(lesson->scene, &lesson->now, 15, 0);
}

static void hide(struct lesson *lesson, double seconds)
{
    ping_after(lesson->scene, &lesson->now, seconds, 0);
    lesson->quiet += seconds;
}

/* What he can have, by the time for which he was in foil and how often that was told. */
static double bought(const struct lesson *lesson)
{
    double most = fmax(900, 45 + lesson->quiet * 3 / 8);

    return fmin(silences(&lesson->tally) > 5 ? 1.5 * most : most, 3600);
}

static void teach(struct lesson *lesson, struct dice *dice, unsigned loud)
{
    double patience = patience_of(lesson);

    if (dice_below(dice, 10) < loud)
        hide(lesson, patience * dice_between(dice, 1.01, 4));
    else
        hide(lesson, patience * 0.999);
    if (dice_below(dice, 3) == 0)
        go_on(lesson, dice_below(dice, 40));
    patience = patience_of(lesson);
    if (patience > bought(lesson) + 1)
        fail_msg("%.0f s of patience for %.0f s in foil, told %zu times, after %.0f s", patience,
                 lesson->quiet, silences(&lesson->tally), lesson->now);
}

static void who_is_silent_on_purpose_gains_little(void **state)
{
    struct dice dice = dice_begin();
    const struct patience shipped = { 300, 3600 };

    (void)state;
    for (int round = 0; round < 3 * ROUNDS; round++) {
        struct lesson lesson = { .now = 0 };
        unsigned loud = dice_below(&dice, 11);
        double until = log_between(&dice, MINUTE, 12 * HOUR);
        bool rests = dice_below(&dice, 2) == 0;

        lesson.scene = scene_with(&lesson.tally, shipped);
        go_on(&lesson, 60);
        while (lesson.now < until)
            teach(&lesson, &dice, loud);
        if (rests) {
            size_t alerted = silences(&lesson.tally);

            go_on(&lesson, 40); // ten minutes undo what was not told
            assert_true(alerted > 5 || patience_of(&lesson) <= 900);
            assert_true(alerted > 1 || patience_of(&lesson) <= 300);
        }
        assert_true(is_told_within(lesson.scene, &lesson.tally, lesson.now, bought(&lesson) + 1));
        scene_destroy(lesson.scene);
    }
}

/* Five such hours near her home, and then he uses it. */
static void who_is_found_inside_begins_anew(void **state)
{
    struct lesson lesson = { .now = 0 };
    struct ping ping;

    (void)state;
    lesson.scene = scene_with(&lesson.tally, (struct patience){ 300, 3600 });
    go_on(&lesson, 60);
    for (int i = 0; i < 8; i++) {
        hide(&lesson, 1500);
        go_on(&lesson, 30);
    }
    assert_in_range(patience_of(&lesson), 1300, 2250);
    hide(&lesson, 1200);
    for (int i = 0; i < 30; i++) {
        ping = scene_ping_of("tag", evening(lesson.now += 15), i % 5, i % 3);
        scene_ping(lesson.scene, &ping, ping.time);
        scene_hush(lesson.scene);
    }
    assert_int_equal(lesson.tally.of[ALERT_BREACH], 1);
    assert_int_equal((int)patience_of(&lesson), 300);
    scene_destroy(lesson.scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_changes_his_pace_is_told_a_few_times),
        cmocka_unit_test(who_is_slower_than_silent_after_is_told_once_an_interval),
        cmocka_unit_test(who_is_silent_on_purpose_gains_little),
        cmocka_unit_test(who_is_found_inside_begins_anew),
    };

    return cmocka_run_group_tests_name("silences, of any device", tests, NULL, NULL);
}
