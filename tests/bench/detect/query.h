/* SPDX-License-Identifier: Apache-2.0 */
/* query.h - questions to the results: of which settings, and what. */
#ifndef DETECT_QUERY_H
#define DETECT_QUERY_H

#include "detect/score.h"

enum { ANY = -1 };

/* ANY, or the one wanted. Start from query_all. */
struct query {
    unsigned behaviours; /* bit n: behaviour n */
    int judge, interval, shape, sky, claim, beside;
    int beside_least;             /* of STAND_BESIDE: that distance and more */
    int coverage;                 /* of stays: what pings saw of it */
    double accuracy;              /* only stays with a reported accuracy up to this; NaN: any */
    double depth_low, depth_high; /* metres, of stays */
};

extern const struct query query_all;

#define BIT(behaviour) (1U << (behaviour))

/* Over the runs that fit. */
struct sums {
    size_t runs, stays;
    double days; /* truly outside */
    double approaches, possibles, breaches, pasts, alerts;
    double false_approaches, false_possibles, false_breaches, false_pasts;
    double open_outside; /* seconds */
};

struct sums query_sums(const struct results *results, const struct query *query);

/* Over the stays that fit. */
struct rates {
    size_t stays;
    double possible, breach, warned; /* 0..1 of them told as at least that; NaN: no stays */
    double breach_or_past;           /* the same, `retrospective` of severity high being told */
};

struct rates query_rates(const struct results *results, const struct query *query);

enum delay {
    POSSIBLE_SECONDS,
    POSSIBLE_PINGS,      /* after the first one truly inside */
    POSSIBLE_DEEP_PINGS, /* after the first one 10 m deep */
    BREACH_SECONDS,
    BREACH_PINGS,
    BREACH_DEEP_PINGS,
    CLEARED_SECONDS,
    WARNED_SECONDS, /* before the crossing */
};

/* The given part (0.5, 0.95) of the delays of stays that fit and were told; NaN: none. */
double query_delay(const struct results *results, const struct query *query, enum delay delay,
                   double part);

#endif
