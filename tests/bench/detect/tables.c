/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/report.h"

#include "detect/query.h"

#include <math.h>

/* "12.3", or "-" where nothing was measured. */
static void cell(FILE *out, double value, int digits)
{
    char text[32];

    snprintf(text, sizeof text, "%.*f", digits, value);
    fprintf(out, " %s |", isnan(value) ? "-" : text);
}

static void detection_row(FILE *out, const struct results *results, struct query query)
{
    struct rates rates = query_rates(results, &query);

    fprintf(out, "| %s |", judge_name((enum judge)query.judge));
    fprintf(out, " %zu |", rates.stays);
    cell(out, 100 * rates.possible, 2);
    cell(out, 100 * rates.breach, 2);
    cell(out, query_delay(results, &query, POSSIBLE_SECONDS, 0.5), 0);
    cell(out, query_delay(results, &query, POSSIBLE_SECONDS, 0.95), 0);
    cell(out, query_delay(results, &query, POSSIBLE_PINGS, 0.95), 0);
    cell(out, query_delay(results, &query, BREACH_SECONDS, 0.5), 0);
    cell(out, query_delay(results, &query, BREACH_SECONDS, 0.95), 0);
    cell(out, query_delay(results, &query, BREACH_PINGS, 0.95), 0);
    cell(out, query_delay(results, &query, CLEARED_SECONDS, 0.5), 0);
    cell(out, query_delay(results, &query, CLEARED_SECONDS, 0.95), 0);
    fprintf(out, "\n");
}

static void detection(FILE *out, const struct results *results, const char *title,
                      struct query query)
{
    fprintf(out,
            "### %s\n\n"
            "| judge | stays | possible %% | breach %% | to possible s p50 | p95 | pings p95 "
            "| to breach s p50 | p95 | pings p95 | to cleared s p50 | p95 |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
            title);
    for (query.judge = OURS; query.judge < JUDGES; query.judge++)
        detection_row(out, results, query);
    fprintf(out, "\n");
}

static void detections(FILE *out, const struct results *results)
{
    struct query query = query_all;

    fprintf(out, "## Detection and delay\n\n");
    query.claim = CLAIM_RIGHT;
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.seen = 1;
    detection(out, results, "True stays that a ping saw", query);
    query.seen = 0;
    detection(out, results, "True stays that no ping saw", query);
    query.seen = ANY;
    for (query.interval = 0; query.interval < INTERVALS; query.interval++) {
        char title[96];

        snprintf(title, sizeof title, "All true stays, a ping each %.0f s",
                 sim_intervals[query.interval]);
        detection(out, results, title, query);
    }
    query.interval = ANY;
    for (query.claim = 0; query.claim < CLAIMS; query.claim++) {
        char title[96];

        snprintf(title, sizeof title, "All true stays, reported accuracy %s",
                 claim_name((enum claim)query.claim));
        detection(out, results, title, query);
    }
    query.claim = CLAIM_RIGHT;
    for (enum behaviour behaviour = WALK_THROUGH; behaviour <= DRIVE_30MPH; behaviour++) {
        query.behaviours = BIT(behaviour);
        detection(out, results, behaviour_name(behaviour), query);
    }
}

static void alarm_rows(FILE *out, const struct results *results, const char *name,
                       struct query query)
{
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        struct sums sums = query_sums(results, &query);

        fprintf(out, "| %s | %s | %.1f |", name, judge_name((enum judge)query.judge), sums.days);
        cell(out, sums.false_breaches / sums.days, 2);
        cell(out, sums.false_possibles / sums.days, 2);
        cell(out, sums.false_pasts / sums.days, 2);
        cell(out, sums.approaches / sums.days, 1);
        cell(out, sums.alerts / sums.days / 24, 2);
        cell(out, sums.open_outside / sums.days / 60, 1);
        fprintf(out, "\n");
    }
}

static void alarms(FILE *out, const struct results *results)
{
    struct query query = query_all;

    fprintf(out, "## False alarms, a device and day\n\n"
                 "| who | judge | days | breach | possible | retrospective | approach "
                 "| alerts an hour | min told inside |\n"
                 "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    query.behaviours = BIT(STAND_BESIDE);
    for (query.beside = 0; query.beside < BESIDE; query.beside++) {
        char name[64];

        snprintf(name, sizeof name, "stand %.0f m beside", world_beside[query.beside]);
        alarm_rows(out, results, name, query);
    }
    query.beside = ANY;
    for (enum behaviour behaviour = 0; behaviour < BEHAVIOURS; behaviour++) {
        query.behaviours = BIT(behaviour);
        if (behaviour != STAND_BESIDE)
            alarm_rows(out, results, behaviour_name(behaviour), query);
    }
    fprintf(out, "\n");
}

static void alerts_an_event(FILE *out, const struct results *results)
{
    struct query query = query_all;

    fprintf(out, "## Alerts a true event\n\n| judge |");
    for (enum behaviour behaviour = STAY_LONG; behaviour <= DRIVE_30MPH; behaviour++)
        fprintf(out, " %s |", behaviour_name(behaviour));
    fprintf(out, "\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        fprintf(out, "| %s |", judge_name((enum judge)query.judge));
        for (enum behaviour behaviour = STAY_LONG; behaviour <= DRIVE_30MPH; behaviour++) {
            struct sums sums;

            query.behaviours = BIT(behaviour);
            sums = query_sums(results, &query);
            cell(out, sums.alerts / (double)sums.stays, 2);
        }
        fprintf(out, "\n");
    }
    fprintf(out, "\n");
}

static void stills(FILE *out, const struct stills *stills)
{
    fprintf(out, "## Real phones that lay still\n\n");
    if (stills->recordings == 0) {
        fprintf(out, "skipped: no tracks-mobilitynet here\n\n");
        return;
    }
    fprintf(out,
            "%zu recordings, %zu fixes, %d directions each.\n\n"
            "| radius | judge | alert | 10 m | 20 m | 30 m | 50 m | 100 m |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
            stills->recordings, stills->fixes, STILL_DIRECTIONS);
    for (int radius = 0; radius < STILL_RADII; radius++) {
        for (enum judge judge = OURS; judge < JUDGES; judge++) {
            const struct still *row = stills->of[judge][radius];
            const char *name = judge_name(judge);

            fprintf(out, "| %.0f m | %s | breach |", still_radii[radius], name);
            for (int edge = 0; edge < STILL_EDGES; edge++)
                fprintf(out, " %zu (worst %zu) |", row[edge].breaches, row[edge].worst);
            fprintf(out, "\n");
            if (judge != OURS)
                continue;
            fprintf(out, "| %.0f m | %s | possible |", still_radii[radius], name);
            for (int edge = 0; edge < STILL_EDGES; edge++)
                fprintf(out, " %zu |", row[edge].possibles);
            fprintf(out, "\n");
        }
    }
    fprintf(out, "\n");
}

void report_tables(FILE *out, const struct findings *found)
{
    detections(out, found->results);
    alarms(out, found->results);
    alerts_an_event(out, found->results);
    stills(out, found->stills);
}
