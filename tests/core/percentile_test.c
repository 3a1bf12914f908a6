/* SPDX-License-Identifier: Apache-2.0 */
/* A device of a kind that tells the circle of 95 % is judged as one that tells that of 68 %. */
#include <math.h>
#include <string.h>

#include "core/radius.h"
#include "support/dice.h"
#include "support/near.h"
#include "support/rows.h"
#include "support/scene.h"

enum { PINGS = 40 };

static struct utc evening(int64_t second)
{
    return (struct utc){ 1592942400000 + second * 1000 }; // 2020-06-23T20:00:00Z
}

/* A zone of 200 m with a ring; tags tell at that percentile, phones at 68. */
static struct scene *open(double percentile)
{
    struct scene *scene = scene_create();

    scene_zone(scene, "home", 0, 0, 200, 300);
    if (percentile != 0)
        scene->kinds =
            (struct device_kinds){ .n = 1, .of = { { "tags", { "t*g" }, 1, percentile } } };
    scene_load(scene);
    return scene;
}

static void hear(struct scene *scene, const char *device, int64_t second, double north,
                 double accuracy)
{
    struct ping ping = scene_ping_of(device, evening(second), 0, north);

    ping.accuracy = accuracy;
    scene_ping(scene, &ping, evening(second));
}

static const struct row {
    const char *says;
    const char *device;
    double percentile, reported, judged; // metres; NaN: not told
} rows[] = {
    { "8 m of 95 % weigh as 4.9 m", "tag", 95, 8, 4.933818045330401 },
    { "8 m of half weigh as 10.3 m", "tag", 50, 8, 10.257036421188257 },
    { "a poor fix of 95 % is no mast's", "tag", 95, 300, 185.01817669989004 },
    { "what is not told stays so", "tag", 95, NAN, NAN },
    { "68 is 68", "tag", 68, 8, 8 },
    { "another device is as before", "phone", 95, 8, 8 },
};

/* The same way in, told one way and the other: the same belief to the last bit, the same alerts. */
static void row_holds(void **state)
{
    const struct row *row = *state;
    struct scene *reported = open(row->percentile), *judged = open(0);
    struct known_device *one, *other;
    struct dice dice = dice_begin();
    double usual = strcmp(row->device, "tag") == 0 ? radius_usual(row->reported, row->percentile)
                                                   : row->reported;

    if (!isnan(usual))
        assert_near(usual, row->judged, 1e-9);
    assert_true(isnan(usual) == isnan(row->judged));
    for (int i = 0; i < PINGS; i++) {
        double north = 700 - 14 * i + dice_between(&dice, -4, 4);

        scene_hush(reported);
        scene_hush(judged);
        hear(reported, row->device, 15 * i, north, row->reported);
        hear(judged, row->device, 15 * i, north, usual);
        assert_int_equal(reported->out.n, judged->out.n);
        for (size_t k = 0; k < reported->out.n; k++) {
            const struct alert *a = &reported->out.alerts[k], *b = &judged->out.alerts[k];

            assert_int_equal(a->type, b->type);
            assert_true(a->probability == b->probability || isnan(b->probability));
            assert_true(a->ping.accuracy == b->ping.accuracy || isnan(b->ping.accuracy));
        }
    }
    one = scene_device(reported, row->device);
    other = scene_device(judged, row->device);
    assert_memory_equal(one->estimate, other->estimate, sizeof *one->estimate);
    assert_int_equal(reported->incident_views[0]->phase, judged->incident_views[0]->phase);
    assert_true(reported->incident_views[0]->phase >= PHASE_POSSIBLE || row->reported > 100);
    scene_destroy(reported);
    scene_destroy(judged);
}

static void an_alert_says_what_the_device_said_and_its_number_is_of_68(void **state)
{
    struct scene *scene = open(95);
    const struct alert *alert = &scene->out.alerts[0];

    (void)state;
    hear(scene, "tag", 0, 100, 8.5);
    assert_int_equal(scene->n_lines, 1);
    assert_string_equal(scene->lines[0], "breach home/1/1 critical 20:00:00 tag rule 7: inside by "
                                         "100 m, accuracy 8 m (95 %)");
    assert_near(alert->ping.accuracy, 5.2422, 0.0001);
    scene_destroy(scene);
}

/* What was heard before is what it was then: only what comes is told otherwise. */
static void another_percentile_holds_from_the_next_ping_on(void **state)
{
    struct scene *scene = open(95);
    struct known_device *device = scene_device(scene, "tag"), was;

    (void)state;
    hear(scene, "tag", 0, 100, 8);
    was = *device;
    scene->kinds.of[0].percentile = 50;
    scene_hush(scene);
    scene_load(scene);
    assert_int_equal(scene->n_lines, 0);
    assert_memory_equal(&device->newest, &was.newest, sizeof was.newest);
    assert_memory_equal(&device->estimate, &was.estimate, sizeof was.estimate);
    hear(scene, "tag", 70, 101, 8);
    assert_string_equal(scene->lines[0], "update home/1/2 critical 20:01:10 tag rule 13: still "
                                         "inside by 99 m, accuracy 8 m (50 %), 2 pings in 1 min "
                                         "10 s");
    assert_near(device->newest.accuracy, 10.257, 0.001);
    scene_destroy(scene);
}

/* The least percentile makes much of a fix of a cell: more than anything may be is no fix. */
static void what_becomes_worse_than_any_fix_is_none(void **state)
{
    struct scene *scene = open(10);

    (void)state;
    hear(scene, "tag", 0, 100, 40000);
    assert_int_equal(scene->out.arrival, ARRIVED_NO_FIX);
    assert_false(scene_device(scene, "tag")->heard);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_says_what_the_device_said_and_its_number_is_of_68),
        cmocka_unit_test(another_percentile_holds_from_the_next_ping_on),
        cmocka_unit_test(what_becomes_worse_than_any_fix_is_none),
    };

    return rows_hold("percentiles", rows, row_holds) +
           cmocka_run_group_tests_name("percentile", tests, NULL, NULL);
}
