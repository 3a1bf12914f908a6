/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vicinity_property_test.c - one respondent with many zones, walking and driving among them, with
 * masts' fixes, leaps, late pings and silences: who is asked about what a question can be about is
 * told what is told who is asked about all zones each time. Only which zones a silence names may
 * differ, of those in reach.
 */
#include "core/vicinity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/scene.h"
#include "support/tally.h"

enum { WORLDS = 12, PINGS = 500, ALERTS_MAX = 8000, MINUTE = 60 * 1000 };

struct alerts {
    size_t n;
    char lines[ALERTS_MAX][SCENE_LINE_MAX];
    struct tally *tally;
};

struct walk {
    struct utc now;
    double east, north, course, speed;
};

static void on_told(const struct alert *alert, void *arg)
{
    struct alerts *alerts = arg;
    bool silent = alert->type == ALERT_SILENT;

    if (alerts->n == ALERTS_MAX)
        fail_msg("more than %d alerts", ALERTS_MAX);
    tally_count(alert, alerts->tally);
    snprintf(alerts->lines[alerts->n++], SCENE_LINE_MAX, "%s %s/%u/%u %s %lld %s %.17g: %s",
             alert_type_name(alert->type), alert->exclusion ? alert->exclusion->name : "",
             alert->incident, alert->nth, alert->device ? alert->device : "-",
             (long long)alert->time.ms, severity_name(alert->severity), alert->probability,
             silent ? alert->cause : alert->reason);
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

static struct scene *scene_of(struct dice dice, struct alerts *alerts, bool by_vicinity)
{
    struct scene *scene = scene_create();

    scene->by_vicinity = by_vicinity;
    scene->detect.silent_least_ms = (5 + dice_below(&dice, 30)) * MINUTE;
    scene->detect.no_fix_ms = dice_below(&dice, 2) * 10 * MINUTE;
    draft_zones(scene, &dice, 40 + dice_below(&dice, 160), dice_between(&dice, 3000, 20000));
    scene->on_alert = on_told;
    scene->on_alert_arg = alerts;
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

static void assert_same(const struct alerts *all, const struct alerts *chosen)
{
    for (size_t i = 0; i < all->n && i < chosen->n; i++)
        assert_string_equal(chosen->lines[i], all->lines[i]);
    if (chosen->n != all->n)
        fail_msg(
            "%zu alerts, asked about all %zu: %s", chosen->n, all->n,
            (chosen->n > all->n ? chosen : all)->lines[chosen->n > all->n ? all->n : chosen->n]);
}

/* Zones that were chosen, and zones that there were, over all pings. */
struct share {
    size_t chosen, of, none;
};

static void run(struct dice *dice, struct tally *tally, struct share *share)
{
    static struct alerts all, chosen;
    struct dice same = { dice_throw(dice) };
    struct tally uncounted = { { 0 } };
    struct walk walk = { .now = utc_of("2020-06-23T06:00:00Z"), .speed = 5 };
    struct scene *full, *near;

    all.n = chosen.n = 0;
    all.tally = tally;
    chosen.tally = &uncounted;
    full = scene_of(same, &all, false);
    near = scene_of(same, &chosen, true);
    for (int i = 0; i < PINGS; i++) {
        struct ping ping;

        go(&walk, dice);
        ping = ping_of(&walk, dice);
        scene_ping(full, &ping, walk.now);
        scene_ping(near, &ping, walk.now);
        assert_same(&all, &chosen);
        share->chosen += near->view.n;
        share->of += full->who->n_exclusions;
        share->none += near->view.n <= 2;
        scene_hush(full);
        scene_hush(near);
    }
    scene_destroy(full);
    scene_destroy(near);
}

static void what_a_question_can_be_about_is_enough(void **state)
{
    static const enum alert_type wanted[] = {
        ALERT_APPROACH, ALERT_POSSIBLE, ALERT_BREACH, ALERT_UPDATE,
        ALERT_CLEARED,  ALERT_SILENT,   ALERT_HEARD,
    };
    struct dice dice = dice_begin();
    struct tally tally = { { 0 } };
    struct share share = { 0 };

    (void)state;
    for (int i = 0; i < WORLDS; i++)
        run(&dice, &tally, &share);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(tally.of[wanted[i]] > 0);
    printf("%zu of %zu zones chosen; %d pings, %zu of them about each order's first alone\n",
           share.chosen, share.of, WORLDS * PINGS, share.none);
    assert_true(2 * share.chosen < share.of);
    assert_true(share.none > 0);
}

/* Wherever it says that it is: by turns with good ones it made all zones be looked at each time. */
static void a_ping_without_a_fix_moves_no_region(void **state)
{
    struct scene *scene = scene_create();
    struct dice dice = dice_begin();
    struct utc now = utc_of("2020-06-23T20:00:00Z");
    struct region region;

    (void)state;
    scene->by_vicinity = true;
    draft_zones(scene, &dice, 100, 5000);
    scene_load(scene);
    for (int i = 0; i < 10; i++, now = utc_plus(now, 15000)) {
        struct ping ping = scene_ping_of("tag", now, i % 2 == 0 ? 15000 : -15000, 100);

        ping.no_fix = i % 2 == 1;
        scene_ping(scene, &ping, now);
        if (i == 0)
            region = scene->around.regions[0];
        assert_true(region.n > 0);
        assert_memory_equal(&region, &scene->around.regions[0], sizeof region);
    }
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_ping_without_a_fix_moves_no_region),
                                        cmocka_unit_test(what_a_question_can_be_about_is_enough) };

    return cmocka_run_group_tests_name("vicinity, property", tests, NULL, NULL);
}
