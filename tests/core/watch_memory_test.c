/* SPDX-License-Identifier: Apache-2.0 */
/* watch_memory_test.c - the way of a ping asks for no memory: malloc and its kin are counted. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/london.h"
#include "support/scene.h"
#include "support/starve.h"

static void the_count_counts(void **state)
{
    void *volatile held;

    (void)state;
    starve_begin(STARVE_ONE, INT_MAX);
    held = malloc(1);
    held = realloc(held, 2);
    free(held);
    held = calloc(1, 1);
    free(held);
    assert_int_equal(starve_end(), 3);
}

/*
 * Far, through the ring, in, an update, out, late, again, future,
 * implausible: and each look at the clock.
 */
static void no_ping_asks_for_memory(void **state)
{
    static const struct {
        int sent, received;
        double north;
    } pings[] = {
        { 0, 0, 9000 },      { 600, 600, 1100 },    { 660, 660, 980 },   { 720, 720, 860 },
        { 1000, 1000, 150 }, { 1060, 1060, 150 },   { 1075, 1075, 300 }, { 1030, 1080, 150 },
        { 500, 1081, 150 },  { 1075, 1082, 300 },   { 9999, 1090, 300 }, { 1100, 1100, 99999 },
        { 1200, 1200, 150 }, { 90000, 90000, 150 },
    };
    struct scene *scene = scene_create();
    struct utc evening = utc_of("2020-06-23T20:00:00Z");
    size_t alerted = 0;
    int asked = 0;

    (void)state;
    for (int i = 0; i < 8; i++)
        scene_zone(scene, (char[]){ 'z', (char)('0' + i), '\0' }, 3 * i, 0, 200, 800);
    scene_load(scene);
    for (size_t i = 0; i < sizeof pings / sizeof *pings; i++) {
        struct utc received = utc_plus(evening, pings[i].received * 1000LL);
        struct ping one =
            scene_ping_of("tag", utc_plus(evening, pings[i].sent * 1000LL), 0, pings[i].north);

        one.tamper = i % 2;
        starve_begin(STARVE_ONE, INT_MAX);
        watch_ping(&scene->watch, scene->who, &scene->track, 0, &one, received, &scene->out);
        watch_due(&scene->watch, scene->who, &scene->track, received);
        watch_again(&scene->watch, scene->who, &scene->track, CAUSE_TIME, received, received,
                    &scene->out);
        asked += starve_end();
        alerted += scene->incident_views[0]->alerts;
    }
    assert_true(alerted > 0);
    assert_int_equal(asked, 0);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_count_counts),
        cmocka_unit_test(no_ping_asks_for_memory),
    };

    return cmocka_run_group_tests_name("watch, memory", tests, NULL, NULL);
}
