/* SPDX-License-Identifier: Apache-2.0 */
/* bound.h - how far a share counted may be from the true one. */
#ifndef DETECT_BOUND_H
#define DETECT_BOUND_H

#include <stddef.h>

/*
 * 95 % bounds of a share of which k in n were seen (C. J. Clopper, E. S. Pearson, Biometrika 26
 * (1934) 404). 0..1 for n = 0.
 */
struct bound {
    double low, high;
};
struct bound bound_of(size_t k, size_t n);

#endif
