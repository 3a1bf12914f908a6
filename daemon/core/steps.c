/* SPDX-License-Identifier: Apache-2.0 */
#include "core/steps.h"

#include <math.h>
#include <stddef.h>

static double nearest(double value, double step)
{
    return round(value / step) * step;
}

double steps_distance(double distance)
{
    return distance > 0 ? fmax(nearest(distance, STEPS_METRES), STEPS_METRES) : distance;
}

double steps_depth(double depth)
{
    return depth < 0 ? -steps_distance(-depth) : nearest(depth, STEPS_METRES);
}

double steps_seconds(double seconds)
{
    return seconds > 0 ? fmax(nearest(seconds, STEPS_SECONDS), STEPS_SECONDS) : seconds;
}

double steps_probability(double probability)
{
    static const double steps[] = { 0,   0.01, 0.05, 0.1, 0.2,  0.3,  0.4, 0.5,
                                    0.6, 0.7,  0.8,  0.9, 0.95, 0.99, 1 };
    double best = NAN;

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if ((steps[i] < 0.5) == (probability < 0.5) &&
            !(fabs(best - probability) <= fabs(steps[i] - probability)))
            best = steps[i];
    }
    return isnan(probability) ? NAN : best;
}
