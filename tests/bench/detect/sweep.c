/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sweep.h"

#include "detect/query.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SWEEP_STAYS = 1440, SWEEP_STANDS = 900, SWEEP_TEXT_MAX = 4096 };

/* A point: false alarms a day of those who stand 20 m and more outside, and stays told. */
static void add_point(const struct results *results, enum judge judge, bool breach,
                      struct series *series, const char *mark)
{
    struct query query = query_all;
    struct rates rates;
    struct sums sums;
    double alarms;

    query.judge = (int)judge;
    query.claim = CLAIM_RIGHT;
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    rates = query_rates(results, &query);
    query.behaviours = BIT(STAND_BESIDE);
    query.beside_least = 1;
    sums = query_sums(results, &query);
    alarms = sums.false_breaches + (breach ? 0 : sums.false_possibles);
    series_add(series, alarms / sums.days, 100 * (breach ? rates.breach : rates.possible), mark);
}

static void run(struct sim *sim, bool rivals, struct results *results)
{
    sim_some(sim, STAY_LONG, SWEEP_STAYS, rivals, results);
    sim_some(sim, STAY_SHORT, SWEEP_STAYS, rivals, results);
    sim_some(sim, STAND_BESIDE, SWEEP_STANDS, rivals, results);
}

static void add_value(struct sim *sim, const char *key, const char *value, const char *lines,
                      struct chart *out)
{
    char text[SWEEP_TEXT_MAX];
    struct results results = { 0 };

    snprintf(text, sizeof text, "%s%s = %s\n", lines, key, value);
    sim->detect = judge_detect(text);
    run(sim, false, &results);
    add_point(&results, OURS, false, &out->series[0], value);
    add_point(&results, OURS, true, &out->series[1], value);
    results_fini(&results);
}

void sweep_run(struct sim *sim, const char *wish, const char *lines, struct chart *out)
{
    static char copies[CHART_SERIES_MAX][256], names[CHART_SERIES_MAX][64];
    static size_t n_copies;
    char *rest, *key, *value;
    struct results results = { 0 };

    if (n_copies == CHART_SERIES_MAX)
        errx(2, "--sweep: more than %d", CHART_SERIES_MAX);
    rest = copies[n_copies];
    snprintf(rest, sizeof copies[0], "%s", wish);
    key = strsep(&rest, "=");
    snprintf(names[n_copies], sizeof names[0], "trade-%s", key);
    *out = (struct chart){ .file = names[n_copies++],
                           .title = key,
                           .note = "False alarms are of those who stand 20 to 100 m outside; stays "
                                   "are all true ones, seen by a ping or not.",
                           .x = { "false alarms a device and day", true, 0, 0 },
                           .y = { "true stays told, %", false, 0, 0 },
                           .digits = 2 };
    chart_add(out, "breachd, possible");
    chart_add(out, "breachd, breach");
    while ((value = strsep(&rest, ",")) != NULL)
        add_value(sim, key, value, lines, out);
    sim->detect = judge_detect(lines);
    run(sim, true, &results);
    for (enum judge judge = PLAIN; judge < JUDGES; judge++)
        add_point(&results, judge, true, chart_add(out, judge_name(judge)), NULL);
    results_fini(&results);
}
