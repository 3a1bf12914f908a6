/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pace_test.c - what is remembered of those who carry one device's pings: who has sent too much
 * cannot be made forgotten by others who have not, nor by questions.
 */
#include "app/pipeline_pace.h"
#include "app/pipeline_parts.h"
#include "app/sender.h"

#include "adapter/clock.h"

#include "support/scene.h"
#include "support/test.h"

enum { RATE = 10, BURST_S = 1, SECOND = 1000, BEGIN = 1000 * SECOND };

struct lane {
    struct scene *scene;
    struct config config;
    struct pipeline pipeline; // of it only what pace needs
};

static int setup(void **state)
{
    static struct lane lane;

    lane = (struct lane){ .scene = scene_create() };
    scene_zone(lane.scene, "home", 0, 0, 200, 800);
    scene_load(lane.scene);
    lane.config.rules = lane.scene->rules;
    lane.pipeline.config = &lane.config;
    lane.pipeline.roster = roster_create();
    assert_non_null(lane.pipeline.roster);
    slots_destroy(roster_swap(lane.pipeline.roster, slots_create(lane.scene->rules)));
    *state = &lane;
    return 0;
}

static int teardown(void **state)
{
    struct lane *lane = *state;

    roster_destroy(lane->pipeline.roster);
    scene_destroy(lane->scene);
    return 0;
}

/* So many pings of the device by `sender`, in one turn. */
static void spend_of(struct lane *lane, size_t device, uintptr_t sender, double pings, int64_t ms)
{
    struct rate *rate =
        roster_rate(lane->pipeline.roster, 0, device, sender, RATE, (struct tick){ ms });

    pace_wait(&rate->pace, RATE, BURST_S, (struct tick){ ms });
    pace_charge(&rate->pace, pings);
}

/* The same of the tag. */
static void spend(struct lane *lane, uintptr_t sender, double pings, int64_t ms)
{
    spend_of(lane, 0, sender, pings, ms);
}

/* How long that sender has to wait before a ping of the device would be taken. */
static int wait_of(const struct lane *lane, uintptr_t id, const char *device)
{
    struct sender sender = { .id = id, .rate = RATE, .burst_s = BURST_S };

    return pipeline_device_wait(&lane->pipeline, &sender, device);
}

static bool remembers(const struct lane *lane, uintptr_t sender)
{
    return roster_find_rate(lane->pipeline.roster, 0, 0, sender) != NULL;
}

/* The first has sent by far the most, and paid it long ago. */
static void who_has_the_least_to_pay_by_now_makes_room(void **state)
{
    struct lane *lane = *state;

    spend(lane, 101, 1000, BEGIN);
    for (uintptr_t sender = 102; sender <= 104; sender++)
        spend(lane, sender, 50, BEGIN + 200 * SECOND);
    spend(lane, 105, 1, BEGIN + 201 * SECOND);
    assert_false(remembers(lane, 101));
    for (uintptr_t sender = 102; sender <= 105; sender++)
        assert_true(remembers(lane, sender));
}

/* However many come by: of what the three busy ones have to pay nothing is forgiven. */
static void those_who_go_on_sending_stay_remembered(void **state)
{
    struct lane *lane = *state;

    for (int second = 0; second < 30; second++) {
        for (uintptr_t sender = 101; sender <= 103; sender++)
            spend(lane, sender, 2 * RATE, BEGIN + second * SECOND);
        spend(lane, 200 + (uintptr_t)second, 1, BEGIN + second * SECOND + 500);
        for (uintptr_t sender = 101; sender <= 103; sender++)
            assert_true(remembers(lane, sender));
    }
}

static void a_question_takes_nobodys_room(void **state)
{
    struct lane *lane = *state;

    for (uintptr_t sender = 101; sender <= 104; sender++)
        spend(lane, sender, 1000, clock_tick().ms);
    for (uintptr_t sender = 201; sender <= 210; sender++)
        assert_int_equal(wait_of(lane, sender, "tag"), 0);
    for (uintptr_t sender = 101; sender <= 104; sender++)
        assert_in_range(wait_of(lane, sender, "tag"), 1, 101);
    assert_int_equal(wait_of(lane, 101, "phone"), 0);
    assert_int_equal(wait_of(lane, 101, "unknown"), 0);
}

/* There is room for one sender of each device until a second one comes. */
static void a_second_sender_of_one_device_changes_nothing_of_the_others(void **state)
{
    struct lane *lane = *state;
    int64_t now = clock_tick().ms;

    spend_of(lane, 0, 101, 1000, now);
    spend_of(lane, 1, 101, 2000, now);
    spend_of(lane, 0, 102, 3000, now);
    assert_in_range(wait_of(lane, 101, "tag"), 90, 101);
    assert_in_range(wait_of(lane, 101, "phone"), 190, 201);
    assert_in_range(wait_of(lane, 102, "tag"), 290, 301);
    assert_int_equal(wait_of(lane, 102, "phone"), 0);
}

#define in_lane(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_lane(who_has_the_least_to_pay_by_now_makes_room),
        in_lane(those_who_go_on_sending_stay_remembered),
        in_lane(a_question_takes_nobodys_room),
        in_lane(a_second_sender_of_one_device_changes_nothing_of_the_others),
    };

    return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
