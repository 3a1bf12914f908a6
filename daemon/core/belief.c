/* SPDX-License-Identifier: Apache-2.0 */
#include "core/belief.h"

#include "core/belief_parts.h"
#include "core/special.h"

#include <math.h>
#include <string.h>

static const double farthest = 1e8; // metres: beyond the other side of the earth

/* How people are met, at a first fix; one in a hundred is not where it says at all. */
static const double met[BELIEF_MODES] = { 0.8, 0.12, 0.08 };
static const double met_usual = 0.97, met_wild = 0.02, met_elsewhere = 0.01;
static const double elsewhere = 1000; // metres, sd
static const double slow2 = 0.5;      // m2/s2: of the speed of who surely goes
static const double lately_s = 150;   // who came in a longer gap may have been there for long
static const double likely = 0.5;
static const double rested_most = 3600; // seconds: of who seems to go once in a while
static const double kind = 1.2;         // times the accuracy, within which fixes are of one kind

static bool is_fix(const struct belief_fix *fix)
{
    return fabs(fix->at.x) <= farthest && fabs(fix->at.y) <= farthest && // not NaN
           (isnan(fix->accuracy) || (fix->accuracy > 0 && fix->accuracy <= farthest));
}

/* At the fix but for its error: p = z - s u - e. */
static struct belief_component begin_at(const struct belief_model *model,
                                        const struct belief_fix *fix, enum belief_mode mode,
                                        enum belief_quality quality)
{
    double s = belief_deviation(model, fix->accuracy, 1);
    double slow = quality == BELIEF_WILD ? belief_square(model->wild) : model->rho;

    return (struct belief_component){ .at = fix->at,
                                      .pp = s * s * (slow + 1 - model->rho),
                                      .pu = -s * slow,
                                      .vv = belief_square(model->speed[mode]),
                                      .uu = slow,
                                      .mode = mode,
                                      .quality = quality };
}

static void meet(const struct belief_model *model, struct belief *belief,
                 const struct belief_fix *fix)
{
    struct belief_mixture mixture = { .n = 0 };
    struct belief_component *c = &mixture.hypotheses[0].now;

    for (enum belief_mode mode = 0; mode < BELIEF_MODES; mode++) {
        for (enum belief_quality quality = 0; quality < BELIEF_QUALITIES; quality++) {
            c = &mixture.hypotheses[mixture.n++].now;
            *c = begin_at(model, fix, mode, quality);
            c->weight = met[mode] * (quality == BELIEF_WILD ? met_wild : met_usual);
        }
    }
    c = &mixture.hypotheses[mixture.n++].now;
    *c = begin_at(model, fix, BELIEF_DRIVE, BELIEF_USUAL);
    c->weight = met_elsewhere;
    c->pp = belief_square(elsewhere);
    c->pu = 0;
    belief_reduce(&mixture, BELIEF_COMPONENTS);
    *belief = (struct belief){ .scale = 1, .n = (uint32_t)mixture.n };
    for (size_t i = 0; i < mixture.n; i++)
        belief->components[i] = mixture.hypotheses[i].now;
}

static struct belief_origin origin_of(const struct belief *before,
                                      const struct belief_hypothesis *hypothesis)
{
    const struct belief_component *c;

    if (hypothesis->parent == BELIEF_BORN)
        return (struct belief_origin){ .born = 1 };
    c = &before->components[hypothesis->parent];
    return (struct belief_origin){
        .at = c->at, .velocity = c->velocity, .pp = c->pp, .pv = c->pv, .vv = c->vv, .mode = c->mode
    };
}

double belief_going(const struct belief *belief)
{
    double sum = 0;

    for (uint32_t i = 0; i < belief->n; i++)
        sum += belief->components[i].mode == BELIEF_STILL ? 0 : belief->components[i].weight;
    return sum;
}

/*
 * Whether the hypothesis surely goes: its velocity is sure, or how far it came since the fix
 * before, of which two places tell more when a minute lies between them. A slow pace is none.
 */
static bool surely_goes(const struct belief_component *c, const struct belief_origin *from,
                        double seconds)
{
    double speed2 = belief_square_of(c->velocity), way2 = 0;

    if (!from->born && seconds <= lately_s)
        way2 = belief_square_of(belief_from(from->at, c->at));
    return c->mode != BELIEF_STILL &&
           ((speed2 > slow2 && speed2 > 4 * c->vv) ||
            (way2 > slow2 * seconds * seconds && way2 > 4 * (c->pp + from->pp)));
}

/*
 * He comes while a hypothesis that surely goes is likely, and has come for a while after; he rested
 * for a gap at whose both ends he did.
 */
static void come(const struct belief_model *model, struct belief *belief,
                 const struct belief_step *step)
{
    double sure = 0, stayed = 0, seconds = step->seconds;

    for (uint32_t i = 0; i < belief->n; i++) {
        const struct belief_component *c = &belief->components[i];

        if (c->mode == BELIEF_STILL && !step->origins[i].born &&
            step->origins[i].mode == BELIEF_STILL)
            stayed += c->weight;
        sure += surely_goes(c, &step->origins[i], seconds) ? c->weight : 0;
    }
    belief->rested =
        stayed >= likely ? belief_least(belief->rested + seconds, rested_most) : belief->rested / 4;
    belief->came *= special_exp(-seconds / model->settle_s);
    if (seconds <= BELIEF_WAY_S)
        belief->came += (1 - belief->came) * (1 - special_exp(-seconds / model->come_s)) * sure;
}

/*
 * How much of the slow error the fix shares with the one before: all of it, so many metres,
 * whatever accuracy is told. If it grew with that, two accuracies by turns and the places that they
 * tell would have one solution, far from both. One of an accuracy more than a fifth better or worse
 * is of another kind (of a network and not of satellites, or of others of them), and has an error
 * mostly of its own: if it faded but slowly, the fading would be what led from each place to the
 * other, and he far from both again.
 */
static struct belief_kept error_kept(const struct belief_model *model, const struct belief *belief,
                                     const struct belief_fix *fix)
{
    double s = belief_deviation(model, fix->accuracy, belief->scale), before = belief->deviation;
    double ratio;

    if (!(before > 0))
        return (struct belief_kept){ 1, 1 };
    ratio = belief_least(s, before) / belief_most(s, before);
    return (struct belief_kept){
        kind * ratio >= 1 ? 1 : belief_square(belief_square(ratio)),
        before / s,
    };
}

static void go_on(const struct belief_model *model, struct belief *belief,
                  const struct belief_fix *fix, struct belief_step *step)
{
    struct belief before = *belief;
    struct belief_mixture predicted, weighed;

    step->seconds = (double)(fix->when.ms - belief->when.ms) / 1000;
    step->last = belief->last;
    step->deviation = belief->deviation;
    step->rested = belief->rested;
    step->seconds_before = belief->seconds;
    belief->seconds = step->seconds;
    belief_predict(model, &before, step->seconds, error_kept(model, &before, fix),
                   fix->accuracy <= BELIEF_MAST_M, &predicted);
    belief_reduce(&predicted, BELIEF_KEPT);
    step->density = belief_weigh(model, fix, step->seconds, &belief->scale, &predicted, &weighed);
    belief_reduce(&weighed, BELIEF_COMPONENTS);
    belief->n = (uint32_t)weighed.n;
    for (size_t i = 0; i < BELIEF_COMPONENTS; i++) {
        bool is = i < weighed.n;

        belief->components[i] = is ? weighed.hypotheses[i].now : (struct belief_component){ 0 };
        step->origins[i] =
            is ? origin_of(&before, &weighed.hypotheses[i]) : (struct belief_origin){ 0 };
        step->before[i] = is && weighed.hypotheses[i].parent < BELIEF_ORIGINS
                              ? before.origins[weighed.hypotheses[i].parent]
                              : (struct belief_origin){ .born = 1 };
    }
    memcpy(belief->origins, step->origins, sizeof belief->origins);
    come(model, belief, step);
}

bool belief_hear(const struct belief_model *model, struct belief *belief,
                 const struct belief_fix *fix, struct belief_step *out_step)
{
    *out_step = (struct belief_step){ 0 };
    if (!is_fix(fix) || (belief->n > 0 && fix->when.ms <= belief->when.ms))
        return false;
    if (belief->n > 0 && fix->at.x == belief->last.x && fix->at.y == belief->last.y) {
        belief->frozen += belief->frozen < UINT32_MAX;
        return true;
    }
    if (belief->n == 0)
        meet(model, belief, fix);
    else
        go_on(model, belief, fix, out_step);
    belief->deviation = belief_deviation(model, fix->accuracy, belief->scale);
    belief->when = fix->when;
    belief->last = fix->at;
    belief->frozen = 0;
    return true;
}
