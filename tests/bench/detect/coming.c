/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/coming.h"

#include "detect/query.h"
#include "detect/travel.h"

#include <math.h>

/* Multiples of 180, as in sim.c. */
static const struct {
    enum behaviour behaviour;
    size_t runs;
} some[] = { { STAY_LONG, 1440 },    { STAY_SHORT, 720 },     { WALK_THROUGH, 720 },
             { CYCLE_THROUGH, 720 }, { DRIVE_THROUGH, 1440 }, { DRIVE_30MPH, 1440 },
             { PASS_BY, 2880 },      { STAND_BESIDE, 900 },   { LIVE_BESIDE, 180 },
             { FAR_AWAY, 720 } };

void coming_run(struct sim *sim, const char *shared_data, struct results *out)
{
    struct travel travel;

    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        sim_some(sim, some[i].behaviour, some[i].runs / sim->share, false, out);
    travel_run(sim, shared_data, false, out, &travel);
}

static void cell(FILE *out, double value, int digits)
{
    if (isnan(value))
        fprintf(out, " - |");
    else
        fprintf(out, " %.*f |", digits, value);
}

static void row(FILE *out, const struct results *results, enum behaviour behaviour)
{
    struct query query = query_all;
    struct rates rates;
    struct sums sums;

    query.judge = OURS;
    query.behaviours = BIT(behaviour);
    rates = query_rates(results, &query);
    sums = query_sums(results, &query);
    fprintf(out, "| %s | %zu |", behaviour_name(behaviour), rates.stays);
    cell(out, 100 * rates.warned, 1);
    cell(out, query_delay(results, &query, WARNED_SECONDS, 0.5), 0);
    cell(out, query_delay(results, &query, WARNED_SECONDS, 0.05), 0);
    cell(out, sums.days > 0 ? sums.days : NAN, 1);
    cell(out, sums.days > 0 ? sums.approaches / sums.days : NAN, 1);
    cell(out, sums.days > 0 ? sums.false_approaches / sums.days : NAN, 1);
    fprintf(out, "\n");
}

static void stills_row(FILE *out, const struct stills *stills, int source, int radius)
{
    const struct still *row = stills->of[source][OURS][radius];

    fprintf(out, "| %s | %.0f m |", still_sources[source], still_radii[radius]);
    for (int edge = 0; edge < STILL_EDGES; edge++)
        cell(out, (double)row[edge].approaches / (stills->days[source] * STILL_DIRECTIONS), 2);
    fprintf(out, "\n");
}

void coming_report(FILE *out, const struct results *results, const struct stills *stills)
{
    fprintf(out,
            "## Approach, breachd alone\n\n"
            "Every zone has a ring of %.0f m. *Told* is a stay of which an approach was told in "
            "the 10 min before the crossing; *false* is an approach of who was not inside and did "
            "not go in within 10 min. Days are those truly outside. Real movement is recorded "
            "tracks under a simulated receiver. `detect --approaches` prints this alone, of fewer "
            "runs.\n\n"
            "| who | stays | told before the crossing %% | s before p50 | at least s in 95 %% "
            "| days | approaches a day | false a day |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
            SITE_WARN_M);
    for (enum behaviour behaviour = STAY_LONG; behaviour < BEHAVIOURS; behaviour++) {
        if (behaviour != STAY_BUFFERED)
            row(out, results, behaviour);
    }
    fprintf(out, "\nReal devices that lay still so far from the edge, approaches a device and day, "
                 "all false:\n\n"
                 "| source | radius | 10 m | 20 m | 30 m | 50 m | 100 m |\n"
                 "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int source = 0; source < STILL_SOURCES; source++) {
        for (int radius = 0; stills->recordings[source] > 0 && radius < STILL_RADII; radius++)
            stills_row(out, stills, source, radius);
    }
    fprintf(out, "\n");
}
