/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_due_property_test.c - days in which pings come and stay away, reloads change
 * settings, orders and zones, and our clock is set back. Time is asked about at true
 * boundaries only, each once; and who leaps from one happening to the next is told what
 * he is told who looks all the time.
 */
#include "core/watch.h"

#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/scene.h"

enum { ROUNDS = 60, HAPPENINGS = 60, ZONES = 4, ALERTS_MAX = 4000, MINUTE = 60 * 1000 };
#define HOUR (60LL * MINUTE)
#define DAY  (24 * HOUR)

/* What one of the two worlds was told. */
struct alerts {
    size_t n;
    char lines[ALERTS_MAX][SCENE_LINE_MAX];
};

static void on_told(const struct alert *alert, void *arg)
{
    struct alerts *alerts = arg;

    if (alerts->n == ALERTS_MAX)
        fail_msg("more than %d alerts", ALERTS_MAX);
    snprintf(alerts->lines[alerts->n++], SCENE_LINE_MAX, "%s %s %lld %s: %s",
             alert_type_name(alert->type), alert->device ? alert->device : "-",
             (long long)alert->time.ms, severity_name(alert->severity), alert->reason);
}

/* ---- rules and settings at random ---- */

static const char *const schedules[] = {
    "Mon-Fri 08:00-16:30",
    "Mon-Sun 00:00-24:00",
    "Mon-Fri 08:00-12:00; Mon-Fri 13:00-16:30; Sat 09:00-12:00",
    "Mon-Sun 22:00-02:30; Sun 03:15-12:00",
    "Mon-Sun 10:00-10:01; Mon-Sun 10:02-10:03; Mon-Sun 10:04-10:05",
};

static struct utc some_time(struct dice *dice, struct utc now)
{
    return utc_plus(now, (int64_t)dice_below(dice, 4 * (unsigned)(DAY / 1000)) * 1000 - 2 * DAY);
}

static void draft_settings(struct scene *scene, struct dice *dice)
{
    static const int64_t least[] = { 10000, 5 * MINUTE, HOUR, DAY },
                         most[] = { MINUTE, 10 * MINUTE, HOUR, DAY, 30 * DAY },
                         no_fix[] = { 0, 0, MINUTE, HOUR };
    static const double speeds[] = { 0.5, 2, 13.4, 70 };

    scene->detect.silent_least_ms = least[dice_below(dice, 4)];
    scene->detect.silent_ms = most[dice_below(dice, 5)];
    scene->detect.no_fix_ms = no_fix[dice_below(dice, 4)];
    // Phones are of a kind, more often than not.
    scene->kinds.n = dice_below(dice, 3) > 0;
    scene->kinds.of[0] = (struct device_kind){ .name = "phones",
                                               .match = { "p*" },
                                               .n_match = 1,
                                               .unknown_accuracy = dice_below(dice, 2) * 300,
                                               .silent_ms = most[dice_below(dice, 5)],
                                               .has_no_fix = dice_below(dice, 2) == 0,
                                               .no_fix_ms = no_fix[dice_below(dice, 4)],
                                               .clock = (enum device_clock)dice_below(dice, 3) };
    scene->detect.reach_speed = speeds[dice_below(dice, 4)];
    scene->detect.rest_reach = dice_below(dice, 2) * 3000;
}

static void order_draft_zone(struct scene *scene, struct dice *dice)
{
    static const char *const names[ZONES] = { "home", "work", "school", "her" };
    const char *name = names[dice_below(dice, ZONES)];
    struct scene_zone *zone;
    struct fault why;

    if (dice_below(dice, 5) == 0 && scene->draft.n_zones > 1) {
        scene_remove(scene, name);
        return;
    }
    zone = scene_zone(scene, name, dice_between(dice, -5000, 5000), dice_between(dice, -5000, 5000),
                      dice_between(dice, 50, 500), 800);
    zone->second = dice_below(dice, 2) == 0;
    zone->scheduled = dice_below(dice, 2) == 0;
    if (zone->scheduled)
        assert_true(schedule_parse(schedules[dice_below(dice, 5)], &zone->schedule, &why));
}

static void draft_times(struct scene *scene, struct dice *dice)
{
    struct scene_draft *draft = &scene->draft;
    struct utc from = some_time(dice, scene->clock);

    draft->second_from = from;
    draft->second_served = dice_below(dice, 4) == 0
                               ? UTC_NEVER
                               : utc_plus(from, (int64_t)dice_below(dice, 50000) * 1000);
    draft->second_until =
        draft->second_served.ms == UTC_NEVER.ms || dice_below(dice, 2) == 0
            ? UTC_NEVER
            : utc_plus(draft->second_served, 1 + (int64_t)dice_below(dice, 1000000) * 1000);
    draft->n_permits = dice_below(dice, 2);
    from = some_time(dice, scene->clock);
    draft->permits[0] =
        (struct scene_permit){ .id = "visit",
                               .from = from,
                               .until =
                                   utc_plus(from, 1 + (int64_t)dice_below(dice, 50000) * 1000) };
    // A permit is of the first order, which always has a zone.
    (void)scene_zone(scene, "always", 3000, 0, 200, 0);
}

/* ---- how often time may be asked about ---- */

/* Instants after `from` up to `to` at which a zone may come into force or end. */
static size_t true_boundaries(const struct scene *scene, struct utc from, struct utc to)
{
    size_t n = 0;

    for (size_t i = 0; i < scene->who->n_exclusions; i++) {
        struct utc at = from, next;

        while ((next = exclusion_next(scene->who->exclusions[i], scene->watch.civil, at)).ms <=
               to.ms) {
            assert_true(next.ms > at.ms);
            at = next;
            n++;
        }
    }
    return n;
}

/*
 * Beside those each device becomes silent once, ceases to talk once, and comes near each zone once.
 */
static size_t most_asked(const struct scene *scene, struct utc from, struct utc to)
{
    return true_boundaries(scene, from, to) + SCENE_DEVICES * (2 + scene->who->n_exclusions);
}

static void check_due(const struct scene *scene)
{
    struct utc at = scene->clock;

    assert_true(watch_due(&scene->watch, scene->who, &scene->track, at).ms > at.ms);
    assert_true(watch_due_after(&scene->watch, scene->who, &scene->track, at).ms > at.ms);
    assert_true(scene->due.ms > at.ms);
}

/* By many small steps, or by one. */
static void pass(struct scene *scene, struct utc until, int64_t step)
{
    size_t asked = scene->asked, most = most_asked(scene, scene->clock, until);

    while (step != 0 && scene->clock.ms + step < until.ms) {
        scene_pass(scene, utc_plus(scene->clock, step));
        scene_hush(scene);
    }
    scene_pass(scene, until);
    scene_hush(scene);
    if (scene->asked - asked > most)
        fail_msg("%zu questions, %zu at the most", scene->asked - asked, most);
    check_due(scene);
}

/* ---- what happens ---- */

static void happen_ping(struct scene *scene, struct dice *dice)
{
    static const char *const devices[SCENE_DEVICES] = { "tag", "phone" };
    const char *device = devices[dice_below(dice, SCENE_DEVICES)];
    double spread = dice_below(dice, 4) == 0 ? 40000 : 3000;
    struct ping ping = scene_ping_of(device, scene->clock, dice_between(dice, -spread, spread),
                                     dice_between(dice, -spread, spread));
    size_t asked = scene->asked, most;

    if (dice_below(dice, 3) == 0) // in flight, late, or by a clock that is ahead
        ping.time = utc_plus(scene->clock, (int64_t)dice_below(dice, 4000) * 1000 - 3700 * 1000);
    ping.no_fix = dice_below(dice, 4) == 0;
    if (dice_below(dice, 10) == 0)
        ping.accuracy = 5000;
    if (dice_below(dice, 10) == 0) { // the very same once more
        const struct sighting *seen = &scene_device(scene, device)->recent[dice_below(dice, 8)];

        ping.time = seen->time;
        ping.at = seen->at;
    }
    most = most_asked(scene, utc_earlier(ping.time, scene->clock), scene->clock);
    scene_ping(scene, &ping, scene->clock);
    scene_hush(scene);
    assert_true(scene->asked - asked <= most);
}

static void happen(struct scene *scene, struct dice *dice)
{
    switch (dice_below(dice, 8)) {
    case 0:
        draft_settings(scene, dice);
        order_draft_zone(scene, dice);
        scene_load(scene);
        break;
    case 1:
        draft_times(scene, dice);
        scene_load(scene);
        break;
    case 2: // our clock is set back, and everybody judged again
        scene->clock = utc_plus(scene->clock, -(int64_t)dice_below(dice, 100000) * 1000);
        scene_load(scene);
        break;
    default:
        happen_ping(scene, dice);
    }
    scene_hush(scene);
}

/* One life: the same dice make the same happenings, whatever the steps of time between them. */
static void live(unsigned long seed, int64_t step, struct alerts *alerts)
{
    struct dice dice = { seed };
    struct scene *scene = scene_create();

    alerts->n = 0;
    scene->on_alert = on_told;
    scene->on_alert_arg = alerts;
    scene->clock = utc_of("2020-03-27T12:00:00Z"); // clocks go forward in two nights
    draft_settings(scene, &dice);
    draft_times(scene, &dice);
    scene_load(scene);
    for (int i = 0; i < HAPPENINGS; i++) {
        int64_t most = dice_below(&dice, 6) == 0 ? 8 * DAY : 2 * HOUR;

        pass(scene, utc_plus(scene->clock, 1 + (int64_t)(dice_throw(&dice) % (uint64_t)most)),
             step);
        happen(scene, &dice);
        if (scene->clock.ms < scene->due.ms) // else the ping's own pass has checked it
            check_due(scene);
    }
    scene_destroy(scene);
}

static void a_leap_is_told_what_small_steps_are(void **state)
{
    static struct alerts leap, steps;
    unsigned long seed = dice_seed();
    size_t alerts = 0, silences = 0;

    (void)state;
    print_message("DICE_SEED=%lu\n", seed);
    for (unsigned long round = 0; round < ROUNDS; round++) {
        live(seed + round, 0, &leap);
        live(seed + round, 7 * MINUTE + 1, &steps);
        for (size_t i = 0; i < leap.n || i < steps.n; i++) {
            const char *a = i < leap.n ? leap.lines[i] : "nothing",
                       *b = i < steps.n ? steps.lines[i] : "nothing";

            if (strcmp(a, b) != 0)
                fail_msg("seed %lu: by a leap \"%s\", by steps \"%s\"", seed + round, a, b);
            silences += strncmp(a, "silent", 6) == 0;
        }
        alerts += leap.n;
    }
    print_message("%zu alerts, %zu of silence\n", alerts, silences);
    assert_true(silences > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leap_is_told_what_small_steps_are),
    };

    return cmocka_run_group_tests_name("watch_due, any days", tests, NULL, NULL);
}
