/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence.h"

#include <math.h>

/* A round Gaussian holds 68 % within r = sigma * sqrt(-2 ln 0.32) (the Rayleigh distribution). */
static const double radius_in_sigmas = 1.5096;

static const double tail_share = 0.05, tail_width = 4;

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Of a Gaussian's mass, what lies below -x. */
static double beyond(double x)
{
    return erfc(x / sqrt(2)) / 2;
}

double evidence_inside(double distance, double accuracy)
{
    double x = distance / (accuracy / radius_in_sigmas);

    if (isnan(distance))
        return 0.5;
    return (1 - tail_share) * beyond(x) + tail_share * beyond(x / tail_width);
}

double evidence_score(double probability)
{
    return log(probability / (1 - probability));
}

double evidence_probability(double score)
{
    return 1 / (1 + exp(-score));
}

double evidence_log_odds(double probability)
{
    double edge = evidence_probability(EVIDENCE_SURE);

    return isnan(probability) ? 0 : evidence_score(clamp(probability, 1 - edge, edge));
}

double evidence_odds(double distance, double accuracy)
{
    return evidence_log_odds(evidence_inside(distance, accuracy));
}

double evidence_weight(int64_t ms, double moved, int64_t tau_ms)
{
    double same = 1 - tanh(fmax((double)ms, 0) / (2 * (double)tau_ms));

    return 1 - same * exp(-moved / EVIDENCE_APART_M);
}

double evidence_add(double score, double odds, double weight, double floor)
{
    double sum = score + weight * odds;

    sum = odds > 0 ? fmax(sum, odds) : fmin(sum, floor + EVIDENCE_SURE + odds);
    return clamp(sum, floor, EVIDENCE_SURE);
}
