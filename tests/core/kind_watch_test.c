/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kind_watch_test.c - what a kind of devices has of its own is that of each device, also where
 * several are looked at together; what stories cannot show.
 */
#include <math.h>
#include <string.h>

#include "support/rows.h"
#include "support/scene.h"

static struct utc evening(int64_t second)
{
    return (struct utc){ 1592942400000 + second * 1000 }; // 2020-06-23T20:00:00Z
}

/* A zone of 200 m; of the tag and of the phone that is taken for metres, where it is not told. */
static struct scene *open(double tag, double phone)
{
    struct scene *scene = scene_create();

    scene_zone(scene, "home", 0, 0, 200, 0);
    scene->kinds = (struct device_kinds){
        .n = 2,
        .of = { { .name = "a", .match = { "tag" }, .n_match = 1, .unknown_accuracy = tag },
                { .name = "b", .match = { "phone" }, .n_match = 1, .unknown_accuracy = phone } }
    };
    scene_load(scene);
    return scene;
}

static void hear(struct scene *scene, const char *device, int64_t second, double north)
{
    struct ping ping = scene_ping_of(device, evening(second), 0, north);

    ping.accuracy = NAN;
    scene_hush(scene);
    scene_ping(scene, &ping, evening(second));
}

/*
 * A score that is left of another ping counts at a place that may be inside by the accuracy of
 * such a device, and not where it is surely outside; whatever the other device is.
 */
static const struct left {
    const char *says;
    double tag, phone;
    bool possible;
} left[] = {
    { "40 m outside by 30 m", 0, 0, true },
    { "by 5 m", 5, 0, false },
    { "by 5 m of the other", 0, 5, true },
    { "by 25 m, beside 5 m", 25, 5, true },
};

static void what_is_left_counts_by_its_own_accuracy(void **state)
{
    const struct left *row = *state;
    struct scene *scene = open(row->tag, row->phone);

    hear(scene, "phone", 0, 5000);
    hear(scene, "tag", 1, 240);
    assert_int_equal(scene->n_lines, 0);
    scene->incident_views[0]->scores[0] = 2;
    scene_load(scene);
    assert_int_equal(scene->incident_views[0]->phase, row->possible ? PHASE_BREACH : PHASE_NONE);
    scene_destroy(scene);
}

/* The order ends while a mast has him inside: how sure that was, is told by its accuracy. */
static void a_probability_is_by_the_accuracy_of_the_device_it_is_about(void **state)
{
    struct scene *scene = scene_create();
    const struct alert *alert = &scene->out.alerts[0];

    (void)state;
    scene_zone(scene, "home", 0, 0, 400, 0);
    scene->draft.until = evening(600);
    scene->kinds.n = 1;
    scene->kinds.of[0] =
        (struct device_kind){ .match = { "tag" }, .n_match = 1, .unknown_accuracy = 500 };
    scene_load(scene);
    hear(scene, "tag", 0, 0);
    hear(scene, "tag", 60, 10);
    scene_pass(scene, evening(600));
    assert_int_equal(alert->type, ALERT_CLEARED);
    assert_true(alert->probability > 0.6 && alert->probability < 0.95);
    scene_destroy(scene);
}

/* A tag's ping with an accuracy of 150 m; the phone beside it, of no kind, is taken for 30. */
static void the_kind_of_one_device_says_nothing_of_another(void **state)
{
    struct scene *scene = open(150, 0);

    (void)state;
    scene->kinds.n = 1;
    hear(scene, "phone", 0, 480);
    hear(scene, "tag", 1, 0);
    assert_non_null(strstr(scene->lines[0], "; but phone was 280 m outside 1 s ago"));
    scene_destroy(scene);
}

/*
 * What was heard last was a leap that nobody believed, so the newest position is older: what is
 * older than that leap cannot have been kept since, and is wrong by its third ping.
 */
static void what_is_older_than_what_was_heard_was_not_kept_since(void **state)
{
    struct scene *scene = open(0, 0);
    struct known_device *tag = scene_device(scene, "tag");

    (void)state;
    scene->kinds.of[0].clock = CLOCK_TRUSTED;
    hear(scene, "tag", 0, 900);
    tag->arrived = evening(3600);
    for (int i = 0; i < 3; i++) {
        struct ping ping = scene_ping_of("tag", evening(1800 + 15 * i), 0, 900);

        scene_ping(scene, &ping, evening(3600 + 15 * i));
        assert_int_equal(scene->out.arrival, i < 2 ? ARRIVED_LATE : ARRIVED_FUTURE);
    }
    scene_destroy(scene);
}

/* Its own time says nothing of what came before it. */
static void boundaries_come_before_a_ping_by_a_clock_that_is_believed(void **state)
{
    static const struct utc wants[] = { { 1592942400000 }, { 1592942400000 }, { 1592942700000 } };
    struct scene *scene = open(0, 0);
    struct ping ping = scene_ping_of("tag", evening(0), 0, 900);

    (void)state;
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        scene->kinds.of[0].clock = (enum device_clock)i;
        assert_int_equal(watch_due_before(&scene->watch, &ping, evening(300)).ms, wants[i].ms);
    }
    scene_destroy(scene);
}

/* The same ping once more: also that is judged by no time of an untrusted clock. */
static void what_comes_again_of_an_untrusted_clock_is_of_now(void **state)
{
    struct scene *scene = open(0, 0);
    struct ping ping = scene_ping_of("tag", evening(0), 0, 900);

    (void)state;
    scene->kinds.of[0].clock = CLOCK_UNTRUSTED;
    scene_ping(scene, &ping, evening(10));
    scene_ping(scene, &ping, evening(20));
    assert_int_equal(scene->out.arrival, ARRIVED_AGAIN);
    assert_int_equal(scene->out.when.ms, evening(20).ms);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probability_is_by_the_accuracy_of_the_device_it_is_about),
        cmocka_unit_test(the_kind_of_one_device_says_nothing_of_another),
        cmocka_unit_test(what_is_older_than_what_was_heard_was_not_kept_since),
        cmocka_unit_test(boundaries_come_before_a_ping_by_a_clock_that_is_believed),
        cmocka_unit_test(what_comes_again_of_an_untrusted_clock_is_of_now),
    };

    return rows_hold("left", left, what_is_left_counts_by_its_own_accuracy) +
           cmocka_run_group_tests_name("kind_watch", tests, NULL, NULL);
}
