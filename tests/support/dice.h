/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dice.h - the same throws for the same seed, everywhere. The seed is DICE_SEED of the
 * environment, or a fixed one.
 */
#ifndef SUPPORT_DICE_H
#define SUPPORT_DICE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct dice {
    uint64_t state;
};

static inline unsigned long dice_seed(void)
{
    const char *seed = getenv("DICE_SEED");

    return seed ? strtoul(seed, NULL, 10) : 20200623;
}

/* Dice for a test, which tells how they can be thrown again. */
static inline struct dice dice_begin(void)
{
    unsigned long seed = dice_seed();

    printf("DICE_SEED=%lu\n", seed);
    return (struct dice){ seed };
}

/* SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
static inline uint64_t dice_throw(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static inline unsigned dice_below(struct dice *dice, unsigned limit)
{
    return (unsigned)(dice_throw(dice) % limit);
}

static inline double dice_between(struct dice *dice, double low, double high)
{
    return low + (high - low) * ((double)(dice_throw(dice) >> 11) / 9007199254740992.0);
}

/* Near to a normal one of mean 0 and deviation 1, within 6 of it. */
static inline double dice_normal(struct dice *dice)
{
    double sum = 0;

    for (int i = 0; i < 12; i++)
        sum += dice_between(dice, -0.5, 0.5);
    return sum;
}

#endif
