/* SPDX-License-Identifier: Apache-2.0 */
/* belief_fix.c - what one fix says to each hypothesis: good, lost, or moved unseen. */
#include "core/belief_parts.h"
#include "core/special.h"

#include <math.h>

static const double pi = 3.14159265358979323846;
static const double radius_68 = 1.5096; // of a round Gaussian, in sd
static const double lost_core = 3;      // sd: a fix lost is seldom nearer,
static const double lost_decades = 6;   // and as likely in each of so many e-folds of distance
static const double surprise_most = 4;  // of one fix, when the scale is learnt
static const double surprise_none = 9;  // what a mode without any weight says of it
static const double least_place = 1e-6; // m2

/* The fix and its scales: one, or two when its accuracy is not told. */
struct hearing {
    const struct belief_model *model;
    const struct belief_fix *fix;
    double seconds;
    bool unknown, mast;
    double deviation;                                    // s
    double lost;                                         // prior
    double surprise[BELIEF_MODES], weight[BELIEF_MODES]; // of the good, by mode
    double all;                                          // weight of all explanations
    double beyond;                                       // density of a fix from elsewhere
};

double belief_deviation(const struct belief_model *model, double accuracy, double scale)
{
    double reported = isnan(accuracy) ? model->unknown : accuracy;

    if (!(accuracy > BELIEF_MAST_M))
        reported *= scale;
    return sqrt(belief_square(reported * model->scale) + belief_square(model->floor)) / radius_68;
}

/* The Kalman gain of both axes; H is [1, 0, s]. */
static void update(struct belief_component *c, double s, double variance, struct metres off)
{
    double hp = c->pp + s * c->pu, hv = c->pv + s * c->vu, hu = c->pu + s * c->uu;
    double kp = hp / variance, kv = hv / variance, ku = hu / variance;

    c->at = belief_along(c->at, off, kp);
    c->velocity = belief_along(c->velocity, off, kv);
    c->slow = belief_along(c->slow, off, ku);
    c->pp = belief_most(c->pp - kp * hp, least_place);
    c->pv -= kp * hv;
    c->pu -= kp * hu;
    c->vv = belief_most(c->vv - kv * hv, 0);
    c->vu -= kv * hu;
    c->uu = belief_most(c->uu - ku * hu, 0);
}

/* The fix is good, with an error `times` what it tells; false when that is beyond reckoning. */
static bool take_for_good(struct hearing *hearing, struct belief_component *c, double times,
                          double share)
{
    double s = hearing->deviation * times;
    double variance = c->pp + 2 * s * c->pu + s * s * c->uu + (1 - hearing->model->rho) * s * s;
    struct metres off = belief_from(belief_along(c->at, c->slow, s), hearing->fix->at);
    double surprise = belief_square_of(off) / (2 * variance);

    c->weight *= (1 - hearing->lost) * share * special_exp(-surprise) / (2 * pi * variance);
    if (!(c->weight > 0))
        return false;
    update(c, s, variance, off);
    hearing->all += c->weight;
    hearing->weight[c->mode] += c->weight;
    hearing->surprise[c->mode] += c->weight * belief_least(surprise * times * times, surprise_most);
    return true;
}

/* The density of a fix from anywhere; without Ppp, who may be anywhere would call each lost. */
static double density_beyond(const struct hearing *hearing, const struct belief_component *c)
{
    double r2 = belief_square_of(belief_from(c->at, hearing->fix->at));
    double core = belief_square(lost_core * hearing->deviation);

    return c->weight / (2 * pi * (r2 + core + 2 * c->pp) * lost_decades);
}

static void add_good(struct hearing *hearing, const struct belief_hypothesis *hypothesis,
                     double times, double share, struct belief_mixture *out)
{
    out->hypotheses[out->n] = *hypothesis;
    out->n += take_for_good(hearing, &out->hypotheses[out->n].now, times, share);
}

static void add_lost(struct hearing *hearing, const struct belief_hypothesis *hypothesis,
                     struct belief_mixture *out)
{
    double density = density_beyond(hearing, &hypothesis->now);

    out->hypotheses[out->n] = *hypothesis;
    out->hypotheses[out->n++].now.weight = hearing->lost * density;
    hearing->all += hearing->lost * density;
    hearing->beyond += density;
}

/* He drives at the fix now, and nobody saw how he came there. */
static void add_moved(struct hearing *hearing, struct belief_mixture *out)
{
    const struct belief_model *model = hearing->model;
    double s = hearing->deviation;
    double weight = model->moved * hearing->beyond *
                    (1 - special_exp(-hearing->seconds / model->moved_s)) *
                    (hearing->mast ? 0.1 : 1);

    out->hypotheses[out->n++] = (struct belief_hypothesis){
        .now = { .weight = weight,
                 .at = hearing->fix->at,
                 .pp = s * s,
                 .pu = -s * model->rho,
                 .vv = belief_square(model->speed[BELIEF_DRIVE]),
                 .uu = model->rho,
                 .mode = BELIEF_DRIVE },
        .parent = BELIEF_BORN,
    };
    hearing->all += weight;
}

/*
 * The scale grows when fixes are farther off than foretold, by the less surprised of still and
 * walk: of the winner alone it would run away. Quick fixes show white noise alone, so without an
 * accuracy told they make it no smaller.
 */
static void learn(const struct hearing *hearing, double *scale)
{
    const struct belief_model *model = hearing->model;
    double good = 0, least = surprise_none, rate;

    for (int mode = 0; mode < BELIEF_MODES; mode++)
        good += hearing->weight[mode];
    for (int mode = BELIEF_STILL; mode <= BELIEF_WALK; mode++) {
        if (hearing->weight[mode] > 0)
            least = belief_least(least, hearing->surprise[mode] / hearing->weight[mode]);
    }
    least = belief_least(least, surprise_most);
    if (hearing->mast || !(good > 0.3 * hearing->all) ||
        (hearing->unknown && least <= 1 && hearing->seconds < model->learn_gap_s))
        return;
    rate = hearing->unknown ? model->learn_unknown : model->learn_reported;
    *scale *= special_exp(rate * (least - 1));
    *scale = belief_most(*scale, hearing->unknown ? model->least_unknown : 1);
    *scale = belief_least(*scale, hearing->unknown ? model->most_unknown : model->most_reported);
}

double belief_weigh(const struct belief_model *model, const struct belief_fix *fix, double seconds,
                    double *scale, const struct belief_mixture *predicted,
                    struct belief_mixture *out)
{
    struct hearing hearing = { .model = model,
                               .fix = fix,
                               .seconds = seconds,
                               .unknown = isnan(fix->accuracy),
                               .mast = fix->accuracy > BELIEF_MAST_M,
                               .deviation = belief_deviation(model, fix->accuracy, *scale) };

    hearing.lost = hearing.mast ? model->lost + (1 - model->lost) * model->lost_mast : model->lost;
    out->n = 0;
    for (size_t i = 0; i < predicted->n; i++) {
        const struct belief_hypothesis *hypothesis = &predicted->hypotheses[i];

        add_good(&hearing, hypothesis, 1, hearing.unknown ? 1 - model->unknown_share : 1, out);
        if (hearing.unknown)
            add_good(&hearing, hypothesis, model->unknown_times, model->unknown_share, out);
        add_lost(&hearing, hypothesis, out);
    }
    add_moved(&hearing, out);
    learn(&hearing, scale);
    for (size_t i = 0; i < out->n; i++)
        out->hypotheses[i].now.weight /= hearing.all;
    return hearing.all;
}
