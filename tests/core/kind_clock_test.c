/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kind_clock_test.c - [devices N] clock: who carries a device of a kind that is trusted, or not, is
 * told all the same; and what is of the past is of the past.
 */
#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/tally.h"
#include "support/test.h"

enum { ROUNDS = 300, PINGS = 60, MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static const struct utc evening = { 1792000000000 };

static struct scene *open(enum device_clock clock, struct tally *tally)
{
    struct scene *scene = tally_scene(tally);

    scene->kinds = (struct device_kinds){
        .n = 1, .of = { { .name = "tags", .match = { "t*" }, .n_match = 1, .clock = clock } }
    };
    scene_load(scene);
    return scene;
}

static void hear(struct scene *scene, struct utc time, double north, struct utc received)
{
    struct ping ping = scene_ping_of("tag", time, 0, north);

    scene_hush(scene);
    scene_ping(scene, &ping, received);
}

/* From seconds to decades, behind and ahead. */
static int64_t some_offset(struct dice *dice)
{
    static const double most[] = { 100, 3600, 86400, 30 * 86400, 20 * 365.25 * 86400 };

    return (int64_t)(1000 * most[dice_below(dice, 5)] * dice_between(dice, -1, 1));
}

/* The same way, told with any times and with those of arrival: the same alerts, word for word. */
static void of_an_untrusted_clock_the_times_say_nothing(void **state)
{
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally said, came;
        struct scene *one = open(CLOCK_UNTRUSTED, &said), *other = open(CLOCK_UNTRUSTED, &came);
        struct utc now = evening;
        double north = 600;

        for (int k = 0; k < PINGS; k++) {
            now.ms += (int64_t)dice_between(dice, 100, 60000);
            north += dice_between(dice, -90, 80);
            hear(one, utc_plus(now, some_offset(dice)), north, now);
            hear(other, now, north, now);
            assert_int_equal(one->n_lines, other->n_lines);
            for (size_t n = 0; n < one->n_lines; n++)
                assert_string_equal(one->lines[n], other->lines[n]);
            assert_int_equal(one->due.ms, other->due.ms);
            assert_int_equal(one->out.arrival, other->out.arrival);
            assert_int_equal(one->out.when.ms, now.ms);
        }
        assert_int_equal(said.of[ALERT_CLOCK] + said.of[ALERT_RETROSPECTIVE], 0);
        scene_destroy(one);
        scene_destroy(other);
    }
}

/* Whoever sets such a clock, and however: in the zone the first ping is a breach. */
static void an_untrusted_clock_hides_no_breach(void **state)
{
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = open(CLOCK_UNTRUSTED, &tally);

        hear(scene, utc_plus(evening, some_offset(dice)), 0, evening);
        assert_int_equal(tally.of[ALERT_BREACH], 1);
        assert_int_equal(scene->out.when.ms, evening.ms);
        scene_destroy(scene);
    }
}

/*
 * Who sets the clock of a trusted device back to before it was heard last, or ahead, or carries one
 * that was never heard, is told by his fifth ping, as with any device.
 */
static void a_trusted_clock_that_is_set_back_hides_no_breach(void **state)
{
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = open(CLOCK_TRUSTED, &tally);
        double interval = dice_between(dice, 1000, i % 2 ? 20000 : 600000);
        int64_t offset = llabs(some_offset(dice)) + 5 * (int64_t)interval + 11 * MINUTE;
        struct utc now = evening;

        if (i % 2 == 0)
            hear(scene, now, 3000, now);
        offset = i % 3 == 0 ? -offset : offset;
        for (int k = 0; k < 5; k++) {
            now.ms += (int64_t)(interval * dice_between(dice, 0.9, 1.1));
            hear(scene, utc_plus(now, -offset), k, now);
        }
        if (tally.of[ALERT_BREACH] == 0 || tally.of[ALERT_CLOCK] != 1)
            fail_msg("round %d: %.3f s behind, every %.3f s: %zu breaches, %zu clocks", i,
                     (double)offset / 1000, interval / 1000, tally.of[ALERT_BREACH],
                     tally.of[ALERT_CLOCK]);
        scene_destroy(scene);
    }
}

/*
 * Who was quiet for an hour, and is inside with a clock that is behind by less than that, is told
 * at once as of the past, and as of now after ten minutes of pauses and three pings at the most.
 */
static void a_trusted_clock_hides_nobody_for_long(void **state)
{
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = open(CLOCK_TRUSTED, &tally);
        int64_t every = (int64_t)dice_between(dice, 1000, 5 * MINUTE);
        int64_t offset = (int64_t)dice_between(dice, 20 * MINUTE, 50 * MINUTE);
        int pings = (int)(10 * MINUTE / every) + 3;
        struct utc now = utc_plus(evening, HOUR);

        hear(scene, evening, 3000, evening);
        hear(scene, utc_plus(now, -offset), 0, now);
        assert_int_equal(tally.of[ALERT_RETROSPECTIVE], 1);
        for (int k = 1; k < pings; k++) {
            assert_true(tally.of[ALERT_BREACH] == 0 || k * every > 10 * MINUTE);
            now.ms += every;
            hear(scene, utc_plus(now, -offset), k % 9, now);
        }
        if (tally.of[ALERT_BREACH] != 1 || tally.of[ALERT_CLOCK] != 1)
            fail_msg("round %d: every %.3f s: %zu breaches, %zu clocks", i, (double)every / 1000,
                     tally.of[ALERT_BREACH], tally.of[ALERT_CLOCK]);
        scene_destroy(scene);
    }
}

/* What it kept it sends one by one, for up to ten minutes: of the past, and no fault of a clock. */
static void an_upload_of_a_trusted_clock_is_of_the_past_at_any_pace(void **state)
{
    struct dice *dice = *state;

    for (int i = 0; i < ROUNDS; i++) {
        struct tally tally;
        struct scene *scene = open(CLOCK_TRUSTED, &tally);
        int64_t every = (int64_t)dice_between(dice, 600, 60000);
        double faster = dice_between(dice, 0.5, 1.5);
        struct utc now = utc_plus(evening, 2 * HOUR), time = utc_plus(evening, 5 * MINUTE);

        hear(scene, evening, 3000, evening);
        for (int64_t lasts = 0; lasts < 10 * MINUTE; lasts += every) {
            hear(scene, time, 0, now);
            assert_int_equal(scene->out.arrival, ARRIVED_LATE);
            time.ms += (int64_t)((double)every * faster);
            now.ms += every;
        }
        hear(scene, now, 3000, now);
        assert_int_equal(tally.of[ALERT_BREACH] + tally.of[ALERT_POSSIBLE] + tally.of[ALERT_CLOCK],
                         0);
        assert_int_equal(tally.of[ALERT_RETROSPECTIVE], 1);
        scene_destroy(scene);
    }
}

int main(void)
{
    struct dice dice = dice_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(of_an_untrusted_clock_the_times_say_nothing, &dice),
        cmocka_unit_test_prestate(an_untrusted_clock_hides_no_breach, &dice),
        cmocka_unit_test_prestate(a_trusted_clock_that_is_set_back_hides_no_breach, &dice),
        cmocka_unit_test_prestate(a_trusted_clock_hides_nobody_for_long, &dice),
        cmocka_unit_test_prestate(an_upload_of_a_trusted_clock_is_of_the_past_at_any_pace, &dice),
    };

    return cmocka_run_group_tests_name("kind_clock", tests, NULL, NULL);
}
