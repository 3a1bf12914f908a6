/* SPDX-License-Identifier: Apache-2.0 */
#include "core/radius.h"

#include "core/special.h"

#include <math.h>

/* In sd, squared: of two the ratio is all that is asked for. */
static double squared(double percentile)
{
    return -2 * special_log(1 - percentile / 100);
}

static double times_usual(double percentile)
{
    return percentile == 0 || percentile == RADIUS_PERCENTILE
               ? 1
               : sqrt(squared(percentile) / squared(RADIUS_PERCENTILE));
}

double radius_usual(double reported, double percentile)
{
    return reported / times_usual(percentile);
}

double radius_reported(double usual, double percentile)
{
    return usual * times_usual(percentile);
}
