/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/quiet.h"

#include "detect/pile.h"
#include "detect/still.h"

#include <math.h>

const double quiet_edges[QUIET_EDGES] = { 100, 600, 5000 };

enum { PHONES = 0, MINUTE_S = 60, NIGHT_S = 8 * 3600 };

static const double of_100 = 200;

static const struct {
    const char *says;
    double accuracy; // metres; 0: no fix; NAN: as the fix before
} gaps[QUIET_GAPS] = {
    { "nothing, as recorded", 0 },
    { "pings without a fix", 0 },
    { "fixes of 3 km", 3000 },
    { "fixes of a mast, 1.5 km", 1500 },
    { "the fix before, of a new time", NAN },
};

/* The recording with its gaps filled. */
static void fill(const struct run *from, enum quiet_gap gap, struct run *out)
{
    out->n = 0;
    for (size_t i = 0; i < from->n; i++) {
        struct fix between = from->fixes[i];

        run_add(out, &from->fixes[i]);
        if (!isnan(gaps[gap].accuracy))
            between.seen.accuracy = gaps[gap].accuracy;
        between.seen.lost = gaps[gap].accuracy == 0;
        while (gap != GAP_NOTHING && i + 1 < from->n &&
               between.t + MINUTE_S < from->fixes[i + 1].t) {
            between.t += MINUTE_S;
            between.arrival += MINUTE_S;
            run_add(out, &between);
        }
    }
    out->end = from->end;
}

static void count(const struct sayings *sayings, struct quiet *quiet)
{
    for (size_t i = 0; i < sayings->n; i++) {
        const struct saying *one = &sayings->list[i];

        if (one->word != SAYS_SILENT)
            continue;
        quiet->no_ping += !one->no_fix;
        quiet->no_ping_high += !one->no_fix && one->high;
        quiet->no_fix += one->no_fix;
        quiet->no_fix_high += one->no_fix && one->high;
    }
}

static void one_recording(const struct recorded *rows, size_t n, const struct site *site,
                          const struct detect *detect, struct quiets *out)
{
    struct run run = { 0 }, filled = { 0 };
    struct sayings sayings = { 0 };

    for (int edge = 0; edge < QUIET_EDGES; edge++) {
        still_carry(&run, rows, n, site, 0, of_100 + quiet_edges[edge]);
        for (enum quiet_gap gap = 0; gap < QUIET_GAPS; gap++) {
            fill(&run, gap, &filled);
            judge_run(OURS, detect, site, &filled, &sayings);
            count(&sayings, &out->of[gap][edge]);
        }
    }
    out->nights += run.end / NIGHT_S;
    out->recordings++;
    run_fini(&run);
    run_fini(&filled);
    sayings_fini(&sayings);
}

void quiet_run(const char *shared_data, const struct detect *detect, struct quiets *out)
{
    struct pile pile = pile_read(shared_data, still_sources[PHONES]);
    const struct recorded *rows;
    struct site site;
    size_t n;

    *out = (struct quiets){ 0 };
    site_circle(&site, of_100);
    while ((rows = pile_next(&pile, &n)) != NULL) {
        if (still_lay(PHONES, rows, n))
            one_recording(rows, n, &site, detect, out);
    }
    site_fini(&site);
    pile_fini(&pile);
}

static void row(FILE *out, const struct quiets *quiets, enum quiet_gap gap, int edge)
{
    const struct quiet *quiet = &quiets->of[gap][edge];
    double nights = quiets->nights;

    fprintf(out, "| %s | %.0f m | %.2f | %.2f | %.2f | %.2f |\n", gaps[gap].says, quiet_edges[edge],
            (double)(quiet->no_ping - quiet->no_ping_high) / nights,
            (double)quiet->no_ping_high / nights,
            (double)(quiet->no_fix - quiet->no_fix_high) / nights,
            (double)quiet->no_fix_high / nights);
}

void quiet_report(FILE *out, const struct quiets *quiets)
{
    fprintf(out, "## Silences of phones that lay still\n\n");
    if (quiets->recordings == 0) {
        fprintf(out, "skipped: no ../shared/data here\n\n");
        return;
    }
    fprintf(
        out,
        "mobilitynet: %zu recordings of phones that lay so far from the edge, %.1f device-nights "
        "of eight hours. A phone that lies still gives few fixes, with gaps of up to hours; here "
        "it says nothing in them, or talks each minute and gives what stands in the first "
        "column. `silent` alerts a device-night, by cause and severity (told again counts "
        "again); he is at home, so every `high` is false. `detect --silences` prints this "
        "alone.\n\n"
        "| in its gaps | edge at | no-ping, warning | no-ping, high | no-fix, warning | no-fix, "
        "high |\n| --- | --- | --- | --- | --- | --- |\n",
        quiets->recordings, quiets->nights);
    for (enum quiet_gap gap = 0; gap < QUIET_GAPS; gap++) {
        for (int edge = 0; edge < QUIET_EDGES; edge++)
            row(out, quiets, gap, edge);
    }
    fprintf(out, "\n");
}
