/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sweep.h"

#include "detect/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SWEEP_STAYS = 1440, SWEEP_STANDS = 900, SWEEP_TEXT_MAX = 4096 };

/* One judge at one value: false alarms a day of those who stand 20 m and more outside. */
static void add_point(const struct results *results, enum judge judge, bool breach, size_t series,
                      const char *mark, struct chart out[SWEEP_CHARTS])
{
    struct query query = query_all;
    enum delay delay = breach ? BREACH_SECONDS : POSSIBLE_SECONDS;
    struct rates rates;
    struct sums sums;
    double alarms;

    query.judge = (int)judge;
    query.claim = CLAIM_RIGHT;
    query.behaviours = BIT(STAND_BESIDE);
    query.beside_least = 1;
    sums = query_sums(results, &query);
    alarms = (sums.false_breaches + (breach ? 0 : sums.false_possibles)) / sums.days;
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.beside_least = 0;
    rates = query_rates(results, &query);
    series_add(&out[0].series[series], alarms, 100 * (breach ? rates.breach : rates.possible),
               mark);
    series_add(&out[1].series[series], alarms, query_delay(results, &query, delay, 0.95), mark);
}

static void run(struct sim *sim, bool rivals, struct results *results)
{
    sim_some(sim, STAY_LONG, SWEEP_STAYS, rivals, results);
    sim_some(sim, STAY_SHORT, SWEEP_STAYS, rivals, results);
    sim_some(sim, STAND_BESIDE, SWEEP_STANDS, rivals, results);
}

static void add_value(struct sim *sim, const char *key, const char *value, const char *lines,
                      struct sweep *sweep)
{
    char text[SWEEP_TEXT_MAX], *mark = sweep->marks[sweep->charts[0].series[0].n];
    struct detect without = judge_detect(lines);
    struct results results = { 0 };

    snprintf(text, sizeof text, "%s%s = %s\n", lines, key, value);
    sim->detect = judge_detect(text);
    snprintf(mark, sizeof *sweep->marks, "%s%s", value,
             memcmp(&sim->detect, &without, sizeof without) == 0 ? ", taken" : "");
    run(sim, false, &results);
    add_point(&results, OURS, false, 0, mark, sweep->charts);
    add_point(&results, OURS, true, 1, mark, sweep->charts);
    results_fini(&results);
}

static void add_rivals(struct sim *sim, const char *lines, struct chart out[SWEEP_CHARTS])
{
    struct results results = { 0 };

    sim->detect = judge_detect(lines);
    run(sim, true, &results);
    for (enum judge judge = PLAIN; judge < JUDGES; judge++) {
        for (int i = 0; i < SWEEP_CHARTS; i++)
            chart_add(&out[i], judge_name(judge));
        add_point(&results, judge, true, 2 + (size_t)(judge - PLAIN), NULL, out);
    }
    results_fini(&results);
}

static void make_charts(struct sweep *sweep, const char *key)
{
    struct chart *out = sweep->charts;

    for (int i = 0; i < SWEEP_CHARTS; i++) {
        snprintf(sweep->files[i], sizeof sweep->files[i], "trade-%s%s", key, i ? "-delay" : "");
        snprintf(sweep->titles[i], sizeof sweep->titles[i], "%s: %s against false alarms", key,
                 i ? "delay" : "detection");
        out[i] = (struct chart){ .file = sweep->files[i],
                                 .title = sweep->titles[i],
                                 .x = { "false alarms a device and day", true, 0, 0 },
                                 .digits = 2 };
        chart_add(&out[i], "breachd, possible");
        chart_add(&out[i], "breachd, breach");
    }
    out[0].y.name = "true stays told, %";
    out[0].note =
        "False alarms are of those who stand 20 to 100 m outside; stays are all true ones, "
        "seen by a ping or not.";
    out[1].y = (struct axis){ "p95 seconds from the true crossing", true, 0, 0 };
    out[1].note = "Of those told at all.";
}

void sweep_run(struct sim *sim, const char *assignment, const char *lines, struct sweep *out)
{
    char *rest = out->assignment, *key, *value;

    *out = (struct sweep){ 0 };
    snprintf(out->assignment, sizeof out->assignment, "%s", assignment);
    key = strsep(&rest, "=");
    make_charts(out, key);
    while ((value = strsep(&rest, ",")) != NULL)
        add_value(sim, key, value, lines, out);
    add_rivals(sim, lines, out->charts);
}
