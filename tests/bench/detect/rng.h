/* SPDX-License-Identifier: Apache-2.0 */
/* rng.h - chance that comes again: xoshiro256** (Blackman and Vigna), seeded by splitmix64. */
#ifndef DETECT_RNG_H
#define DETECT_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state[4];
};

/* A stream of its own for each (seed, kind, nth), so that one more run changes no other. */
struct rng rng_of(uint64_t seed, uint64_t kind, uint64_t nth);

double rng_unit(struct rng *rng); /* 0 <= x < 1 */
double rng_between(struct rng *rng, double low, double high);
double rng_log_between(struct rng *rng, double low, double high); /* even in the logarithm */
double rng_normal(struct rng *rng);                               /* mean 0, variance 1 */
double rng_exponential(struct rng *rng, double mean);
bool rng_chance(struct rng *rng, double probability);

#endif
