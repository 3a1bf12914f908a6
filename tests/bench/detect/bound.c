/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/bound.h"

#include <math.h>

/* P(X <= k) of n throws. */
static double at_most(size_t k, size_t n, double p)
{
    double sum = 0;

    for (size_t i = 0; i <= k; i++)
        sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) +
                   (double)i * log(p) + (double)(n - i) * log1p(-p));
    return sum;
}

/* Where P(X <= k) comes down to `wanted`. */
static double solve(size_t k, size_t n, double wanted)
{
    double low = 0, high = 1;

    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;

        *(at_most(k, n, middle) > wanted ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

struct bound bound_of(size_t k, size_t n)
{
    struct bound bound = { 0, 1 };

    if (n == 0)
        return bound;
    if (k > 0)
        bound.low = solve(k - 1, n, 0.975);
    if (k < n)
        bound.high = solve(k, n, 0.025);
    return bound;
}
