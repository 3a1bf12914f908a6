/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/large.h"

#include "detect/bound.h"

#include <math.h>
#include <stdio.h>

/* Of each kind: visits as in sim.c. */
enum { VISITS = 5760, COMERS = 360 };

static bool is_of(enum large_stay stay, const struct sample *sample)
{
    static const int intervals[LARGE_STAYS] = {
        [LARGE_ABSENT_5] = 1, [LARGE_ABSENT_15] = 2, [LARGE_ABSENT_60] = 3
    };

    if (sample->judge != OURS || sample->coverage != SEEN_DEEP)
        return false;
    if (stay <= LARGE_FINE)
        return sample->setting.claim == CLAIM_RIGHT &&
               (stay != LARGE_FINE || sample->accuracy <= 15);
    return sample->setting.claim == CLAIM_ABSENT && sample->setting.interval == intervals[stay];
}

static void add_stays(const struct results *results, struct large *out)
{
    for (size_t i = 0; i < results->n_samples; i++) {
        const struct sample *sample = &results->samples[i];

        for (enum large_stay stay = 0; stay < LARGE_STAYS; stay++) {
            struct large_stays *row = &out->stays[stay];

            if (!is_of(stay, sample))
                continue;
            row->n++;
            row->no_possible += isnan(sample->possible.s) != 0;
            row->no_breach += isnan(sample->breach.s) != 0;
            row->past += isnan(sample->breach.s) && !isnan(sample->past.s);
        }
    }
}

static void add_beside(const struct results *results, struct large *out)
{
    for (size_t i = 0; i < results->n; i++) {
        const struct result *one = &results->list[i];
        struct large_beside *row = &out->beside[one->setting.beside];

        if (one->judge != OURS || one->setting.claim != CLAIM_RIGHT ||
            one->setting.behaviour != STAND_BESIDE)
            continue;
        row->runs++;
        row->with_possible += one->false_possibles > 0;
        row->with_breach += one->false_breaches > 0;
        row->days += one->outside / 86400;
        row->possibles += one->false_possibles;
        row->breaches += one->false_breaches;
    }
}

static void add_comers(struct sim *sim, enum way_kind kind, struct large *out)
{
    struct large_comers *row = &out->comers[kind - WAY_WALKS_10];
    struct results results = { 0 };

    ways_run(sim, kind, (COMERS + sim->share - 1) / sim->share, &results);
    for (size_t i = 0; i < results.n; i++) {
        const struct result *one = &results.list[i];

        row->runs += one->judge == OURS;
        row->with_possible += one->judge == OURS && one->possibles + one->breaches > 0;
        row->with_breach += one->judge == OURS && one->breaches > 0;
    }
    results_fini(&results);
}

void large_add(struct sim *sim, size_t hours, struct large *out)
{
    struct results results = { 0 };

    sim_some(sim, STAY_LONG, VISITS / sim->share, false, &results);
    sim_some(sim, STAY_SHORT, VISITS / sim->share, false, &results);
    sim->right_only = true;
    sim_some(sim, STAND_BESIDE, hours, false, &results);
    sim->right_only = false;
    add_stays(&results, out);
    add_beside(&results, out);
    results_fini(&results);
    for (enum way_kind kind = WAY_WALKS_10; kind < WAYS; kind++)
        add_comers(sim, kind, out);
}

static void share(FILE *out, size_t k, size_t n)
{
    struct bound bound = bound_of(k, n);

    fprintf(out, " %.2f (%.2f to %.2f; %zu) |", 100 * (double)k / (double)n, 100 * bound.low,
            100 * bound.high, k);
}

static const char *name_of(enum large_stay stay)
{
    static const char *const names[LARGE_STAYS] = {
        [LARGE_RIGHT] = "accuracy told right, all skies",
        [LARGE_FINE] = "told right, 15 m or better",
        [LARGE_ABSENT_5] = "absent, 5 s",
        [LARGE_ABSENT_15] = "absent, 15 s",
        [LARGE_ABSENT_60] = "absent, 60 s",
    };

    return names[stay];
}

void large_report(FILE *out, const char *who, const struct large *large)
{
    fprintf(out,
            "| %s: true stays | stays | missed `possible` %% | not told `breach` %% | neither "
            "`breach` nor `retrospective`, high %% |\n| --- | --- | --- | --- | --- |\n",
            who);
    for (enum large_stay stay = 0; stay < LARGE_STAYS; stay++) {
        const struct large_stays *row = &large->stays[stay];

        fprintf(out, "| %s | %zu |", name_of(stay), row->n);
        share(out, row->no_possible, row->n);
        share(out, row->no_breach, row->n);
        share(out, row->no_breach - row->past, row->n);
        fprintf(out, "\n");
    }
    fprintf(out,
            "\n| %s: stands beside | hours | false `possible` a day | hours with one %% | false "
            "`breach` a day | hours with one %% |\n| --- | --- | --- | --- | --- | --- |\n",
            who);
    for (int beside = 0; beside < BESIDE; beside++) {
        const struct large_beside *row = &large->beside[beside];

        fprintf(out, "| %.0f m | %zu | %.2f |", world_beside[beside], row->runs,
                row->possibles / row->days);
        share(out, row->with_possible, row->runs);
        fprintf(out, " %.2f |", row->breaches / row->days);
        share(out, row->with_breach, row->runs);
        fprintf(out, "\n");
    }
    fprintf(out,
            "\n| %s: comes and stops before the edge | runs | told %% | told `breach` %% |\n"
            "| --- | --- | --- | --- |\n",
            who);
    for (enum way_kind kind = WAY_WALKS_10; kind < WAYS; kind++) {
        const struct large_comers *row = &large->comers[kind - WAY_WALKS_10];

        fprintf(out, "| %s | %zu |", ways_name(kind), row->runs);
        share(out, row->with_possible, row->runs);
        share(out, row->with_breach, row->runs);
        fprintf(out, "\n");
    }
    fprintf(out, "\n");
}
