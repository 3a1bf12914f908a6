/* SPDX-License-Identifier: Apache-2.0 */
/* belief_parts.h - what the files of core/belief share; nobody else includes it. */
#ifndef CORE_BELIEF_PARTS_H
#define CORE_BELIEF_PARTS_H

#include "core/belief.h"

#include <stddef.h>

enum {
    BELIEF_KEPT = 16, /* hypotheses predicted that are weighed by a fix; */
    BELIEF_PREDICTED = BELIEF_COMPONENTS * BELIEF_MODES * BELIEF_QUALITIES, /* predicted at all, */
    BELIEF_WEIGHED = BELIEF_KEPT * 3 + 1 /* and weighed: two scales, lost; moved unseen */
};

/* A component, and which one of before it goes on from; BELIEF_BORN: none. */
#define BELIEF_BORN UINT32_MAX
struct belief_hypothesis {
    struct belief_component now;
    uint32_t parent;
};

struct belief_mixture {
    size_t n;
    struct belief_hypothesis hypotheses[BELIEF_WEIGHED];
};

/* One step of an Ornstein-Uhlenbeck velocity. */
struct belief_gait {
    double keep, reach; /* e, tau (1 - e) */
    double qpp, qpv, qvv;
};
struct belief_gait belief_gait_of(const struct belief_model *model, enum belief_mode mode,
                                  double seconds);

/* A symmetric 2 x 2 matrix of place and velocity, and one that is not. */
struct belief_spread {
    double pp, pv, vv;
};
struct belief_cross {
    double pp, pv, vp, vv; /* start's place with end's place, with end's velocity, ... */
};

/* One component's way: two ends, each with its spread, and how they go together. */
struct belief_bridge {
    struct metres from, to, leaving, arriving; /* places, velocities */
    struct belief_spread start, end;
    struct belief_cross both;
    double seconds, q; /* q: m2/s3 of white acceleration between them */
};

/* The white acceleration of who goes in that mode, over a gap. */
double belief_restless(const struct belief_model *model, enum belief_mode mode, double seconds);

/* The start as the end tells of it: one step of Rauch, Tung and Striebel. */
void belief_smooth(struct belief_bridge *bridge, const struct belief_gait *gait);

/* Whether no way of it comes near the zone, but by a chance of one in a thousand. */
bool belief_passes(const struct belief_bridge *bridge, const struct belief_zone *zone);

/* The probability that its start is inside. */
double belief_starts_in(const struct belief_bridge *bridge, const struct belief_zone *zone);

/* The probability that it leads through the zone, at the least. */
double belief_crosses(const struct belief_bridge *bridge, const struct belief_zone *zone);

/* What of a slow error goes on at the next fix, beside what time does. */
struct belief_kept {
    double share; /* 0..1 */
    double times; /* above 0: in deviations of the next fix, of one in those of the last */
};

/*
 * Tells every component on over `seconds`, of which errors keep `kept` beside what time
 * does. `reported`: the fix that comes tells an accuracy, which is no mast's.
 */
void belief_predict(const struct belief_model *model, const struct belief *belief, double seconds,
                    struct belief_kept kept, bool reported, struct belief_mixture *out);

/*
 * Weighs BELIEF_KEPT hypotheses at most by the fix into *out; the scale is learnt. The density of
 * the fix by all of them, 1/m2, `moved` on top of what adds up to 1.
 */
double belief_weigh(const struct belief_model *model, const struct belief_fix *fix, double seconds,
                    double *scale, const struct belief_mixture *predicted,
                    struct belief_mixture *out);

/* The sd of a fix's whole error, an axis: metres. */
double belief_deviation(const struct belief_model *model, double accuracy, double scale);

/*
 * Keeps at most `most` of the hypotheses, heaviest first: like ones are merged, light ones go, and
 * the weights add up to 1 again.
 */
void belief_reduce(struct belief_mixture *mixture, size_t most);

static inline double belief_square(double x)
{
    return x * x;
}

static inline double belief_square_of(struct metres m)
{
    return m.x * m.x + m.y * m.y;
}

static inline struct metres belief_from(struct metres from, struct metres to)
{
    return (struct metres){ to.x - from.x, to.y - from.y };
}

/* a + b f. */
static inline struct metres belief_along(struct metres a, struct metres b, double f)
{
    return (struct metres){ a.x + f * b.x, a.y + f * b.y };
}

/* The lesser and the greater, whose signs of zero no C library chooses. */
static inline double belief_least(double a, double b)
{
    return a < b ? a : b;
}

static inline double belief_most(double a, double b)
{
    return a > b ? a : b;
}

#endif
