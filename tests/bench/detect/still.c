/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/still.h"

#include "support/recording.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const double still_edges[STILL_EDGES] = { 10, 20, 30, 50, 100 };
const double still_radii[STILL_RADII] = { 100, 2000 };

/* All rows of stationary phones; those of a recording lie together. */
struct pile {
    struct recorded *rows;
    size_t n, room;
};

static void take(const struct recorded *row, void *arg)
{
    struct pile *pile = arg;

    if (strstr(row->track, "stationary") == NULL)
        return;
    if (pile->n == pile->room) {
        pile->room = pile->room == 0 ? 4096 : 2 * pile->room;
        pile->rows = reallocarray(pile->rows, pile->room, sizeof *pile->rows);
        if (pile->rows == NULL)
            err(1, "recordings");
    }
    pile->rows[pile->n++] = *row;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct lonlat median_of(const struct recorded *rows, size_t n)
{
    double *lons = calloc(2 * n, sizeof *lons), *lats = lons + n;
    struct lonlat median;

    if (lons == NULL)
        err(1, "recordings");
    for (size_t i = 0; i < n; i++) {
        lons[i] = rows[i].lon;
        lats[i] = rows[i].lat;
    }
    qsort(lons, n, sizeof *lons, ascending);
    qsort(lats, n, sizeof *lats, ascending);
    median = (struct lonlat){ (lons[(n - 1) / 2] + lons[n / 2]) / 2,
                              (lats[(n - 1) / 2] + lats[n / 2]) / 2 };
    free(lons);
    return median;
}

/* Carries the recording so that its median lies `off` metres from the site's middle. */
static void carry(struct run *run, const struct recorded *rows, size_t n, const struct site *site,
                  double angle, double off)
{
    struct lonlat median = median_of(rows, n);
    struct plane plane = plane_at(median);
    double arrival = 0;

    run->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct metres from = plane_project(&plane, (struct lonlat){ rows[i].lon, rows[i].lat });
        struct fix fix = { .t = rows[i].epoch - rows[0].epoch, .true_distance = NAN };

        fix.seen.at.x = from.x + off * cos(angle);
        fix.seen.at.y = from.y + off * sin(angle);
        fix.seen.accuracy = rows[i].accuracy > 0 ? rows[i].accuracy : NAN;
        fix.distance = area_distance(&site->area, fix.seen.at);
        fix.arrival = arrival = fmax(arrival, fix.t + 1);
        run_add(run, &fix);
    }
    run->end = arrival;
    run->truth = (struct truth){ .outside = arrival };
}

static void count(const struct sayings *sayings, struct still *still)
{
    for (size_t i = 0; i < sayings->n; i++) {
        still->possibles += sayings->list[i].word == SAYS_POSSIBLE;
        still->breaches += sayings->list[i].word == SAYS_BREACH;
        still->pasts += sayings->list[i].word == SAYS_PAST;
    }
}

static void one_recording(const struct recorded *rows, size_t n, const struct site *site,
                          double edge, const struct detect *detect, enum judge judge,
                          struct still *still)
{
    struct run run = { 0 };
    struct sayings sayings = { 0 };
    size_t before = still->breaches;

    for (int i = 0; i < STILL_DIRECTIONS; i++) {
        carry(&run, rows, n, site, 2 * M_PI * i / STILL_DIRECTIONS, site->area.radius + edge);
        judge_run(judge, detect, site, &run, &sayings);
        count(&sayings, still);
        still->days += run.truth.outside / 86400;
    }
    still->worst =
        still->breaches - before > still->worst ? still->breaches - before : still->worst;
    run_fini(&run);
    sayings_fini(&sayings);
}

static void each_edge(const struct recorded *rows, size_t n, const struct site *sites,
                      const struct detect *detect, bool rivals, struct stills *out)
{
    for (enum judge judge = OURS; judge < (rivals ? JUDGES : PLAIN + 1); judge++) {
        for (int radius = 0; radius < STILL_RADII; radius++) {
            for (int edge = 0; edge < STILL_EDGES; edge++)
                one_recording(rows, n, &sites[radius], still_edges[edge], detect, judge,
                              &out->of[judge][radius][edge]);
        }
    }
}

void still_run(const char *shared_data, const struct detect *detect, bool rivals,
               struct stills *out)
{
    struct pile pile = { 0 };
    struct site sites[STILL_RADII];
    char folder[512];

    *out = (struct stills){ 0 };
    for (int i = 0; i < STILL_RADII; i++)
        site_circle(&sites[i], still_radii[i]);
    snprintf(folder, sizeof folder, "%s/tracks-mobilitynet", shared_data);
    recording_rows(folder, take, &pile);
    for (size_t from = 0, until; from < pile.n; from = until) {
        for (until = from; until < pile.n; until++) {
            if (strcmp(pile.rows[until].track, pile.rows[from].track) != 0)
                break;
        }
        each_edge(pile.rows + from, until - from, sites, detect, rivals, out);
        out->recordings++;
        out->fixes += until - from;
    }
    free(pile.rows);
    for (int i = 0; i < STILL_RADII; i++)
        site_fini(&sites[i]);
}
