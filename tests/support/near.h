/* SPDX-License-Identifier: Apache-2.0 */
/* near.h - doubles compared as doubles: cmocka has floats only, off by a metre of longitude. */
#ifndef SUPPORT_NEAR_H
#define SUPPORT_NEAR_H

#include <math.h>

#include "support/test.h"

#define assert_near(got, want, tolerance) near_check(got, want, tolerance, __FILE__, __LINE__)

static inline void near_check(double got, double want, double tolerance, const char *file, int line)
{
    if (fabs(got - want) <= tolerance)
        return;
    print_error("%.12g is not within %g of %.12g\n", got, tolerance, want);
    _fail(file, line);
}

#endif
