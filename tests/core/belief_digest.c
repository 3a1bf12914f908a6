/* SPDX-License-Identifier: Apache-2.0 */
/*
 * belief_digest.c - the bytes of a belief after every fix of a fixed sequence, as one number:
 * belief_digest FIXES. For belief_flags.sh, which compiles it in several ways.
 */
#include "core/belief.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/dice.h"

enum { ANEW = 1000 };

/* FNV-1a. The lowest byte first, whatever the machine's order. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    for (int i = 0; i < 8; i++)
        hash = (hash ^ (word >> 8 * i & 255)) * 0x100000001b3;
    return hash;
}

static uint64_t mix_double(uint64_t hash, double value)
{
    union {
        double value;
        uint64_t bits;
    } both = { value };

    return mix(hash, both.bits);
}

static uint64_t mix_metres(uint64_t hash, struct metres at)
{
    return mix_double(mix_double(hash, at.x), at.y);
}

static uint64_t mix_component(uint64_t hash, const struct belief_component *c)
{
    hash = mix_metres(mix_metres(mix_metres(mix_double(hash, c->weight), c->at), c->velocity),
                      c->slow);
    hash = mix_double(mix_double(mix_double(hash, c->pp), c->pv), c->pu);
    hash = mix_double(mix_double(mix_double(hash, c->vv), c->vu), c->uu);
    return mix(mix(hash, c->mode), c->quality);
}

static uint64_t mix_belief(uint64_t hash, const struct belief *belief)
{
    hash =
        mix_double(mix_metres(mix(hash, (uint64_t)belief->when.ms), belief->last), belief->scale);
    hash = mix_double(mix_double(hash, belief->rested), belief->came);
    hash = mix(mix(hash, belief->n), belief->frozen);
    for (int i = 0; i < BELIEF_COMPONENTS; i++)
        hash = mix_component(hash, &belief->components[i]);
    return hash;
}

static double from_circle(const void *area, struct metres at, double horizon)
{
    (void)horizon;
    return sqrt(at.x * at.x + at.y * at.y) - *(const double *)area;
}

/* Of + - * / and shifts alone: no libm. Walks, leaps, masts, gaps of seconds to months. */
static struct belief_fix throw_fix(struct dice *dice, struct belief_fix before)
{
    double step = (double)(1 << dice_below(dice, dice_below(dice, 20) == 0 ? 18 : 7));
    struct belief_fix fix = { .accuracy = (double)(1 << dice_below(dice, 17)) / 10 };

    fix.when.ms = before.when.ms + 1 + dice_below(dice, 1U << dice_below(dice, 32));
    fix.at.x = before.at.x / 2 + dice_between(dice, -step, step);
    fix.at.y = before.at.y / 2 + dice_between(dice, -step, step);
    if (dice_below(dice, 8) == 0)
        fix.accuracy = NAN;
    if (dice_below(dice, 16) == 0)
        fix.at = before.at;
    return fix;
}

static uint64_t digest(long fixes)
{
    static const double radius = 100;
    const struct belief_zone named = { from_circle, &radius, 100 },
                             unnamed = { from_circle, &radius, NAN };
    struct dice dice = { 14 };
    struct belief belief = { .n = 0 };
    struct belief_fix fix = { .when = { 1 } };
    uint64_t hash = 0xcbf29ce484222325;

    for (long i = 0; i < fixes; i++) {
        struct belief_step step;
        struct belief_view view;
        double inside, way, before;

        if (i % ANEW == 0)
            belief = (struct belief){ .n = 0 };
        fix = throw_fix(&dice, fix);
        if (!belief_hear(&belief_usual, &belief, &fix, &step))
            exit(1);
        inside = belief_inside(&belief, i % 2 ? &named : &unnamed);
        view = belief_evaluate(&belief_usual, &belief, &step, &named);
        way = belief_way(&belief_usual, &belief, &step, &named);
        before = belief_way_before(&belief_usual, &belief, &step, &named);
        if (!(inside >= 0 && inside <= 1 && way >= 0 && way <= 1.000001 && before >= 0 &&
              before <= 1.000001 && view.inside >= 0 && view.inside <= 1 && view.proven >= 0 &&
              view.proven <= view.inside + 1e-12))
            exit(2);
        hash = mix_double(mix_double(mix_double(mix_belief(hash, &belief), inside), way), before);
        hash = mix_double(mix_double(hash, view.inside), view.proven);
    }
    return hash;
}

int main(int argc, char **argv)
{
    printf("%016" PRIx64 "\n", digest(argc > 1 ? strtol(argv[1], NULL, 10) : 1000));
    return 0;
}
