/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receivers_property_test.c - an honest phone at rest whose fixes are of two receivers by turns, or
 * at random: each has a place of its own, 20 to 60 m from the other, an accuracy of its own, up to
 * three times the other, and errors that last two minutes. Who is in a zone is told, and stays so;
 * who is 120 m and farther from it is told no breach. It prints how many were called possible.
 */
#include "core/watch.h"

#include <math.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/scene.h"

enum { PHONES = 240, PINGS = 500 };

static const double minutes_two = 120; // seconds: the errors' tau
static const double radius_68 = 1.515; // of a round Gaussian, in sd

struct receiver {
    double accuracy, x, y, slow_x, slow_y; // metres
};

struct phone {
    double radius, every, x; // the zone's; seconds between pings; metres from its middle
    bool by_turns;
    struct receiver receivers[2];
};

static struct phone draw_phone(struct dice *dice, bool inside)
{
    double apart = dice_between(dice, 20, 60), bearing = dice_between(dice, 0, 2 * M_PI);
    double accuracy = exp(dice_between(dice, log(4), log(30)));
    struct phone phone = { .radius = dice_between(dice, 100, 250),
                           .every = exp(dice_between(dice, log(5), log(30))),
                           .by_turns = dice_below(dice, 2) == 0 };

    phone.x = inside ? dice_between(dice, 0, 0.3) * phone.radius
                     : phone.radius + dice_between(dice, 120, 250);
    for (int i = 0; i < 2; i++) {
        struct receiver *receiver = &phone.receivers[i];

        receiver->accuracy = accuracy * (i == 0 ? 1 : dice_between(dice, 1, 3));
        receiver->x = phone.x + (i - 0.5) * apart * sin(bearing);
        receiver->y = (i - 0.5) * apart * cos(bearing);
    }
    return phone;
}

struct tally {
    unsigned breaches, possibles, cleared;
};

static void on_told(const struct alert *alert, void *arg)
{
    struct tally *tally = arg;

    tally->breaches += alert->type == ALERT_BREACH;
    tally->possibles += alert->type == ALERT_POSSIBLE;
    tally->cleared += alert->type == ALERT_CLEARED;
}

static double err(struct dice *dice, double keep, double accuracy, double before)
{
    return keep * before + sqrt(1 - keep * keep) * accuracy / radius_68 * dice_normal(dice);
}

static void ping(struct scene *scene, const struct receiver *of, struct utc at)
{
    struct ping ping = scene_ping_of("tag", at, of->x + of->slow_x, of->y + of->slow_y);

    ping.accuracy = of->accuracy;
    scene_ping(scene, &ping, at);
    scene_hush(scene);
}

static struct tally run(struct phone *phone, struct dice *dice)
{
    struct tally tally = { 0 };
    struct scene *scene = scene_create();

    scene_zone(scene, "home", 0, 0, phone->radius, 0);
    scene->clock = utc_of("2020-06-23T19:00:00Z");
    scene->on_alert = on_told;
    scene->on_alert_arg = &tally;
    scene_load(scene);
    for (int i = 0; i < PINGS; i++) {
        double keep = i == 0 ? 0 : exp(-phone->every / minutes_two);

        for (int k = 0; k < 2; k++) {
            struct receiver *receiver = &phone->receivers[k];

            receiver->slow_x = err(dice, keep, receiver->accuracy, receiver->slow_x);
            receiver->slow_y = err(dice, keep, receiver->accuracy, receiver->slow_y);
        }
        ping(scene, &phone->receivers[phone->by_turns ? i % 2 : (int)dice_below(dice, 2)],
             utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(1000 * phone->every * i)));
    }
    scene_destroy(scene);
    return tally;
}

static void who_is_inside_is_told_and_stays_so(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int n = 0; n < PHONES / 4; n++) {
        struct phone phone = draw_phone(&dice, true);
        struct tally tally = run(&phone, &dice);

        if (tally.breaches != 1 || tally.cleared != 0)
            fail_msg("phone %d, accuracy %.1f and %.1f m: %u breaches, cleared %u times", n,
                     phone.receivers[0].accuracy, phone.receivers[1].accuracy, tally.breaches,
                     tally.cleared);
    }
}

static void who_is_beside_is_told_no_breach(void **state)
{
    struct dice dice = dice_begin();
    unsigned possible = 0;

    (void)state;
    for (int n = 0; n < PHONES; n++) {
        struct phone phone = draw_phone(&dice, false);
        struct tally tally = run(&phone, &dice);

        possible += tally.possibles > 0;
        if (tally.breaches > 0)
            fail_msg("phone %d, accuracy %.1f and %.1f m, %.0f m outside: %u breaches", n,
                     phone.receivers[0].accuracy, phone.receivers[1].accuracy,
                     phone.x - phone.radius, tally.breaches);
    }
    printf("of %d phones beside, possible: %u\n", PHONES, possible);
    assert_in_range(possible, 0, PHONES / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_inside_is_told_and_stays_so),
        cmocka_unit_test(who_is_beside_is_told_no_breach),
    };

    return cmocka_run_group_tests_name("receivers_property", tests, NULL, NULL);
}
