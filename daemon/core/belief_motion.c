/* SPDX-License-Identifier: Apache-2.0 */
/*
 * belief_motion.c - how a hypothesis goes on until the next fix: motion, and the receiver's error.
 */
#include "core/belief_parts.h"
#include "core/special.h"

static const double negligible = 1e-6; // a hypothesis of less weight is dropped

/* Of who sets out from rest, the part of the gap in which he went. */
static const double setting_out = 0.6;

struct belief_gait belief_gait_of(const struct belief_model *model, enum belief_mode mode,
                                  double seconds)
{
    double tau = model->tau[mode], s2 = belief_square(model->speed[mode]);
    double e = special_exp(-seconds / tau);

    return (struct belief_gait){
        .keep = e,
        .reach = tau * (1 - e),
        .qpp = s2 * tau * belief_most(2 * seconds - tau * (3 - 4 * e + e * e), 0),
        .qpv = s2 * tau * (1 - e) * (1 - e),
        .qvv = s2 * (1 - e * e),
    };
}

/* All that depends on the gap alone, reckoned once a fix. */
struct odds {
    const struct belief_model *model;
    double seconds;
    double times;                            // of a slow error that goes on
    double mode[BELIEF_MODES][BELIEF_MODES]; // from, to
    double quality[BELIEF_QUALITIES][BELIEF_QUALITIES];
    double keep_slow[2]; // of the slow error: at rest, in motion;
    double keep_wild;    // of a wild receiver that tells its accuracy, but of who is driven
    bool reported;       // it does
    struct belief_gait whole[BELIEF_MODES], half[BELIEF_MODES], out[BELIEF_MODES];
};

static void find_mode_odds(struct odds *odds)
{
    const struct belief_model *model = odds->model;
    const double jumps[BELIEF_MODES][BELIEF_MODES] = {
        { 0, 1 - model->still_to_drive, model->still_to_drive },
        { 1 - model->walk_to_drive, 0, model->walk_to_drive },
        { 1 - model->drive_to_walk, model->drive_to_walk, 0 },
    };

    for (int from = 0; from < BELIEF_MODES; from++) {
        double stay = special_exp(-odds->seconds / model->stay_s[from]);

        if (from == BELIEF_STILL) // people come back to where they rest
            stay = model->homing + (1 - model->homing) * stay;
        for (int to = 0; to < BELIEF_MODES; to++)
            odds->mode[from][to] = from == to ? stay : (1 - stay) * jumps[from][to];
    }
}

static struct odds odds_of(const struct belief_model *model, double seconds,
                           struct belief_kept kept, bool reported)
{
    struct odds odds = {
        .model = model, .seconds = seconds, .times = kept.times, .reported = reported
    };
    double both = model->to_wild + model->to_usual, turned = 1 - special_exp(-seconds * both);

    find_mode_odds(&odds);
    odds.quality[BELIEF_USUAL][BELIEF_WILD] = model->to_wild / both * turned;
    odds.quality[BELIEF_USUAL][BELIEF_USUAL] = 1 - model->to_wild / both * turned;
    odds.quality[BELIEF_WILD][BELIEF_USUAL] = model->to_usual / both * turned;
    odds.quality[BELIEF_WILD][BELIEF_WILD] = 1 - model->to_usual / both * turned;
    odds.keep_slow[0] = kept.share * special_exp(-seconds / model->error_still_s);
    odds.keep_slow[1] = kept.share * special_exp(-seconds / model->error_going_s);
    // Of an accuracy that is not told, four times it explains who comes in and stays as well.
    odds.keep_wild = kept.share * special_exp(-seconds / model->error_wild_s);
    for (enum belief_mode mode = BELIEF_WALK; mode < BELIEF_MODES; mode++) {
        odds.whole[mode] = belief_gait_of(model, mode, seconds);
        odds.half[mode] = belief_gait_of(model, mode, seconds / 2);
        odds.out[mode] = belief_gait_of(model, mode, setting_out * seconds);
    }
    return odds;
}

static void go(struct belief_component *c, const struct belief_gait *gait)
{
    double e = gait->keep, b = gait->reach;

    c->at = belief_along(c->at, c->velocity, b);
    c->velocity = (struct metres){ e * c->velocity.x, e * c->velocity.y };
    c->pp += 2 * b * c->pv + b * b * c->vv + gait->qpp;
    c->pv = e * (c->pv + b * c->vv) + gait->qpv;
    c->pu += b * c->vu;
    c->vv = e * e * c->vv + gait->qvv;
    c->vu *= e;
}

static void take_new_velocity(struct belief_component *c, double speed)
{
    c->velocity = (struct metres){ 0, 0 };
    c->pv = c->vu = 0;
    c->vv = speed * speed;
}

/* He stops on the way, nobody knows when: half of the gap in motion, and the spread of that. */
static void stop(const struct odds *odds, struct belief_component *c)
{
    go(c, &odds->half[c->mode]);
    c->pp += belief_square_of(c->velocity) * belief_square(odds->seconds) / 24;
    take_new_velocity(c, 0);
}

/* One change of mode at most in a gap. */
static void move(const struct odds *odds, enum belief_mode to, struct belief_component *c)
{
    const struct belief_model *model = odds->model;
    enum belief_mode from = (enum belief_mode)c->mode;

    if (from == BELIEF_STILL)
        c->pp += model->creep * odds->seconds;
    if (from == to) {
        if (to != BELIEF_STILL)
            go(c, &odds->whole[to]);
    } else if (to == BELIEF_STILL) {
        stop(odds, c);
    } else if (from == BELIEF_STILL) {
        take_new_velocity(c, model->speed[to]);
        go(c, &odds->out[to]);
    } else {
        go(c, &odds->half[from]);
        take_new_velocity(c, model->speed[to]);
        go(c, &odds->half[to]);
    }
    c->mode = to;
}

/* The slow error goes on; of a receiver that turned wild, or usual again, it is drawn anew. */
static void drift(const struct odds *odds, enum belief_quality to, struct belief_component *c)
{
    const struct belief_model *model = odds->model;
    double wild = belief_square(model->wild);
    double a = odds->keep_slow[c->mode != BELIEF_STILL], on;

    if (to == c->quality) {
        if (to == BELIEF_WILD && odds->reported && c->mode != BELIEF_DRIVE)
            a = odds->keep_wild;
        on = a * odds->times;
        c->slow = (struct metres){ on * c->slow.x, on * c->slow.y };
        c->pu *= on;
        c->vu *= on;
        c->uu = on * on * c->uu + (1 - a * a) * (to == BELIEF_WILD ? wild : model->rho);
        return;
    }
    c->quality = to;
    c->slow = (struct metres){ 0, 0 };
    c->pu = c->vu = 0;
    c->uu = to == BELIEF_WILD ? wild : model->rho;
}

static void tell_on(const struct odds *odds, const struct belief *belief, uint32_t nth,
                    struct belief_mixture *out)
{
    const struct belief_component *c = &belief->components[nth];

    for (enum belief_mode mode = 0; mode < BELIEF_MODES; mode++) {
        for (enum belief_quality quality = 0; quality < BELIEF_QUALITIES; quality++) {
            double weight =
                c->weight * odds->mode[c->mode][mode] * odds->quality[c->quality][quality];
            struct belief_hypothesis *hypothesis = &out->hypotheses[out->n];

            if (weight < negligible)
                continue;
            out->n++;
            hypothesis->now = *c;
            hypothesis->parent = nth;
            hypothesis->now.weight = weight;
            move(odds, mode, &hypothesis->now);
            drift(odds, quality, &hypothesis->now);
        }
    }
}

void belief_predict(const struct belief_model *model, const struct belief *belief, double seconds,
                    struct belief_kept kept, bool reported, struct belief_mixture *out)
{
    struct odds odds = odds_of(model, seconds, kept, reported);

    out->n = 0;
    for (uint32_t i = 0; i < belief->n; i++)
        tell_on(&odds, belief, i, out);
}
