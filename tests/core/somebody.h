/* SPDX-License-Identifier: Apache-2.0 */
/* somebody.h - a device that is believed to be somewhere, and zones, for tests of core/belief. */
#ifndef TESTS_CORE_SOMEBODY_H
#define TESTS_CORE_SOMEBODY_H

#include "core/belief.h"

#include "support/dice.h"
#include "support/near.h"
#include "support/rows.h"

/* A device, its newest step, and a zone: a circle whose middle is at 0,0, or all west of x = 0. */
struct somebody {
    struct belief belief;
    struct belief_step step;
    int64_t ms;
};

static inline double from_circle(const void *area, struct metres at, double horizon)
{
    (void)horizon;
    return hypot(at.x, at.y) - *(const double *)area;
}

static inline double from_edge(const void *area, struct metres at, double horizon)
{
    (void)area;
    (void)horizon;
    return at.x;
}

static const double radius = 100, wide = 2000;
static const struct belief_zone home = { from_circle, &radius, 100 };
/* Not known as round. */
static const struct belief_zone home_unnamed = { from_circle, &radius, NAN };
static const struct belief_zone big = { from_circle, &wide, 2000 };
static const struct belief_zone west = { from_edge, NULL, NAN };

static inline bool hear(struct somebody *who, double seconds, double x, double y, double accuracy)
{
    struct belief_fix fix = { .at = { x, y }, .accuracy = accuracy };

    who->ms += llround(seconds * 1000);
    fix.when.ms = who->ms;
    return belief_hear(&belief_usual, &who->belief, &fix, &who->step);
}

static inline double inside(const struct somebody *who, const struct belief_zone *zone)
{
    return belief_inside(&who->belief, zone);
}

static inline struct belief_view view_of(const struct somebody *who, const struct belief_zone *zone)
{
    return belief_evaluate(&belief_usual, &who->belief, &who->step, zone);
}

static inline double way(const struct somebody *who, const struct belief_zone *zone)
{
    return belief_way(&belief_usual, &who->belief, &who->step, zone);
}

static inline double way_before(const struct somebody *who, const struct belief_zone *zone)
{
    return belief_way_before(&belief_usual, &who->belief, &who->step, zone);
}

/* At rest at x, 0 with a fix a minute for an hour, each as accurate as it says. */
static inline void rest(struct somebody *who, double x, double accuracy)
{
    struct dice dice = { 7 };

    for (int i = 0; i < 60; i++) {
        double off = accuracy / 3;

        hear(who, 60, x + off * dice_normal(&dice), off * dice_normal(&dice), accuracy);
    }
}

/* Straight along y = `y`, from x = `from`, a fix each `every` seconds. */
static inline void go(struct somebody *who, double from, double y, double speed, double every,
                      int fixes)
{
    struct dice dice = { 9 };

    for (int i = 0; i < fixes; i++)
        hear(who, every, from + speed * every * i + 2 * dice_normal(&dice),
             y + 2 * dice_normal(&dice), 6);
}

static inline double weights(const struct belief *belief)
{
    double sum = 0;

    for (uint32_t i = 0; i < belief->n; i++)
        sum += belief->components[i].weight;
    return sum;
}

static inline bool is_sound(const struct belief *belief)
{
    bool ok = belief->n >= 1 && belief->n <= BELIEF_COMPONENTS &&
              fabs(weights(belief) - 1) < 1e-12 && belief->scale >= 0.7 && belief->scale <= 3;

    for (uint32_t i = 0; i < belief->n; i++) {
        const struct belief_component *c = &belief->components[i];
        double all = c->at.x + c->at.y + c->velocity.x + c->velocity.y + c->slow.x + c->slow.y +
                     c->pp + c->pv + c->pu + c->vv + c->vu + c->uu;

        ok = ok && isfinite(all) && c->weight >= 0 && c->pp > 0 && c->vv >= 0 && c->uu >= 0 &&
             c->mode < BELIEF_MODES && c->quality < BELIEF_QUALITIES;
    }
    return ok;
}

#endif
