/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/curves.h"

#include "detect/sim.h"

#include <math.h>
#include <stdio.h>

enum grade { AT_LEAST_POSSIBLE, BREACH };

/* Of stays told, in per cent. */
static double alerted(const struct results *results, const struct query *query, enum grade grade)
{
    struct rates rates = query_rates(results, query);

    return 100 * (grade == BREACH ? rates.breach : rates.possible);
}

static void drives_by_radius(const struct results *results, struct chart *chart)
{
    struct query query = query_all;

    *chart = (struct chart){ .file = "drives-radius",
                             .title = "Straight through at 30 mph, a ping a minute",
                             .x = { "radius, m", true, 40, 600 },
                             .y = { "told at least possible, %", false, 0, 100 },
                             .digits = 1 };
    query.behaviours = BIT(DRIVE_30MPH);
    query.interval = 3;
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        struct series *series = chart_add(chart, judge_name((enum judge)query.judge));

        for (query.shape = 0; query.shape < RADII; query.shape++)
            series_add(series, sim_radii[query.shape], alerted(results, &query, AT_LEAST_POSSIBLE),
                       NULL);
    }
}

static void drives_by_interval(const struct results *results, struct chart *chart)
{
    struct query query = query_all;

    *chart = (struct chart){ .file = "drives-interval",
                             .title = "Straight through a radius of 100 m at 30 mph",
                             .x = { "seconds between pings", true, 0.8, 80 },
                             .y = { "told at least possible, %", false, 0, 100 },
                             .digits = 1 };
    query.behaviours = BIT(DRIVE_30MPH);
    query.shape = 1;
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        struct series *series = chart_add(chart, judge_name((enum judge)query.judge));

        for (query.interval = 0; query.interval < INTERVALS; query.interval++)
            series_add(series, sim_intervals[query.interval],
                       alerted(results, &query, AT_LEAST_POSSIBLE), NULL);
    }
}

static void stays_by_depth(const struct results *results, enum grade grade, struct chart *chart)
{
    static const double depths[] = { 11, 15, 20, 30, 50, 100 };
    struct query query = query_all;

    *chart = (struct chart){ .file = grade == BREACH ? "stays-depth-breach" : "stays-depth",
                             .title = grade == BREACH ? "True stays told as breach"
                                                      : "True stays told at least possible",
                             .note = "A column is of the stays from that depth up to the next.",
                             .x = { "depth, m", true, 10, 110 },
                             .y = { "told, %", false, 50, 100 },
                             .digits = 2 };
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.claim = CLAIM_RIGHT;
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        struct series *series = chart_add(chart, judge_name((enum judge)query.judge));

        for (size_t i = 0; i < 6; i++) {
            query.depth_low = i == 0 ? 0 : depths[i];
            query.depth_high = i == 5 ? INFINITY : depths[i + 1];
            series_add(series, depths[i], alerted(results, &query, grade), NULL);
        }
    }
}

static void delay_by_interval(const struct results *results, enum delay delay, struct chart *chart)
{
    struct query query = query_all;

    *chart =
        (struct chart){ .file = delay == BREACH_SECONDS ? "delay-breach" : "delay-possible",
                        .title = delay == BREACH_SECONDS
                                     ? "From the true crossing to breach, p95"
                                     : "From the true crossing to possible, p95",
                        .note = "Of those told at all: a judge that misses the hard ones looks "
                                "quick here.",
                        .x = { "seconds between pings", true, 0.8, 80 },
                        .y = { "seconds", true, 1, 1000 },
                        .digits = 0 };
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.claim = CLAIM_RIGHT;
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        struct series *series = chart_add(chart, judge_name((enum judge)query.judge));

        for (query.interval = 0; query.interval < INTERVALS; query.interval++)
            series_add(series, sim_intervals[query.interval],
                       query_delay(results, &query, delay, 0.95), NULL);
    }
}

static void alarms_by_distance(const struct results *results, struct chart *chart)
{
    struct query query = query_all;
    struct series *possible;

    *chart = (struct chart){ .file = "alarms-distance",
                             .title = "False alarms of somebody who stands outside",
                             .x = { "metres from the edge", true, 8, 120 },
                             .y = { "false alarms a device and day", true, 0.01, 10000 },
                             .note = "What is 0 stands at the foot of the drawing.",
                             .digits = 2 };
    query.behaviours = BIT(STAND_BESIDE);
    query.claim = CLAIM_RIGHT;
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        struct series *series = chart_add(chart, judge_name((enum judge)query.judge));

        for (query.beside = 0; query.beside < BESIDE; query.beside++) {
            struct sums sums = query_sums(results, &query);

            series_add(series, world_beside[query.beside], sums.false_breaches / sums.days, NULL);
        }
    }
    query.judge = OURS;
    possible = chart_add(chart, "breachd, possible");
    for (query.beside = 0; query.beside < BESIDE; query.beside++) {
        struct sums sums = query_sums(results, &query);

        series_add(possible, world_beside[query.beside], sums.false_possibles / sums.days, NULL);
    }
}

static void stills_by_edge(const struct stills *stills, struct chart *chart)
{
    struct series *possible;

    *chart = (struct chart){ .file = "stills-edge",
                             .title = "Real still devices: false alarms, all recordings and zones",
                             .x = { "metres from the edge", true, 8, 120 },
                             .y = { "false alarms in all", true, 0.5, 1000 },
                             .note = "What is 0 stands at the foot of the drawing.",
                             .digits = 0 };
    for (enum judge judge = OURS; judge < JUDGES; judge++) {
        struct series *series = chart_add(chart, judge_name(judge));

        for (int edge = 0; edge < STILL_EDGES; edge++)
            series_add(series, still_edges[edge], (double)still_sum(stills, judge, edge).breaches,
                       NULL);
    }
    possible = chart_add(chart, "breachd, possible");
    for (int edge = 0; edge < STILL_EDGES; edge++)
        series_add(possible, still_edges[edge], (double)still_sum(stills, OURS, edge).possibles,
                   NULL);
}

size_t curves_draw(const struct results *results, const struct stills *stills,
                   struct chart charts[CURVES_MAX])
{
    size_t n = 0;

    drives_by_radius(results, &charts[n++]);
    drives_by_interval(results, &charts[n++]);
    stays_by_depth(results, AT_LEAST_POSSIBLE, &charts[n++]);
    stays_by_depth(results, BREACH, &charts[n++]);
    delay_by_interval(results, POSSIBLE_SECONDS, &charts[n++]);
    delay_by_interval(results, BREACH_SECONDS, &charts[n++]);
    alarms_by_distance(results, &charts[n++]);
    if (stills->recordings[0] > 0)
        stills_by_edge(stills, &charts[n++]);
    return n;
}
