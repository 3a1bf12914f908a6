/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testimony_property_test.c - somebody stands in a zone with a perfect tag, and one made-up ping
 * among one to ten true ones says that he is just outside, no farther than a car comes: he walked
 * in, was there from the first, or rested beside the edge before. It prints how many were told
 * nothing for how long. And one poor fix of elsewhere ends no breach.
 */
#include "core/watch.h"

#include <math.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/scene.h"

enum { PLANS = 1500, BREACHES = 400, TIMES = 3, WAYS = 3 };

static const double minutes[TIMES] = { 5, 15, 45 }, stays = 55 * 60;
static const char *const ways[WAYS] = { "walks in", "is there from the first", "rests beside" };

/* The tag's pings; and one more for so many of them, part of the time to the next one later. */
struct plan {
    int way;
    double radius, every, accuracy, rests; // metres, seconds
    double deep, off;                      // of the radius: where he is, and where he is not
    unsigned each, first;
    double decoy_at, decoy_accuracy, bearing, spread;
    bool while_resting;
};

static struct plan draw_plan(struct dice *dice)
{
    struct plan plan = { .way = (int)dice_below(dice, WAYS),
                         .radius = exp(dice_between(dice, log(30), log(500))),
                         .every = exp(dice_between(dice, log(5), log(600))),
                         .accuracy = dice_between(dice, 3, 10),
                         .deep = dice_between(dice, 0, 0.6),
                         .off = dice_between(dice, 1.02, 1.5),
                         .bearing = dice_between(dice, 0, 2 * M_PI),
                         .spread = dice_below(dice, 2) == 0 ? 0.05 : dice_between(dice, 0, M_PI),
                         .decoy_accuracy = dice_between(dice, 3, 15),
                         .decoy_at = dice_between(dice, 0.03, 0.97),
                         .rests = exp(dice_between(dice, log(60), log(7200))),
                         .each = 1 + dice_below(dice, 10),
                         .while_resting = dice_below(dice, 2) == 0 };

    plan.first = dice_below(dice, plan.each);
    return plan;
}

/* Whether a car comes from him to the decoy and back in the time. */
static bool is_within_reach(const struct plan *plan)
{
    double seconds = plan->every * fmin(plan->decoy_at, 1 - plan->decoy_at);

    return (plan->off + plan->deep) * plan->radius <= 25 * seconds;
}

struct tally {
    double now, possible, breach; // seconds since he came in; NaN: not yet, or never
    bool open, breaches;          // just now
};

static void on_told(const struct alert *alert, void *arg)
{
    struct tally *tally = arg;
    bool breach = alert->type == ALERT_BREACH, grave = breach || alert->type == ALERT_POSSIBLE;

    tally->open = grave || (tally->open && alert->type != ALERT_CLEARED);
    tally->breaches = breach || (tally->breaches && tally->open);
    if (grave && isnan(tally->possible))
        tally->possible = tally->now;
    if (breach && isnan(tally->breach))
        tally->breach = tally->now;
}

static struct scene *scene_around(struct tally *tally, double radius)
{
    struct scene *scene = scene_create();

    *tally = (struct tally){ NAN, NAN, NAN, false, false };
    scene_zone(scene, "home", 0, 0, radius, 2 * radius);
    scene->clock = utc_of("2020-06-23T19:00:00Z");
    scene->on_alert = on_told;
    scene->on_alert_arg = tally;
    scene_load(scene);
    return scene;
}

static void ping(struct scene *scene, double second, double bearing, double metres, double accuracy)
{
    struct utc at = utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(second * 1000));
    struct ping ping = scene_ping_of("tag", at, metres * sin(bearing), metres * cos(bearing));

    ping.accuracy = accuracy;
    scene_ping(scene, &ping, at);
    scene_hush(scene);
}

/* Metres from the middle at that second, a few as the tag errs; he is in once he is deep enough. */
static double place(const struct plan *plan, double second, bool *out_in)
{
    double deep = plan->deep * plan->radius, at = deep;

    if (plan->way == 0)
        at = fmax(plan->radius + 1000 - 1.5 * second, deep);
    else if (plan->way == 2 && second < plan->rests)
        at = plan->off * plan->radius;
    *out_in = at <= deep;
    return at;
}

static struct tally run(const struct plan *plan, struct dice *dice)
{
    double came = NAN, slack = 0.4 * plan->accuracy, second = 0;
    struct tally tally;
    struct scene *scene = scene_around(&tally, plan->radius);

    for (unsigned i = 0; !(second - came > stays); i++, second += plan->every) {
        bool in;
        double at = place(plan, second, &in);

        came = in && isnan(came) ? second : came;
        tally.now = isnan(came) ? NAN : second - came;
        ping(scene, second, plan->bearing, at + dice_between(dice, -slack, slack), plan->accuracy);
        if (came == second) { // told on his way in, or now
            tally.possible = tally.open ? 0 : tally.possible;
            tally.breach = tally.breaches ? 0 : tally.breach;
        }
        if (i % plan->each == plan->first && (in || plan->while_resting))
            ping(scene, second + plan->every * plan->decoy_at,
                 plan->bearing + dice_between(dice, -plan->spread, plan->spread),
                 plan->off * plan->radius + dice_between(dice, 0, slack), plan->decoy_accuracy);
    }
    scene_destroy(scene);
    return tally;
}

struct shares {
    unsigned plans, possible[TIMES], breach[TIMES];
};

static void print_shares(const struct shares *shares)
{
    for (int way = 0; way < WAYS; way++) {
        const struct shares *of = &shares[way];

        printf("%-24s %4u plans; no possible after 5, 15, 45 min: %u, %u, %u; no breach: "
               "%u, %u, %u\n",
               ways[way], of->plans, of->possible[0], of->possible[1], of->possible[2],
               of->breach[0], of->breach[1], of->breach[2]);
    }
}

/* One true ping in two or more: who tells a ping each 10 minutes is told by the second, in ten. */
static void who_stands_inside_among_seldom_decoys_is_told(void **state)
{
    struct dice dice = dice_begin();
    struct shares shares[WAYS] = { { 0 } };
    unsigned late = 0, plans = 0;

    (void)state;
    while (plans < PLANS) {
        struct plan plan = draw_plan(&dice);
        struct dice own = { dice_throw(&dice) };
        struct tally tally;
        struct shares *of = &shares[plan.way];

        if (!is_within_reach(&plan))
            continue;
        plans++;
        tally = run(&plan, &own);
        of->plans++;
        for (int i = 0; i < TIMES; i++) {
            of->possible[i] += !(tally.possible <= 60 * minutes[i]);
            of->breach[i] += !(tally.breach <= 60 * minutes[i]);
        }
        late += !(tally.possible <= fmax(300, plan.every + 1));
        if (!(tally.possible <= 45 * 60) || (plan.each >= 3 && !(tally.breach <= 45 * 60)))
            fail_msg("a zone of %.0f m, a ping each %.0f s, a decoy for %u, he %s: possible after "
                     "%.0f s, breach after %.0f",
                     plan.radius, plan.every, plan.each, ways[plan.way], tally.possible,
                     tally.breach);
    }
    print_shares(shares);
    assert_in_range(late, 0, PLANS / 100);
}

/* A network's fix of elsewhere, 50 m to 50 km wide, after one to eight pings inside. */
static void one_poor_fix_ends_no_breach(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int round = 0; round < BREACHES; round++) {
        struct tally tally;
        double radius = dice_between(&dice, 50, 400), every = exp(dice_between(&dice, 1.6, 6.4)),
               accuracy = exp(dice_between(&dice, log(50), log(50000))), second = 0,
               off = radius + 2 * accuracy + exp(dice_between(&dice, 2.3, 10));
        struct scene *scene = scene_around(&tally, radius);

        for (unsigned i = 1 + dice_below(&dice, 8); i > 0; i--, second += every)
            ping(scene, second, 0, dice_between(&dice, -3, 3), 6);
        assert_true(tally.open);
        ping(scene, second - every + exp(dice_between(&dice, 1.6, 8.9)), 0, off, accuracy);
        if (!tally.open)
            fail_msg("round %d: cleared by one of %.0f m, %.0f m off", round, accuracy, off);
        scene_destroy(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_stands_inside_among_seldom_decoys_is_told),
        cmocka_unit_test(one_poor_fix_ends_no_breach),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
