/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag_minute_property_test.c - what a phone kept and sends one a minute, with fresh pings seldom or
 * never, is of the past in whatever order: while it lasts for an hour, and the newest first for a
 * day. But what is kept at the pace at which it is sent is now in doubt, and of what is in no order
 * the first three are so by chance, seldom.
 */
#include "core/watch.h"

#include <math.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"
#include "support/test.h"

enum { ROUNDS = 200, MINUTE = 60 * 1000, HOUR = 60 * MINUTE, KEPT_MAX = 1400 };

static const struct utc evening = { 1792000000000 };

enum sending { NEWEST_FIRST, IN_NO_ORDER, OLDEST_FIRST };

static void hear(struct scene *scene, struct utc time, double north, struct utc received)
{
    struct ping ping = scene_ping_of("tag", time, (double)(time.ms / 7 % 11), north);

    scene_hush(scene);
    scene_ping(scene, &ping, received);
}

/* Their numbers, in the order in which they come. */
static void arrange(struct dice *dice, enum sending sending, unsigned n, unsigned numbers[KEPT_MAX])
{
    for (unsigned i = 0; i < n; i++)
        numbers[i] = sending == OLDEST_FIRST ? i : n - 1 - i;
    for (unsigned i = n - 1; sending == IN_NO_ORDER && i > 0; i--) {
        unsigned k = dice_below(dice, i + 1), swapped = numbers[i];

        numbers[i] = numbers[k];
        numbers[k] = swapped;
    }
}

struct upload {
    enum sending sending;
    unsigned n;
    int64_t every; // ms between two that are kept
    int64_t fresh; // and between fresh ones; 0: none comes
};

/* Slower than it comes or faster, and none older than what a device can have kept. */
static struct upload some_upload(struct dice *dice, enum sending sending)
{
    static const double least[] = { 10000, 85000 }, most[] = { 40000, 400000 };
    unsigned pace = dice_below(dice, 2);
    bool seldom = dice_below(dice, 3) > 0;

    return (struct upload){ sending, 20 + dice_below(dice, sending == NEWEST_FIRST ? 1000 : 30),
                            (int64_t)dice_between(dice, least[pace], most[pace]),
                            seldom ? (int64_t)dice_between(dice, 3 * MINUTE, 20 * MINUTE) : 0 };
}

/* He was inside while they were made, and is 3 km off while they come. */
static void take(struct dice *dice, struct scene *scene, const struct upload *upload)
{
    static unsigned numbers[KEPT_MAX];
    struct utc end = utc_plus(evening, upload->n * upload->every), now = utc_plus(end, 15 * MINUTE),
               fresh = now;

    arrange(dice, upload->sending, upload->n, numbers);
    hear(scene, evening, 3000, evening);
    hear(scene, utc_plus(now, -100000), 3000, utc_plus(now, -100000));
    for (unsigned i = 0; i < upload->n; i++) {
        struct utc time = utc_plus(evening, (numbers[i] + 1) * upload->every);

        hear(scene, time, numbers[i] % 17, utc_plus(now, dice_below(dice, 900)));
        now = utc_plus(now, MINUTE);
        if (upload->fresh > 0 && now.ms - fresh.ms >= upload->fresh) {
            fresh = utc_plus(now, -20000);
            hear(scene, fresh, 3000, fresh);
        }
    }
}

static unsigned clocks(struct dice *dice, enum sending sending)
{
    unsigned wrong = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = tally_scene(&tally);
        struct upload upload = some_upload(dice, sending);

        take(dice, scene, &upload);
        assert_true(tally.of[ALERT_RETROSPECTIVE] > 0);
        if (tally_grave(&tally) + tally.of[ALERT_CLOCK] > 0 && ++wrong && sending != IN_NO_ORDER)
            fail_msg("round %d: %u, each %.3f s, fresh ones each %.3f s: %zu breaches, %zu clocks",
                     i, upload.n, (double)upload.every / 1000, (double)upload.fresh / 1000,
                     tally.of[ALERT_BREACH], tally.of[ALERT_CLOCK]);
        scene_destroy(scene);
    }
    return wrong;
}

static void what_comes_in_order_is_of_the_past(void **state)
{
    clocks(*state, NEWEST_FIRST);
    clocks(*state, OLDEST_FIRST);
}

static void what_comes_in_no_order_is_so_but_by_chance(void **state)
{
    unsigned wrong = clocks(*state, IN_NO_ORDER);

    printf("of now by chance: %u of %d\n", wrong, ROUNDS);
    assert_true(wrong < ROUNDS / 20);
}

int main(void)
{
    struct dice dice = dice_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_comes_in_order_is_of_the_past, &dice),
        cmocka_unit_test_prestate(what_comes_in_no_order_is_so_but_by_chance, &dice),
    };

    return cmocka_run_group_tests_name("lag_minute_property", tests, NULL, NULL);
}
