/* SPDX-License-Identifier: Apache-2.0 */
/*
 * creep_test.c - a tag whose clock all but stands: of two pings a minute apart it says that they
 * are a millisecond apart, or a second. Who walks in with it is told as by a clock that goes.
 */
#include "core/watch.h"

#include <math.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/scene.h"

enum { ROUNDS = 300 };

static const struct utc evening = { 1592942400000 }; // 2020-06-23 20:00 UTC

static void on_told(const struct alert *alert, void *arg)
{
    *(bool *)arg |= alert->type == ALERT_POSSIBLE || alert->type == ALERT_BREACH;
}

/* Walks to the middle at 1.5 m/s, a ping each `every` seconds by ours, each `own` by the tag's. */
static double metres_in_when_told(double every, double own, double north_at_creep)
{
    bool alerted = false;
    struct scene *scene = scene_create();
    double ours = 0, its = 0, north = 1500;

    scene_zone(scene, "home", 0, 0, 200, 400);
    scene->clock = evening;
    scene->on_alert = on_told;
    scene->on_alert_arg = &alerted;
    scene_load(scene);
    while (!alerted && north > 0) {
        struct ping ping = scene_ping_of("tag", utc_plus(evening, (int64_t)(its * 1000)),
                                         fmod(ours, 7), north + fmod(ours, 5));

        scene_ping(scene, &ping, utc_plus(evening, (int64_t)(ours * 1000)));
        scene_hush(scene);
        ours += every;
        its = north > north_at_creep ? ours : its + own;
        north -= 1.5 * every;
    }
    scene_destroy(scene);
    return alerted ? 200 - north - 1.5 * every : -INFINITY;
}

static void who_walks_in_by_a_clock_that_creeps_is_told(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        double every = exp(dice_between(&dice, log(1), log(60))),
               own = exp(dice_between(&dice, log(0.001), log(every))),
               from = dice_between(&dice, 250, 1500);
        double in = metres_in_when_told(every, own, from);

        // Or, when it is 10 min behind just then, as soon as its clock is found to be wrong.
        if (!(in <= 80 + 6 * every))
            fail_msg(
                "round %d: a ping each %.1f s, %.3f s by the tag from %.0f m on: told %.0f m in",
                round, every, own, from, in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_walks_in_by_a_clock_that_creeps_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
