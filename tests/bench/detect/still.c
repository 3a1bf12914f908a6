/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/still.h"

#include "detect/pile.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const double still_edges[STILL_EDGES] = { 10, 20, 30, 50, 100 };
const double still_radii[STILL_RADII] = { 100, 2000 };

const char *const still_sources[STILL_SOURCES] = { "mobilitynet", "gpsd" };

enum { FIXES_LEAST = 20 }; // of a receiver's log

static const double still_speed = 0.2, still_coarse = 100; // m/s, m

bool still_lay(int source, const struct recorded *rows, size_t n)
{
    if (source == 0)
        return strstr(rows->track, "stationary") != NULL;
    for (size_t i = 0; i < n; i++) {
        if (!(rows[i].speed <= still_speed))
            return false;
    }
    return n >= FIXES_LEAST;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, ascending);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

struct lonlat still_place(const struct recorded *rows, size_t n)
{
    double *lons = calloc(2 * n, sizeof *lons), *lats = lons + n;
    struct lonlat place;
    size_t kept = 0;

    if (lons == NULL)
        err(1, "recordings");
    for (int coarse = 0; coarse < 2 && kept == 0; coarse++) {
        for (size_t i = 0; i < n; i++) {
            if (coarse == 0 && rows[i].accuracy > still_coarse)
                continue;
            lons[kept] = rows[i].lon;
            lats[kept++] = rows[i].lat;
        }
    }
    place = (struct lonlat){ median(lons, kept), median(lats, kept) };
    free(lons);
    return place;
}

void still_carry(struct run *run, const struct recorded *rows, size_t n, const struct site *site,
                 double angle, double off)
{
    struct plane plane = plane_at(still_place(rows, n));
    double arrival = 0;

    run->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct metres from = plane_project(&plane, (struct lonlat){ rows[i].lon, rows[i].lat });
        struct fix fix = { .t = rows[i].epoch - rows[0].epoch, .true_distance = NAN, .error = NAN };

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
        still->approaches += sayings->list[i].word == SAYS_APPROACH;
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
        still_carry(&run, rows, n, site, 2 * M_PI * i / STILL_DIRECTIONS, site->area.radius + edge);
        judge_run(judge, detect, site, &run, &sayings);
        count(&sayings, still);
    }
    still->worst =
        still->breaches - before > still->worst ? still->breaches - before : still->worst;
    run_fini(&run);
    sayings_fini(&sayings);
}

static void each_edge(const struct recorded *rows, size_t n, const struct site *sites,
                      const struct detect *detect, bool rivals,
                      struct still of[JUDGES][STILL_RADII][STILL_EDGES])
{
    for (enum judge judge = OURS; judge < (rivals ? JUDGES : PLAIN + 1); judge++) {
        for (int radius = 0; radius < STILL_RADII; radius++) {
            for (int edge = 0; edge < STILL_EDGES; edge++)
                one_recording(rows, n, &sites[radius], still_edges[edge], detect, judge,
                              &of[judge][radius][edge]);
        }
    }
}

static void one_source(const char *shared_data, int source, const struct site *sites,
                       const struct detect *detect, bool rivals, struct stills *out)
{
    struct pile pile = pile_read(shared_data, still_sources[source]);
    const struct recorded *rows;
    size_t n;

    while ((rows = pile_next(&pile, &n)) != NULL) {
        if (!still_lay(source, rows, n))
            continue;
        each_edge(rows, n, sites, detect, rivals, out->of[source]);
        out->recordings[source]++;
        out->fixes[source] += n;
        out->days[source] += (rows[n - 1].epoch - rows[0].epoch) / 86400;
    }
    pile_fini(&pile);
}

void still_run(const char *shared_data, const struct detect *detect, bool rivals,
               struct stills *out)
{
    struct site sites[STILL_RADII];

    *out = (struct stills){ 0 };
    for (int i = 0; i < STILL_RADII; i++)
        site_circle(&sites[i], still_radii[i]);
    for (int source = 0; source < STILL_SOURCES; source++)
        one_source(shared_data, source, sites, detect, rivals, out);
    for (int i = 0; i < STILL_RADII; i++)
        site_fini(&sites[i]);
}

struct still still_sum(const struct stills *stills, enum judge judge, int edge)
{
    struct still sum = { 0 };

    for (int source = 0; source < STILL_SOURCES; source++) {
        for (int radius = 0; radius < STILL_RADII; radius++) {
            const struct still *one = &stills->of[source][judge][radius][edge];

            sum.approaches += one->approaches;
            sum.possibles += one->possibles;
            sum.breaches += one->breaches;
            sum.pasts += one->pasts;
            sum.worst = one->worst > sum.worst ? one->worst : sum.worst;
        }
    }
    return sum;
}
