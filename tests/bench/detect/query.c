/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/query.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>

const struct query query_all = { .behaviours = ~0U,
                                 .judge = ANY,
                                 .interval = ANY,
                                 .shape = ANY,
                                 .sky = ANY,
                                 .claim = ANY,
                                 .beside = ANY,
                                 .coverage = ANY,
                                 .accuracy = NAN,
                                 .depth_low = -INFINITY,
                                 .depth_high = INFINITY };

static bool is(int wanted, int got)
{
    return wanted == ANY || wanted == got;
}

static bool fits(const struct query *query, const struct setting *setting, enum judge judge)
{
    return (query->behaviours & BIT(setting->behaviour)) != 0 && is(query->judge, (int)judge) &&
           is(query->interval, setting->interval) && is(query->shape, setting->shape) &&
           is(query->sky, (int)setting->sky) && is(query->claim, (int)setting->claim) &&
           is(query->beside, setting->beside) && setting->beside >= query->beside_least;
}

static bool stay_fits(const struct query *query, const struct sample *sample)
{
    return fits(query, &sample->setting, sample->judge) &&
           is(query->coverage, (int)sample->coverage) &&
           (isnan(query->accuracy) || sample->accuracy <= query->accuracy) &&
           sample->depth >= query->depth_low && sample->depth < query->depth_high;
}

struct sums query_sums(const struct results *results, const struct query *query)
{
    struct sums sums = { 0 };

    for (size_t i = 0; i < results->n; i++) {
        const struct result *one = &results->list[i];

        if (!fits(query, &one->setting, one->judge))
            continue;
        sums.runs++;
        sums.stays += one->stays;
        sums.days += one->outside / 86400;
        sums.approaches += one->approaches;
        sums.possibles += one->possibles;
        sums.breaches += one->breaches;
        sums.pasts += one->pasts;
        sums.alerts += one->alerts;
        sums.false_approaches += one->false_approaches;
        sums.false_possibles += one->false_possibles;
        sums.false_breaches += one->false_breaches;
        sums.false_pasts += one->false_pasts;
        sums.open_outside += one->open_outside;
    }
    return sums;
}

struct rates query_rates(const struct results *results, const struct query *query)
{
    struct rates rates = { 0 };

    for (size_t i = 0; i < results->n_samples; i++) {
        const struct sample *sample = &results->samples[i];

        if (!stay_fits(query, sample))
            continue;
        rates.stays++;
        rates.possible += !isnan(sample->possible.s);
        rates.breach += !isnan(sample->breach.s);
        rates.breach_or_past += !isnan(sample->breach.s) || !isnan(sample->past.s);
        rates.warned += !isnan(sample->warned_s);
    }
    rates.possible /= (double)rates.stays;
    rates.breach /= (double)rates.stays;
    rates.breach_or_past /= (double)rates.stays;
    rates.warned /= (double)rates.stays;
    return rates;
}

static double delay_of(const struct sample *sample, enum delay delay)
{
    switch (delay) {
    case POSSIBLE_SECONDS:
        return sample->possible.s;
    case POSSIBLE_PINGS:
        return sample->possible.pings;
    case POSSIBLE_DEEP_PINGS:
        return sample->possible.deep_pings;
    case BREACH_SECONDS:
        return sample->breach.s;
    case BREACH_PINGS:
        return sample->breach.pings;
    case BREACH_DEEP_PINGS:
        return sample->breach.deep_pings;
    case CLEARED_SECONDS:
        return sample->cleared_s;
    case WARNED_SECONDS:
        return sample->warned_s;
    }
    return NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double query_delay(const struct results *results, const struct query *query, enum delay delay,
                   double part)
{
    double *values = calloc(results->n_samples + 1, sizeof *values), got = NAN;
    size_t n = 0;

    if (values == NULL)
        err(1, "delays");
    for (size_t i = 0; i < results->n_samples; i++) {
        double one = delay_of(&results->samples[i], delay);

        if (stay_fits(query, &results->samples[i]) && !isnan(one))
            values[n++] = one;
    }
    qsort(values, n, sizeof *values, ascending);
    if (n > 0)
        got = values[(size_t)ceil(part * (double)n) - 1];
    free(values);
    return got;
}
