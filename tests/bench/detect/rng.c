/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/rng.h"

#include <math.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct rng rng_of(uint64_t seed, uint64_t kind, uint64_t nth)
{
    struct rng rng;
    uint64_t state = seed;

    state = splitmix(&state) ^ kind;
    state = splitmix(&state) ^ nth;
    for (int i = 0; i < 4; i++)
        rng.state[i] = splitmix(&state);
    return rng;
}

static uint64_t turn(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static uint64_t next(struct rng *rng)
{
    uint64_t *s = rng->state, out = turn(s[1] * 5, 7) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turn(s[3], 45);
    return out;
}

double rng_unit(struct rng *rng)
{
    return (double)(next(rng) >> 11) * 0x1p-53;
}

double rng_between(struct rng *rng, double low, double high)
{
    return low + (high - low) * rng_unit(rng);
}

double rng_log_between(struct rng *rng, double low, double high)
{
    return exp(rng_between(rng, log(low), log(high)));
}

double rng_normal(struct rng *rng)
{
    double radius = sqrt(-2 * log(1 - rng_unit(rng)));

    return radius * cos(2 * M_PI * rng_unit(rng)); // Box and Muller; the other half is let go
}

double rng_exponential(struct rng *rng, double mean)
{
    return -mean * log(1 - rng_unit(rng));
}

bool rng_chance(struct rng *rng, double probability)
{
    return rng_unit(rng) < probability;
}
