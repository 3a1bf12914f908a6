/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sim.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const double sim_intervals[INTERVALS] = { 1, 5, 15, 60 };
const double sim_radii[RADII] = { 50, 100, 200, 500 };

/* Multiples of 180, so that each setting is met equally often. */
static const size_t runs_of[BEHAVIOURS] = {
    [STAY_LONG] = 5760,     [STAY_SHORT] = 5760,   [WALK_THROUGH] = 1440, [CYCLE_THROUGH] = 1440,
    [DRIVE_THROUGH] = 2880, [DRIVE_30MPH] = 14400, [PASS_BY] = 2880,      [STAND_BESIDE] = 1800,
    [LIVE_BESIDE] = 360,    [STAY_BUFFERED] = 720, [FAR_AWAY] = 1440,
};

void sim_init(struct sim *sim, uint64_t seed, unsigned share, const char *shared_data)
{
    char path[512];

    memset(sim, 0, sizeof *sim);
    sim->seed = seed;
    sim->share = share;
    sim->moving = 1;
    for (; sim->n_sites < RADII; sim->n_sites++)
        site_circle(&sim->sites[sim->n_sites], sim_radii[sim->n_sites]);
    site_corner(&sim->sites[sim->n_sites++]);
    snprintf(path, sizeof path, "%s/poly-essex/lsoa2011-essex.geojson", shared_data);
    sim->n_sites +=
        site_read(path, "LSOA11CD", 40, 250, sim->sites + sim->n_sites, SITES_MAX - sim->n_sites);
}

void sim_fini(struct sim *sim)
{
    for (size_t i = 0; i < sim->n_sites; i++)
        site_fini(&sim->sites[i]);
    path_fini(&sim->path);
    run_fini(&sim->run);
    sayings_fini(&sim->sayings);
}

/*
 * The nth run's: mixed digits, so that all are met alike. A day of pings each second is too many.
 */
static struct setting setting_of(enum behaviour behaviour, size_t nth)
{
    struct setting setting = { .behaviour = behaviour };

    setting.interval = (uint8_t)(nth % INTERVALS);
    setting.shape = (uint8_t)(nth / INTERVALS % SHAPES);
    setting.claim = (enum claim)(nth / (INTERVALS * SHAPES) % CLAIMS);
    setting.sky = (enum sky)(nth / (INTERVALS * SHAPES * CLAIMS) % SKIES);
    setting.beside = (uint8_t)(nth / (INTERVALS * SHAPES * CLAIMS * SKIES) % BESIDE);
    if (behaviour == LIVE_BESIDE && setting.interval < 2)
        setting.interval += 2;
    return setting;
}

static const struct site *site_of(const struct sim *sim, const struct setting *setting, size_t nth)
{
    size_t polygons = sim->n_sites - RADII;

    return setting->shape < RADII ? &sim->sites[setting->shape]
                                  : &sim->sites[RADII + nth / (INTERVALS * SHAPES) % polygons];
}

static void calibrate(struct calibration *calibration, const struct run *run)
{
    for (size_t i = 0; i < run->n; i++) {
        const struct fix *fix = &run->fixes[i];

        calibration->fixes++;
        calibration->within += fix->error <= fix->seen.accuracy;
        calibration->within_twice += fix->error <= 2 * fix->seen.accuracy;
    }
}

void sim_score(struct sim *sim, const struct setting *setting, const struct site *site, bool rivals,
               struct results *out)
{
    for (enum judge judge = OURS; judge < (rivals ? JUDGES : PLAIN + 1); judge++) {
        judge_run(judge, &sim->detect, site, &sim->run, &sim->sayings);
        score_run(setting, judge, &sim->run, &sim->sayings, out);
        if (judge == OURS)
            stanford_add(&sim->stanford, setting, &sim->run, &sim->sayings);
    }
    sim->runs++;
    sim->pings += sim->run.n;
}

bool sim_judge(struct sim *sim, const struct setting *setting, const struct site *site,
               struct rng *rng, bool rivals, struct results *out)
{
    struct run *run = &sim->run;
    struct gps gps = gps_of(setting->sky, setting->claim, rng);

    if (!truth_find(&sim->path, &site->area, &run->truth))
        return false;
    gps.wild = setting->behaviour == FAR_AWAY;
    gps.moving = sim->moving;
    gps.moving_reported = sim->moving_reported;
    run_simulate(run, &sim->path, &site->area, &gps, &link_usual, sim_intervals[setting->interval],
                 rng);
    if (setting->behaviour == STAY_BUFFERED)
        run_hold(run, run->truth.stays[0].enter - rng_between(rng, 30, 300),
                 run->truth.stays[0].leave + rng_between(rng, 900, 3600));
    if (setting->behaviour != FAR_AWAY)
        calibrate(&sim->calibration[setting->sky][setting->claim], run);
    sim_score(sim, setting, site, rivals, out);
    return true;
}

static void one_run(struct sim *sim, enum behaviour behaviour, size_t nth, bool rivals,
                    struct results *out)
{
    struct rng rng = rng_of(sim->seed, (uint64_t)behaviour, nth);
    struct setting setting = setting_of(behaviour, nth);
    const struct site *site = site_of(sim, &setting, nth);

    if (sim->right_only && setting.claim != CLAIM_RIGHT)
        return;
    world_walk(behaviour, &site->area, &rng, setting.beside, &sim->path);
    if (!sim_judge(sim, &setting, site, &rng, rivals, out) ||
        (sim->run.truth.n > 0) != behaviour_enters(behaviour))
        errx(1, "%s %zu at %s: truth has %zu stays", behaviour_name(behaviour), nth, site->name,
             sim->run.truth.n);
}

void sim_some(struct sim *sim, enum behaviour behaviour, size_t n, bool rivals, struct results *out)
{
    for (size_t i = 0; i < n; i++)
        one_run(sim, behaviour, i, rivals, out);
}

void sim_spread(struct sim *sim, enum behaviour behaviour, size_t n, bool rivals,
                struct results *out)
{
    size_t stride = runs_of[behaviour] / n | 1; // odd: all intervals are met

    for (size_t i = 0; i < n; i++)
        one_run(sim, behaviour, i * stride, rivals, out);
}

void sim_all(struct sim *sim, bool rivals, struct results *out)
{
    for (enum behaviour behaviour = 0; behaviour < REAL_MOVEMENT; behaviour++)
        sim_some(sim, behaviour, runs_of[behaviour] / sim->share, rivals, out);
}
