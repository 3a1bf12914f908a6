/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/travel.h"

#include "detect/pile.h"

#include <math.h>

enum { ZONES_A_TRACK = 12, FIXES_LEAST = 60 };

static const char *const sources[] = { "gpsbabel", "trackeR-uk", "mobilitynet", "gpsd",
                                       "movebank-fishers" };

static const double length_least = 300, gap_most = 120, speed_most = 70; // m, s, m/s

/* Whether a row goes on from the one before as a body can. */
static bool goes_on(const struct recorded *a, const struct recorded *b)
{
    double seconds = b->epoch - a->epoch;
    double metres =
        lonlat_distance((struct lonlat){ a->lon, a->lat }, (struct lonlat){ b->lon, b->lat });

    return seconds > 0 && seconds <= gap_most && metres <= speed_most * seconds;
}

/* The longest stretch without a gap or a leap. */
static const struct recorded *longest(const struct recorded *rows, size_t n, size_t *out_n)
{
    const struct recorded *best = rows;
    size_t from = 0;

    *out_n = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && goes_on(&rows[i - 1], &rows[i]))
            continue;
        if (i - from > *out_n) {
            best = rows + from;
            *out_n = i - from;
        }
        from = i;
    }
    return best;
}

static double length_of(const struct recorded *rows, size_t n)
{
    double length = 0;

    for (size_t i = 1; i < n; i++)
        length += lonlat_distance((struct lonlat){ rows[i - 1].lon, rows[i - 1].lat },
                                  (struct lonlat){ rows[i].lon, rows[i].lat });
    return length;
}

/* The track in metres around a place that lies `off` metres from its nth row. */
static void lay(struct path *path, const struct recorded *rows, size_t n, size_t nth,
                struct metres off)
{
    struct plane plane = plane_at((struct lonlat){ rows[nth].lon, rows[nth].lat });

    path->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct metres at = plane_project(&plane, (struct lonlat){ rows[i].lon, rows[i].lat });

        path_add(path, rows[i].epoch - rows[0].epoch,
                 (struct metres){ at.x + off.x, at.y + off.y });
    }
}

static void one_track(struct sim *sim, const struct recorded *rows, size_t n, size_t track,
                      bool rivals, struct results *out)
{
    for (size_t i = 0; i < ZONES_A_TRACK; i++) {
        size_t nth = track * ZONES_A_TRACK + i;
        struct rng rng = rng_of(sim->seed, REAL_MOVEMENT, nth);
        struct setting setting = { .behaviour = REAL_MOVEMENT,
                                   .interval = (uint8_t)(i % INTERVALS),
                                   .shape = (uint8_t)(i / INTERVALS % 3),
                                   .sky = (enum sky)(nth % SKIES) };
        double angle = rng_between(&rng, 0, 2 * M_PI);
        double off = rng_between(&rng, 0, 1.5) * sim_radii[setting.shape];

        lay(&sim->path, rows, n, (i + 1) * n / (ZONES_A_TRACK + 1),
            (struct metres){ off * cos(angle), off * sin(angle) });
        sim_judge(sim, &setting, &sim->sites[setting.shape], &rng, rivals, out);
    }
}

void travel_run(struct sim *sim, const char *shared_data, bool rivals, struct results *out,
                struct travel *travel)
{
    *travel = (struct travel){ 0 };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct pile pile = pile_read(shared_data, sources[i]);
        const struct recorded *rows;
        size_t n;

        while ((rows = pile_next(&pile, &n)) != NULL) {
            const struct recorded *clean = longest(rows, n, &n);

            if (n < FIXES_LEAST || length_of(clean, n) < length_least)
                continue;
            travel->km += length_of(clean, n) / 1000;
            one_track(sim, clean, n, travel->tracks++, rivals, out);
        }
        pile_fini(&pile);
    }
}
