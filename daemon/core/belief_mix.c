/* SPDX-License-Identifier: Apache-2.0 */
/* belief_mix.c - a mixture kept small: like hypotheses are merged, light ones go. */
#include "core/belief_parts.h"

static const double light = 1e-7; // a hypothesis of less weight goes, but for the heaviest

static bool within_times(double a, double b, double times, double beside)
{
    return belief_most(a, b) <= times * belief_least(a, b) + beside;
}

/* Place within 1 sd, velocity and slow error within 1.4, variances within a factor. */
static bool alike(const struct belief_component *a, const struct belief_component *b)
{
    if (a->mode != b->mode || a->quality != b->quality || !within_times(a->pp, b->pp, 4, 1))
        return false;
    if (belief_square_of(belief_from(a->at, b->at)) > belief_least(a->pp, b->pp))
        return false;
    if (a->mode != BELIEF_STILL && (!within_times(a->vv, b->vv, 6, 0) ||
                                    belief_square_of(belief_from(a->velocity, b->velocity)) >
                                        2 * belief_least(a->vv, b->vv) + 0.1))
        return false;
    return belief_square_of(belief_from(a->slow, b->slow)) <= 2 * belief_least(a->uu, b->uu) + 0.5;
}

static double dot(struct metres a, struct metres b)
{
    return a.x * b.x + a.y * b.y;
}

/* Moments are kept; the spread of the means goes by halves to each axis. */
static void merge(struct belief_component *a, const struct belief_component *b)
{
    double weight = a->weight + b->weight, f = a->weight / weight, g = b->weight / weight;
    double half = f * g / 2;
    struct metres at = belief_from(a->at, b->at), slow = belief_from(a->slow, b->slow),
                  velocity = belief_from(a->velocity, b->velocity);

    a->pp = f * a->pp + g * b->pp + half * dot(at, at);
    a->pv = f * a->pv + g * b->pv + half * dot(at, velocity);
    a->pu = f * a->pu + g * b->pu + half * dot(at, slow);
    a->vv = f * a->vv + g * b->vv + half * dot(velocity, velocity);
    a->vu = f * a->vu + g * b->vu + half * dot(velocity, slow);
    a->uu = f * a->uu + g * b->uu + half * dot(slow, slow);
    a->at = belief_along(a->at, at, g);
    a->velocity = belief_along(a->velocity, velocity, g);
    a->slow = belief_along(a->slow, slow, g);
    a->weight = weight;
}

/*
 * The places in the mixture of the hypotheses that are not light, heaviest first; those of one
 * weight as they stood. Where all are light, of the heaviest alone.
 */
static size_t rank(const struct belief_mixture *mixture, uint8_t order[BELIEF_WEIGHED])
{
    double weights[BELIEF_WEIGHED];
    size_t n = 0;

    for (size_t i = 0; i < mixture->n; i++) {
        double weight = mixture->hypotheses[i].now.weight;
        size_t at = n;

        if (weight < light && n > 0)
            continue;
        for (; at > 0 && weights[at - 1] < weight; at--) {
            weights[at] = weights[at - 1];
            order[at] = order[at - 1];
        }
        weights[at] = weight;
        order[at] = (uint8_t)i;
        n++;
    }
    while (n > 1 && weights[n - 1] < light) // the first may have been
        n--;
    return n;
}

/* Into the first that is like it; else beside them, where there is room. */
static void keep(struct belief_hypothesis *kept, size_t *n, size_t most,
                 const struct belief_hypothesis *hypothesis)
{
    size_t i = 0;

    while (i < *n && !alike(&kept[i].now, &hypothesis->now))
        i++;
    if (i < *n)
        merge(&kept[i].now, &hypothesis->now);
    else if (*n < most)
        kept[(*n)++] = *hypothesis;
}

void belief_reduce(struct belief_mixture *mixture, size_t most)
{
    struct belief_hypothesis kept[BELIEF_KEPT];
    uint8_t order[BELIEF_WEIGHED];
    size_t n = 0, ranked = rank(mixture, order);
    double sum = 0;

    for (size_t i = 0; i < ranked; i++)
        keep(kept, &n, most, &mixture->hypotheses[order[i]]);
    for (size_t i = 0; i < n; i++)
        sum += kept[i].now.weight;
    for (size_t i = 0; i < n; i++) {
        kept[i].now.weight /= sum;
        mixture->hypotheses[i] = kept[i];
    }
    mixture->n = n;
}
