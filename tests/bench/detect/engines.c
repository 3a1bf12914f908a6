/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/engines.h"

#include "detect/bound.h"
#include "detect/query.h"
#include "detect/still.h"
#include "detect/ways.h"

#include <math.h>
#include <string.h>

struct chapter {
    FILE *out;
    struct results visits, ways[WAYS];
    struct stills stills;
};

static void row(const struct chapter *chapter, const char *what)
{
    fprintf(chapter->out, "\n| %s |", what);
}

/* Missed of all, in per cent, with the bounds. */
static void missed(const struct chapter *chapter, size_t n, double alerted)
{
    size_t k = n - (size_t)llround(alerted * (double)n);
    struct bound bound = bound_of(k, n);

    fprintf(chapter->out, " %.2f (%.2f to %.2f of %zu) |", 100 * (double)k / (double)n,
            100 * bound.low, 100 * bound.high, n);
}

enum grade { POSSIBLE, BREACH, BREACH_OR_PAST };

static double told_as(enum grade grade, const struct rates *rates)
{
    return grade == POSSIBLE ? rates->possible
           : grade == BREACH ? rates->breach
                             : rates->breach_or_past;
}

/* Stays that a ping saw 10 m deep. */
static void stays(const struct chapter *chapter, const char *what, struct query query,
                  enum grade grade)
{
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.coverage = SEEN_DEEP;
    row(chapter, what);
    for (query.judge = OURS; query.judge <= (int)BELIEF; query.judge++) {
        struct rates rates = query_rates(&chapter->visits, &query);

        missed(chapter, rates.stays, told_as(grade, &rates));
    }
}

static void all_stays(const struct chapter *chapter)
{
    struct query query = query_all;
    static const char *const absent[INTERVALS] = { NULL, "absent, 5 s", "absent, 15 s",
                                                   "absent, 60 s" };

    query.claim = CLAIM_RIGHT;
    stays(chapter, "missed `possible` %, all skies", query, POSSIBLE);
    stays(chapter, "missed `breach` %, all skies", query, BREACH);
    stays(chapter, "neither `breach` nor `retrospective`, high", query, BREACH_OR_PAST);
    query.accuracy = 15;
    stays(chapter, "missed `possible` %, accuracy ≤ 15 m", query, POSSIBLE);
    stays(chapter, "missed `breach` %, accuracy ≤ 15 m", query, BREACH);
    stays(chapter, "neither `breach` nor `retrospective`, high", query, BREACH_OR_PAST);
    query.accuracy = NAN;
    query.claim = CLAIM_ABSENT;
    for (query.interval = 1; query.interval < INTERVALS; query.interval++) {
        char what[96];

        snprintf(what, sizeof what, "missed `breach` %%, accuracy %s", absent[query.interval]);
        stays(chapter, what, query, BREACH);
    }
}

/* Pings and seconds, p95, of stays seen well, at each interval. */
static void delay(const struct chapter *chapter, const char *what, enum delay delay)
{
    struct query query = query_all;

    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.claim = CLAIM_RIGHT;
    query.accuracy = 15;
    query.coverage = SEEN_DEEP;
    row(chapter, what);
    for (query.judge = OURS; query.judge <= (int)BELIEF; query.judge++) {
        for (query.interval = 0; query.interval < INTERVALS; query.interval++)
            fprintf(chapter->out, "%s%.0f", query.interval > 0 ? ", " : " ",
                    query_delay(&chapter->visits, &query, delay, 0.95));
        fprintf(chapter->out, " |");
    }
}

static void beside(const struct chapter *chapter, bool breach)
{
    struct query query = query_all;

    query.behaviours = BIT(STAND_BESIDE);
    query.claim = CLAIM_RIGHT;
    row(chapter, breach ? "false `breach` a day at 10, 20, 30, 50, 100 m"
                        : "false `possible` a day at 10, 20, 30, 50, 100 m");
    for (query.judge = OURS; query.judge <= (int)BELIEF; query.judge++) {
        for (query.beside = 0; query.beside < BESIDE; query.beside++) {
            struct sums sums = query_sums(&chapter->visits, &query);

            fprintf(chapter->out, "%s%.1f", query.beside > 0 ? ", " : " ",
                    (breach ? sums.false_breaches : sums.false_possibles) / sums.days);
        }
        fprintf(chapter->out, " |");
    }
}

static void wild(const struct chapter *chapter)
{
    struct query query = query_all;

    query.behaviours = BIT(FAR_AWAY);
    row(chapter, "teleports and masts: `breach`, `possible` in all");
    for (query.judge = OURS; query.judge <= (int)BELIEF; query.judge++) {
        struct sums sums = query_sums(&chapter->visits, &query);

        fprintf(chapter->out, " %.0f, %.0f of %zu runs |", sums.breaches, sums.possibles,
                sums.runs);
    }
}

/* What was told at all of runs of which each has one stay, or none. */
static void alerted(const struct chapter *chapter, enum way_kind kind)
{
    const struct results *results = &chapter->ways[kind];

    row(chapter, ways_name(kind));
    for (enum judge judge = OURS; judge <= BELIEF; judge++) {
        struct query query = query_all;
        struct sums sums;
        size_t possible = 0, breach = 0, runs = 0;

        query.judge = (int)judge;
        sums = query_sums(results, &query);
        for (size_t i = 0; i < results->n; i++) {
            const struct result *one = &results->list[i];

            runs += one->judge == judge;
            possible += one->judge == judge && one->possibles + one->breaches > 0;
            breach += one->judge == judge && one->breaches > 0;
        }
        if (sums.stays > 0)
            fprintf(chapter->out, " %.1f %% (`breach` %.1f) of %zu, p95 %.0f s |",
                    100 * query_rates(results, &query).possible,
                    100 * query_rates(results, &query).breach, sums.stays,
                    query_delay(results, &query, POSSIBLE_SECONDS, 0.95));
        else
            fprintf(chapter->out, " %zu, `breach` %zu of %zu |", possible, breach, runs);
    }
}

/* Of all recordings, radii and directions. */
static void still(const struct chapter *chapter, bool breach)
{
    double zone_days = 0;

    for (int source = 0; source < STILL_SOURCES; source++)
        zone_days += chapter->stills.days[source] * STILL_DIRECTIONS * STILL_RADII;
    row(chapter, breach ? "real still devices: `breach` at 10, 20, 30, 50, 100 m, all"
                        : "real still devices: `possible` a zone and day at 10, 20, 30, 50, 100 m");
    for (enum judge judge = OURS; judge <= BELIEF; judge++) {
        for (int edge = 0; edge < STILL_EDGES; edge++) {
            struct still sum = still_sum(&chapter->stills, judge, edge);

            if (breach)
                fprintf(chapter->out, "%s%zu", edge > 0 ? ", " : " ", sum.breaches);
            else
                fprintf(chapter->out, "%s%.3f", edge > 0 ? ", " : " ",
                        (double)sum.possibles / zone_days);
        }
        fprintf(chapter->out, " |");
    }
}

static void print(const struct chapter *chapter)
{
    fprintf(chapter->out, "| what |");
    for (enum judge judge = OURS; judge <= BELIEF; judge++)
        fprintf(chapter->out, " %s |", judge_name(judge));
    fprintf(chapter->out, "\n| --- | --- | --- |");
    all_stays(chapter);
    delay(chapter, "p95 pings to `possible`, ≤ 15 m, at 1, 5, 15, 60 s", POSSIBLE_PINGS);
    delay(chapter, "p95 seconds to `possible`, the same", POSSIBLE_SECONDS);
    delay(chapter, "p95 pings to `breach`, the same", BREACH_PINGS);
    delay(chapter, "p95 seconds to `breach`, the same", BREACH_SECONDS);
    beside(chapter, true);
    beside(chapter, false);
    wild(chapter);
    for (enum way_kind kind = 0; kind < WAYS; kind++)
        alerted(chapter, kind);
    if (chapter->stills.recordings[0] > 0) {
        still(chapter, true);
        still(chapter, false);
    }
    fprintf(chapter->out, "\n");
}

void engines_report(FILE *out, struct sim *sim, size_t n, const char *shared_data)
{
    static struct chapter chapter;

    chapter.out = out;
    sim_some(sim, STAY_LONG, n, false, &chapter.visits);
    sim_some(sim, STAY_SHORT, n, false, &chapter.visits);
    sim_spread(sim, STAND_BESIDE, n, false, &chapter.visits);
    sim_some(sim, FAR_AWAY, n / 4, false, &chapter.visits);
    for (enum way_kind kind = 0; kind < WAYS; kind++)
        ways_run(sim, kind, n / 4, &chapter.ways[kind]);
    still_run(shared_data, &sim->detect, false, &chapter.stills);
    print(&chapter);
    results_fini(&chapter.visits);
    for (enum way_kind kind = 0; kind < WAYS; kind++)
        results_fini(&chapter.ways[kind]);
}
