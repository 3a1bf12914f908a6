/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence.h"

#include <math.h>

/* A round Gaussian holds 68 % within r = sigma * sqrt(-2 ln 0.32) (the Rayleigh distribution). */
static const double radius_in_sigmas = 1.5096;

double evidence_inside(double distance, double accuracy)
{
    if (isnan(distance))
        return 0.5;
    return erfc(distance / (accuracy / radius_in_sigmas) / sqrt(2)) / 2;
}
