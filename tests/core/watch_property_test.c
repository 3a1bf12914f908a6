/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_property_test.c - two devices wander about a zone for days, pings come twice, late and from
 * wrong clocks, a permit and a schedule come and go: after each step a breach is open when somebody
 * is well inside and the zone binds, none is when all are well outside or it does not, and what was
 * told is a story without a hole.
 */
#include "core/watch.h"

#include "core/places.h"

#include <math.h>
#include <string.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/scene.h"

enum { ROUNDS = 20, STEPS = 2000, NUMBERS_MAX = 20000 };

/* What the alerts so far say, by incident number. */
struct story {
    uint32_t alerted[NUMBERS_MAX];
    bool begun[NUMBERS_MAX], ended[NUMBERS_MAX], past[NUMBERS_MAX];
};

static void on_told(const struct alert *alert, void *arg)
{
    struct story *story = arg;
    uint32_t n = alert->incident;

    if (alert->exclusion == NULL)
        return;
    assert_in_range(n, 1, NUMBERS_MAX - 1);
    assert_int_equal(alert->nth, ++story->alerted[n]);
    assert_false(story->ended[n]);
    assert_false(story->past[n]);
    story->past[n] = alert->type == ALERT_RETROSPECTIVE;
    if (alert->type == ALERT_APPROACH || alert->type == ALERT_POSSIBLE ||
        alert->type == ALERT_BREACH)
        story->begun[n] = true;
    if (alert->type == ALERT_UPDATE || alert->type == ALERT_CLEARED)
        assert_true(story->begun[n]);
    story->ended[n] = alert->type == ALERT_CLEARED;
    if (alert->authorised)
        assert_int_equal(alert->severity, SEVERITY_INFO);
}

/* Pings in a row, of the present, that a device was 25 m inside at. */
static unsigned well_inside[SCENE_DEVICES];

/* And that it was 20 m outside at. */
static unsigned well_outside[SCENE_DEVICES];

static struct utc came; // when the last that was near its edge pinged

/* By the plainest reading of the rules, from what is known of the devices; `outside` metres. */
static bool somebody_within(const struct scene *scene, double outside)
{
    bool within = false;

    for (size_t i = 0; i < SCENE_DEVICES; i++)
        within |= scene->devices[i].heard &&
                  zone_distance(scene->who->exclusions[0]->zone, scene->devices[i].newest.at,
                                INFINITY) <= outside;
    return within;
}

static void check(const struct scene *scene, int step)
{
    const struct exclusion *exclusion = scene->who->exclusions[0];
    const struct incident *incident = scene->incident_views[0];
    bool open = incident->phase == PHASE_BREACH, comes = false, stays = false, lasts, gone = true;
    bool binds = exclusion_standing(exclusion, scene->watch.civil, scene->clock) == IN_FORCE;

    for (size_t i = 0; i < SCENE_DEVICES; i++) {
        comes |= scene->devices[i].heard && well_inside[i] >= 2;
        stays |= scene->devices[i].heard && well_inside[i] >= 4;
        gone &= !scene->devices[i].heard || well_outside[i] >= 2;
    }
    // What two pings agree in is worth a look, and what four do is a breach: the first may be a
    // stray of who rests beside the edge, and the second no more than another such.
    if (incident->phase < PHASE_POSSIBLE && binds && comes && somebody_within(scene, -25))
        fail_msg("step %d: he was 25 m inside twice, and nothing is open", step);
    if (!open && binds && stays && somebody_within(scene, -25))
        fail_msg("step %d: he was 25 m inside four times, and no breach is open", step);
    // Who came and went three times is let be for a while: places.h.
    lasts = incident->elsewhere_by != 0 && scene->clock.ms - came.ms <= PLACES_TORN_MS + 60000;
    // One ping outside ends nothing for who was inside for a while: testimony.h.
    if (open && (!binds || (!lasts && gone && !somebody_within(scene, 300))))
        fail_msg("step %d: a breach is open", step);
    if (open && somebody_within(scene, -25) &&
        incident->authorised !=
            (exclusion_permit(exclusion, scene->watch.civil, scene->clock) != NULL))
        fail_msg("step %d: authorised %d", step, incident->authorised);
}

static struct scene *map_of_zones(struct dice *dice)
{
    struct scene *scene = scene_create();
    struct scene_zone *home = scene_zone(scene, "home", 0, 0, 200, 400);
    struct utc begin = utc_of("2020-03-28T12:00:00Z"); // clocks go forward in the night
    struct fault why;

    home->scheduled = dice_below(dice, 2);
    assert_true(schedule_parse("Mon-Sun 22:00-02:30; Sun 03:15-12:00", &home->schedule, &why));
    scene->draft.n_permits = 1;
    scene->draft.permits[0] = (struct scene_permit){ .id = "visit",
                                                     .from = utc_plus(begin, 4 * 3600000LL),
                                                     .until = utc_plus(begin, 6 * 3600000LL) };
    scene->detect.last_known_ms = INT64_MAX / 4; // how old a position may be has its own stories
    scene->clock = begin;
    scene_load(scene);
    return scene;
}

/* Where each is on foot, and where to. */
struct walk {
    struct utc when;
    double north, to; // metres
};

static const double pace = 1.5; // m/s

static void walk_on(struct walk *walk, struct utc now, struct dice *dice)
{
    double way = pace * (double)(now.ms - walk->when.ms) / 1000, left = walk->to - walk->north;

    walk->when = now;
    walk->north += fabs(left) <= way ? left : copysign(way, left);
    if (fabs(left) <= way && dice_below(dice, 4) == 0)
        walk->to = dice_between(dice, -700, 700);
}

/* A step of a walk; the ping of it, or an old one again, or one late. */
static void wander(struct scene *scene, struct dice *dice, struct walk walks[SCENE_DEVICES])
{
    static const char *const devices[SCENE_DEVICES] = { "tag", "phone" };
    unsigned nth = dice_below(dice, SCENE_DEVICES), kind = dice_below(dice, 20);
    struct utc now = utc_plus(scene->clock, 1000 + dice_below(dice, 60000));
    struct walk *walk = &walks[nth];
    struct ping ping;

    walk_on(walk, now, dice);
    ping = scene_ping_of(devices[nth], now, dice_between(dice, -2, 2), walk->north);
    if (kind == 0)
        ping.time = utc_plus(now, -1 - (int64_t)dice_below(dice, 3600000)); // late, as a rule
    if (kind == 1)
        ping.time = utc_plus(now, 200000);
    scene_ping(scene, &ping, now);
    if (fabs(walk->north) <= 220)
        came = now;
    if (scene->out.arrival != ARRIVED_LATE) {
        well_inside[nth] = fabs(walk->north) <= 174 ? well_inside[nth] + 1 : 0;
        well_outside[nth] = fabs(walk->north) >= 220 ? well_outside[nth] + 1 : 0;
    }
    if (kind == 2)
        scene_ping(scene, &ping, now);
}

static void a_breach_is_open_when_somebody_is_well_inside(void **state)
{
    struct dice dice = dice_begin();
    uint32_t incidents = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene *scene = map_of_zones(&dice);
        struct walk walks[SCENE_DEVICES] = { { scene->clock, 500, 0 }, { scene->clock, 500, 400 } };

        memset(well_inside, 0, sizeof well_inside);
        memset(well_outside, 0, sizeof well_outside);
        for (int step = 0; step < STEPS; step++) {
            wander(scene, &dice, walks);
            scene_hush(scene);
            check(scene, step);
        }
        incidents += scene->incident_views[0]->numbers;
        scene_destroy(scene);
    }
    print_message("%u incidents\n", incidents);
    assert_true(incidents > 100);
}

static void what_is_told_is_a_story_without_a_hole(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        static struct story story;
        struct scene *scene = map_of_zones(&dice);
        struct walk walks[SCENE_DEVICES] = { { scene->clock, 500, 0 }, { scene->clock, 500, 400 } };

        story = (struct story){ 0 };
        scene->on_alert = on_told;
        scene->on_alert_arg = &story;
        for (int step = 0; step < STEPS; step++) {
            wander(scene, &dice, walks);
            scene_hush(scene);
        }
        scene_destroy(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_breach_is_open_when_somebody_is_well_inside),
        cmocka_unit_test(what_is_told_is_a_story_without_a_hole),
    };

    return cmocka_run_group_tests_name("watch, any day", tests, NULL, NULL);
}
