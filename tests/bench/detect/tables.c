/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/coming.h"
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
    query.coverage = SEEN_DEEP;
    detection(out, results, "True stays that a ping saw 10 m deep", query);
    query.coverage = SEEN_SHALLOW;
    detection(out, results, "True stays that pings saw less than 10 m deep only", query);
    query.coverage = UNSEEN;
    detection(out, results, "True stays that no ping saw", query);
    query.coverage = ANY;
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
    for (query.sky = 0; query.sky < SKIES; query.sky++) {
        char title[96];

        snprintf(title, sizeof title, "All true stays, %s", sky_name((enum sky)query.sky));
        detection(out, results, title, query);
    }
    query.sky = ANY;
    for (enum behaviour behaviour = WALK_THROUGH; behaviour <= DRIVE_30MPH; behaviour++) {
        query.behaviours = BIT(behaviour);
        detection(out, results, behaviour_name(behaviour), query);
    }
    query.behaviours = BIT(REAL_MOVEMENT);
    detection(out, results, "Real movement, ways of 10 m depth and more", query);
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

static void alarm_head(FILE *out, const char *title)
{
    fprintf(out,
            "### %s\n\n"
            "| who | judge | days | breach | possible | retrospective | approach "
            "| alerts an hour | min told inside |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
            title);
}

/* Of those who stand 20 m and more outside, what the receiver does. */
static void alarms_by_receiver(FILE *out, const struct results *results)
{
    struct query query = query_all;

    query.behaviours = BIT(STAND_BESIDE);
    query.beside_least = 1;
    alarm_head(out, "Who stands 20 to 100 m beside, by reported accuracy");
    for (query.claim = 0; query.claim < CLAIMS; query.claim++)
        alarm_rows(out, results, claim_name((enum claim)query.claim), query);
    fprintf(out, "\n");
    alarm_head(out, "Who stands 20 to 100 m beside, accuracy reported right, by sky");
    query.claim = CLAIM_RIGHT;
    for (query.sky = 0; query.sky < SKIES; query.sky++)
        alarm_rows(out, results, sky_name((enum sky)query.sky), query);
    fprintf(out, "\n");
    alarm_head(out, "Who stands 20 to 100 m beside, accuracy reported right, by interval");
    query.sky = ANY;
    for (query.interval = 0; query.interval < INTERVALS; query.interval++) {
        char name[32];

        snprintf(name, sizeof name, "%.0f s", sim_intervals[query.interval]);
        alarm_rows(out, results, name, query);
    }
    fprintf(out, "\n");
}

static void alarms(FILE *out, const struct results *results)
{
    struct query query = query_all;

    fprintf(out, "## False alarms, a device and day\n\n");
    alarm_head(out, "By what people do, accuracy reported right");
    query.claim = CLAIM_RIGHT;
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
    alarms_by_receiver(out, results);
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

static void late(FILE *out, const struct results *results)
{
    struct query query = query_all;

    query.behaviours = BIT(STAY_BUFFERED);
    fprintf(out,
            "## Uploads an hour late\n\n"
            "A whole visit lies in a time without coverage, and comes at once 15 to 60 min after "
            "its end.\n\n"
            "| judge | stays | told %% | retrospective a stay | possible a stay | breach a stay "
            "| false retrospective a stay |\n"
            "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (query.judge = OURS; query.judge < JUDGES; query.judge++) {
        struct sums sums = query_sums(results, &query);
        double stays = (double)sums.stays;

        fprintf(out, "| %s | %zu |", judge_name((enum judge)query.judge), sums.stays);
        cell(out, 100 * query_rates(results, &query).possible, 2);
        cell(out, sums.pasts / stays, 2);
        cell(out, sums.possibles / stays, 2);
        cell(out, sums.breaches / stays, 2);
        cell(out, sums.false_pasts / stays, 2);
        fprintf(out, "\n");
    }
    fprintf(out, "\n");
}

/* Whether the simulated receivers are as good as they say. */
static void calibration(FILE *out, const struct sim *sim)
{
    fprintf(out, "## What the simulated receivers' accuracy is worth\n\n"
                 "| sky | reported | fixes within the radius %% | within twice the radius %% |\n"
                 "| --- | --- | --- | --- |\n");
    for (enum sky sky = 0; sky < SKIES; sky++) {
        for (enum claim claim = 0; claim < CLAIM_ABSENT; claim++) {
            const struct calibration *one = &sim->calibration[sky][claim];

            fprintf(out, "| %s | %s |", sky_name(sky), claim_name(claim));
            cell(out, 100 * one->within / one->fixes, 1);
            cell(out, 100 * one->within_twice / one->fixes, 1);
            fprintf(out, "\n");
        }
    }
    fprintf(out, "\n");
}

void report_tables(FILE *out, const struct findings *found)
{
    calibration(out, found->sim);
    detections(out, found->results);
    fprintf(out, "Real movement: %zu tracks of %.0f km in all.\n\n", found->travel->tracks,
            found->travel->km);
    alarms(out, found->results);
    alerts_an_event(out, found->results);
    coming_report(out, found->results, found->stills);
    late(out, found->results);
}
