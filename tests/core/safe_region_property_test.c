/* SPDX-License-Identifier: Apache-2.0 */
/*
 * safe_region_property_test.c - one respondent with a few zones, walking and driving about them and
 * far from them, with masts' fixes, leaps, late pings and silences: who is in a safe region is told
 * what is told where every ping is shown to every zone, and all that is known afterwards is the
 * same to the last bit. tests/support/scene.c adds that what core says was known of the incidents
 * before a question was so.
 */
#include "core/safe_region.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/scene.h"
#include "support/tally.h"

enum { WORLDS = 40, PINGS = 600, LINES_MAX = 8000, MINUTE = 60 * 1000 };

struct transcript {
    size_t n;
    char lines[LINES_MAX][SCENE_LINE_MAX];
    struct tally *tally;
};

struct walk {
    struct utc now;
    double east, north, course, speed;
};

static void on_told(const struct alert *alert, void *arg)
{
    struct transcript *transcript = arg;

    if (transcript->n == LINES_MAX)
        fail_msg("more than %d alerts", LINES_MAX);
    tally_count(alert, transcript->tally);
    snprintf(transcript->lines[transcript->n++], SCENE_LINE_MAX, "%s %s/%u/%u %s %lld %s %.17g: %s",
             alert_type_name(alert->type), alert->exclusion ? alert->exclusion->name : "",
             alert->incident, alert->nth, alert->device ? alert->device : "-",
             (long long)alert->time.ms, severity_name(alert->severity), alert->probability,
             alert->reason);
}

static const char *const schedules[] = { "Mon-Fri 08:00-16:30", "Mon-Sun 22:00-02:30",
                                         "Mon-Sun 10:00-10:30" };

static void draft_zones(struct scene *scene, struct dice *dice, unsigned n, double wide)
{
    char name[SCENE_NAME_MAX];
    struct fault why;

    scene_remove(scene, "home");
    for (unsigned i = 0; i < n; i++) {
        struct scene_zone *zone;

        snprintf(name, sizeof name, "z%u", i);
        zone = scene_zone(scene, name, dice_between(dice, -wide, wide),
                          dice_between(dice, -wide, wide), dice_between(dice, 30, 500),
                          dice_below(dice, 3) == 0 ? 0 : dice_between(dice, 100, 1200));
        zone->second = dice_below(dice, 4) == 0;
        zone->scheduled = dice_below(dice, 3) == 0;
        if (zone->scheduled)
            assert_true(schedule_parse(schedules[dice_below(dice, 3)], &zone->schedule, &why));
    }
}

static struct scene *scene_of(struct dice dice, struct transcript *transcript, bool shows_all)
{
    struct scene *scene = scene_create();

    scene->shows_all = shows_all;
    scene->detect.silent_least_ms = (5 + dice_below(&dice, 30)) * MINUTE;
    scene->detect.no_fix_ms = dice_below(&dice, 2) * 10 * MINUTE;
    draft_zones(scene, &dice, 1 + dice_below(&dice, 12), dice_between(&dice, 1000, 15000));
    scene->on_alert = on_told;
    scene->on_alert_arg = transcript;
    scene_load(scene);
    return scene;
}

/* Somewhere, at some speed, for a while; seldom somewhere else at once. */
static void go(struct walk *walk, struct dice *dice)
{
    double seconds = dice_between(dice, 5, 90);

    if (dice_below(dice, 20) == 0)
        seconds = dice_between(dice, 300, 4 * 3600);
    if (dice_below(dice, 12) == 0) {
        walk->course = dice_between(dice, 0, 2 * M_PI);
        walk->speed = dice_below(dice, 3) == 0 ? 0 : dice_between(dice, 0.5, 30);
    }
    walk->now = utc_plus(walk->now, (int64_t)(seconds * 1000));
    walk->east += sin(walk->course) * walk->speed * fmin(seconds, 120);
    walk->north += cos(walk->course) * walk->speed * fmin(seconds, 120);
    if (fabs(walk->east) > 21000 || fabs(walk->north) > 21000)
        walk->course = atan2(-walk->east, -walk->north);
}

static struct ping ping_of(const struct walk *walk, struct dice *dice)
{
    static const char *const devices[] = { "tag", "tag", "tag", "phone" };
    unsigned wild = dice_below(dice, 40);
    double blur = wild == 0 ? 2500 : dice_between(dice, 3, 40);
    int64_t late = wild == 1 ? dice_below(dice, 90) * 30 * 1000 : 0;
    struct ping ping = scene_ping_of(devices[dice_below(dice, 4)], utc_plus(walk->now, -late),
                                     walk->east + dice_between(dice, -blur, blur),
                                     walk->north + dice_between(dice, -blur, blur));

    ping.accuracy = dice_below(dice, 10) == 0 ? NAN : fmax(blur, 5);
    if (wild == 2)
        ping.at = scene_place(dice_between(dice, -20000, 20000), dice_between(dice, -20000, 20000));
    if (wild == 3)
        ping.at = (struct lonlat){ ping.at.lat, ping.at.lon };
    if (wild == 4)
        ping.no_fix = true;
    if (dice_below(dice, 3) == 0) {
        ping.speed = walk->speed;
        ping.course = fmod(walk->course * 180 / M_PI + 360, 360);
    }
    return ping;
}

static void assert_same(const struct transcript *all, const struct transcript *safe)
{
    for (size_t i = 0; i < all->n && i < safe->n; i++)
        assert_string_equal(safe->lines[i], all->lines[i]);
    assert_int_equal(safe->n, all->n);
}

static void assert_known_alike(const struct scene *all, const struct scene *safe)
{
    assert_int_equal(all->due.ms, safe->due.ms);
    assert_int_equal(all->n_known, safe->n_known);
    for (size_t i = 0; i < all->n_known; i++) {
        struct known_device one = all->devices[i], other = safe->devices[i];

        one.estimate = other.estimate = NULL;
        assert_memory_equal(&one, &other, sizeof one);
        assert_memory_equal(&all->estimates[i], &safe->estimates[i], sizeof all->estimates[i]);
    }
    assert_memory_equal(all->memory, safe->memory, all->n_memory * sizeof *all->memory);
}

/* A ping that was shown to all zones, and mattered to none, has moved its device's region. */
static struct lonlat region_of(const struct scene *scene)
{
    return scene->safety->quiet ? scene->safety->regions[0].centre : (struct lonlat){ NAN, NAN };
}

static void run(struct dice *dice, struct tally *tally, size_t *passed)
{
    static struct transcript all, safe;
    struct dice same = { dice_throw(dice) };
    struct tally uncounted = { { 0 } };
    struct walk walk = { .now = utc_of("2020-06-23T06:00:00Z"), .speed = 5 };
    struct scene *shown, *regions;

    all.n = safe.n = 0;
    all.tally = tally;
    safe.tally = &uncounted;
    shown = scene_of(same, &all, true);
    regions = scene_of(same, &safe, false);
    for (int i = 0; i < PINGS; i++) {
        struct lonlat before = region_of(regions), after;
        struct ping ping;

        go(&walk, dice);
        ping = ping_of(&walk, dice);
        scene_ping(shown, &ping, walk.now);
        scene_ping(regions, &ping, walk.now);
        after = region_of(regions);
        *passed +=
            before.lon == after.lon && before.lat == after.lat && strcmp(ping.device, "tag") == 0;
        assert_same(&all, &safe);
        assert_known_alike(shown, regions);
        scene_hush(shown);
        scene_hush(regions);
    }
    scene_destroy(shown);
    scene_destroy(regions);
}

static void in_a_safe_region_no_ping_could_have_mattered(void **state)
{
    static const enum alert_type wanted[] = {
        ALERT_APPROACH, ALERT_POSSIBLE, ALERT_BREACH, ALERT_CLEARED, ALERT_SILENT, ALERT_HEARD,
    };
    struct dice dice = dice_begin();
    struct tally tally = { { 0 } };
    size_t passed = 0;

    (void)state;
    for (int i = 0; i < WORLDS; i++)
        run(&dice, &tally, &passed);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(tally.of[wanted[i]] > 0);
    printf("%d pings, %zu of them shown to no zone\n", WORLDS * PINGS, passed);
    assert_true(passed > WORLDS * PINGS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_a_safe_region_no_ping_could_have_mattered),
    };

    return cmocka_run_group_tests_name("safe region, property", tests, NULL, NULL);
}
