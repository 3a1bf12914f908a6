/* SPDX-License-Identifier: Apache-2.0 */
/* watched.h - one respondent before one zone, for tests of core/watch. */
#ifndef TESTS_CORE_WATCHED_H
#define TESTS_CORE_WATCHED_H

#include "core/watch.h"

#include "support/london.h"
#include "support/scene.h"

static inline struct utc evening(int seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), seconds * 1000LL);
}

/* A scene with a zone of 200 m and its ring of 800 m around the middle. */
static inline int setup(void **state)
{
    struct scene *scene = scene_create();

    scene_zone(scene, "home", 0, 0, 200, 800);
    scene_load(scene);
    scene->clock = evening(0);
    *state = scene;
    return 0;
}

static inline int teardown(void **state)
{
    scene_destroy(*state);
    return 0;
}

static inline const struct outcome *ping(struct scene *scene, const char *device, int seconds,
                                         double north)
{
    struct ping one = scene_ping_of(device, evening(seconds), 0, north);

    scene_ping(scene, &one, one.time);
    return &scene->out;
}

/* What the stored knowledge goes through when breachd starts. */
static inline void restart(struct scene *scene, int seconds)
{
    watch_again(&scene->watch, scene->who, &scene->track, CAUSE_RULES, evening(seconds),
                evening(seconds), &scene->out);
}

#define in_scene(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
