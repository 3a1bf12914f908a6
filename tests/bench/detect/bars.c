/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/bars.h"

#include "detect/sim.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

struct table {
    struct bar *bars;
    size_t n;
};

static void add(struct table *table, bool met, const char *wanted, const char *what,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

static void add(struct table *table, bool met, const char *wanted, const char *what,
                const char *format, ...)
{
    struct bar *bar = &table->bars[table->n++];
    va_list args;

    bar->met = met;
    snprintf(bar->wanted, sizeof bar->wanted, "%s", wanted);
    snprintf(bar->what, sizeof bar->what, "%s", what);
    va_start(args, format);
    vsnprintf(bar->got, sizeof bar->got, format, args);
    va_end(args);
}

/* True stays that a ping saw 10 m deep, with the accuracy reported as the claim has it. */
static struct query stays_of(enum claim claim)
{
    struct query query = query_all;

    query.judge = OURS;
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.claim = (int)claim;
    query.coverage = SEEN_DEEP;
    return query;
}

static void stays(struct table *table, const struct results *results, double accuracy)
{
    double possible[CLAIMS], breach[CLAIMS];
    const char *of = isnan(accuracy) ? "" : ", reported accuracy ≤ 15 m";
    char what[160];

    for (enum claim claim = 0; claim < CLAIMS; claim++) {
        struct query query = stays_of(claim);
        struct rates rates;

        query.accuracy = claim == CLAIM_ABSENT ? NAN : accuracy;
        rates = query_rates(results, &query);
        possible[claim] = 100 * rates.possible;
        breach[claim] = 100 * rates.breach;
    }
    snprintf(what, sizeof what, "true stays told at least `possible`%s", of);
    add(table, possible[CLAIM_RIGHT] >= 100, "100 %", what,
        "%.2f %% (accuracy optimistic %.2f, absent %.2f)", possible[0], possible[1], possible[2]);
    snprintf(what, sizeof what, "true stays told `breach`%s", of);
    add(table, breach[CLAIM_RIGHT] >= 99.5, "≥ 99.5 %", what,
        "%.2f %% (accuracy optimistic %.2f, absent %.2f)", breach[0], breach[1], breach[2]);
}

/* One bar of delays: all intervals together decide, and each is shown. */
static void delay(struct table *table, const struct results *results, enum delay delay, double most,
                  struct query query, const char *wanted, const char *what)
{
    double all = query_delay(results, &query, delay, 0.95), each[INTERVALS];

    for (query.interval = 0; query.interval < INTERVALS; query.interval++)
        each[query.interval] = query_delay(results, &query, delay, 0.95);
    add(table, all <= most, wanted, what, "%.0f (at 1, 5, 15, 60 s: %.0f, %.0f, %.0f, %.0f)", all,
        each[0], each[1], each[2], each[3]);
}

static void delays(struct table *table, const struct results *results)
{
    struct query query = stays_of(CLAIM_RIGHT);

    delay(table, results, POSSIBLE_PINGS, 1, query, "≤ 1 ping",
          "p95 delay to `possible` after the first ping truly inside");
    delay(table, results, POSSIBLE_DEEP_PINGS, 1, query, "≤ 1 ping",
          "the same after the first ping 10 m deep");
    query.accuracy = 15;
    delay(table, results, BREACH_PINGS, 3, query, "≤ 3 pings",
          "p95 delay to `breach` after the first ping truly inside, reported accuracy ≤ 15 m");
    delay(table, results, BREACH_DEEP_PINGS, 3, query, "≤ 3 pings",
          "the same after the first ping 10 m deep");
}

static void drives(struct table *table, const struct results *results)
{
    struct query query = query_all;
    struct rates ours, plain;

    query.behaviours = BIT(DRIVE_30MPH);
    query.interval = 3;
    query.shape = 1;
    query.judge = OURS;
    ours = query_rates(results, &query);
    query.judge = PLAIN;
    plain = query_rates(results, &query);
    add(table, ours.possible >= 0.99, "≥ 99 %",
        "drives straight through, 60 s pings, radius 100 m, 30 mph, told at least `possible`",
        "%.1f %% of %zu (plain test %.1f)", 100 * ours.possible, ours.stays, 100 * plain.possible);
}

static void wild(struct table *table, const struct results *results)
{
    struct query query = query_all;
    double ours[CLAIMS], all = 0;
    struct sums plain;

    query.behaviours = BIT(FAR_AWAY);
    query.judge = OURS;
    for (query.claim = 0; query.claim < CLAIMS; query.claim++)
        all += ours[query.claim] = query_sums(results, &query).breaches;
    query.claim = ANY;
    query.judge = PLAIN;
    plain = query_sums(results, &query);
    add(table, all <= 0, "none", "`breach` by teleports and cell fixes",
        "%.0f in %zu runs (accuracy right %.0f, optimistic %.0f, absent %.0f; plain test %.0f)",
        all, plain.runs, ours[0], ours[1], ours[2], plain.breaches);
}

static void still_edge(struct table *table, const struct stills *stills, int edge)
{
    struct still ours = still_sum(stills, OURS, edge), plain = still_sum(stills, PLAIN, edge);
    char what[160];

    snprintf(what, sizeof what, "real still devices, edge at %.0f m: false `breach`",
             still_edges[edge]);
    if (still_edges[edge] >= 50)
        add(table, ours.breaches == 0, "none", what, "%zu (plain test %zu)", ours.breaches,
            plain.breaches);
    else
        add(table, (double)ours.breaches <= 0.01 * (double)plain.breaches,
            "≤ 1 % of the plain test's", what, "%zu (plain test %zu)", ours.breaches,
            plain.breaches);
    snprintf(what, sizeof what, "real still devices, edge at %.0f m: false `possible`",
             still_edges[edge]);
    add(table, (double)ours.possibles <= 0.1 * (double)plain.breaches, "≤ 10 % of the plain test's",
        what, "%zu (plain test %zu)", ours.possibles, plain.breaches);
}

/* The same of those who stand beside in the simulation, where receivers fail them too. */
static void simulated_edge(struct table *table, const struct results *results, int edge)
{
    struct query query = query_all;
    struct sums ours, plain;
    char what[160];

    query.behaviours = BIT(STAND_BESIDE);
    query.claim = CLAIM_RIGHT;
    query.beside = edge;
    query.judge = OURS;
    ours = query_sums(results, &query);
    query.judge = PLAIN;
    plain = query_sums(results, &query);
    snprintf(what, sizeof what, "simulated, standing %.0f m outside: false `breach`",
             world_beside[edge]);
    add(table, ours.false_breaches <= 0.01 * plain.false_breaches, "≤ 1 % of the plain test's",
        what, "%.0f (plain test %.0f)", ours.false_breaches, plain.false_breaches);
    snprintf(what, sizeof what, "simulated, standing %.0f m outside: false `possible`",
             world_beside[edge]);
    add(table, ours.false_possibles <= 0.1 * plain.false_breaches, "≤ 10 % of the plain test's",
        what, "%.0f (plain test %.0f)", ours.false_possibles, plain.false_breaches);
}

size_t bars_measure(const struct results *results, const struct stills *stills,
                    struct bar bars[BARS_MAX])
{
    struct table table = { bars, 0 };

    stays(&table, results, NAN);
    stays(&table, results, 15);
    delays(&table, results);
    drives(&table, results);
    for (int edge = 1; edge < STILL_EDGES && stills->recordings[0] > 0; edge++)
        still_edge(&table, stills, edge);
    for (int edge = 1; edge < BESIDE; edge++)
        simulated_edge(&table, results, edge);
    wild(&table, results);
    return table.n;
}
