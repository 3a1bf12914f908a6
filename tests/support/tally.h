/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h - how many alerts of each type a scene has told. */
#ifndef SUPPORT_TALLY_H
#define SUPPORT_TALLY_H

#include "support/scene.h"

struct tally {
    size_t of[ALERT_TYPES];
};

static inline void tally_count(const struct alert *alert, void *arg)
{
    ((struct tally *)arg)->of[alert->type]++;
}

/* From now on; what was counted before is forgotten. */
static inline void tally_listen(struct tally *tally, struct scene *scene)
{
    *tally = (struct tally){ { 0 } };
    scene->on_alert = tally_count;
    scene->on_alert_arg = tally;
}

/* So grave that somebody is sent: he may be inside, or is. */
static inline size_t tally_grave(const struct tally *tally)
{
    return tally->of[ALERT_POSSIBLE] + tally->of[ALERT_BREACH];
}

/* A scene of one zone, "home", of that radius and ring, that is listened to from `clock` on. */
static inline struct scene *tally_scene_of(struct tally *tally, double radius, double warn,
                                           struct utc clock)
{
    struct scene *scene = scene_create();

    scene_zone(scene, "home", 0, 0, radius, warn);
    scene->clock = clock;
    scene_load(scene);
    tally_listen(tally, scene);
    return scene;
}

/* A scene of one zone of 200 m, "home", that is listened to. */
static inline struct scene *tally_scene(struct tally *tally)
{
    struct scene *scene = scene_create();

    scene_zone(scene, "home", 0, 0, 200, 0);
    scene_load(scene);
    tally_listen(tally, scene);
    return scene;
}

#endif
