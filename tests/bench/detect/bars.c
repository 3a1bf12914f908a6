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

/* True stays that a ping saw 10 m deep, with the accuracy reported right. */
static struct query stays(void)
{
    struct query query = query_all;

    query.judge = OURS;
    query.behaviours = BIT(STAY_LONG) | BIT(STAY_SHORT);
    query.claim = CLAIM_RIGHT;
    query.coverage = SEEN_DEEP;
    return query;
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
    struct query query = stays();

    query.accuracy = 15;
    delay(table, results, POSSIBLE_PINGS, 2, query, "≤ 2 pings",
          "p95 delay to `possible` after the first ping truly inside, reported accuracy ≤ 15 m");
    delay(table, results, BREACH_PINGS, 3, query, "≤ 3 pings", "the same to `breach`");
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

/* A zone and day at 10, 20, 30, 50, 100 m; infinite: no bar. */
static const double still_possibles[STILL_EDGES] = { INFINITY, INFINITY, 0.06, 0.03, 0.01 };

static void still_edge(struct table *table, const struct stills *stills, int edge)
{
    struct still ours = still_sum(stills, OURS, edge), plain = still_sum(stills, PLAIN, edge);
    double possibles, zone_days = 0;
    char what[160], wanted[32];

    for (int source = 0; source < STILL_SOURCES; source++)
        zone_days += stills->days[source] * STILL_DIRECTIONS * STILL_RADII;
    possibles = (double)ours.possibles / zone_days;
    snprintf(what, sizeof what, "real still devices, edge at %.0f m: false `breach`",
             still_edges[edge]);
    add(table, ours.breaches == 0, "none", what, "%zu (plain test %zu)", ours.breaches,
        plain.breaches);
    if (isinf(still_possibles[edge]))
        return;
    snprintf(what, sizeof what, "the same: `possible` a zone and day");
    snprintf(wanted, sizeof wanted, "≤ %g", still_possibles[edge]);
    add(table, possibles <= still_possibles[edge], wanted, what, "%.3f (%zu; plain test %.3f)",
        possibles, ours.possibles, (double)plain.breaches / zone_days);
}

size_t bars_measure(const struct results *results, const struct stills *stills,
                    struct bar bars[BARS_MAX])
{
    struct table table = { bars, 0 };

    delays(&table, results);
    drives(&table, results);
    for (int edge = 1; edge < STILL_EDGES && stills->recordings[0] > 0; edge++)
        still_edge(&table, stills, edge);
    wild(&table, results);
    return table.n;
}
